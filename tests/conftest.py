"""What every test starts from: no file outside its own folder, no built static files needed."""

import pytest
from django.db import connection
from hypothesis import settings as made_up_examples

from consent.web.languages import forget_made
from platforms.append_only import unprotect_logs

# How long an example takes is the machine's business: a busy one must fail no test.
made_up_examples.register_profile("any machine", deadline=None)
made_up_examples.load_profile("any machine")


@pytest.fixture(autouse=True)
def own_place(settings, tmp_path):
    """Give each test an archive, a cache and a mail folder of its own, and nothing remembered."""
    forget_made()
    settings.CONTACT_EMAIL = "curators@defaulton.example"  # nothing is visited without one
    settings.ARCHIVE_URL = f"file://{tmp_path / 'archive'}"
    settings.STATIC_ROOT = str(tmp_path)
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {
        name: memory | {"LOCATION": f"{tmp_path}/{name}"} for name in ("default", "pages")
    }
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def emptied_logs(request):
    """Let tests that commit empty their tables afterwards, logs too; the flush guards them anew."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if commits:
        request.getfixturevalue("transactional_db")  # before this one, so that it goes after it
    yield
    if commits:
        unprotect_logs(connection)
