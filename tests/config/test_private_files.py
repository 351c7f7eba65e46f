"""Whatever an installation writes is for its owner alone, also what an older version wrote."""

import os
from pathlib import Path

import pytest

from config.private_files import make_private
from tests.fork_server import fork_server

ROOT = Path(__file__).resolve().parent.parent.parent
PRINT_UMASK = "import os; print(f'{os.umask(0):03o}')"
WIDE = "import os; os.umask(0o022); "  # as a login shell has it


def open_to_others(folder):
    return [path for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077]


@pytest.mark.parametrize(
    "entrance",
    [
        "import sys, runpy; "
        f"sys.argv = ['manage.py', 'shell', '--no-imports', '-c', {PRINT_UMASK!r}]; "
        "runpy.run_path('manage.py', run_name='__main__')",
        f"import config.wsgi; {PRINT_UMASK}",
        f"from config.celery import app; app.conf.broker_url; {PRINT_UMASK}",
    ],
    ids=["manage.py", "wsgi", "celery"],
)
def test_every_entrance_writes_for_its_owner_alone(tmp_path, entrance):
    var = tmp_path / "var"
    done = fork_server().run(
        ["-c", WIDE + entrance],
        environment={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "077"
    assert open_to_others(var) == []


def test_what_was_open_is_closed_at_the_next_start(tmp_path):
    var = tmp_path / "var"
    (var / "mail").mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("not ours")
    (var / "mail" / "one.log").write_text("To: ada@mail.example")
    (var / "link").symlink_to(elsewhere)
    for path in (var, var / "mail"):
        path.chmod(0o755)
    for path in (var / "mail" / "one.log", elsewhere):
        path.chmod(0o644)
    make_private(var)
    assert [path.name for path in open_to_others(var)] == ["link"]
    assert (var / "mail" / "one.log").stat().st_mode & 0o777 == 0o600
    assert elsewhere.stat().st_mode & 0o777 == 0o644


def test_static_files_stay_readable_to_a_web_server_of_another_user(tmp_path):
    from django.contrib.staticfiles.storage import StaticFilesStorage

    before = os.umask(0o077)
    try:
        from django.core.files.base import ContentFile

        storage = StaticFilesStorage(location=tmp_path / "static", base_url="/static/")
        storage.save("css/site.css", ContentFile(b"body {}"))
    finally:
        os.umask(before)
    assert (tmp_path / "static" / "css").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "static" / "css" / "site.css").stat().st_mode & 0o777 == 0o644
