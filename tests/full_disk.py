"""A filesystem of 64 kB without a free byte, for tests."""

import subprocess
from contextlib import suppress

import pytest


@pytest.fixture
def full_disk(tmp_path):
    """A folder on which nothing more can be written. Skips where no filesystem can be mounted."""
    folder = tmp_path / "full"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a filesystem")
    try:
        with suppress(OSError), (folder / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(4096))
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
