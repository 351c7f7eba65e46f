"""What an installation may set, and what happens when it sets it wrongly."""

import os
import re
from pathlib import Path

import pytest

from tests.fork_server import fork_server

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1/nothing",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "example.org",
}


def read_settings(tmp_path, expression="'read'", **environment):
    """Load the settings in a process of their own; return what it printed, or its last line."""
    done = fork_server().run(
        ["-c", f"from config import settings; print({expression})"],
        environment={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
    )
    return (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()[-1]


def test_every_variable_that_is_read_is_explained_and_no_other():
    read = set(
        re.findall(r'env\.\w+\(\s*"([A-Z_0-9]+)"', (ROOT / "config/settings.py").read_text())
    )
    read |= set(re.findall(r"\$\{([A-Z_0-9]+)", (ROOT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^#?([A-Z_0-9]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert read == explained


def test_the_embedded_site_makes_its_secret_key_once_and_keeps_it(tmp_path):
    first = read_settings(tmp_path, "settings.SECRET_KEY")
    assert len(first) > 50
    assert read_settings(tmp_path, "settings.SECRET_KEY") == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(tmp_path, missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    assert f"Wrong setting: {missing}: must be set" in read_settings(tmp_path, **environment)


def test_production_with_all_it_needs_starts(tmp_path):
    assert read_settings(tmp_path, **PRODUCTION) == "read"


def test_a_site_url_that_is_none_is_refused(tmp_path):
    assert "Wrong setting: SITE_URL: write it like" in read_settings(
        tmp_path, SITE_URL="example.org"
    )


def test_links_lead_to_where_the_embedded_site_listens_until_it_is_told_its_address(tmp_path):
    assert read_settings(tmp_path, "settings.SITE_URL", PORT="8123") == "http://127.0.0.1:8123"
    told = {"PORT": "8123", "SITE_URL": "https://example.org/"}
    assert read_settings(tmp_path, "settings.SITE_URL", **told) == "https://example.org"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FETCH_MAX_BYTES", "many"),
        ("FETCH_HOST_PAUSE", "-1"),
        ("FETCH_ALLOWED_NETWORKS", "10.0.0.1/8"),
        ("FETCH_ALLOWED_PORTS", "80,70000"),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path, variable, value):
    assert f"Wrong setting: {variable}: " in read_settings(tmp_path, **{variable: value})


def test_redis_carries_queue_and_cache_when_it_is_set(tmp_path):
    url = "redis://127.0.0.1:6379/3"
    printed = read_settings(
        tmp_path,
        "(settings.CELERY_BROKER_URL, settings.CACHES['default']['LOCATION'])",
        REDIS_URL=url,
    )
    assert printed == str((url, url))


def test_the_cache_may_have_a_redis_of_its_own(tmp_path):
    queue, cache = "redis://127.0.0.1:6379/0", "redis://127.0.0.1:6380/0"
    printed = read_settings(
        tmp_path,
        "(settings.CELERY_BROKER_URL, {each['LOCATION'] for each in settings.CACHES.values()})",
        REDIS_URL=queue,
        CACHE_URL=cache,
    )
    assert printed == str((queue, {cache}))


def test_no_cache_is_waited_for_long(tmp_path):
    printed = read_settings(
        tmp_path,
        "{each['OPTIONS']['socket_timeout'] for each in settings.CACHES.values()}",
        REDIS_URL="redis://127.0.0.1:6379/0",
    )
    assert printed == "{1}"


def test_browsers_keep_to_tls_for_this_host_alone_unless_told_otherwise(tmp_path):
    names = ("SECONDS", "INCLUDE_SUBDOMAINS", "PRELOAD")
    expression = f"[getattr(settings, f'SECURE_HSTS_{{name}}') for name in {names}]"
    with_tls = {"SITE_URL": "https://example.org"}
    year = 365 * 24 * 3600
    assert read_settings(tmp_path, expression) == "[0, False, False]"
    assert read_settings(tmp_path, expression, **with_tls) == f"[{year}, False, False]"
    told = {
        "SECURE_HSTS_SECONDS": "3600",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": "true",
        "SECURE_HSTS_PRELOAD": "true",
    }
    assert read_settings(tmp_path, expression, **with_tls, **told) == "[3600, True, True]"


def test_a_contact_that_is_no_address_is_refused(tmp_path):
    assert "CONTACT_EMAIL" in read_settings(tmp_path, CONTACT_EMAIL="me")


def test_a_secret_may_be_in_a_file(tmp_path):
    files = {}
    for name, value in PRODUCTION.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(f"{value}\n")
        files[f"{name}_FILE"] = str(path)
    printed = read_settings(
        tmp_path, "(settings.SECRET_KEY, settings.DATABASES['default']['USER'])", **files
    )
    assert printed == str((PRODUCTION["SECRET_KEY"], "nobody"))


def test_a_variable_and_its_file_together_are_refused(tmp_path):
    both = PRODUCTION | {"SECRET_KEY_FILE": str(tmp_path / "key")}
    assert "set SECRET_KEY or SECRET_KEY_FILE, not both" in read_settings(tmp_path, **both)


def test_a_secret_may_begin_with_a_dollar_sign(tmp_path):
    key = "$HOME" + "x" * 60
    assert read_settings(tmp_path, "settings.SECRET_KEY", SECRET_KEY=key) == key


def test_former_keys_are_read_as_a_list(tmp_path):
    printed = read_settings(
        tmp_path, "settings.SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS="one,two"
    )
    assert printed == "['one', 'two']"


def test_the_option_of_the_mail_server_turns_tls_on(tmp_path):
    printed = read_settings(
        tmp_path,
        "(settings.EMAIL_USE_TLS, settings.EMAIL_PORT, settings.EMAIL_HOST_PASSWORD)",
        EMAIL_URL="smtp://desk%40a.org:p%40ss+word@mail.example.org:587?tls=True",
    )
    assert printed == str((True, 587, "p@ss+word"))


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        ({}, False),
        (PRODUCTION, True),
        (PRODUCTION | {"DESK_REQUIRES_TWO_FACTORS": "false"}, False),
    ],
)
def test_the_desk_of_a_production_site_needs_a_second_factor(tmp_path, environment, required):
    printed = read_settings(tmp_path, "settings.DESK_REQUIRES_TWO_FACTORS", **environment)
    assert printed == str(required)


ROOT_URLCONF = "django.conf.settings.ROOT_URLCONF"


def test_settings_that_build_on_ours_can_be_named(tmp_path):
    done = fork_server().run(
        ["-c", f"import django; django.setup(); print({ROOT_URLCONF})"],
        environment={"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "benchmarks.settings"},
    )
    assert done.stdout == "benchmarks.urls\n", done.stderr
