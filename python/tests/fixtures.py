"""A small results folder, and launchers that only behave like one."""

import json
import os
import stat
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, Iterable, List


class InFolder(unittest.TestCase):
    """A test with an empty working directory of its own, and the environment as it was afterwards."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        before = dict(os.environ)

        def restore() -> None:
            os.environ.clear()
            os.environ.update(before)

        self.addCleanup(restore)

    def launcher(self, script: str) -> Path:
        """Makes a launcher of a shell script, and names it by ``COTERIE``."""
        file = executable(self.folder / "bin" / "coterie", "#!/bin/sh\n" + script)
        os.environ["COTERIE"] = str(file)
        return file


def executable(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def lines(file: Path, objects: Iterable[Dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(o) + "\n" for o in objects), encoding="utf-8")


def run_folder(folder: Path, status: str = "completed", baselines: Iterable[str] = ()) -> Path:
    """Writes a run of three users: 0 and 1 mix, 2 is too slow to have a turn."""
    folder.mkdir(parents=True)
    (folder / "scenario.yaml").write_text("name: written\n", encoding="utf-8")
    write(folder / "run.json", {"scenario": {
        "name": "written", "time.loss": "0.1", "users": "3", "evaluation.target": "null", "tracking": "[]",
        "model.learner": "lora"}})
    write(folder / "users.json", {"categories": ["french"], "users": [{}, {}, {}], "edges": [[0, 1], [1, 0]]})
    write(folder / "summary.json", {
        "scenario": "written", "status": status, "users": 3, "turns": 3,
        "perplexity": {"mean": 30.0, "std": 10.0, "per_user": [20.0, 30.0, 40.0]},
        "target": None, "provenance": {"seed": 1}, "records": {"turns": "sha256:0"}})
    lines(folder / "turns.jsonl", [turn(2.0, 0, 0, 1.5, 100), turn(3.0, 1, 0, None, 0), turn(5.0, 0, 1, 1.0, 50)])
    lines(folder / "evaluations.jsonl", [
        evaluation(0.0, 0, 3.0), evaluation(0.0, 1, 4.0), evaluation(0.0, 2, 5.0), evaluation(5.0, 0, 2.0)])
    lines(folder / "trust.jsonl", [
        trust(2.0, 0, {"0": 1.0}, {"0": 0.0}),
        trust(3.0, 1, {"0": 0.25, "1": 0.75}, {"0": 1.0, "1": 0.0}),
        trust(5.0, 0, {"0": 0.5, "1": 0.5}, {"0": 0.0, "1": 2.0})])
    lines(folder / "events.jsonl", [{"virtual_seconds": 4.0, "event": "crashed", "user": 2, "turn": 0}])
    lines(folder / "messages.jsonl", [
        {"virtual_seconds": 2.0, "event": "sent", "from": 0, "to": 1, "number": 0, "kind": "snapshot", "bytes": 90}])
    lines(folder / "utility.jsonl", [
        {"virtual_seconds": 3.0, "user": 1, "turn": 0, "neighbour": 0, "version": 0, "age": 0, "age_seconds": 1.0,
         "utility": 0.02, "parameter_cosine": 0.9, "validation_loss": None}])
    adapter = folder / "adapters" / "user-1"
    adapter.mkdir(parents=True)
    write(adapter / "adapter_config.json", {"peft_type": "LORA"})
    for strategy in baselines:
        run_folder(folder / "baselines" / strategy)
    return folder


def write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


def turn(seconds: float, user: int, number: int, loss: Any, size: int) -> Dict[str, Any]:
    return {"virtual_seconds": seconds, "user": user, "turn": number, "started": 0.0, "iteration": 2 * (number + 1),
            "training_loss": loss, "tokens": 32, "participated": True, "messages_sent": 1, "messages_lost": 0,
            "parameter_bytes": size, "prediction_bytes": 10, "collaborative": True,
            "parameters_hash": "1234567890123e45"}


def evaluation(seconds: float, user: int, loss: float) -> Dict[str, Any]:
    return {"virtual_seconds": seconds, "user": user, "iteration": 0, "turn": 0, "loss": loss}


def trust(seconds: float, user: int, row: Dict[str, float], age: Dict[str, float]) -> Dict[str, Any]:
    return {"virtual_seconds": seconds, "user": user, "turn": 0, "row": row, "age": {k: 0 for k in row},
            "age_seconds": age}


def study_folder(folder: Path, variants: List[str], seeds: List[int]) -> Path:
    """Writes the tables of a study, and its runs beside them."""
    folder.mkdir(parents=True)
    rows = ["folder,seed,variant"]
    for seed in seeds:
        for k, variant in enumerate(variants):
            run_folder(folder.parent / "runs" / f"{k}-{seed}")
            # Where the study was run is not where it is now.
            rows.append(f'elsewhere/runs/{k}-{seed},{seed},"{variant}"')
    (folder / "runs.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    numbers = "n,mean,standard_deviation,difference,confidence_95,never_reached,unpaired"
    table = [f"collaboration.strategy,time.loss,{numbers}"]
    for k, variant in enumerate(variants):
        strategy, loss = variant.split(", ")
        table.append(f"{strategy},{loss},2,{'NA' if k == 1 else 10.0 + k},0.5,,,{k},0")
    (folder / "table.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    return folder
