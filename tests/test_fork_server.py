"""Programs that are forked behave as programs of a new interpreter do."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.fork_server import fork_server
from tests.main_job.installation import ROOT, kill

_BOTH_OUTPUTS = """
import os, sys
print(sorted(os.environ), sys.argv, sys.stdin.read(), __name__)
print("wrong", file=sys.stderr)
sys.exit(3)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["-c", _BOTH_OUTPUTS, "one", "two"],
        ["-c", "raise SystemExit('a reason')"],
        ["-m", "json.tool", "--help"],
        ["manage.py", "version"],
        ["-c", "import atexit; atexit.register(print, 'the end')"],
        ["-c", "import os; os.kill(os.getpid(), 9)"],
    ],
)
def test_a_fork_writes_and_ends_as_a_new_process_does(tmp_path, arguments):
    environment = {"VAR_DIR": str(tmp_path), "PATH": os.environ["PATH"], "LC_CTYPE": "C.UTF-8"}
    new = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    forked = fork_server().run(arguments, environment=environment)
    assert (forked.returncode, forked.stdout) == (new.returncode, new.stdout)
    assert forked.stderr == new.stderr


def test_an_exception_is_exit_code_one_with_a_traceback():
    done = fork_server().run(["-c", "1 / 0"])
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_a_program_is_killed_with_what_it_started(tmp_path):
    code = (
        "import subprocess, sys; "
        "print(subprocess.Popen([sys.executable, '-c', 'input()']).pid, flush=True); input()"
    )
    with (tmp_path / "errors").open("w") as errors:
        program = fork_server().talk(["-c", code], stderr=errors.fileno())
    below = int(program.stdout.readline())
    assert program.poll() is None
    kill(program)
    assert program.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 20
    while os.path.exists(f"/proc/{below}") and "Z" not in state(below):  # noqa: PTH110
        assert time.monotonic() < deadline
        time.sleep(0.02)


def state(pid):
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
        return file.read().rsplit(")", 1)[1].split()[0]


def test_programs_share_nothing_with_each_other(tmp_path):
    server = fork_server().branch({"PLACE": "here"}, log=tmp_path / "log")
    server.load("import os; os.environ['PRELUDE'] = 'loaded'")
    server.run(["-c", "import os, sys; os.environ['LEFT'] = '1'; sys.modules['wave'] = None"])
    done = server.run(["-c", "import os, wave; print(sorted(os.environ.items()))"])
    assert done.stdout == "[('PLACE', 'here'), ('PRELUDE', 'loaded')]\n", done.stderr
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        server.load("1 / 0")
