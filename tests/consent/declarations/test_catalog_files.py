"""Files that do not fit together are refused, with where, what, and what to do."""

import re

import pytest

from consent.declarations import PartialDate, read_catalog
from platforms.declarations import CatalogError
from platforms.places import Where


def problems(folder):
    with pytest.raises(CatalogError) as caught:
        read_catalog(folder.path)
    return [str(problem) for problem in caught.value.problems]


def test_names_are_written_out_in_full_across_files(folder):
    entry = read_catalog(folder.path).entries["duck-2024-use"]

    assert entry.platforms == ("duck", "goose")
    assert entry.uses == ("duck/chats", "goose/chats")
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
    folder.replace("chirp", "title: Chirp turns training off", "title: " + "Very " * 30 + "off")

    [problem] = problems(folder)

    assert "at most 140 are allowed; shorten it" in problem


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("chirp", "references: [gdpr]", "references: [gpdr]", "no reference 'gpdr'; did you mean"),
        ("chirp", "  uses: [training]\n  refuse", "  uses: [tr]\n  refuse", "no use 'chirp/tr'"),
        ("chirp", "controls: [switch]\n  effects", "controls: [swich]\n  effects", "no control"),
        ("chirp", "controls: [switch]\n  pages", "controls: [duck/x]\n  pages", "of this platform"),
        ("duck", "goose/chats]", "gooze/chats]", "no use 'gooze/chats'; did you mean 'goose/c"),
        ("duck", "  confidence", "  outcome: duck-2025\n  confidence", "no entry key 'duck-2025'"),
        (
            "duck",
            "  confidence",
            "  follows: duck-2024-used\n  confidence",
            "no entry key 'duck-20",
        ),
        ("chirp", "opened_by: chirp-2024-07", "opened_by: chirp-2024-08", "no entry key 'chirp-20"),
        (
            "chirp",
            "  pages: [https://chirp.example/help]",
            "  pages: [https://no.example]",
            "no page of this file",
        ),
        ("duck", "[duck, goose]", "[duck, moose]", "no platform 'moose'; did you mean 'goose'?"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(folder, file, old, new, problem):
    folder.replace(file, old, new)

    assert any(problem in line for line in problems(folder))


def test_entries_that_follow_one_another_in_a_circle_are_refused(folder):
    folder.replace("chirp", "  announced:", "  follows: duck-2024-use\n  announced:")
    folder.replace(
        "duck",
        "  effective: '2024'",
        "  follows: chirp-2025-03-01-default-off\n  effective: '2024'",
    )
    assert read_catalog(folder.path).entries["duck-2024-rumour"].follows

    folder.replace(
        "duck", "  confidence: medium", "  follows: duck-2024-rumour\n  confidence: medium"
    )

    assert problems(folder) == [
        f"{file}.yaml:{folder.line_of(file, f'follows: {followed}')} entries[{place}].follows: "
        f"{key} follows itself, through others or not; take one link out"
        for file, place, key, followed in (
            ("chirp", 1, "chirp-2025-03-01-default-off", "duck-2024-use"),
            ("duck", 0, "duck-2024-use", "duck-2024-rumour"),
            ("duck", 1, "duck-2024-rumour", "chirp-2025-03-01-default-off"),
        )
    ]


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


def test_only_the_first_state_may_begin_at_an_unknown_time(folder):
    folder.replace("chirp", "    since: '2025-03-01'\n", "")

    [problem] = problems(folder)

    assert "needs since: only the first state may begin at an unknown time" in problem


def test_an_entry_that_opens_a_state_must_name_its_use(folder):
    folder.replace("chirp", "  uses: [training]\n  controls: [switch]\n", "")

    [problem] = problems(folder)

    assert "does not name chirp/training in its uses; add it" in problem


def test_a_draft_needs_a_reason(folder):
    folder.replace("duck", "reason: One report only.", "reason: ''")

    [problem] = problems(folder)

    assert "is draft without a reason; add reason" in problem


def test_a_published_entry_needs_a_date(folder):
    folder.replace("duck", "  effective: '2024-01-01'\n", "")

    [problem] = problems(folder)

    assert "has no date; add announced, decided, effective or observed_to" in problem


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


def test_a_file_that_does_not_name_its_format_is_refused(folder):
    folder.replace("goose", "format: 2\n", "")

    [problem] = problems(folder)

    assert problem.startswith("goose.yaml:1: is not of format 2; begin it with 'format: 2'")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "value: unless-refused",
            "value: unless-refuse",
            "uses[0].states[1].value: 'unless-refuse' is not in the list",
        ),
        ("since: '2024-07'", "since: '2024-13'", "uses[0].states[1].since: '2024-13' is not in"),
        (
            "    opened_by: chirp-2024-07-default-on",
            "    opend_by: chirp-2024-07-default-on",
            "uses[0].states[1].opend_by: unknown key; did you mean 'opened_by'?",
        ),
        (
            "  states:\n",
            "  peple: [personal]\n  states:\n",
            "uses[0].peple: unknown key; did you mean 'people'?",
        ),
        (
            "  states:\n",
            "  people: [persons]\n  states:\n",
            "uses[0].people[0]: 'persons' is not in the list; did you mean 'personal'?",
        ),
        (
            "since: '2025-03-01'",
            "since: '2024-06-30'",
            "uses[0].states[2].since: begins 2024-06-30, not after the state before it",
        ),
        (
            "opened_by: chirp-2024-07-default-on",
            "opened_by: chirp-2024-08-default-on",
            "uses[0].states[1].opened_by: no entry key 'chirp-2024-08-default-on'",
        ),
    ],
)
def test_a_problem_of_an_only_branch_is_shown_where_the_file_has_it(folder, old, new, problem):
    folder.replace("chirp", old, new)

    line = folder.line_of("chirp", new.splitlines()[0].strip())
    [found] = problems(folder)
    assert found.startswith(f"chirp.yaml:{line} {problem}")


