"""Reads a run's folder."""

import json
import math
from functools import cached_property
from pathlib import Path
from typing import Any, Dict, List, Optional, Union, overload

import pandas as pd

from coterie._settings import PathLike
from coterie.errors import CoterieError

# Columns that every line of a file has, so that a table without lines has columns too.
_COLUMNS = {
    "turns": ["virtual_seconds", "user", "turn", "started", "iteration", "training_loss", "tokens", "collaborative",
              "participated", "messages_sent", "messages_lost", "parameter_bytes", "prediction_bytes"],
    "evaluations": ["virtual_seconds", "user", "iteration", "turn", "loss"],
    "trust": ["virtual_seconds", "user", "turn", "row", "age", "age_seconds"],
    "messages": ["virtual_seconds", "event", "from", "to", "number", "kind"],
    "events": ["virtual_seconds", "event", "user", "turn"],
    "utility": ["virtual_seconds", "user", "turn", "neighbour", "version", "age", "age_seconds", "utility"],
}


def load(folder: PathLike) -> "Run":
    """Returns a run whose results are in a folder. The run may still be going on.

    Raises:
        CoterieError: if there is no run.
    """
    return Run(folder)


class Run:
    """A run's results. Files are read when they are first asked for, and kept; ``load`` reads them again.

    docs/analysis.md describes the fields of each file.

    Attributes:
        folder: with the run's files.
    """

    def __init__(self, folder: PathLike) -> None:
        self.folder = Path(folder)
        if not (self.folder / "scenario.yaml").is_file():
            raise CoterieError(f"{self.folder} is not the folder of a run: it has no scenario.yaml")

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r}, {self.status})"

    @property
    def status(self) -> str:
        """``completed``, ``diverged``, ``gone`` or ``interrupted`` as in the summary, or else ``unfinished``."""
        return str(self.summary["status"]) if (self.folder / "summary.json").is_file() else "unfinished"

    @cached_property
    def summary(self) -> Dict[str, Any]:
        """``summary.json``: metrics, staleness, messages, bytes, provenance.

        Raises:
            CoterieError: if the run has not ended.
        """
        found: Dict[str, Any] = self._json("summary.json", "the run has not ended")
        return found

    @cached_property
    def settings(self) -> Dict[str, Any]:
        """Every setting by its key path, such as ``time.loss``, with defaults."""
        texts: Dict[str, str] = self._json("run.json", "the run has not begun")["scenario"]
        return {key: _value(text) for key, text in texts.items()}

    @cached_property
    def users(self) -> int:
        """Number of users."""
        return len(self._json("users.json", "the run has not begun")["users"])

    @cached_property
    def attacks(self) -> pd.DataFrame:
        """One row per attack of a user: ``user``, ``entry`` of ``adversaries``, ``attack``, ``from_seconds`` and
        ``until_seconds``, which is infinite for the end of the run."""
        rows: List[Dict[str, Any]] = []
        for user, own in enumerate(self._json("users.json", "the run has not begun")["users"]):
            for attack in own.get("attacks", []):
                until = attack["until_seconds"]
                rows.append({"user": user, **attack, "until_seconds": math.inf if until is None else until})
        table: pd.DataFrame = pd.DataFrame(rows, columns=["user", "entry", "attack", "from_seconds", "until_seconds"])
        return table

    @cached_property
    def evaluations(self) -> pd.DataFrame:
        """One row per evaluation of a user: ``virtual_seconds``, ``user``, ``iteration``, ``turn``, and each metric.

        Loss is in nats per token. Evaluations at the end of a turn come right after mixing.
        """
        return self._table("evaluations")

    @cached_property
    def turns(self) -> pd.DataFrame:
        """One row per turn: times in virtual seconds, mean training loss in nats, tokens, messages, bytes."""
        return self._table("turns")

    @cached_property
    def trust_rows(self) -> pd.DataFrame:
        """One row per mixing. ``row``, ``age`` (turns), ``age_seconds`` and others are maps from a user's number."""
        return self._table("trust")

    @cached_property
    def messages(self) -> pd.DataFrame:
        """One row per message that was sent or received: delay in virtual seconds, bytes, loss.

        Raises:
            CoterieError: if messages were not recorded (``record.messages: false``).
        """
        return self._table("messages", "messages were not recorded: record.messages")

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row per event: devices that failed and restarted, users that were away, data that changed, attacks,
        messages that were refused, training that diverged."""
        return self._table("events")

    @cached_property
    def utility(self) -> pd.DataFrame:
        """One row per neighbour that a user measured: ``utility`` in nats, positive if the neighbour helps, and a column
        for each kind of evidence, larger where the models are more alike.

        Raises:
            CoterieError: if utility was not measured (``record.utility: 0``).
        """
        return self._table("utility", "utility was not measured: record.utility")

    @cached_property
    def baselines(self) -> Dict[str, "Run"]:
        """The same run under other strategies, by the strategy's name; empty if the scenario asked for none."""
        folders = sorted((self.folder / "baselines").glob("*/scenario.yaml"))
        return {file.parent.name: Run(file.parent) for file in folders}

    def trust(self, t: Optional[float] = None) -> pd.DataFrame:
        """The matrix of trust weights, users × users, as it stood at an instant.

        Row *i* has the weights with which user *i* mixed last, and sums to 1 unless the strategy drops the remainder;
        a user that had not mixed yet has weight 1 for itself. A weight is 0 for users that were no candidates.

        Args:
            t: virtual seconds from the start of the run; mixings at this instant count. None for the end.
        """
        newest: Dict[int, Dict[str, float]] = {}
        rows = self.trust_rows
        for seconds, user, row in zip(rows["virtual_seconds"], rows["user"], rows["row"]):
            if t is None or seconds <= t:
                newest[int(user)] = row
        users = range(self.users)
        weights: List[List[float]] = []
        for user in users:
            row = newest.get(user, {str(user): 1.0})
            weights.append([row.get(str(other), 0.0) for other in users])
        matrix: pd.DataFrame = pd.DataFrame(
            weights, index=pd.RangeIndex(self.users, name="user"), columns=pd.RangeIndex(self.users, name="of_user")
        )
        return matrix

    @overload
    def peft(self, user: int) -> Path: ...

    @overload
    def peft(self, user: int, base: Any) -> Any: ...

    def peft(self, user: int, base: Any = None) -> Union[Path, Any]:
        """A user's adapter, in the format of Hugging Face's PEFT.

        Args:
            user: its number, from 0.
            base: the base that the run used, in Hugging Face's layout: a folder's path, or a model that is loaded
                already (which PEFT then changes). The packages ``peft`` and, for a path, ``transformers`` must be
                installed.

        Returns:
            The adapter's folder, or, with ``base``, the ``PeftModel``.

        Raises:
            CoterieError: if the user has no adapter: the learner is not ``lora``, or the run has not ended.
            ImportError: if ``base`` is given and a package is missing.
        """
        folder = self.folder / "adapters" / f"user-{user}"
        if not (folder / "adapter_config.json").is_file():
            raise CoterieError(
                f"{folder}: user {user} has no adapter; the run's learner is {self.settings.get('model.learner')}, its"
                f" status {self.status}"
            )
        if base is None:
            return folder
        from peft import PeftModel

        if isinstance(base, (str, Path)):
            from transformers import AutoModelForCausalLM

            base = AutoModelForCausalLM.from_pretrained(str(base))
        return PeftModel.from_pretrained(base, str(folder))

    def _table(self, name: str, missing: str = "the run has not begun") -> pd.DataFrame:
        lines = read_lines(self._file(f"{name}.jsonl", missing))
        table: pd.DataFrame = pd.DataFrame(lines) if lines else pd.DataFrame(columns=_COLUMNS[name])
        return table

    def _json(self, name: str, missing: str) -> Any:
        return json.loads(self._file(name, missing).read_text(encoding="utf-8"))

    def _file(self, name: str, missing: str) -> Path:
        file = self.folder / name
        if not file.is_file():
            raise CoterieError(f"{file} does not exist: {missing}")
        return file


def read_lines(file: Path) -> List[Dict[str, Any]]:
    """The objects of a file of JSON lines. While a run goes on, the last line may not be whole: it is left out."""
    with open(file, encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]


def _value(text: str) -> Any:
    """A setting's value from its text in ``run.json``."""
    try:
        return json.loads(text)
    except ValueError:
        return text
