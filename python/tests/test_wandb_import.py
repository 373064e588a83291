import contextlib
import io
import sys
import unittest
from typing import Any, Dict, List
from unittest import mock

from fixtures import InFolder, run_folder

import coterie
from coterie import wandb_import


class WandbImportTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.run_ = coterie.load(run_folder(self.folder / "run"))

    def test_there_is_one_record_for_each_instant(self) -> None:
        self.assertEqual(wandb_import.records(self.run_), [
            {"virtual_seconds": 0.0, "evaluation/loss/user-0": 3.0, "evaluation/loss/user-1": 4.0,
             "evaluation/loss/user-2": 5.0, "evaluation/loss/mean": 4.0},
            {"virtual_seconds": 2.0, "iteration/user-0": 2, "training/loss/user-0": 1.5, "messages/sent": 1,
             "messages/lost": 0, "bytes/sent": 110, "trust/own/user-0": 1.0},
            {"virtual_seconds": 3.0, "iteration/user-1": 2, "messages/sent": 2, "messages/lost": 0, "bytes/sent": 120,
             "trust/own/user-1": 0.75, "staleness/seconds/user-1": 1.0},
            {"virtual_seconds": 4.0, "events/crashed": 1},
            {"virtual_seconds": 5.0, "iteration/user-0": 4, "training/loss/user-0": 1.0, "messages/sent": 3,
             "messages/lost": 0, "bytes/sent": 180, "evaluation/loss/user-0": 2.0,
             "evaluation/loss/mean": 11.0 / 3, "trust/own/user-0": 0.5, "staleness/seconds/user-0": 2.0},
        ])

    def test_the_summary_is_flat(self) -> None:
        self.assertEqual(wandb_import.summary(self.run_), {
            "scenario": "written", "status": "completed", "users": 3, "turns": 3, "perplexity.mean": 30.0,
            "perplexity.std": 10.0})

    def test_all_of_it_reaches_wandb(self) -> None:
        logged: List[Dict[str, float]] = []

        class Logged:
            summary: Dict[str, Any] = {}
            finished = False

            def define_metric(self, name: str, step_metric: str) -> None:
                assert (name, step_metric) == ("*", "virtual_seconds")

            def log(self, record: Dict[str, float]) -> None:
                logged.append(record)

            def finish(self) -> None:
                Logged.finished = True

        wandb = mock.Mock()
        wandb.init.return_value = Logged()
        with mock.patch.dict(sys.modules, {"wandb": wandb}):
            self.assertEqual(wandb_import.main(["run", "--project", "p", "--offline"]), 0)
        given = wandb.init.call_args.kwargs
        self.assertEqual((given["project"], given["mode"], given["name"]), ("p", "offline", "run"))
        self.assertEqual(given["config"]["time.loss"], 0.1)
        self.assertEqual(logged, wandb_import.records(self.run_))
        self.assertEqual(Logged.summary["perplexity.mean"], 30.0)
        self.assertTrue(Logged.finished)

    def test_a_folder_without_a_run_is_refused(self) -> None:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), mock.patch.dict(sys.modules, {"wandb": mock.Mock()}):
            self.assertEqual(wandb_import.main(["."]), 2)
        self.assertIn("no scenario.yaml", said.getvalue())


if __name__ == "__main__":
    unittest.main()
