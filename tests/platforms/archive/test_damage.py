import hashlib
import struct
import zlib

import pytest
import zstandard

from platforms.archive import Archive, ArchiveError, DamagedBlob, MissingBlob, blobs
from platforms.archive.blobs import Blob
from platforms.archive.storage import FileStorage
from tests.platforms.archive.pages import page


def spoil(storage, digest, data):
    storage.write(digest, data, replace=True)


def remove(storage, digest):
    [path] = storage.root.glob(f"*/{digest}.blob")
    path.unlink()


@pytest.fixture
def history(archive):
    """A keyframe and two deltas on top of each other, oldest first."""
    first = archive.put(page(1))
    second = archive.put(page(2) + page(1)[:500], similar_to=first)
    third = archive.put(page(2) + page(1)[:501], similar_to=second)
    assert archive.base_of(third) == second
    return first, second, third


def test_each_flipped_byte_of_a_blob_is_detected(archive, storage, history):
    _, _, third = history
    intact = storage.read(third)
    for place in range(len(intact)):
        spoil(storage, third, intact[:place] + bytes([intact[place] ^ 0x10]) + intact[place + 1 :])
        with pytest.raises(DamagedBlob) as caught:
            archive.get(third)
        assert caught.value.digest == third


def test_a_blob_too_short_or_too_long_is_detected(archive, storage, history):
    _, _, third = history
    intact = storage.read(third)
    for damaged in (b"", intact[:10], intact[:56], intact[:-1], intact + b"\0", intact * 2):
        spoil(storage, third, damaged)
        with pytest.raises(DamagedBlob):
            archive.get(third)


def test_the_blob_of_another_body_is_detected(archive, storage, history):
    first, second, _ = history
    spoil(storage, first, storage.read(archive.put(b"another body")))
    with pytest.raises(DamagedBlob, match="another SHA-256"):
        archive.get(first)
    with pytest.raises(DamagedBlob):
        archive.get(second)


def test_all_dependents_of_a_damaged_base_name_it(archive, storage, history):
    first, second, third = history
    spoil(storage, first, b"rubbish")

    for digest in (second, third):
        with pytest.raises(DamagedBlob, match=f"depends on {first}: ") as caught:
            archive.get(digest)
        assert caught.value.digest == digest


def test_dependents_of_a_missing_base_are_damaged(archive, storage, history):
    first, _, third = history
    remove(storage, first)

    with pytest.raises(DamagedBlob, match=f"depends on {first}: not in the archive"):
        archive.get(third)
    with pytest.raises(MissingBlob):
        archive.get(first)


@pytest.mark.parametrize("harm", [remove, lambda storage, digest: spoil(storage, digest, b"x")])
def test_a_new_body_is_stored_even_if_the_similar_one_is_lost(archive, storage, history, harm):
    first, _, third = history
    harm(storage, first)

    digest = archive.put(page(4), similar_to=third)

    assert archive.get(digest) == page(4)
    assert archive.base_of(digest) is None


def test_storing_a_body_again_repairs_its_damaged_blob(archive, storage, history):
    first, second, third = history
    spoil(storage, first, b"rubbish")

    archive.put(page(1))

    assert archive.get(first) == page(1)
    assert archive.get(third) == page(2) + page(1)[:501]
    assert archive.get(second) == page(2) + page(1)[:500]


def test_storing_a_body_again_repairs_it_if_its_base_is_lost(archive, storage, history):
    first, _, third = history
    remove(storage, first)

    archive.put(page(2) + page(1)[:501], similar_to=archive.put(page(3)))

    assert archive.get(third) == page(2) + page(1)[:501]
    assert archive.base_of(third) is None


def test_two_writers_cannot_make_a_circle_of_bases(tmp_path):
    """One stores A against B while the other stores A, then B against A."""
    a, b = page(1), page(2)
    name_of_a, name_of_b = (hashlib.sha256(body).hexdigest() for body in (a, b))
    other = Archive(FileStorage(tmp_path))

    class OvertakenStorage(FileStorage):
        def read(self, digest):
            try:
                return super().read(digest)
            except MissingBlob:
                other.put(b, similar_to=other.put(a))
                raise

    Archive(OvertakenStorage(tmp_path)).put(a, similar_to=name_of_b)

    assert other.base_of(name_of_a) is None
    assert other.base_of(name_of_b) == name_of_a
    assert (other.get(name_of_a), other.get(name_of_b)) == (a, b)


def test_blobs_in_a_circle_of_bases_are_damaged(archive, storage, history):
    first, _, third = history
    keyframe = blobs.parse(first, storage.read(first))
    looped = Blob(keyframe.length, base=third, depth=1, age=1, frame=keyframe.frame)
    spoil(storage, first, looped.to_bytes())

    with pytest.raises(DamagedBlob, match="depends on too many"):
        archive.get(third)


def blob_bytes(*, version=1, codec=1, depth=0, length, base=bytes(32), frame):
    rest = struct.pack(">BBBBQ32s", version, codec, depth, 0, length, base) + frame
    return b"\x89DOB\r\n\x1a\n" + struct.pack(">I", zlib.crc32(rest)) + rest


BOMB = zstandard.compress(bytes(300_000_000))
BOMB_WITHOUT_SIZE = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(300_000_000))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(blob_bytes(length=10, frame=BOMB), id="frame larger than stated"),
        pytest.param(blob_bytes(length=300_000_000, frame=BOMB), id="states more than the cap"),
        pytest.param(blob_bytes(length=2**64 - 1, frame=BOMB), id="states the unknown size"),
        pytest.param(blob_bytes(length=10, frame=BOMB_WITHOUT_SIZE), id="frame without a size"),
        pytest.param(blob_bytes(length=1, frame=zstandard.compress(b"")), id="shorter than stated"),
        pytest.param(blob_bytes(length=0, frame=b""), id="no frame"),
        pytest.param(blob_bytes(length=1, frame=b"not a frame"), id="not a frame"),
        pytest.param(
            blob_bytes(length=1, frame=zstandard.compress(b"a") + b"more"), id="more after it"
        ),
        pytest.param(
            blob_bytes(length=1, version=2, frame=zstandard.compress(b"a")), id="next version"
        ),
        pytest.param(
            blob_bytes(length=1, codec=9, frame=zstandard.compress(b"a")), id="unknown codec"
        ),
        pytest.param(
            blob_bytes(length=1, depth=1, frame=zstandard.compress(b"a")), id="delta without base"
        ),
    ],
)
def test_a_forged_blob_is_damage_and_unpacks_no_more_than_it_states(archive, storage, data):
    digest = hashlib.sha256(b"a").hexdigest()
    spoil(storage, digest, data)

    with pytest.raises(DamagedBlob):
        archive.get(digest)


def test_a_file_too_large_for_a_blob_is_not_read_whole(archive, storage, monkeypatch):
    monkeypatch.setattr("platforms.archive.storage.MAX_BLOB_BYTES", 1000)
    digest = archive.put(b"a")
    spoil(storage, digest, bytes(2000))

    with pytest.raises(DamagedBlob, match="larger than any blob"):
        archive.get(digest)


def test_bytes_that_could_not_be_restored_are_not_stored(archive, monkeypatch):
    def compress_wrongly(body):
        return Blob(len(body), None, 0, 0, zstandard.compress(body[:-1] + b"?"))

    monkeypatch.setattr(blobs, "make_keyframe", compress_wrongly)
    with pytest.raises(ArchiveError):
        archive.put(b"a body")
    assert list(archive.digests()) == []