def test_a_problem_of_a_branch_is_shown_in_that_branch(folder):
    folder.replace("duck", "  - value: unclear\n", "  - value: unclar\n")

    line = folder.line_of("duck", "unclar")
    [found] = problems(folder)
    assert found.startswith(f"duck.yaml:{line} uses[0].branches[1].states[0].value: 'unclar' is")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "duck",
            "  branches:\n",
            "  places: [EU]\n  branches:\n",
            "uses[0].places: stands beside branches; write places in the branches",
        ),
        (
            "goose",
            "  states:\n  - value: no-way-out\n",
            "  stats:\n  - value: no-way-out\n",
            "uses[0]: has no states; add states, or branches with states",
        ),
        (
            "chirp",
            "  title_if_not: Your posts train no model\n",
            "",
            "uses[0]: has a state not-used without title_if_not; say what is so where it does not "
            "happen",
        ),
        (
            "chirp",
            "  purpose: training\n",
            "  titles: {de: {title: Ihre Beiträge trainieren}}\n  purpose: training\n",
            "uses[0]: titles: write title_if_not in each language, or in none",
        ),
        (
            "chirp",
            "  purpose: training\n",
            "  titles: {en: {title: They train, title_if_not: They do not}}\n  purpose: training\n",
            "uses[0]: write the English title under title",
        ),
        (
            "goose",
            "    note: Not all agree.\n",
            "",
            "uses[0].states[0]: is disputed without a note; say how the sources disagree",
        ),
        (
            "chirp",
            "  - value: not-used\n",
            "  - value: not-used\n    since_is: at-latest\n",
            "uses[0].states[0]: has since_is, but no since",
        ),
        (
            "chirp",
            "effective: '2024-07'",
            "effective: by 2024-07",
            "entries[0].effective: 'by 2024-07' is no day; write it as 'by 2024-07-16'",
        ),
        (
            "chirp",
            "announced: '2025-02-10'",
            "due: by 2025-02-10",
            "entries[1].due: 'by 2025-02-10' is no date; write it as '2024', '2024-07' or "
            "'2024-07-16'",
        ),
        (
            "chirp",
            "  label: Allow training\n",
            "  label: Allow training\n  name: the switch\n",
            "controls[0]: needs label (the exact words in the product) or name (our words), one of "
            "the two",
        ),
        (
            "chirp",
            "  label: Allow training\n",
            "",
            "controls[0]: needs label (the exact words in the product) or name (our words), one of "
            "the two",
        ),
        (
            "chirp",
            "refuse: turn-off",
            "refuse: ask-admin",
            "controls[0]: refuse is ask-admin; write by: admin",
        ),
        (
            "chirp",
            "  reach: future-only\n",
            "  offered:\n  - {since: '2024-07', until: '2024-07'}\n",
            "controls[0].offered[0].until: ends 2024-07, not after it begins",
        ),
        (
            "chirp",
            "  - surface: web\n    path",
            "  - surface: any\n  - surface: web\n    path",
            "controls[0].surfaces: any stands alone, without other surfaces",
        ),
        (
            "chirp",
            "effective: '2025-03-01'",
            "effective: '2025-03-01'\n  due: '2025-03-01'",
            "entries[1]: is due and effective; once it was seen, due becomes effective",
        ),
        (
            "duck",
            "  confidence: medium",
            "  outcome: duck-2024-rumour\n  confidence: medium",
            "entries[0].outcome: only an announcement has an outcome",
        ),
    ],
)
def test_what_the_format_forbids_is_refused_where_it_stands(folder, file, old, new, problem):
    folder.replace(file, old, new)

    [found] = [line for line in problems(folder) if problem in line]
    assert re.fullmatch(rf"{file}\.yaml:\d+ {re.escape(problem)}", found)


