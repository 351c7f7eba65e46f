"""Golden files are written without what is random, and compared file by file."""

import json

import pytest

from benchmarks.golden.comparing import compare
from benchmarks.golden.rows import Names, changes
from benchmarks.golden.writing import normalised, write_bytes


@pytest.fixture
def folders(tmp_path):
    for name in ("old", "new"):
        write_bytes(tmp_path / name / "a.json", b'{"at": 1, "of": [{"at": 2, "id": "x"}]}')
        write_bytes(tmp_path / name / "page.html", b"<p>One.\n<p>Two.")
    return tmp_path / "old", tmp_path / "new"


def test_equal_folders_have_no_difference(folders):
    assert compare(*folders, ignore=frozenset()) == 0


def test_what_differs_is_listed_with_its_lines(folders, capsys):
    write_bytes(folders[1] / "page.html", b"<p>One.\n<p>Three.")
    write_bytes(folders[1] / "more.txt", b"New.")
    (folders[1] / "a.json").unlink()

    assert compare(*folders, ignore=frozenset()) == 1

    said = capsys.readouterr().out
    assert "page.html: differs\n    @@ -2 +2 @@\n    -<p>Two.\n    +<p>Three.\n" in said
    assert "more.txt: new\n" in said
    assert "a.json: gone\n" in said
    assert "3 of 3 files differ" in said


def test_keys_that_are_named_make_no_difference(folders):
    (folders[1] / "a.json").write_text(json.dumps({"at": 9, "of": [{"at": 8, "id": "x"}]}))
    assert compare(*folders, ignore=frozenset()) == 1
    assert compare(*folders, ignore=frozenset({"at"})) == 0


def test_tokens_are_left_out_and_digests_stay():
    digest = "ab" * 32
    assert normalised(f"/confirm/AbC-1234567890.x {digest}") == f"/confirm/TOKEN {digest}"


def test_rows_are_named_by_what_they_are_and_whose_they_are():
    platform = {("platforms.platform", 7): {"id": 7, "slug": "chirp", "name": "Chirp"}}
    use = {("consent.use", 3): {"id": 3, "slug": "posts", "platform_id": 7, "note": ""}}
    branch = {("consent.branch", 9): {"id": 9, "use_id": 3, "places": ["DE"]}}
    edited = {("consent.use", 3): {**use["consent.use", 3], "note": "Since May."}}
    names = Names()

    assert changes(platform | use, platform | edited | branch, names) == (
        "consent.branch chirp/posts branch 1 +\n    places: ['DE']\n    use: chirp/posts\n"
        "consent.use chirp/posts ~\n    note: '' → 'Since May.'\n"
    )
    assert changes(platform | branch, platform, names) == "consent.branch chirp/posts branch 1 -\n"
