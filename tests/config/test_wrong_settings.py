"""A wrong setting ends every program of ours with one line that names it and says what to write."""

import os
import secrets
import subprocess
import sys

import pytest

from config.startup import NOT_PREPARED, WRONG_SETTING
from tests.fork_server import fork_server
from tests.main_job.installation import ROOT
from tests.services import free_port

pytestmark = pytest.mark.few_cases

KEY = secrets.token_urlsafe(60)
PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "CONTACT_EMAIL": "desk@example.org",
    "TRUSTED_PROXIES": "1",
}
SECRET = "hun/ter2#s3cret"
PROGRAMS = {
    "manage.py": ["manage.py", "showmigrations"],
    "web": ["-m", "gunicorn", "config.wsgi", "--config", "python:config.web_server"],
    "worker": ["-m", "celery", "--app", "config", "worker", "--concurrency", "1"],
    "beat": ["-m", "celery", "--app", "config", "beat"],
    "supervisor": ["-m", "config.supervise"],
}


def run(program, tmp_path, *, forked=True, **environment):
    """Run a program until it ends by itself; return its exit code and its lines.

    forked: from a process that has loaded libraries, instead of a new interpreter.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path / "var"),
        "PORT": str(free_port()),
        **environment,
    }
    if forked:
        done = fork_server().run(PROGRAMS[program], environment=environment)
    else:
        done = subprocess.run(
            [sys.executable, *PROGRAMS[program]],
            cwd=ROOT,
            env=environment,
            text=True,
            capture_output=True,
            timeout=120,
        )
    return done.returncode, [line for line in done.stderr.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("name", "value", "instead"),
    [
        ("DATABASE_URL", "default_on", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "mysql://u:p@h/db", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", f"postgres://u:{SECRET}@h/db", "percent-encoded: @ is %40"),
        ("DATABASE_URL", "postgres://u:12/x@h/db", "percent-encoded: @ is %40"),
        ("DATABASE_URL", "postgres://u:p?x@h/db", "percent-encoded: @ is %40"),
        ("DATABASE_URL", "postgres://u:p@h", "has no name"),
        ("CACHE_URL", "cache:6379", "redis://:password@host:6379/0"),
        ("REDIS_URL", "localhost:6379", "redis://:password@host:6379/0"),
        ("REDIS_URL", f"redis://:{SECRET}@h:6379/0", "percent-encoded"),
        ("EMAIL_URL", "mail.example.org", "smtp://user:password@host:587?tls=True"),
        ("EMAIL_URL", f"smtp://u:{SECRET}@h:587?tls=True", "percent-encoded"),
        ("EMAIL_URL", "smtp://u:p%C3%A9@h:587?tls=True", "ASCII"),
        ("EMAIL_URL", "smtp://u:p@h:587?starttls=True", "tls=True and ssl=True"),
        ("EMAIL_URL", "smtp://u:p@h:587?tls=True&ssl=True", "not both"),
        ("SITE_URL", "example.org", "https://example.org"),
        ("ALLOWED_HOSTS", "", "the host name of SITE_URL"),
        ("SECRET_KEY", "", "secrets.token_urlsafe(60)"),
        ("CONTACT_EMAIL", "me", "is no mail address"),
        ("TRUSTED_PROXIES", "one", "a whole number, not 'one'"),
        ("FETCH_HOST_PAUSE", "ten", "a number, not 'ten'"),
        ("DESK_REQUIRES_TWO_FACTORS", "ture", "true or false"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("VAR_DIR", "/proc/nothing", "cannot be used"),
        ("SESSION_KEYS", "abc", "no Fernet key"),
        ("FETCH_ALLOWED_PORTS", "80,70000", "between 1 and 65535"),
        ("SECRET_KEY_FILE", "/nowhere", "/nowhere cannot be read"),
        ("EMAIL_URL_FILE", "/dev/null", "/dev/null is empty"),
    ],
)
def test_a_wrong_setting_is_one_line(tmp_path, name, value, instead):
    environment = PRODUCTION | {name: value}
    if name == "SECRET_KEY_FILE":
        del environment["SECRET_KEY"]
    code, lines = run("manage.py", tmp_path, **environment)
    assert code == WRONG_SETTING
    [line] = lines
    assert line.startswith(f"Wrong setting: {name}: ")
    assert instead in line
    assert "ter2" not in line  # a part of the password


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_program_starts_or_shows_a_traceback(tmp_path, program):
    code, lines = run(program, tmp_path, forked=False, **PRODUCTION | {"SECRET_KEY": ""})
    assert code == WRONG_SETTING
    assert [line.partition(": must be set")[0] for line in lines] == ["Wrong setting: SECRET_KEY"]


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "manage.py"])
def test_what_the_checks_refuse_serves_nobody(tmp_path, program):
    weak = PRODUCTION | {"SECRET_KEY": "ab" * 40, "ARCHIVE_URL": "ftp://example.org"}
    code, lines = run(program, tmp_path, **weak)
    assert code == WRONG_SETTING
    refused = [line.split()[2] for line in lines if line.startswith("Wrong setting: ")]
    assert sorted(refused) == ["ARCHIVE_URL", "SECRET_KEY"]
    assert not [line for line in lines if "Traceback" in line]


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "manage.py"])
def test_nothing_starts_before_the_migrations(tmp_path, program):
    code, lines = run(program, tmp_path)
    assert code == NOT_PREPARED
    assert "run manage.py upgrade" in lines[-1]
    assert not [line for line in lines if "Traceback" in line]


def test_a_database_that_is_away_is_one_line(tmp_path):
    code, lines = run("manage.py", tmp_path, **PRODUCTION)
    assert code == 1
    assert lines[-1].startswith("DATABASE_URL: the database cannot be reached: ")
    assert not [line for line in lines if "Traceback" in line]
