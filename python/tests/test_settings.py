import json
import unittest
from pathlib import Path

from fixtures import InFolder

from coterie import _settings


class SettingsTest(InFolder):
    def test_settings_are_written_as_yaml(self) -> None:
        words = _settings.set_options({
            "time__loss": 0.1, "time.mode": "synchronous", "data__path": Path("a b/ü"), "baselines": ("local",),
            "time": {"latency": {"model": "constant", "ms": 5}}, "evaluation__target": None,
            "record__messages": False, "training__learning_rate": 1e-5})
        self.assertEqual(words[::2], ["--set"] * 8)
        self.assertEqual(words[1::2], [
            "time.loss=0.1", 'time.mode="synchronous"', 'data.path="a b/ü"', 'baselines=["local"]',
            'time={"latency": {"model": "constant", "ms": 5}}', "evaluation.target=null", "record.messages=false",
            "training.learning_rate=1e-05"])

    def test_arrays_and_their_numbers_are_taken(self) -> None:
        import numpy as np

        self.assertEqual(_settings.plain({"a": np.float64(0.5), "b": np.arange(2)}), {"a": 0.5, "b": [0, 1]})

    def test_what_is_no_setting_is_refused(self) -> None:
        with self.assertRaisesRegex(TypeError, "found object"):
            _settings.plain({"a": [object()]})

    def test_a_scenario_that_is_a_map_becomes_a_file(self) -> None:
        file = _settings.scenario_file({"users": 4, "extends": "base.yaml"}, self.folder)
        self.assertEqual(json.loads(file.read_text()), {"users": 4, "extends": str(self.folder / "base.yaml")})
        self.assertEqual(_settings.scenario_file("a.yaml", self.folder), Path("a.yaml"))

    def test_a_grid_becomes_a_study(self) -> None:
        file = _settings.study_file({"time__loss": (0, 0.1)}, "some/quick.yaml", range(1, 3), None, self.folder)
        self.assertEqual(json.loads(file.read_text()), {
            "grid": {"time.loss": [0, 0.1]}, "seeds": [1, 2], "name": "quick-time.loss",
            "scenario": str(self.folder / "some/quick.yaml")})

    def test_a_whole_study_keeps_its_keys(self) -> None:
        study = {"scenario": {"name": "made", "users": 2}, "variants": [{"name": "a"}], "measure": "turns"}
        file = _settings.study_file(study, None, "1..3", "mine", self.folder)
        self.assertEqual(json.loads(file.read_text()), {
            "scenario": str(self.folder / "scenario.json"), "variants": [{"name": "a"}], "measure": "turns",
            "seeds": "1..3", "name": "mine"})
        self.assertEqual(json.loads((self.folder / "scenario.json").read_text()), {"name": "made", "users": 2})

    def test_a_study_has_one_scenario(self) -> None:
        with self.assertRaisesRegex(ValueError, "name it"):
            _settings.study_file({"time.loss": [0]}, None, None, None, self.folder)
        with self.assertRaisesRegex(ValueError, "leave out"):
            _settings.study_file({"scenario": "a.yaml"}, "b.yaml", None, None, self.folder)


if __name__ == "__main__":
    unittest.main()
