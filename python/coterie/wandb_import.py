"""Logs a finished run to Weights & Biases.

    python -m coterie.wandb_import runs/quickstart-1 --project coterie --offline

Charts have virtual time as their axis. Users' values are named ``evaluation/perplexity/user-3``, means over users
``evaluation/perplexity/mean``.
"""

import argparse
import sys
from pathlib import Path
from typing import Any, List, Optional

from coterie.results import Run
from coterie.tracking import TIME, config, import_folder, records, summary


def log(run: Run, **init: Any) -> None:
    """Logs a run.

    Args:
        run: it must have ended.
        init: arguments of ``wandb.init``, such as ``project`` and ``mode="offline"``.

    Raises:
        ImportError: if ``wandb`` is not installed.
        CoterieError: if the run has not ended.
    """
    import wandb

    settings = config(run)
    first = {"name": run.folder.name, "group": run.settings.get("name"), "config": settings}
    logged: Any = wandb.init(**{**first, **init})
    try:
        logged.define_metric("*", step_metric=TIME)
        for record in records(run):
            logged.log(record)
        logged.summary.update(summary(run))
    finally:
        logged.finish()


def main(arguments: Optional[List[str]] = None) -> int:
    """The command line. Returns the exit code: 0, or 2 if there is no run that has ended, or no ``wandb``."""
    parser = argparse.ArgumentParser(prog="python -m coterie.wandb_import", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="of a run that has ended")
    parser.add_argument("--project", default="coterie")
    parser.add_argument("--entity", help="team or user; by default your own")
    parser.add_argument("--name", help="by default the folder's")
    parser.add_argument("--offline", action="store_true", help="write files for `wandb sync` and send nothing")
    parsed = parser.parse_args(arguments)
    init = {"project": parsed.project, "entity": parsed.entity, "name": parsed.name}
    if parsed.offline:
        init["mode"] = "offline"
    return import_folder(log, parsed.folder, init)


if __name__ == "__main__":
    sys.exit(main())
