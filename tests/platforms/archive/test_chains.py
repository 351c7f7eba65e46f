import tarfile

import pytest

from platforms.archive import blobs
from platforms.archive.archive import MAX_AGE, MAX_DEPTH
from tests.platforms.archive.pages import other_page, page
from tests.shared_data import shared_file


def put_editions(archive, bodies):
    digests = [archive.put(bodies[0])]
    for body in bodies[1:]:
        digests.append(archive.put(body, similar_to=digests[-1]))
    return digests


def read_count(storage, digest):
    """Return how many blobs are read for this body."""
    blob = blobs.parse(digest, storage.read(digest))
    return 1 if blob.base is None else 1 + read_count(storage, blob.base)


def test_the_next_edition_of_a_page_takes_little_space(archive, storage):
    first, second = put_editions(archive, [page(1), page(2)])

    assert len(storage.read(second)) < len(storage.read(first)) / 50
    assert archive.base_of(first) is None
    assert archive.base_of(second) == first


def test_few_blobs_are_read_for_a_body_with_a_long_history(archive, storage):
    bodies = [page(edition) for edition in range(3 * MAX_DEPTH)]
    digests = put_editions(archive, bodies)

    assert max(read_count(storage, digest) for digest in digests) <= MAX_DEPTH + 1
    assert [archive.get(digest) for digest in digests] == bodies


def test_no_keyframe_has_more_dependent_snapshots_than_the_limit(archive):
    bodies = [page(edition, paragraphs=40) for edition in range(2 * MAX_AGE + 3)]
    digests = put_editions(archive, bodies)

    keyframes = [place for place, digest in enumerate(digests) if archive.base_of(digest) is None]
    assert keyframes == [0, MAX_AGE + 1, 2 * (MAX_AGE + 1)]


def test_an_entirely_new_page_gets_a_keyframe(archive):
    first = archive.put(page(1))

    assert archive.base_of(archive.put(other_page(1), similar_to=first)) is None


def test_after_an_error_page_a_page_is_stored_against_its_earlier_edition(archive, storage):
    terms = archive.put(page(1))
    error = archive.put(page(1)[:20_000] + other_page(1, size=10_000), similar_to=terms)
    back = archive.put(page(2), similar_to=error)

    assert archive.base_of(error) == terms
    assert archive.base_of(back) == terms
    assert len(storage.read(back)) < 500


@pytest.mark.shared
def test_real_pages_average_below_five_kilobytes_a_snapshot(archive, storage):
    name = "data/histories/grok-privacy-policy-legal-privacy-policy.tar.xz"
    with tarfile.open(shared_file(name)) as tar:
        members = sorted((m for m in tar if m.isfile()), key=lambda member: member.name)
        bodies = [file.read() for member in members if (file := tar.extractfile(member))]
    digests = put_editions(archive, bodies)

    assert [archive.get(digest) for digest in digests] == bodies
    assert sum(len(storage.read(digest)) for digest in set(digests)) / len(digests) <= 5_000
