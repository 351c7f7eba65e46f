"""Pages of errors name static files without their digest: these must be served, too."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as project
from django.core.management import call_command
from django.template.loader import render_to_string


@pytest.mark.parametrize("page", ["500.html", "403_csrf.html", "admin/desk/500.html"])
def test_files_that_a_bare_page_names_are_built(settings, tmp_path, page):
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **project.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    soup = BeautifulSoup(render_to_string(page), "lxml")
    named = [link["href"].removeprefix("/static/") for link in soup.select("head link")]
    assert len(named) >= 4
    missing = [name for name in named if not Path(tmp_path, name).is_file()]
    assert missing == []