ANOTHER_USE = """\
- slug: chats
  title: Your chats train Chirp's model
  purpose: training
  covers: Chats
  data_kinds: [chats]
  branches:
  - states: [{value: unclear}]
"""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("- slug: chats", "- slug: training"), "'training' is there twice; names must differ"),
        (("- slug: chats", "- slug: switch"), "'switch' is there twice; names must differ"),
        (
            ("  title", "  former_slugs: [switch]\n  title"),
            "'switch' is in use; take it out, or rename its owner",
        ),
        (
            ("  title", "  former_slugs: [once]\n  title"),
            "'once' is there twice; names must differ",
        ),
        (
            ("  - states", "  - former_slugs: [once]\n    states"),
            "'once' is there twice; names must differ",
        ),
    ],
)
def test_uses_and_controls_of_a_platform_share_one_space_of_slugs(folder, change, problem):
    folder.replace("chirp", "  label: Allow", "  former_slugs: [once]\n  label: Allow")
    folder.replace("chirp", "uses:\n", "uses:\n" + ANOTHER_USE.replace(*change, 1))

    assert [line.partition(": ")[2] for line in problems(folder)] == [problem]


def test_another_platform_may_use_the_same_slugs(folder):
    catalog = read_catalog(folder.path)

    assert {"duck/chats", "goose/chats"} <= set(catalog.uses)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("places: [UK]", "places[0]: UK is no known place: write GB"),
        ("places: [eu]", "places[0]: eu is no known place: write EU"),
        ("places: [Germany]", "places[0]: Germany is no known place: write DE"),
        ("places: [NO, XX]", "places[1]: XX is no known place"),
        ("places: [world]", "places[0]: world is not a code here: leave the key out for the"),
        ("places: [US-PR]", "places[0]: US-PR is a country of its own: write PR"),
        ("places: [EU]\n  except: [GB]", "except: GB is not inside the places"),
        ("places: [EU]\n  except: [EEA]", "except: EEA is not inside the places"),
        ("places: [DE]\n  except: [DE]", "except: nothing is left of the places"),
        ("some_of: [world, DE]", "some_of: world includes all other codes; leave them out"),
        ("places: [DE, DE]", "places: DE twice"),
    ],
)
def test_places_that_make_no_sense_are_refused_with_advice(folder, written, problem):
    folder.replace("goose", "  states:\n", f"  {written}\n  states:\n")

    [found] = problems(folder)
    assert problem in found


def test_places_may_have_exceptions_inside_them_and_some_that_are_not_named(folder):
    keys = "  places: [US-CA, EU]\n  except: [DE]\n  some_of: [US]\n"
    folder.replace("goose", "  states:\n", f"{keys}  states:\n")

    [branch] = read_catalog(folder.path).uses["goose/chats"].branches

    assert branch.where == Where(("US-CA", "EU"), ("DE",), ("US",))


OTA = "commit: 0123456789abcdef0123456789abcdef01234567\n"
DATE = "    date: '2024-07-26'\n"


def passage(side="after", span="3-7", sha256="ab" * 32):
    return f"    passages: [{{side: {side}, span: '{span}', sha256: '{sha256}'}}]\n"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (OTA, passage(span="7-3"), "'7-3' is no span; write first and end, such as 10113-10356"),
        (OTA, passage(span="all"), "'all' is no span"),
        (OTA, passage(side="then"), "'then' is not in the list"),
        (OTA, passage(sha256="abc"), "'abc' does not match"),
        (DATE, passage(), "has passages, but no ota and no snapshot that they point into"),
        (
            DATE,
            f"    snapshot: {'cd' * 32}\n{passage()}",
            "has passages in a snapshot; add extractor, the version of its text",
        ),
        (
            DATE,
            f"    snapshot: {'cd' * 32}\n    extractor: '7'\n{passage(side='before')}",
            "has a passage of the side before; add snapshot_before",
        ),
        (DATE, "    quote: Their words.\n", "quote: unknown key"),
    ],
)
def test_a_passage_points_into_a_text_by_side_span_and_hash(folder, old, new, problem):
    folder.replace("chirp", old, old + new)

    [found] = problems(folder)
    assert problem in found


def test_passages_are_read_with_their_source(folder):
    folder.replace("chirp", OTA, OTA + passage(side="before", span="10113-10356"))

    [source] = read_catalog(folder.path).entries["chirp-2025-03-01-default-off"].sources

    [read] = source.passages
    assert (read.side, read.span, read.sha256) == ("before", "10113-10356", "ab" * 32)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [('[chirp]\n"Sign in." = ', "Invalid value"), ('[chirp.de]\n"Sign in." = "A"', "valid string")],
)
def test_words_of_a_language_that_cannot_be_read_are_refused(folder, written, wrong):
    (folder.path / "_words.fr.toml").write_text(written, encoding="utf-8")
    [problem] = problems(folder)
    assert problem.startswith("_words.fr.toml: ")
    assert wrong in problem
