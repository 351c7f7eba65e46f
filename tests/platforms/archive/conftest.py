import pytest

from platforms.archive import Archive
from platforms.archive.storage import FileStorage


@pytest.fixture
def storage(tmp_path):
    return FileStorage(tmp_path / "archive")


@pytest.fixture
def archive(storage):
    return Archive(storage)
