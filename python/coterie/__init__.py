"""Runs Coterie from Python and reads its results.

Coterie simulates personalised collaborative fine-tuning of language models among users without a server. This package
starts the program ``coterie`` as a process and reads the files that it writes; it computes nothing itself.

    import coterie

    run = coterie.run("scenarios/quickstart.yaml", training__iterations=50)
    run.evaluations.groupby("iteration").perplexity.mean()
    run.trust(t=3600)

All times are in seconds of virtual time unless a name says ``wall``.
"""

from coterie.errors import CoterieError, LauncherNotFound, RunFailed, RunInterrupted
from coterie.results import Run, load
from coterie.running import resume, run
from coterie.studies import StudyTable, load_study, study

__version__ = "0.2.0.dev0"

__all__ = [
    "CoterieError",
    "LauncherNotFound",
    "Run",
    "RunFailed",
    "RunInterrupted",
    "StudyTable",
    "load",
    "load_study",
    "resume",
    "run",
    "study",
]
