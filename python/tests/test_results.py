import sys
import types
import unittest
from pathlib import Path
from typing import Any

from fixtures import InFolder, run_folder, study_folder

import coterie


class ResultsTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.run_ = coterie.load(run_folder(self.folder / "run", baselines=["local", "fedavg"]))

    def test_trust_is_the_matrix_at_an_instant(self) -> None:
        self.assertEqual(self.run_.trust(2.9).values.tolist(), [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        self.assertEqual(self.run_.trust(3.0).values.tolist(), [[1, 0, 0], [0.25, 0.75, 0], [0, 0, 1]])
        self.assertEqual(self.run_.trust().values.tolist(), [[0.5, 0.5, 0], [0.25, 0.75, 0], [0, 0, 1]])
        self.assertEqual(self.run_.trust().loc[1, 0], 0.25)

    def test_tables_have_the_values_of_their_lines(self) -> None:
        self.assertEqual(self.run_.evaluations["loss"].tolist(), [3.0, 4.0, 5.0, 2.0])
        self.assertEqual(self.run_.messages["bytes"].tolist(), [90])
        self.assertEqual(self.run_.events["event"].tolist(), ["crashed"])
        self.assertEqual(self.run_.utility[["neighbour", "utility", "parameter_cosine"]].values.tolist(), [[0, 0.02, 0.9]])
        # A hash that could be read as a number stays a text.
        self.assertEqual(set(self.run_.turns["parameters_hash"]), {"1234567890123e45"})

    def test_a_table_without_lines_has_columns(self) -> None:
        (self.folder / "run/events.jsonl").write_text("")
        self.assertEqual(self.run_.events[self.run_.events["event"] == "crashed"]["user"].tolist(), [])

    def test_a_line_that_is_being_written_is_left_out(self) -> None:
        with open(self.folder / "run/evaluations.jsonl", "a") as file:
            file.write('{"virtual_seconds": 9.0, "us')
        self.assertEqual(len(self.run_.evaluations), 4)

    def test_settings_have_values(self) -> None:
        self.assertEqual(
            self.run_.settings,
            {"name": "written", "time.loss": 0.1, "users": 3, "evaluation.target": None, "tracking": [],
             "model.learner": "lora"},
        )

    def test_baselines_are_runs(self) -> None:
        self.assertEqual(list(self.run_.baselines), ["fedavg", "local"])
        self.assertEqual(self.run_.baselines["local"].summary["perplexity"]["mean"], 30.0)

    def test_what_is_missing_is_named(self) -> None:
        for name, reason in (
            ("summary", "has not ended"), ("messages", "record.messages"), ("utility", "record.utility"),
        ):
            with self.subTest(name):
                file = next((self.folder / "run").glob(f"{name}.json*"))
                file.unlink()
                with self.assertRaisesRegex(coterie.CoterieError, reason):
                    getattr(self.run_, name)
        self.assertEqual(coterie.load(self.folder / "run").status, "unfinished")
        with self.assertRaisesRegex(coterie.CoterieError, "no scenario.yaml"):
            coterie.load(self.folder)

    def test_peft_names_the_folder_or_loads_it(self) -> None:
        adapter = self.folder / "run/adapters/user-1"
        self.assertEqual(self.run_.peft(1), adapter)
        with self.assertRaisesRegex(coterie.CoterieError, "user 7 has no adapter"):
            self.run_.peft(7)

        class PeftModel:
            @staticmethod
            def from_pretrained(base: Any, folder: str) -> Any:
                return base, folder

        before = sys.modules.get("peft")
        sys.modules["peft"] = types.SimpleNamespace(PeftModel=PeftModel)  # type: ignore[assignment]
        try:
            base = object()
            self.assertEqual(self.run_.peft(1, base), (base, str(adapter)))
        finally:
            del sys.modules["peft"]
            if before is not None:
                sys.modules["peft"] = before


class StudyTableTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        study_folder(self.folder / "studies/small", ["local, 0.0", "fedavg, 0.0", "fedavg, 0.5"], [1, 2])
        self.table = coterie.load_study("studies/small")

    def test_rows_are_variants_and_values_are_numbers(self) -> None:
        self.assertEqual(list(self.table.index), ["local, 0.0", "fedavg, 0.0", "fedavg, 0.5"])
        self.assertEqual(self.table.loc["fedavg, 0.5", "mean"], 12.0)
        self.assertEqual(self.table["time.loss"].tolist(), [0.0, 0.0, 0.5])
        self.assertTrue(self.table["difference"].isna().all())
        self.assertTrue(self.table["mean"].isna()["fedavg, 0.0"])

    def test_runs_are_found_from_any_part_of_the_table(self) -> None:
        best = self.table.sort_values("mean").head(1)
        self.assertIsInstance(best, coterie.StudyTable)
        self.assertEqual(best.run(best.index[0], seed=2).folder, Path("studies/runs/0-2"))

    def test_a_run_that_is_not_one_is_refused(self) -> None:
        with self.assertRaisesRegex(coterie.CoterieError, "2 runs of 'local, 0.0', seed None"):
            self.table.run("local, 0.0")
        with self.assertRaisesRegex(coterie.CoterieError, "0 runs of 'else', seed 1"):
            self.table.run("else", seed=1)

    def test_a_folder_without_tables_is_refused(self) -> None:
        with self.assertRaisesRegex(coterie.CoterieError, "no table.csv"):
            coterie.load_study("studies")


if __name__ == "__main__":
    unittest.main()
