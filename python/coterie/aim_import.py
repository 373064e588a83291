"""Logs a finished run to Aim.

    python -m coterie.aim_import runs/quickstart-1 --experiment coterie

Steps are milliseconds of virtual time. The context of a metric says of which user it is: ``user=3``; ``user=mean`` is
the mean over users, ``user=honest`` that over users that never attack, and metrics without a context are of all users
together.
"""

import argparse
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, cast

from coterie.results import Run
from coterie.tracking import TIME, config, import_folder, records, summary


def log(run: Run, **init: Any) -> None:
    """Logs a run.

    Args:
        run: it must have ended.
        init: arguments of ``aim.Run``, such as ``repo`` and ``experiment``.

    Raises:
        ImportError: if ``aim`` is not installed.
        CoterieError: if the run has not ended.
    """
    import aim

    settings = config(run)
    figures = summary(run)
    # Neither this machine's load nor what is printed here belongs to the run.
    silent = {"system_tracking_interval": None, "capture_terminal_logs": False}
    logged: Any = cast(Any, aim).Run(**{"experiment": run.settings.get("name"), **silent, **init})
    try:
        logged.name = run.folder.name
        logged["settings"] = settings
        logged["summary"] = figures
        for record in records(run):
            for name, value in record.items():
                if name != TIME:
                    metric, context = _of(name)
                    logged.track(float(value), name=metric, step=round(1000 * record[TIME]), context=context)
    finally:
        logged.close()


def _of(name: str) -> Tuple[str, Dict[str, Any]]:
    """A metric and its context by the name of a record, such as ``iteration/user-3``."""
    metric, _, last = name.rpartition("/")
    if last.startswith("user-"):
        return metric, {"user": int(last[len("user-") :])}
    if last in ("mean", "honest"):
        return metric, {"user": last}
    return name, {}


def main(arguments: Optional[List[str]] = None) -> int:
    """The command line. Returns the exit code: 0, or 2 if there is no run that has ended, or no ``aim``."""
    parser = argparse.ArgumentParser(prog="python -m coterie.aim_import", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="of a run that has ended")
    parser.add_argument("--experiment", help="by default the scenario's name")
    parser.add_argument("--repo", help="folder or address of the Aim repository; by default the folder .aim here")
    parsed = parser.parse_args(arguments)
    init = {"experiment": parsed.experiment, "repo": parsed.repo}
    return import_folder(log, parsed.folder, init)


if __name__ == "__main__":
    sys.exit(main())
