import contextlib
import io
import os
import shutil
import signal
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

from fixtures import InFolder, executable, run_folder, study_folder

import coterie
from coterie import _launcher

# Waits like a run: the first Ctrl-C saves it, the second ends it at once.
PATIENT = """
trap 'printf "\\r3 of 9\\r" >&2; echo "coterie: interrupted; results so far are in runs/here; coterie resume runs/here goes on" >&2; exit 130' INT
echo began >began
while :; do sleep 0.02; done
"""


class LauncherTest(InFolder):
    def test_it_is_found_by_the_variable_then_beside_then_on_path(self) -> None:
        named = self.launcher("")
        self.assertEqual(_launcher.find(), named)
        del os.environ["COTERIE"]
        module = self.folder / "home/python/coterie/_launcher.py"
        with mock.patch.object(_launcher, "__file__", str(module)):
            on_path = executable(self.folder / "path/coterie", "#!/bin/sh\n")
            os.environ["PATH"] = f"{self.folder / 'path'}:{os.environ['PATH']}"
            self.assertEqual(_launcher.find(), on_path)
            beside = executable(self.folder / "home/coterie", "#!/bin/sh\n")
            self.assertEqual(_launcher.find(), beside)
            beside.unlink()
            os.environ["PATH"] = str(self.folder)
            with self.assertRaisesRegex(coterie.LauncherNotFound, "home/coterie, and none on PATH"):
                _launcher.find()
        os.environ["COTERIE"] = str(self.folder / "nothing")
        with self.assertRaisesRegex(coterie.LauncherNotFound, "COTERIE names .*nothing"):
            _launcher.find()

    def test_a_run_is_typed_as_in_the_shell(self) -> None:
        run_folder(self.folder / "runs/named.2")
        self.launcher('printf "%s\\n" "$@" >typed\n'
                      'echo "results: runs/named.2 (the next free folder: runs/named exists)"\n')
        more = ["--stack", "1"]
        run = coterie.run("a b.yaml", time__loss=0.5, out="runs/named", threads=2, progress=False, options=more)
        self.assertEqual(run.folder, Path("runs/named.2"))
        self.assertEqual(Path("typed").read_text().splitlines(), [
            "run", "a b.yaml", "--set", "time.loss=0.5", "--out", "runs/named", "--threads", "2", "--stack", "1",
            "--quiet"])

    def test_a_study_is_typed_as_in_the_shell(self) -> None:
        study_folder(self.folder / "s/small", ["local, 0.0"], [1])
        self.launcher('printf "%s\\n" "$@" >typed\ncat "$2" >study\necho "tables and report: s/small"\n')
        table = coterie.study({"time.loss": [0.0]}, {"users": 2}, seeds=[1], jobs=1, progress=False)
        self.assertEqual(table.run("local, 0.0").status, "completed")
        self.assertEqual(Path("typed").read_text().splitlines()[2:], ["--jobs", "1", "--quiet"])
        self.assertIn('"seeds"', Path("study").read_text())
        with self.assertRaisesRegex(ValueError, "a study's file has its scenario"):
            coterie.study("study.yaml", seeds=[1])

    def test_a_failure_has_code_message_and_folder(self) -> None:
        Path("out").mkdir()
        self.launcher('echo "coterie: data: short" >&2\nprintf "1 of 3 turns\\r" >&2\n'
                      'echo "coterie: first mistake" >&2\necho "coterie: second" >&2\nexit 2\n')
        with self.assertRaises(coterie.RunFailed) as raised:
            coterie.run("s.yaml", out="out", progress=False)
        self.assertEqual(raised.exception.exit_code, 2)
        self.assertEqual(raised.exception.message, "first mistake\nsecond")
        self.assertEqual(raised.exception.folder, Path("out"))
        self.assertIn("second (exit code 2)", str(raised.exception))

    def test_a_signal_that_ends_it_counts_as_in_the_shell(self) -> None:
        self.launcher("kill -9 $$\n")
        with self.assertRaises(coterie.RunFailed) as raised:
            coterie.run("s.yaml", progress=False)
        self.assertEqual(raised.exception.exit_code, 137)

    def test_what_it_says_is_shown_while_it_runs(self) -> None:
        run_folder(self.folder / "out")
        # It goes on only when its first line was shown.
        self.launcher('printf "1 of 2\\r" >&2\nwhile [ ! -f seen ]; do sleep 0.02; done\necho "results: out"\n')

        class Screen(io.StringIO):
            def write(self, text: str) -> int:
                if "1 of 2" in text:
                    Path("seen").touch()
                return super().write(text)

        screen, out = Screen(), io.StringIO()
        with contextlib.redirect_stderr(screen), contextlib.redirect_stdout(out):
            coterie.run("s.yaml")
        self.assertEqual(screen.getvalue(), "1 of 2\r")
        self.assertEqual(out.getvalue(), "results: out\n")

    def test_a_line_is_overwritten_only_on_a_terminal(self) -> None:
        run_folder(self.folder / "out")
        self.launcher('if [ -t 0 ] && [ -t 1 ]; then echo terminal >&2; else echo file >&2; fi\necho "results: out"\n')
        for terminal, said in ((True, "terminal\n"), (False, "file\n")):
            screen, out = io.StringIO(), io.StringIO()
            screen.isatty = lambda terminal=terminal: terminal  # type: ignore
            with contextlib.redirect_stderr(screen), contextlib.redirect_stdout(out):
                coterie.run("s.yaml")
            self.assertEqual(screen.getvalue(), said)
            self.assertEqual(out.getvalue(), "results: out\n")


class InterruptTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        # A shell starts what it runs in the background with Ctrl-C ignored.
        self.addCleanup(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt_when_begun(self) -> None:
        """Types Ctrl-C into this process, as a notebook does."""

        def wait_and_interrupt() -> None:
            for _ in range(1500):
                if Path(self.folder / "began").exists():
                    break
                time.sleep(0.02)
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=wait_and_interrupt)
        thread.start()
        self.addCleanup(thread.join)

    def test_ctrl_c_is_passed_on_and_the_run_saves_itself(self) -> None:
        self.launcher(PATIENT)
        self.interrupt_when_begun()
        with self.assertRaises(coterie.RunInterrupted) as raised:
            coterie.run("s.yaml", progress=False)
        self.assertEqual(raised.exception.exit_code, 130)
        self.assertEqual(raised.exception.folder, Path("runs/here"))
        self.assertTrue(raised.exception.message.startswith("interrupted; results"))
        self.assertNotIsInstance(raised.exception, Exception)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_the_process_is_a_group_of_its_own(self) -> None:
        # So that a terminal's Ctrl-C, which goes to all of this program's group, reaches it only once.
        run_folder(self.folder / "out")
        self.launcher('ps -o pgid= -p $$ >group; echo $$ >>group; echo "results: out"\n')
        if shutil.which("ps") is None:
            self.skipTest("there is no ps")
        coterie.run("s.yaml", progress=False)
        group, own = map(int, Path("group").read_text().split())
        self.assertEqual(group, own)

    def test_a_run_whose_progress_cannot_be_shown_is_ended(self) -> None:
        self.launcher("trap 'touch ended; exit 143' TERM\necho hello >&2\nwhile :; do sleep 0.02; done\n")

        class Closed(io.StringIO):
            def write(self, text: str) -> int:
                raise BrokenPipeError

        with contextlib.redirect_stderr(Closed()), self.assertRaises(BrokenPipeError):
            coterie.run("s.yaml")
        self.assertTrue(Path("ended").exists())


if __name__ == "__main__":
    unittest.main()
