"""Killed and concurrent writers: real processes on one folder."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from platforms.archive import Archive
from platforms.archive.storage import FileStorage
from tests.platforms.archive.pages import page

ROOT = Path(__file__).resolve().parents[3]

# Stores editions of one page, each against the one before, and prints each once it is stored.
WRITER = """
import sys
from pathlib import Path
from platforms.archive import Archive
from platforms.archive.storage import FileStorage
from tests.platforms.archive.pages import page

folder, first, step, count = sys.argv[1], *map(int, sys.argv[2:])
archive = Archive(FileStorage(Path(folder)))
previous = None
for edition in range(first, first + step * count, step):
    previous = archive.put(page(edition), similar_to=previous)
    print(edition, previous, flush=True)
"""


def start_writer(folder, *, first, step, count):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(first), str(step), str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def digests_in(output):
    """Return {digest: edition} for all complete lines of a writer."""
    lines = (line.split() for line in output.splitlines(keepends=True) if line.endswith("\n"))
    return {digest: int(edition) for edition, digest in lines}


def test_a_killed_writer_leaves_only_whole_blobs_and_all_it_reported(tmp_path):
    reported: dict[str, int] = {}
    for round_number in range(6):
        writer = start_writer(tmp_path, first=1000 * round_number, step=1, count=1000)
        first_line = writer.stdout.readline()  # then it is running
        time.sleep(0.013 * (round_number + 1))
        writer.kill()
        other_lines, _ = writer.communicate()
        reported |= digests_in(first_line + other_lines)

    archive = Archive(FileStorage(tmp_path))
    present = list(archive.digests())
    assert set(reported) <= set(present)
    assert len(reported) < 6000
    for digest in present:
        body = archive.get(digest)
        if digest in reported:
            assert body == page(reported[digest])


def test_an_unfinished_write_is_not_part_of_the_archive(archive, storage):
    digest = archive.put(page(1))
    (storage.incoming / f"{'0' * 64}.0123456789abcdef").write_bytes(b"\x89DOB half a blob")

    assert list(archive.digests()) == [digest]
    assert "0" * 64 not in archive
    assert [Path(name).name for name in archive.unfinished()] == [f"{'0' * 64}.0123456789abcdef"]


def test_a_finished_write_leaves_nothing_unfinished(archive):
    archive.put(page(1))
    archive.put(page(1))

    assert archive.unfinished() == []


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((1, 1, 1), id="in step", marks=pytest.mark.drill),
        pytest.param((1, -1, 1), id="against each other"),
    ],
)
def test_concurrent_writers_of_the_same_bodies_all_succeed(tmp_path, steps):
    count = 40
    writers = [
        start_writer(tmp_path, first=0 if step > 0 else count - 1, step=step, count=count)
        for step in steps
    ]
    outputs = [writer.communicate()[0] for writer in writers]

    archive = Archive(FileStorage(tmp_path))
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert [digests_in(output) for output in outputs] == [digests_in(outputs[0])] * 3
    assert len(digests_in(outputs[0])) == count
    assert list(archive.digests()) == sorted(digests_in(outputs[0]))
    for digest, edition in digests_in(outputs[0]).items():
        assert archive.get(digest) == page(edition)
    assert archive.unfinished() == []
