"""A production site that is set up dangerously is refused by numbered errors."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1/nothing",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "CONTACT_EMAIL": "desk@example.org",
    "TRUSTED_PROXIES": "1",
}


def check(tmp_path, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "security"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        text=True,
        capture_output=True,
    )


def test_a_production_site_with_all_it_needs_passes(tmp_path):
    done = check(tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        ("config.E001", "SECRET_KEY", "secret"),
        ("config.E001", "SECRET_KEY", "ab" * 40),
        ("config.E002", "ALLOWED_HOSTS", "example.org,*"),
        ("config.E003", "CONTACT_EMAIL", ""),
        ("config.E004", "TRUSTED_PROXIES", ""),
    ],
)
def test_what_is_weak_or_missing_is_an_error_with_a_number(tmp_path, number, name, value):
    environment = PRODUCTION | {name: value}
    done = check(tmp_path, **{name: value for name, value in environment.items() if value})
    assert done.returncode == 1
    assert number in done.stderr
    assert name in done.stderr


def test_no_proxy_at_all_is_an_answer_too(tmp_path):
    assert check(tmp_path, **PRODUCTION | {"TRUSTED_PROXIES": "0"}).returncode == 0


def test_the_embedded_site_needs_none_of_it(tmp_path):
    assert check(tmp_path).returncode == 0
