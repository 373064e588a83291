"""Runs studies and reads their tables."""

import tempfile
from pathlib import Path
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Type, Union

import pandas as pd

from coterie import _launcher, _settings
from coterie._settings import PathLike, Scenario
from coterie.errors import CoterieError
from coterie.results import Run

_NUMBERS = ["n", "mean", "standard_deviation", "difference", "confidence_95", "never_reached", "unpaired"]


class StudyTable(pd.DataFrame):
    """A study's table: a row for each variant, indexed by its name, with access to each run.

    Columns are the settings that are varied (or ``variant``), and ``n`` (seeds with a value), ``mean`` and
    ``standard_deviation`` of the measure over seeds, ``difference`` from the baseline (mean over seeds) with half the
    width of its 95 % confidence interval, ``confidence_95``, ``never_reached`` (seeds) and ``unpaired`` (seeds). A
    number that does not exist is NaN.

    Attributes:
        folder: with the study's tables and its report.
        runs: a table with a row for each run: ``variant``, ``seed``, ``folder``.
    """

    folder: Path
    runs: pd.DataFrame
    _metadata = ["folder", "runs"]

    @property
    def _constructor(self) -> Type["StudyTable"]:
        return StudyTable

    def run(self, variant: str, seed: Optional[int] = None) -> Run:
        """The run of a variant under a seed; the seed may be left out if there is only one.

        Raises:
            CoterieError: if there is no such run, or more than one.
        """
        found = self.runs[self.runs["variant"] == variant]
        if seed is not None:
            found = found[found["seed"] == seed]
        if len(found) != 1:
            known = ", ".join(f"{r.variant!r} seed {r.seed}" for r in self.runs.itertuples())
            raise CoterieError(f"{len(found)} runs of {variant!r}, seed {seed}; the runs are: {known}")
        return Run(found["folder"].iloc[0])


def load_study(folder: PathLike) -> StudyTable:
    """Returns the table of a study that has ended.

    Args:
        folder: with the study's tables, such as ``runs/studies/staleness-small``.

    Raises:
        CoterieError: if the folder has no tables.
    """
    folder = Path(folder)
    for name in ("table.csv", "runs.csv"):
        if not (folder / name).is_file():
            raise CoterieError(f"{folder} is not the folder of a study's tables: it has no {name}")
    runs = pd.read_csv(folder / "runs.csv", keep_default_na=False, dtype={"variant": str, "folder": str})
    # Runs lie beside the tables, also after both were moved together.
    runs["folder"] = [str(folder.parent / "runs" / Path(name).name) for name in runs["folder"]]
    text = pd.read_csv(folder / "table.csv", keep_default_na=False, dtype=str)
    columns = {name: _numbers(text[name], name in _NUMBERS) for name in text.columns}
    # Both files list variants in the same order.
    names = pd.Index(runs["variant"].unique(), name="name")
    table: StudyTable = StudyTable(pd.DataFrame(columns).set_index(names))
    table.folder = folder
    table.runs = runs[["variant", "seed", "folder"]]
    return table


def _numbers(column: "pd.Series[Any]", always: bool) -> "pd.Series[Any]":
    """A column as numbers: with NaN where there is none, or only if all are."""
    found = pd.to_numeric(column, errors="coerce")
    return found if always or not found.isna().any() else column


def study(
    study: Union[PathLike, Mapping[str, Any]],
    scenario: Optional[Scenario] = None,
    *,
    seeds: Union[Iterable[int], str, None] = None,
    name: Optional[str] = None,
    out: Optional[PathLike] = None,
    jobs: Optional[int] = None,
    device: Optional[str] = None,
    threads: Optional[int] = None,
    options: Sequence[str] = (),
    progress: bool = True,
    **overrides: Any,
) -> StudyTable:
    """Runs a study, as ``coterie study`` does, and waits for the end. Runs that have ended are not repeated.

    Args:
        study: a study's file; or a grid, a map from key paths to lists of values, of which every combination is run:
            ``{"time.loss": [0, 0.1]}``; or a whole study as a map, with ``scenario`` and the other keys of its file.
        scenario: the file or map that a grid varies.
        seeds: of a grid: numbers, or a text such as ``"1..5"``. A file names its own.
        name: of the study, and of the folder of its tables.
        out: folder for all runs and tables; by default ``runs/studies`` in the working directory.
        jobs: runs at once; by default one per core, as far as memory suffices.
        device: as for ``run``.
        threads: of the processor, for all runs together.
        options: more words of the command line.
        progress: whether progress and the table are shown.
        overrides: settings of every run, as for ``run``.

    Raises:
        ValueError: if arguments exclude one another.
        RunFailed: if the exit code is not 0. If single runs failed, the tables have the others:
            ``load_study(error.folder)``.
        RunInterrupted: after Ctrl-C. The same call goes on.
        LauncherNotFound: if the program is not found.
    """
    with tempfile.TemporaryDirectory(prefix="coterie-") as folder:
        if isinstance(study, Mapping):
            file = _settings.study_file(study, scenario, seeds, name, Path(folder))
        elif scenario is not None or seeds is not None or name is not None:
            raise ValueError("a study's file has its scenario, seeds and name: give a grid to choose them here")
        else:
            file = Path(study)
        words: List[str] = ["study", str(file), *_settings.set_options(overrides)]
        words += _settings.options(out=out, device=device, threads=threads, more=options)
        words += [] if jobs is None else ["--jobs", str(jobs)]
        ended = _launcher.call(words, progress)
    return load_study(ended.check(None))
