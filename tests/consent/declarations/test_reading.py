"""Files that do not fit together are refused, with where, what, and what to do."""

import pytest

from consent.declarations import PartialDate, read_catalog
from platforms.declarations import CatalogError


def problems(folder):
    with pytest.raises(CatalogError) as caught:
        read_catalog(folder.path)
    return [str(problem) for problem in caught.value.problems]


def test_names_are_written_out_in_full_across_files(folder):
    entry = read_catalog(folder.path).entries["duck-2024-use"]

    assert entry.platforms == ("duck", "goose")
    assert entry.settings == ("duck/chats", "goose/chats")
    assert entry.references == ("gdpr", "noyb")


@pytest.mark.parametrize(
    ("written", "first_day", "precision"),
    [
        ("2024", "2024-01-01", "year"),
        (2024, "2024-01-01", "year"),
        ("2024-07", "2024-07-01", "month"),
        ("2024-02-29", "2024-02-29", "day"),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(written, first_day, precision):
    date = PartialDate.parse(written)

    assert (date.on.isoformat(), date.precision, str(date)) == (first_day, precision, str(written))


@pytest.mark.parametrize(
    "written", ["07-2024", "2024-7", "July 2024", "2024-07-16T00:00", "", "²024"]
)
def test_a_date_in_another_form_is_refused_with_advice(written):
    with pytest.raises(ValueError, match="write it as '2024', '2024-07' or '2024-07-16'"):
        PartialDate.parse(written)


def test_a_day_that_is_not_in_the_calendar_is_refused_where_it_stands(folder):
    folder.replace("chirp", "effective: '2025-03-01'", "effective: '2025-02-29'")

    line = folder.line_of("chirp", "2025-02-29")
    assert problems(folder) == [
        f"chirp.yaml:{line} entries[1].effective: '2025-02-29' is not in the calendar; "
        "check month and day"
    ]


def test_an_unknown_key_deep_in_a_file_gets_the_nearest_known_one(folder):
    folder.replace("chirp", "expect:", "expects:")

    line = folder.line_of("chirp", "expects:")
    assert problems(folder) == [
        f"chirp.yaml:{line} guides[0].surfaces[0].steps[1].expects: "
        "unknown key; did you mean 'expect'?"
    ]


def test_an_unknown_kind_lists_what_is_allowed(folder):
    folder.replace("chirp", "value: not-used", "value: never-used")

    [problem] = problems(folder)

    assert "'never-used' is not in the list; did you mean 'not-used'?" in problem


def test_a_title_too_long_is_refused(folder):
    folder.replace("chirp", "title: Chirp turns training off", "title: " + "Very " * 20 + "off")

    [problem] = problems(folder)

    assert "at most 90 are allowed; shorten it" in problem


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("chirp", "references: [gdpr]", "references: [gpdr]", "no reference 'gpdr'; did you mean"),
        ("chirp", "settings: [training]", "settings: [trainings]", "no setting 'chirp/trainings'"),
        ("duck", "goose/chats]", "gooze/chats]", "no setting 'gooze/chats'; did you mean 'goose/c"),
        ("chirp", "opened_by: chirp-2024-07", "opened_by: chirp-2024-08", "no entry key 'chirp-20"),
        (
            "chirp",
            "  pages: [https://chirp.example/help]",
            "  pages: [https://no.example]",
            "no pa",
        ),
        ("duck", "[duck, goose]", "[duck, moose]", "no platform 'moose'; did you mean 'goose'?"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(folder, file, old, new, problem):
    folder.replace(file, old, new)

    assert any(problem in line for line in problems(folder))


def test_the_same_key_in_two_files_is_refused(folder):
    folder.replace("duck", "key: duck-2024-rumour", "key: chirp-2024-07-default-on")

    line = folder.line_of("duck", "chirp-2024-07-default-on")
    assert problems(folder) == [
        f"duck.yaml:{line} entries[1].key: 'chirp-2024-07-default-on' is there twice; "
        "names must differ"
    ]


def test_a_shared_entry_has_one_home(folder):
    folder.replace("duck", "[duck, goose]", "[chirp, duck, goose]")

    [problem] = problems(folder)

    assert "belongs in chirp.yaml, the first of them" in problem


def test_states_out_of_order_are_refused_before_the_database_would(folder):
    folder.replace("chirp", "since: '2025-03-01'", "since: '2024-06-30'")

    [problem] = problems(folder)

    assert "begins 2024-06-30, not after the state before it" in problem


def test_a_state_that_begins_before_the_last_one_ended_is_refused(folder):
    folder.replace("chirp", "since: '2024-07'\n", "since: '2024-07'\n    until: '2025-04-01'\n")

    [problem] = problems(folder)

    assert "begins 2025-03-01, before 2025-04-01 when the last one ends" in problem


def test_only_the_first_state_may_begin_at_an_unknown_time(folder):
    folder.replace("chirp", "    since: '2025-03-01'\n", "")

    [problem] = problems(folder)

    assert "needs since: only the first state may begin at an unknown time" in problem


def test_an_entry_that_opens_a_state_must_name_its_setting(folder):
    folder.replace("chirp", "  settings: [training]\n  effects", "  effects")

    [problem] = problems(folder)

    assert "does not name chirp/training in its settings; add it" in problem


def test_a_draft_needs_a_reason(folder):
    folder.replace("duck", "reason: One report only.", "reason: ''")

    [problem] = problems(folder)

    assert "is draft without a reason; add reason" in problem


def test_a_published_entry_needs_a_date(folder):
    folder.replace("duck", "  effective: '2024-01-01'\n", "")

    [problem] = problems(folder)

    assert "has no date; add announced, effective or observed_to" in problem


def test_a_source_needs_an_address_or_a_record(folder):
    folder.replace("chirp", "- url: https://news.example/chirp\n", "- title: News\n")

    [problem] = problems(folder)

    assert problem.endswith("entries[0].sources[0].url: is missing; add it")


def test_an_empty_folder_is_told_apart_from_an_empty_catalog(tmp_path):
    with pytest.raises(CatalogError, match="has no catalog files"):
        read_catalog(tmp_path)


def test_bytes_that_are_no_text_are_told_with_their_place(folder):
    (folder.path / "goose.yaml").write_bytes(b"name: Goose\xff\n")

    assert problems(folder) == ["goose.yaml: is not UTF-8 at byte 11"]
