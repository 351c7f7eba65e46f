"""Passwords with any characters reach the real servers when they are percent-encoded in a URL."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import redis
from aiosmtpd.smtp import AuthResult
from psycopg import sql

from tests.mail_server import MailServer
from tests.services import REQUIRED, ServiceAbsent, free_port, postgresql_server, redis_server

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a@b:c/d?e#f%g&h+i j\"k'l\\m$n=o!p,q;r[s]{t}<u>|v^w~x`é%41"
MAIL_PASSWORD = PASSWORD.replace("é", "")  # Python's smtplib sends ASCII only
TRY = """
import json, django
django.setup()
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import connection
from config.celery import app
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    user = cursor.fetchone()[0]
cache.set("word", "kept")
with app.connection_for_write() as broker:
    broker.ensure_connection(max_retries=1)
sent = send_mail("Hello", "there", "a@mail.example", ["b@mail.example"])
print(json.dumps([user, cache.get("word"), sent]))
"""
#: That such addresses are read rightly is in test_environment.py; this asks the real servers.
pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services"), pytest.mark.drill]


@pytest.fixture
def database():
    """The address of a PostgreSQL that asks the role `default on` for the password."""
    with absent_skips(), postgresql_server() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            role = sql.Identifier("default on")
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(PASSWORD))
            )
            [file] = connection.execute("SHOW hba_file").fetchone()
            rules = Path(file).read_text()
            Path(file).write_text(f'host all "default on" 127.0.0.1/32 scram-sha-256\n{rules}')
            connection.execute("SELECT pg_reload_conf()")
        yield url.partition("@")[2]


@pytest.fixture
def queue():
    """The address of a Redis that asks for the password."""
    with absent_skips(), redis_server() as url:
        client = redis.from_url(url)
        client.config_set("requirepass", PASSWORD)
        client.close()
        yield url.removeprefix("redis://")


@pytest.fixture
def mail_server():
    """The address of a mail server that asks `desk@mail.example` for the password."""

    def check(server, session, envelope, mechanism, data):
        right = (data.login.decode(), data.password.decode()) == (
            "desk@mail.example",
            MAIL_PASSWORD,
        )
        return AuthResult(success=right)

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            return "250 OK"

    controller = MailServer(
        Handler(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=check,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    yield f"127.0.0.1:{controller.port}"
    controller.stop()


class absent_skips:
    """Skip a test whose server is not installed."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if kind is ServiceAbsent and not REQUIRED:
            pytest.skip(str(error))


def try_all(tmp_path, database, queue, mail_server, password=PASSWORD):
    encoded = quote(password, safe="")
    for_mail = quote(MAIL_PASSWORD, safe="")
    return subprocess.run(
        [sys.executable, "-c", TRY],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "example.org",
            "DATABASE_URL": f"postgres://default%20on:{encoded}@{database}",
            "REDIS_URL": f"redis://:{encoded}@{queue}",
            "EMAIL_URL": f"smtp://desk%40mail.example:{for_mail}@{mail_server}",
        },
        text=True,
        capture_output=True,
    )


def test_any_password_works_percent_encoded(tmp_path, database, queue, mail_server):
    deadline = time.monotonic() + 30
    while True:  # until PostgreSQL has read its rules again, another password is right too
        wrong = try_all(tmp_path, database, queue, mail_server, "another")
        if "password authentication failed" in wrong.stderr:
            break
        assert time.monotonic() < deadline, wrong.stderr
    done = try_all(tmp_path, database, queue, mail_server)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["default on", "kept", 1]
