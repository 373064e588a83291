import contextlib
import io
import sys
import unittest
from typing import Any, Dict, List, Tuple
from unittest import mock

from fixtures import InFolder, run_folder

from coterie import aim_import


class AimImportTest(InFolder):
    def test_all_of_it_reaches_aim(self) -> None:
        run_folder(self.folder / "run")
        tracked: List[Tuple[str, float, int, Dict[str, Any]]] = []

        class Logged(Dict[str, Any]):
            name = ""
            closed = False

            def track(self, value: float, name: str, step: int, context: Dict[str, Any]) -> None:
                tracked.append((name, value, step, context))

            def close(self) -> None:
                self.closed = True

        logged = Logged()
        aim = mock.Mock()
        aim.Run.return_value = logged
        with mock.patch.dict(sys.modules, {"aim": aim}):
            self.assertEqual(aim_import.main(["run", "--experiment", "e", "--repo", "here"]), 0)
        given = aim.Run.call_args.kwargs
        self.assertEqual((given["experiment"], given["repo"], logged.name), ("e", "here", "run"))
        self.assertEqual(logged["settings"]["time.loss"], 0.1)
        self.assertEqual(logged["summary"]["perplexity.mean"], 30.0)
        self.assertEqual(tracked[:4], [
            ("evaluation/loss", 3.0, 0, {"user": 0}), ("evaluation/loss", 4.0, 0, {"user": "mean"}),
            ("evaluation/loss", 4.0, 0, {"user": 1}), ("evaluation/loss", 5.0, 0, {"user": 2})])
        self.assertIn(("messages/sent", 2.0, 3000, {}), tracked)
        self.assertIn(("trust/own", 0.75, 3000, {"user": 1}), tracked)
        self.assertTrue(logged.closed)

    def test_a_folder_without_a_run_is_refused(self) -> None:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), mock.patch.dict(sys.modules, {"aim": mock.Mock()}):
            self.assertEqual(aim_import.main(["."]), 2)
        self.assertIn("no scenario.yaml", said.getvalue())


if __name__ == "__main__":
    unittest.main()
