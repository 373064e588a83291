"""Runs a scenario."""

import os
import tempfile
from pathlib import Path
from typing import Any, Optional, Sequence

from coterie import _launcher, _settings
from coterie._settings import PathLike, Scenario
from coterie.results import Run


def run(
    scenario: Scenario,
    *,
    out: Optional[PathLike] = None,
    overwrite: bool = False,
    device: Optional[str] = None,
    threads: Optional[int] = None,
    options: Sequence[str] = (),
    progress: bool = True,
    **overrides: Any,
) -> Run:
    """Runs a scenario and its baselines, as ``coterie run`` does, and waits for the end.

    Args:
        scenario: a file, or a map with the same keys; then the files that it names are relative to the working
            directory.
        out: folder for the results; by default ``runs/<name>-<seed>`` in the working directory, or the next free one.
        overwrite: whether results in that folder are replaced.
        device: ``cpu``, ``cuda:0`` or ``auto``.
        threads: of the processor.
        options: more words of the command line, for instance ``["--nodes", "3"]``.
        progress: whether progress and the final table are shown.
        overrides: settings laid over the scenario, with ``__`` for a dot: ``time__loss=0.1``, ``seed=2``. A map
            replaces its keys: ``time={"loss": 0.1}``. Key paths may also be written out: ``**{"time.loss": 0.1}``.

    Raises:
        RunFailed: if the exit code is not 0: the input is wrong, the run failed, or training diverged.
        RunInterrupted: after Ctrl-C, which is passed on: the run has saved itself and ``resume`` goes on.
        LauncherNotFound: if the program is not found.
    """
    with tempfile.TemporaryDirectory(prefix="coterie-") as folder:
        words = ["run", os.fspath(_settings.scenario_file(scenario, Path(folder)))]
        words += _settings.set_options(overrides)
        words += _settings.options(out=out, device=device, threads=threads, more=options)
        words += ["--overwrite"] if overwrite else []
        ended = _launcher.call(words, progress)
    return Run(ended.check(None if out is None else Path(out)))


def resume(
    folder: PathLike,
    *,
    device: Optional[str] = None,
    threads: Optional[int] = None,
    options: Sequence[str] = (),
    progress: bool = True,
) -> Run:
    """Goes on with an interrupted run from its last checkpoint, as ``coterie resume`` does, and waits for the end.

    The results have the same bytes as without the interruption. Arguments and exceptions are those of ``run``.
    """
    words = ["resume", os.fspath(folder)]
    words += _settings.options(out=None, device=device, threads=threads, more=options)
    return Run(_launcher.call(words, progress).check(Path(folder)))
