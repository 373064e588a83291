"""Tests that start the program. They need a launcher, and COTERIE_TEST_RUNS=1."""

import importlib.util
import json
import os
import signal
import threading
import time
import unittest
from pathlib import Path
from typing import Any, Dict

from fixtures import InFolder

import coterie
from coterie import wandb_import

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK = REPOSITORY / "docs" / "analysis.ipynb"
SMALL: Dict[str, Any] = {
    "name": "small",
    "users": 4,
    "data": {"train_tokens": 400, "validation_tokens": 60, "test_tokens": 100, "shared_tokens": 50},
    "training": {"iterations": 8, "batch_size": 1, "context": 16},
    "collaboration": {"every": 2, "trust": {"shared_windows": 1}},
    "evaluation": {"every": 2},
    "record": {"samples": 0},
}


def notebook_cells() -> Any:
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


class NotebookTest(unittest.TestCase):
    @unittest.skipUnless(NOTEBOOK.exists(), "there is no notebook here")
    def test_it_is_stored_without_outputs(self) -> None:
        for cell in notebook_cells():
            if cell["cell_type"] == "code":
                self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None))


@unittest.skipUnless(os.environ.get("COTERIE_TEST_RUNS"), "COTERIE_TEST_RUNS is not set")
class RealRunsTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def test_a_run_is_read_as_it_was_written(self) -> None:
        run = coterie.run(SMALL, baselines=["local"], time__loss=0.1, progress=False)
        self.assertEqual(run.folder, Path("runs/small-1"))
        self.assertEqual((run.status, run.users, run.settings["time.loss"]), ("completed", 4, 0.1))
        last = run.evaluations.groupby("user").perplexity.last()
        self.assertEqual(last.tolist(), run.summary["perplexity"]["per_user"])
        self.assertEqual(run.trust(-1.0).values.tolist(), [[float(i == j) for j in range(4)] for i in range(4)])
        for total in run.trust().sum(axis=1):
            self.assertAlmostEqual(total, 1.0)
        self.assertEqual((run.messages.event == "sent").sum(), run.summary["messages"]["sent"])
        self.assertEqual(list(run.baselines), ["local"])
        self.assertTrue((run.peft(3) / "adapter_model.safetensors").is_file())
        records = wandb_import.records(run)
        self.assertEqual(records[-1]["virtual_seconds"], run.evaluations.virtual_seconds.max())
        # The next free folder is taken, as in the shell.
        self.assertEqual(coterie.run(SMALL, progress=False).folder, Path("runs/small-1.2"))

    @unittest.skipUnless(
        importlib.util.find_spec("peft") and importlib.util.find_spec("transformers"), "peft is not installed"
    )
    def test_peft_loads_an_adapter(self) -> None:
        base = REPOSITORY / "model/src/main/resources/coterie/model/base/tiny"
        run = coterie.run(SMALL, model__base=base, progress=False)
        model = run.peft(0, str(base))
        self.assertIn("default", model.peft_config)

    def test_a_mistake_is_told(self) -> None:
        with self.assertRaises(coterie.RunFailed) as raised:
            coterie.run(SMALL, time__los=0.1, progress=False)
        self.assertEqual(raised.exception.exit_code, 2)
        self.assertIn("did you mean loss?", raised.exception.message)

    def test_an_interrupted_run_goes_on_to_the_same_results(self) -> None:
        training = {"iterations": 400, "batch_size": 1, "context": 16}
        long = {**SMALL, "training": training, "collaboration": {"every": 50}}

        def interrupt_when_begun() -> None:
            file = self.folder / "runs/small-1/turns.jsonl"
            for _ in range(6000):
                if file.exists() and file.stat().st_size > 0:
                    break
                time.sleep(0.02)
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=interrupt_when_begun)
        thread.start()
        self.addCleanup(thread.join)
        with self.assertRaises(coterie.RunInterrupted) as raised:
            coterie.run(long, progress=False)
        folder = raised.exception.folder
        assert folder is not None
        self.assertEqual(coterie.load(folder).status, "interrupted")
        self.assertTrue(list((folder / "checkpoints").iterdir()))
        resumed = coterie.resume(folder, progress=False)
        whole = coterie.run(long, out="whole", progress=False)
        self.assertEqual(resumed.summary["records_hash"], whole.summary["records_hash"])

    def test_a_study_gives_its_table_and_runs(self) -> None:
        table = coterie.study(
            {"collaboration.strategy": ["local", "fedavg"]}, SMALL, seeds=[1, 2], training__iterations=4, progress=False
        )
        self.assertEqual(table["n"].tolist(), [2, 2])
        mean = sum(table.run("local", seed).summary["perplexity"]["mean"] for seed in (1, 2)) / 2
        self.assertAlmostEqual(float(table["mean"]["local"]), mean)
        self.assertEqual(table.folder, Path("runs/studies/small-collaboration.strategy"))

    @unittest.skipUnless(NOTEBOOK.exists(), "there is no notebook here")
    def test_the_notebook_can_be_executed(self) -> None:
        os.environ["MPLBACKEND"] = "Agg"
        names: Dict[str, Any] = {}
        for cell in notebook_cells():
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), str(NOTEBOOK), "exec"), names)
        self.assertEqual(names["run"].status, "completed")
        self.assertEqual(len(names["table"]), 4)


if __name__ == "__main__":
    unittest.main()
