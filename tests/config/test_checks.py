"""A production site that is set up dangerously is refused by numbered errors."""

import os
import secrets

from tests.fork_server import fork_server

PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1/nothing",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "CONTACT_EMAIL": "desk@example.org",
    "TRUSTED_PROXIES": "1",
}


def check(tmp_path, *options, **environment):
    return fork_server().run(
        ["manage.py", "check", "--tag", "security", *options],
        environment={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
    )


def test_a_production_site_with_all_it_needs_passes(tmp_path):
    done = check(tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_what_is_weak_or_missing_is_an_error_with_a_number(tmp_path):
    wrong = {"SECRET_KEY": "secret", "ALLOWED_HOSTS": "example.org,*"}
    right = {"DATABASE_URL": PRODUCTION["DATABASE_URL"], "SITE_URL": PRODUCTION["SITE_URL"]}
    done = check(tmp_path, **right | wrong)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if "(config.E" in line]
    for error, number, name in zip(
        errors,
        ("E001", "E002", "E003", "E004"),
        ("SECRET_KEY", "ALLOWED_HOSTS", "CONTACT_EMAIL", "TRUSTED_PROXIES"),
        strict=True,
    ):
        assert number in error
        assert name in error


def test_a_long_key_of_few_characters_is_weak_and_ends_the_check_alone(tmp_path):
    done = check(tmp_path, **PRODUCTION | {"SECRET_KEY": "ab" * 40})
    assert done.returncode == 1
    assert "(config.E001) SECRET_KEY" in done.stderr


def test_no_proxy_at_all_is_an_answer_too(tmp_path):
    assert check(tmp_path, **PRODUCTION | {"TRUSTED_PROXIES": "0"}).returncode == 0


def test_the_embedded_site_needs_none_of_it(tmp_path):
    assert check(tmp_path).returncode == 0


def test_a_deployment_is_warned_of_weak_logins_passwords_in_clear_and_no_owner(tmp_path):
    weak = {
        "DESK_REQUIRES_TWO_FACTORS": "false",
        "EMAIL_URL": "smtp://user:password@mail.example.org:587",
    }
    done = check(tmp_path, "--deploy", **PRODUCTION | weak)
    assert "config.W001" in done.stderr
    assert "config.W002" in done.stderr
    assert "(config.W004) SITE_OWNER" in done.stderr
    safe = {
        "EMAIL_URL": "smtp://user:password@mail.example.org:587?tls=True",
        "SITE_OWNER": "Ada's Society",
    }
    assert "config.W" not in check(tmp_path, "--deploy", **PRODUCTION | safe).stderr


def test_a_deployment_tries_the_servers_that_it_depends_on(tmp_path):
    nowhere = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    done = fork_server().run(
        ["manage.py", "check", "--deploy"],
        environment={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            **PRODUCTION,
            **nowhere,
        },
    )
    assert done.returncode == 1
    for number, name in (("E007", "DATABASE_URL"), ("E008", "REDIS_URL"), ("E009", "EMAIL_URL")):
        assert f"(config.{number}) {name}" in done.stderr
    here = {name: value for name, value in PRODUCTION.items() if name != "DATABASE_URL"}
    passed = fork_server().run(
        ["manage.py", "check", "--deploy"],
        environment={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **here},
    )
    assert "config.E00" not in passed.stderr


def test_a_variable_that_looks_like_a_setting_of_ours_is_named(tmp_path):
    typed = {"FETCH_HOST_PUASE": "3", "LOG_LEVLE": "INFO", "POSTGRES_PASSWORD": "x", "HOME": "/"}
    done = check(tmp_path, "--deploy", **PRODUCTION | typed)
    assert "FETCH_HOST_PUASE is no setting of ours" in done.stderr
    assert "Did you mean FETCH_HOST_PAUSE?" in done.stderr
    assert "LOG_LEVLE is no setting of ours" in done.stderr
    assert done.stderr.count("config.W003") == 2
