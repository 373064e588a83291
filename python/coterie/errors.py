"""What can go wrong."""

from pathlib import Path
from typing import Optional


class CoterieError(Exception):
    """A mistake that this package or the program reports."""


class LauncherNotFound(CoterieError):
    """There is no launcher ``coterie`` where it is looked for."""


class RunFailed(CoterieError):
    """The program ended with an exit code other than 0.

    Attributes:
        exit_code: 1 if the run failed or training diverged, 2 if the input is wrong, 143 after a termination signal,
            128 + n after signal n.
        message: what the program said, without progress: one line for each mistake.
        folder: of the run or the study's tables, with all results so far; None if the program named none.
    """

    def __init__(self, exit_code: int, message: str, folder: Optional[Path] = None) -> None:
        super().__init__(f"{message} (exit code {exit_code})")
        self.exit_code = exit_code
        self.message = message
        self.folder = folder


class RunInterrupted(KeyboardInterrupt):
    """Ctrl-C ended the run. Its results so far and a last checkpoint are on disk, and ``resume(folder)`` goes on.

    Like ``KeyboardInterrupt``, it passes by ``except Exception``.

    Attributes:
        exit_code: 130.
        message: what the program said.
        folder: of the run or the study's tables; None if the program was interrupted before the run began.
    """

    exit_code = 130

    def __init__(self, message: str, folder: Optional[Path] = None) -> None:
        super().__init__(message)
        self.message = message
        self.folder = folder
