import hashlib
import json
import os
import subprocess
import sys
import textwrap

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from platforms.archive import (
    Archive,
    ArchiveUnavailable,
    BodyTooLarge,
    InvalidDigest,
    MissingBlob,
    blobs,
    open_archive,
)
from platforms.archive.storage import FileStorage
from tests.platforms.archive.pages import page
from tests.sweeps import some


def test_a_body_is_restored_by_its_sha256(archive):
    digest = archive.put(b"We do not train on your posts.")

    assert digest == hashlib.sha256(b"We do not train on your posts.").hexdigest()
    assert archive.get(digest) == b"We do not train on your posts."
    assert digest in archive
    assert list(archive.digests()) == [digest]


def test_an_empty_body_is_stored(archive):
    digest = archive.put(b"")

    assert archive.get(digest) == b""
    assert archive.get(archive.put(page(1), similar_to=digest)) == page(1)
    assert archive.get(archive.put(b"", similar_to=archive.put(page(1)))) == b""


@pytest.mark.parametrize("compressible", some([False, True], 1))
def test_twenty_megabytes_are_restored_and_their_next_edition_takes_little_space(
    archive, storage, compressible
):
    first = os.urandom(20_000_000) if not compressible else page(1, paragraphs=1000) * 90
    second = first[:9_000_000] + b"and now we train on it" + first[9_000_000:]

    digest = archive.put(first)
    next_digest = archive.put(second, similar_to=digest)

    assert archive.get(digest) == first
    assert archive.get(next_digest) == second
    if compressible:
        assert len(storage.read(next_digest)) < 5_000


def test_a_body_stored_twice_is_one_unchanged_blob(archive, storage):
    digest = archive.put(page(1))
    stored = storage.read(digest)

    assert archive.put(page(1)) == digest
    assert archive.put(page(1), similar_to=archive.put(page(2))) == digest
    assert storage.read(digest) == stored


def test_a_body_named_as_similar_to_itself_is_kept(archive):
    digest = archive.put(page(1), similar_to=hashlib.sha256(page(1)).hexdigest())

    assert archive.get(digest) == page(1)


@given(bodies=st.lists(st.binary(max_size=3000), max_size=8), data=st.data())
def test_any_bodies_in_any_relation_are_restored(tmp_path_factory, bodies, data):
    archive = Archive(FileStorage(tmp_path_factory.mktemp("archive")))
    digests: list[str] = []
    for body in bodies:
        grown = data.draw(st.sampled_from([b"", *map(archive.get, digests)])) + body
        similar_to = data.draw(st.sampled_from([None, *digests]))
        digests.append(archive.put(grown, similar_to=similar_to))
        assert archive.get(digests[-1]) == grown

    assert list(archive.digests()) == sorted(set(digests))


def test_a_body_above_the_limit_is_refused_before_anything_is_written(archive, monkeypatch):
    monkeypatch.setattr(blobs, "MAX_BODY_BYTES", 1000)

    with pytest.raises(BodyTooLarge):
        archive.put(bytes(1001))
    assert list(archive.digests()) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../../../etc/passwd",
        "/etc/passwd",
        "a" * 63,
        "a" * 65,
        "A" * 64,
        "g" * 64,
        "a" * 63 + "\n",
        "a" * 64 + "\n",
        "a" * 63 + "\0",
        "../" + "a" * 61,
        "٣" * 64,
    ],
)
def test_a_name_that_is_no_digest_reaches_no_path(archive, storage, name):
    archive.put(b"a body")

    assert name not in archive
    with pytest.raises(InvalidDigest):
        archive.get(name)
    with pytest.raises(InvalidDigest):
        archive.put(b"another body", similar_to=name)
    with pytest.raises(InvalidDigest):
        storage.write(name, b"data")


def test_an_unknown_digest_is_missing(archive):
    with pytest.raises(MissingBlob) as caught:
        archive.get("0" * 64)

    assert caught.value.digest == "0" * 64
    assert "0" * 64 not in archive


def test_files_of_others_in_the_folder_are_no_blobs(archive, storage):
    digest = archive.put(b"a body")
    folder = storage.root / digest[:2]
    (folder / "README.txt").write_text("hello")
    (folder / f"{'z' * 64}.blob").write_text("hello")
    (storage.root / "notes").mkdir()

    assert list(archive.digests()) == [digest]


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_put_returns(
    archive, storage, monkeypatch
):
    digest = hashlib.sha256(b"a body").hexdigest()
    synced: list[tuple[str, str]] = []
    real_fsync = os.fsync

    def fsync(descriptor):
        synced.append((place(descriptor), "visible" if digest in archive else "hidden"))
        real_fsync(descriptor)

    def place(descriptor):
        synced_file = os.fstat(descriptor)
        paths = [storage.root, *storage.root.glob("**/*")]
        [path] = [path for path in paths if os.path.samestat(path.stat(), synced_file)]
        return "file" if path.is_file() else str(path.relative_to(storage.root))

    monkeypatch.setattr(os, "fsync", fsync)
    archive.put(b"a body")

    assert synced == [("file", "hidden"), (digest[:2], "visible"), (".", "visible")]


def test_a_stored_file_cannot_be_written_to(archive, storage):
    digest = archive.put(b"a body")
    [path] = storage.root.glob(f"*/{digest}.blob")

    assert path.stat().st_mode & 0o222 == 0


def test_a_folder_that_cannot_be_written_is_an_unavailable_archive(tmp_path):
    (tmp_path / "file").write_text("in the way")
    archive = Archive(FileStorage(tmp_path / "file"))

    with pytest.raises(ArchiveUnavailable):
        archive.put(b"a body")


def test_a_keyframe_can_be_read_with_only_the_documented_format(archive, storage):
    """The reader below shares no code with the archive."""
    digest = archive.put(page(1))
    [path] = storage.root.glob(f"*/{digest}.blob")
    reader = textwrap.dedent(
        """
        import hashlib, json, struct, sys, zlib, zstandard
        data = open(sys.argv[1], "rb").read()
        assert data[:8] == b"\\x89DOB\\r\\n\\x1a\\n"
        assert zlib.crc32(data[12:]) == int.from_bytes(data[8:12], "big")
        version, codec, depth, age, length = struct.unpack(">BBBBQ", data[12:24])
        body = zstandard.decompress(data[56:])
        print(json.dumps([version, codec, depth, age, length, data[24:56].hex(),
                          hashlib.sha256(body).hexdigest()]))
        """
    )
    answer = subprocess.run(
        [sys.executable, "-c", reader, path], check=True, capture_output=True, text=True
    )

    assert json.loads(answer.stdout) == [1, 1, 0, 0, len(page(1)), "0" * 64, digest]


def test_the_address_is_a_plain_path(tmp_path):
    folder = tmp_path / "odd #1 %20 ?"
    digest = open_archive(f"file://{folder}").put(b"a body")

    assert (folder / digest[:2] / f"{digest}.blob").is_file()


def test_the_archive_of_the_settings_is_opened_by_default(tmp_path, settings):
    settings.ARCHIVE_URL = f"file://{tmp_path}"

    assert open_archive().put(b"a body") in open_archive(f"file://{tmp_path}")


@pytest.mark.parametrize(
    "url", ["", "archive", "file://relative/folder", "http://example.org/x", "s3://", "s3:///x"]
)
def test_an_address_that_is_no_archive_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="ARCHIVE_URL"):
        open_archive(url)
