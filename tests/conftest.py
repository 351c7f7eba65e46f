"""What every test starts from: no file outside its own folder, no built static files needed."""

import pytest


@pytest.fixture(autouse=True)
def own_place(settings, tmp_path):
    """Give each test an archive, a cache and a mail folder of its own."""
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
