"""Fixtures: a repository of versions, and the command that imports it."""

import io
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from tests.platforms.importers.versions import Versions


@pytest.fixture
def versions(tmp_path):
    return Versions(tmp_path / "versions")


@pytest.fixture
def import_ota(versions):
    """Return a function that runs the command, and returns its lines and counts by label."""

    def run(*arguments, repository=versions.folder):
        out = io.StringIO()
        call_command("import_ota", str(repository), *arguments, stdout=out)
        lines = out.getvalue().splitlines()
        counts = {
            label: int(count)
            for count, _, label in (line.strip().partition("  ") for line in lines)
            if count.isdigit()
        }
        return SimpleNamespace(lines=lines, counts=counts)

    return run
