"""Finds the launcher and runs it as a process that shows its progress and takes Ctrl-C."""

import codecs
import contextlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import tty
from pathlib import Path
from typing import Any, List, NamedTuple, Optional, Sequence, TextIO

from coterie.errors import LauncherNotFound, RunFailed, RunInterrupted

_INTERRUPTED = 130
_POLL_SECONDS = 0.2
_LONGEST_MESSAGE = 2000
_SAID_BY_PROGRAM = "coterie: "
# Remarks that a run makes before it goes well.
_REMARKS = ("building (", "data: ")
_FOLDER = re.compile(r"^(?:results|tables and report): (.+?)(?: \(the next free folder: .*)?$", re.MULTILINE)
# A line of progress may stand before it.
_INTERRUPTED_FOLDER = re.compile(r"coterie: interrupted; results so far are in (.+); coterie resume ")


class Ended(NamedTuple):
    """A process that has ended."""

    exit_code: int
    out: str
    err: str

    def folder(self) -> Optional[Path]:
        """The folder that the program named last; None if it named none."""
        named = _FOLDER.findall(self.out) or _INTERRUPTED_FOLDER.findall(self.err)
        return Path(named[-1]) if named else None

    def message(self) -> str:
        """What the program said on standard error, without progress."""
        lines = [line.strip() for line in re.split(r"[\r\n]+", self.err)]
        said = [line[len(_SAID_BY_PROGRAM) :] for line in lines if line.startswith(_SAID_BY_PROGRAM)]
        told = [line for line in said if not line.startswith(_REMARKS)]
        return "\n".join(told) or self.err.strip()[-_LONGEST_MESSAGE:] or "the program gave no reason"

    def check(self, out: Optional[Path]) -> Path:
        """Returns the folder of the results.

        Args:
            out: the folder that the caller chose; it counts if the program names none.

        Raises:
            RunInterrupted: after Ctrl-C.
            RunFailed: if the exit code is not 0.
        """
        folder = self.folder() or (out if out is not None and out.exists() else None)
        if self.exit_code == _INTERRUPTED:
            raise RunInterrupted(self.message(), folder)
        if self.exit_code != 0:
            raise RunFailed(self.exit_code, self.message(), folder)
        if folder is None:
            raise RunFailed(0, "the program named no folder of results: is this launcher Coterie's?")
        return folder


def find() -> Path:
    """Returns the launcher: ``COTERIE``, or beside this package's repository, or on ``PATH``.

    Raises:
        LauncherNotFound: if there is none, with the places that were searched.
    """
    named = os.environ.get("COTERIE")
    if named:
        if not _runs(Path(named)):
            raise LauncherNotFound(f"COTERIE names {named}, which is not a file that can be executed")
        return Path(named).absolute()
    # python/coterie/_launcher.py lies two folders below the repository, or the unpacked archive.
    beside = Path(__file__).resolve().parents[2] / "coterie"
    if _runs(beside):
        return beside
    on_path = shutil.which("coterie")
    if on_path:
        return Path(on_path)
    raise LauncherNotFound(
        f"there is no launcher {beside}, and none on PATH: set the environment variable COTERIE to the file"
        " `coterie` of the repository or of the unpacked archive"
    )


def _runs(file: Path) -> bool:
    return file.is_file() and os.access(file, os.X_OK)


def call(arguments: Sequence[str], progress: bool) -> Ended:
    """Runs the program until it ends.

    The process is the leader of a group of its own, so that a terminal's Ctrl-C reaches it once: through this function,
    which passes each one on. A second Ctrl-C ends it at once, as in a shell.

    Args:
        arguments: of the command line, from the command's name on.
        progress: whether what the program says is shown while it runs.
    """
    command = [str(find()), *arguments, *([] if progress else ["--quiet"])]
    # Java overwrites its line of progress only if it is attached to a terminal.
    terminal = progress and _overwrites()
    out_read, out_write = os.openpty() if terminal else os.pipe()
    err_read, err_write = os.pipe()
    if terminal:
        tty.setraw(out_write)
    try:
        with _Interrupts() as interrupts:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=out_write if terminal else subprocess.DEVNULL,
                    stdout=out_write,
                    stderr=err_write,
                    env={**os.environ, "NO_COLOR": "1"},
                    start_new_session=True,
                )
            finally:
                os.close(out_write)
                os.close(err_write)
            interrupts.go_to(process)
            out = _Stream(out_read, sys.stdout if progress else None)
            err = _Stream(err_read, sys.stderr if progress else None)
            try:
                _relay(process, [out, err])
                code = process.wait()
            finally:
                if process.poll() is None:
                    # Showing has failed, not the run: it saves itself before it ends.
                    os.killpg(process.pid, signal.SIGTERM)
                    process.wait()
    finally:
        os.close(out_read)
        os.close(err_read)
    return Ended(code if code >= 0 else 128 - code, out.text(), err.text())


def _overwrites() -> bool:
    """Whether standard error is a terminal or a notebook, where a line can be overwritten."""
    if sys.stderr.isatty():
        return True
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


class _Stream:
    """One stream of the process: it is kept, and shown if wanted."""

    def __init__(self, descriptor: int, shown: Optional[TextIO]) -> None:
        self.descriptor = descriptor
        self._shown = shown
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._parts: List[str] = []

    def read(self) -> bool:
        """Reads what is there; false at the end."""
        try:
            data = os.read(self.descriptor, 1 << 16)
        except OSError:
            # A pseudo-terminal whose other end is closed.
            data = b""
        part = self._decoder.decode(data, final=not data)
        self._parts.append(part)
        if self._shown is not None and part:
            self._shown.write(part)
            self._shown.flush()
        return bool(data)

    def text(self) -> str:
        return "".join(self._parts)


def _relay(process: "subprocess.Popen[bytes]", streams: Sequence[_Stream]) -> None:
    """Reads all streams until they end, or the process has ended and nothing is left."""
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream.descriptor, selectors.EVENT_READ, stream)
        while selector.get_map():
            ready = selector.select(_POLL_SECONDS)
            for key, _ in ready:
                if not key.data.read():
                    selector.unregister(key.fd)
            if not ready and process.poll() is not None:
                return


class _Interrupts:
    """While it is entered, Ctrl-C goes to the process, also if it comes while the process is being started.

    Only the main thread can do that; in another, Ctrl-C is the main thread's.
    """

    def __init__(self) -> None:
        self._process: Optional["subprocess.Popen[bytes]"] = None
        self._came_early = False
        self._before: Any = None

    def __enter__(self) -> "_Interrupts":
        main = threading.current_thread() is threading.main_thread()
        # A program in the background of a shell ignores Ctrl-C, and so do its runs.
        if main and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            self._before = signal.signal(signal.SIGINT, self._came)
        return self

    def go_to(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        if self._came_early:
            self._pass_on(process)

    def _came(self, number: int, frame: Any) -> None:
        if self._process is None:
            self._came_early = True
        else:
            self._pass_on(self._process)

    @staticmethod
    def _pass_on(process: "subprocess.Popen[bytes]") -> None:
        if process.poll() is None:
            # It may end at this moment.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)

    def __exit__(self, *raised: Any) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
