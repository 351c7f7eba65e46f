"""What a catalog that can be loaded still gets wrong (docs/catalog.md, "What check_catalog finds").

Each case changes one thing in a small catalog in which nothing is wrong.
"""

import datetime as dt

import pytest

from consent.declarations import check, counts, read_catalog, total, without_guide
from tests.consent.declarations.conftest import FIRST_SOURCE

TODAY = dt.date(2025, 6, 1)


def findings(folder, today=TODAY):
    return {str(finding) for finding in check(read_catalog(folder.path), today=today)}


def new_findings(folder, *changes, today=TODAY):
    """Return what is found after changes that was not found before."""
    before = findings(folder, today)
    for change in changes:
        folder.replace(*change)
    return findings(folder, today) - before


def test_nothing_is_found_in_a_catalog_in_order(folder):
    assert findings(folder) == set()


TITLE = "Your public posts train Chirp's model"


@pytest.mark.parametrize(
    "title",
    [
        "Block training on your posts",
        "Don't train on my posts",
        "Don’t train on my posts",
        "Object to training",
        "Opt out of training",
        "Turn off training",
        "Stop training",
        "Allow training on posts",  # also the label of its switch
        "Improve Chirp's model",
    ],
)
def test_a_title_that_begins_like_a_switch_is_an_error(folder, title):
    assert new_findings(folder, ("chirp", TITLE, title)) == {
        f"error: chirp/training: the title {title!r} begins like a switch; say what happens"
    }


def test_a_title_that_begins_with_a_label_of_its_platform_is_an_error(folder):
    label = (
        "chirp",
        "label: Allow training",
        "label: Chirp memory\n  former_labels: [Your public]",
    )

    found = new_findings(folder, label)

    assert found == {
        f"error: chirp/training: the title {TITLE!r} begins like a switch; say what happens"
    }


def test_a_label_that_is_only_the_beginning_of_a_word_is_none(folder):
    assert new_findings(folder, ("chirp", "label: Allow training", "label: Your pub")) == set()


def test_the_title_for_where_it_does_not_happen_is_checked_too(folder):
    found = new_findings(folder, ("chirp", "Your posts train no model", "Stop it."))

    assert found == {
        "error: chirp/training: the title 'Stop it.' begins like a switch; say what happens",
        "error: chirp/training: the title 'Stop it.' ends with a full stop",
    }


PLANS = """\
plans: {list: [{name: Free, people: [personal]}, {name: Pro}, {name: Max}]}
uses:
"""
BRANCHES = """\
  branches:
  - {one}
    states: [{{value: unclear}}]
  - {other}
    states: [{{value: unclear}}]
entries:
"""


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("places: [EU]", "places: [DE]", "personal in DE"),
        ("places: [EU]", "except: [US]", "personal in AT"),
        ("places: [US-CA]", "places: [US]", "personal in US-CA"),
        ("note: Anywhere.", "places: [FR]", "personal in FR"),
        ("people: [personal, creators]", "people: [creators, minors]", "creators in world"),
        ("plans: [Free, Pro]", "plans: [Pro, Max]", "personal in world"),
        ("who: {names: Dot owners}", "who: {narrows: Show owners}", "personal in world"),
        (
            "people: [minors]; who: {narrows: children under 13}",
            "people: [minors]; who: {narrows: people under 16}",
            "minors in world",
        ),
        (
            "people: [minors]; who: {narrows: children under 13}",
            "people: [minors]; who: {names: people from 13}",
            "",
        ),
        (
            "people: [minors]; who: {names: people from 13 to 15}",
            "people: [minors]; who: {names: people from 16 to 17}",
            "",
        ),
        ("places: [EU]", "except: [EEA]", ""),
        ("places: [US-CA]", "places: [US]; except: [US-CA]", ""),
        ("people: [personal]", "people: [organisation]", ""),
        ("plans: [Free]", "plans: [Pro]", ""),
        ("plans: [Free]", "note: All other plans.", ""),
        ("places: [US-CA]", "some_of: [US]", ""),
    ],
)
def test_two_branches_for_the_same_people_in_the_same_place_are_an_error(
    folder, one, other, shared
):
    folder.replace("duck", "uses:\n", PLANS)
    inlined = [part.replace("; ", "\n    ") for part in (one, other)]
    text = (folder.path / "duck.yaml").read_text()
    start = text.index("  branches:\n")
    end = text.index("entries:\n") + len("entries:\n")
    branches = BRANCHES.format(one=inlined[0], other=inlined[1])
    folder.write("duck", text[:start] + branches + text[end:])

    errors = {line for line in findings(folder) if line.startswith("error")}

    assert errors == (
        {
            f"error: duck/chats: branches 1 and 2 both speak of {shared}; take it out of one, or "
            "name distinct plans"
        }
        if shared
        else set()
    )


OFFERED = ("chirp", "  reach: future-only\n", "  reach: future-only\n  offered: [{}]\n")

APIS = """\
plans:
  list:
  - {name: Trial, people: [personal], kind: api}
  - {name: Paid API, people: [personal], kind: api}
pages:
"""
TRIAL = """\
- slug: trial
  title: Requests on trial train Chirp's model
  purpose: training
  covers: Requests
  data_kinds: [chats]
  people: [personal]
  plans: [Trial]
  states: [{value: unclear, why: not-said}]
"""


def offered(keys):
    return (*OFFERED[:2], OFFERED[2].format("{" + keys + "}"))


OPENED_IN_DUCK = "      opened_by: duck-2024-use\n"
PERMITTED_AT_FIRST = """      basis: stated
      sources: [{url: 'https://duck.example/terms', publisher: Duck, date: '2024'}]
      note: The terms grant a right to use chats.
    - value: unclear
      since: '2025'
      basis: stated
      why: not-said
      sources: [{url: 'https://duck.example/terms', publisher: Duck, date: '2025'}]
"""
PERMITTED = (
    "warning: {use}/chats: is no-way-out, but '{said}' tells of a permission; let the state's note "
    "say what describes the practice, or make it unclear, permission-only"
)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        # States and the entries that open them
        (
            [("chirp", "value: not-used", "value: unless-refused")],
            "error: chirp/training: unless-refused follows itself at 2024-07",
        ),
        (
            [("chirp", "since: '2025-03-01'", "since: '2025-04-02'")],
            "error: chirp/training: a state begins 2025-04-02, but chirp-2025-03-01-default-off is "
            "of another day",
        ),
        (
            [("chirp", "value: only-if-agreed", "value: no-way-out")],
            "error: chirp/training: chirp-2025-03-01-default-off (default-off) opens the state "
            "no-way-out",
        ),
        (
            [("chirp", "effects: [default-on, opt-out-added]", "effects: [paused]")],
            "error: chirp/training: chirp-2024-07-default-on (paused) opens the state "
            "unless-refused",
        ),
        (
            [
                ("chirp", "  effective: '2025-03-01'", "  due: '2025-03-01'"),
                ("chirp", "    opened_by: chirp-2025-03-01-default-off\n", FIRST_SOURCE),
            ],
            "error: chirp/training: the state only-if-agreed begins on the day that "
            "chirp-2025-03-01-default-off names; write opened_by, which shows it as not confirmed",
        ),
        (
            [("chirp", "  direction: more-control", "  topic: other\n  direction: more-control")],
            "error: chirp/training: chirp-2025-03-01-default-off opens a state of training, but "
            "has the topic other",
        ),
        (
            [
                ("chirp", f"  - value: not-used\n{FIRST_SOURCE}", ""),
                ("chirp", "    opened_by: chirp-2024-07-default-on\n", FIRST_SOURCE),
                ("chirp", "    opened_by: chirp-2025-03-01-default-off\n", FIRST_SOURCE),
                ("chirp", "    since: '2024-07'\n", "    since: '2025-07'\n"),
                ("chirp", "since: '2025-03-01'", "since: '2025-08-01'"),
            ],
            "error: chirp/training: has no state before 2025-07; say what holds today",
        ),
        (
            [
                (
                    "chirp",
                    "  basis: stated\n  sources:\n  - url",
                    "  basis: stated\n  status: retracted\n  reason: Wrong.\n  sources:\n  - url",
                )
            ],
            "error: chirp/training: a state is opened by chirp-2024-07-default-on, which is not "
            "public",
        ),
        (
            [("chirp", FIRST_SOURCE, "")],
            "error: chirp/training: the state not-used has no source; add opened_by, or sources, "
            "or say unclear and why",
        ),
        (
            [("chirp", "effective: '2025-03-01'", "effective: by 2025-03-01")],
            "error: chirp/training: a state begins 2025-03-01, but chirp-2025-03-01-default-off is "
            "of another day or only on record then; write since_is: at-latest",
        ),
        # States and controls
        (
            [
                ("chirp", "value: only-if-agreed", "value: no-way-out"),
                ("chirp", "effects: [default-off]", "effects: [pledge-dropped]"),
                offered("since: '2024-07'"),
            ],
            "error: chirp/training: is no-way-out since 2025-03-01, but switch is offered",
        ),
        (
            [("goose", "no-way-out", "unless-refused")],
            "error: goose/chats: is unless-refused since 2024-01-01, but no control that reaches "
            "it is offered today",
        ),
        # Entries
        (
            [("chirp", "  announced: '2025-02-10'", "  decided: '2025-02-10'")],
            "error: chirp-2025-03-01-default-off: has decided, but no act of an authority, court "
            "or complainant",
        ),
        (
            [("duck", "effects: [sharing-widened]", "effects: [lawsuit, court-ruling]")],
            "error: duck-2024-rumour: has only effects of enforcement; write topic: enforcement, "
            "or other",
        ),
        (
            [
                (
                    "chirp",
                    "  announced: '2025-02-10'",
                    "  announced: '2025-02-10'\n  outcome: chirp-2024-07-default-on",
                )
            ],
            "error: chirp-2025-03-01-default-off: its outcome chirp-2024-07-default-on is older "
            "than the announcement",
        ),
        (
            [("chirp", "    date: '2024-07-26'\n", "")],
            "error: chirp-2024-07-default-on: no source with a date; add one, or make it a draft",
        ),
        # Guides
        (
            [("chirp", "  controls: [switch]\n  pages", "  pages")],
            "error: chirp-training: names no control",
        ),
        (
            [("chirp", "  caveats: [Works for the future only.]\n", "")],
            "error: chirp-training: does not say what it does not do; add caveats",
        ),
        (
            [("chirp", "  - surface: web\n    verified", "  - surface: ios\n    verified")],
            "error: chirp-training: has steps on ios, but none of its controls is found there; add "
            "the surface to a control, or take the steps out",
        ),
        # What new_platform wrote
        (
            [("chirp", "operator: Chirp Ltd.", "operator: COMPANY THAT RUNS IT")],
            "error: chirp: replace 'COMPANY THAT RUNS IT', which new_platform wrote",
        ),
    ],
)
def test_a_contradiction_is_an_error(folder, changes, finding):
    errors = {line for line in new_findings(folder, *changes) if line.startswith("error")}

    assert errors == {finding}


SECOND_OF_MARCH = ("chirp", "since: '2025-03-01'", "since: '2025-03-02'")
EARLIER_RECORD = """\
  - date: '2025-02-10'
    ota:
      repo: OpenTermsArchive/demo-versions
      path: Chirp/Privacy Policy.md
      commit: 1123456789abcdef0123456789abcdef01234567
"""
RECORDED_WHEN_ANNOUNCED = (
    "chirp",
    "  - date: '2025-03-02'\n",
    f"{EARLIER_RECORD}  - date: '2025-03-02'\n",
)


def noted(words):
    """Return the change that gives the second entry of Chirp a note."""
    direction = "  direction: more-control\n"
    return ("chirp", direction, f"{direction}  note: {words}\n")


#: The switch reaches a use that is not the same in all places, too.
REACHES_MORE = ("chirp", "  uses: [training]\n  ref", "  uses: [duck/chats, training]\n  ref")


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        # Uses
        (
            [("chirp", TITLE, "Your public posts may train Chirp's model")],
            'warning: chirp/training: the title "Your public posts may train Chirp\'s model" says '
            "may; doubt is a state",
        ),
        (
            [("duck", "  - places: [EEA]\n", "  - places: [EEA, DE]\n")],
            "warning: duck/chats: places: DE lies inside EEA",
        ),
        (
            [("duck", "  - places: [EEA]\n", "  - places: [EU, EEA]\n")],
            "warning: duck/chats: places: EU lies inside EEA",
        ),
        (
            [("duck", "  - places: [EEA]\n", "  - places: [EEA]\n    some_of: [FR]\n")],
            "warning: duck/chats: some_of: FR is covered by places already",
        ),
        (
            [
                (
                    "goose",
                    "value: no-way-out\n    since: '2024-01-01'\n    opened_by: duck-2024-use\n"
                    "    disputed: true\n    note: Not all agree.",
                    "value: unclear\n    why: reports-only\n    basis: reported\n    sources:\n"
                    "    - {url: 'https://a.example', publisher: A, date: '2024'}",
                )
            ],
            "warning: goose/chats: is unclear everywhere; say what the sources say, or draft",
        ),
        (
            [
                (
                    "duck",
                    "      basis: reported\n      sources:\n      - {url: 'https://news.example/eea'"
                    ", publisher: The News, date: '2024'}\n",
                    "",
                )
            ],
            "warning: duck/chats: the state unclear has no entry, source or page",
        ),
        (
            [
                (
                    "chirp",
                    "  basis: stated\n  sources:\n  - url",
                    "  basis: stated\n  status: draft\n  reason: Unsure.\n  sources:\n  - url",
                )
            ],
            "warning: chirp/training: a state is opened by chirp-2024-07-default-on, which is not "
            "public",
        ),
        # Controls
        (
            [
                offered("since: '2025-04'"),
                ("chirp", "label: Allow training", "label: Allow training for Chirp"),
            ],
            "warning: chirp/training: is unless-refused since 2024-07, but no control that reaches "
            "it is offered then",
        ),
        (
            [
                (
                    "chirp",
                    "  surfaces:\n  - surface: web\n    path: Settings › Privacy\n",
                    "",
                )
            ],
            "warning: chirp/switch: names no surface on which it is found",
        ),
        (
            [("chirp", "refuse: turn-off", "refuse: write")],
            "warning: chirp/switch: says to write, but not to whom; add to",
        ),
        # Entries
        (
            [("chirp", "    opened_by: chirp-2025-03-01-default-off\n", FIRST_SOURCE)],
            "warning: chirp-2025-03-01-default-off: changes a default or a way out, but opens "
            "nothing",
        ),
        (
            [("chirp", "    date: '2024-07-26'", "    date: '2024-06-30'")],
            "warning: chirp-2024-07-default-on: effective 2024-07 is later than every source",
        ),
        (
            [("chirp", "A switch appears", "Chirp quietly adds a switch")],
            "warning: chirp-2024-07-default-on: 'quietly' is not in the voice of the site",
        ),
        (
            [("chirp", "publisher: The News", "publisher: The News (copy)")],
            "warning: chirp-2024-07-default-on: all its sources are copies or were read about "
            "elsewhere",
        ),
        (
            [
                (
                    "duck",
                    "effects: [sharing-widened]\n  direction: less-control\n  effective: '2024'",
                    "effects: [use-introduced]\n  direction: less-control\n"
                    "  effective: '2024-01-01'",
                )
            ],
            "warning: duck-2024-rumour: may be the same event as duck-2024-use",
        ),
        # Claims that say more than their sources
        (
            [
                (
                    "duck",
                    "uses:\n",
                    "plans:\n  list:\n  - {name: Pro, people: [organisation], paid: true}\n"
                    "  - {name: Old, people: [creators], paid: true, former: true}\n"
                    "  - {name: Big, people: [minors], paid: true}\nuses:\n",
                )
            ],
            "warning: duck: Big is sold, but no training use has it",
        ),
        (
            [("duck", "The terms of both say so.", "The terms allow the use of chats.")],
            {PERMITTED.format(use=use, said="allow") for use in ("duck", "goose")},
        ),
        (
            [
                ("duck", "The terms of both say so.", "The terms let both use chats."),
                ("duck", OPENED_IN_DUCK, OPENED_IN_DUCK + "      note: Nobody can refuse.\n"),
            ],
            {PERMITTED.format(use=use, said="let") for use in ("duck", "goose")},
        ),
        (
            [("duck", OPENED_IN_DUCK, PERMITTED_AT_FIRST)],
            PERMITTED.format(use="duck", said="grant"),
        ),
        (
            [
                ("chirp", "OpenTermsArchive/demo-versions", "OpenTermsArchive/genai-eu-versions"),
            ],
            {
                "warning: chirp-2025-03-01-default-off: rests on versions recorded in one region "
                "only; name the places, or say so in a note",
                "warning: chirp/training: the state only-if-agreed rests on versions recorded in "
                "one region only; name the places, or say so in a note",
            },
        ),
        (
            [("chirp", "effective: '2025-03-01'", "effective: '2025-03-02'"), SECOND_OF_MARCH],
            "warning: chirp-2025-03-01-default-off: effective 2025-03-02 is the day of a record; "
            "write 'by 2025-03-02', or say in the note where the day is printed",
        ),
        (
            [noted("Day of the report.")],
            "warning: chirp-2025-03-01-default-off: effective 2025-03-01 is the day of a report; "
            "write 'by 2025-03-01'",
        ),
        (
            [RECORDED_WHEN_ANNOUNCED],
            "warning: chirp-2025-03-01-default-off: announced 2025-02-10 is the day of a record; "
            "write 'by 2025-02-10', or say in the note where the day is printed",
        ),
        (
            [("goose", "note: Not all agree.", "note: The terms do not mention chats.")],
            "warning: goose/chats: a note says 'do not mention' of a text; say which version, or "
            "when it was read",
        ),
        (
            [
                REACHES_MORE,
                ("chirp", "Works for the future only.", "The switch starts on."),
            ],
            "warning: chirp-training: says 'starts on' to all; say where that is so",
        ),
        (
            [("duck", "effects: [sharing-widened]", "effects: [wording-only]")],
            "warning: duck-2024-rumour: is wording-only, but has another effect or direction; say "
            "what changed",
        ),
        # Guides, pages, platforms
        (
            [("chirp", "    verified: 2025-04-01\n", "")],
            "warning: chirp-training: has steps that nobody has walked yet",
        ),
        (
            [
                (
                    "goose",
                    "uses:",
                    "pages:\n- {url: 'https://goose.example/t', kind: terms, title: T}\nuses:",
                )
            ],
            "warning: goose: https://goose.example/t: no use, control or guide rests on this page",
        ),
        (
            [("goose", "summary: Chats train its model.\n", "")],
            "warning: goose: has no summary",
        ),
        (
            [("goose", "summary:", "listed: false\nsummary:")],
            "warning: goose: is not listed; readers do not see it",
        ),
        (
            [
                ("duck", "effects: [sharing-widened]", "topic: other\n  effects: [court-ruling]"),
                ("duck", "One report says so.", "People get an easier form."),
            ],
            "warning: duck-2024-rumour: tells of a way out after an authority acted; list "
            "opt-out-added or -changed",
        ),
    ],
)
def test_work_left_to_do_is_a_warning(folder, changes, finding):
    assert new_findings(folder, *changes) == ({finding} if isinstance(finding, str) else finding)


@pytest.mark.parametrize(
    "changes",
    [
        [
            ("chirp", "OpenTermsArchive/demo-versions", "OpenTermsArchive/pga-versions"),
            (
                "chirp",
                "  direction: more-control\n",
                "  direction: more-control\n  note: In the EU.\n",
            ),
        ],
        [
            ("chirp", "effective: '2025-03-01'", "effective: '2025-03-02'"),
            SECOND_OF_MARCH,
            (
                "chirp",
                "  direction: more-control\n",
                "  direction: more-control\n  note: It prints it.\n",
            ),
        ],
        [
            ("chirp", "effective: '2025-03-01'", "effective: by 2025-03-02"),
            ("chirp", "since: '2025-03-01'", "since: '2025-03-02'\n    since_is: at-latest"),
        ],
        [RECORDED_WHEN_ANNOUNCED, ("chirp", "announced: '2025-02-10'", "announced: by 2025-02-10")],
        [
            RECORDED_WHEN_ANNOUNCED,
            (
                "chirp",
                "  - date: '2025-02-10'\n",
                "  - {url: 'https://news.example', publisher: News, date: '2025-02-10'}\n"
                "  - date: '2025-02-10'\n",
            ),
        ],
        [("goose", "Not all agree.", "The terms of 2024 do not mention chats.")],
        [
            REACHES_MORE,
            (
                "chirp",
                "Works for the future only.",
                "The switch starts on outside Germany and the EU.",
            ),
        ],
    ],
)
def test_a_claim_that_names_its_place_day_or_version_is_in_order(folder, changes):
    assert new_findings(folder, *changes) == set()


PUBLISHED_RUMOUR = (
    "duck",
    "  status: draft\n  reason: One report only.\n",
    "  sources:\n  - {url: 'https://a.example', publisher: A, date: '2024'}\n",
)


def test_a_published_entry_about_training_that_names_no_use_is_a_warning(folder):
    unnamed = ("duck", "  uses: [chats]\n", "")
    finding = "warning: duck-2024-rumour: is about training, but names no use"

    assert new_findings(folder, unnamed) == set()  # a draft
    assert new_findings(folder, PUBLISHED_RUMOUR) == {finding}
    assert (
        new_findings(folder, ("duck", "  effects: [sh", "  topic: other\n  effects: [sh")) == set()
    )


def test_what_is_due_and_not_confirmed_is_a_warning_from_its_day_on(folder):
    folder.replace("duck", "  effective: '2024'\n", "  due: '2025-09-01'\n")
    folder.replace(*PUBLISHED_RUMOUR)
    finding = (
        "warning: duck-2024-rumour: due 2025-09-01 and not confirmed; look, then set effective"
    )

    assert finding not in findings(folder, dt.date(2025, 8, 31))
    assert finding in findings(folder, dt.date(2025, 9, 1))


def test_what_was_settled_by_another_entry_is_not_due_any_more(folder):
    folder.replace(
        "duck",
        "  effective: '2024'\n",
        "  announced: '2023'\n  due: '2024-01-01'\n  outcome: duck-2024-use\n",
    )
    folder.replace(*PUBLISHED_RUMOUR)

    assert findings(folder) == set()


def test_an_outcome_in_the_month_of_its_announcement_is_not_older(folder):
    folder.replace(
        "duck", "  effective: '2024'\n", "  announced: '2024-03-10'\n  outcome: duck-2024-use\n"
    )
    folder.replace("duck", "effective: '2024-01-01'", "effective: '2024'")

    assert not any("older" in line for line in findings(folder))


STILL_ON = (
    ("chirp", "  - value: only-if-agreed\n    since: '2025-03-01'\n", ""),
    ("chirp", "    opened_by: chirp-2025-03-01-default-off\n", ""),
)


def still_on(folder):
    """Let posts be used unless people refuse until today."""
    for change in STILL_ON:
        folder.replace(*change)


@pytest.mark.parametrize(
    ("keys", "is_offered"),
    [
        ("", True),
        ("since: '2024-07'", True),
        ("since: '2024-07', until: '2025-06-02'", True),
        ("since: '2024-07', until: '2025-06-01'", False),
        ("places: [EU]", True),
        ("people: [minors]", False),
        ("some_of: [world]", True),
    ],
)
def test_who_can_refuse_today_must_have_a_control_today(folder, keys, is_offered):
    still_on(folder)
    finding = (
        "error: chirp/training: is unless-refused since 2024-07, but no control that reaches it "
        "is offered today"
    )

    if keys:
        folder.replace(*offered(keys))

    assert (finding in findings(folder)) is not is_offered


@pytest.mark.parametrize(
    "change",
    [
        ("chirp", "reach: future-only", "reach: past-only"),  # deletes the past, refuses nothing
        ("chirp", "  reach: future-only\n", "  status: draft\n  reason: Not seen yet.\n"),
    ],
)
def test_what_is_no_way_out_for_readers_does_not_count(folder, change):
    still_on(folder)
    folder.replace(*change)

    assert any("no control that reaches it is offered today" in line for line in findings(folder))


@pytest.mark.parametrize(
    "change",
    [
        ("chirp", "  refuse: turn-off\n", "  refuse: delete\n"),
        ("chirp", "  refuse: turn-off\n", "  refuse: leave\n"),
        ("chirp", "  refuse: turn-off\n", "  refuse: turn-off\n  binding: false\n"),
        ("chirp", "  reach: future-only\n", "  reach: past-only\n"),
        ("chirp", "{since: '2024-07'}", "{some_of: [world]}"),
        ("chirp", "{since: '2024-07'}", "{until: '2025-05-01'}"),
    ],
)
def test_no_way_out_may_stand_beside_a_control_that_is_none(folder, change):
    folder.replace("chirp", "value: only-if-agreed", "value: no-way-out")
    folder.replace("chirp", "effects: [default-off]", "effects: [pledge-dropped]")
    folder.replace(*offered("since: '2024-07'"))
    assert "is no-way-out" in "".join(findings(folder))

    folder.replace(*change)

    assert "is no-way-out" not in "".join(findings(folder))


def test_a_control_of_what_is_on_without_guide_is_a_warning(folder):
    still_on(folder)
    folder.replace("chirp", "  how_to_check", "  status: draft\n  reason: Unsure.\n  how_to_check")
    finding = "warning: chirp/switch: refuses what is on, but has no guide"
    assert finding in findings(folder)

    folder.replace(*offered("since: '2024-07', until: '2025-01'"))

    assert finding not in findings(folder)  # it is gone


def test_a_day_at_the_latest_need_not_be_a_day_of_its_entry(folder):
    at_latest = "since: '2025-04-02'\n    since_is: at-latest"

    assert new_findings(folder, ("chirp", "since: '2025-03-01'", at_latest)) == set()


def test_what_is_not_known_may_follow_itself_for_another_reason(folder):
    folder.replace(
        "chirp",
        "  - value: only-if-agreed\n    since: '2025-03-01'\n"
        "    opened_by: chirp-2025-03-01-default-off\n",
        "  - {value: unclear, since: '2025-03-01', why: permission-only, note: Why.}\n"
        "  - {value: unclear, since: '2025-04-01', why: not-said, note: Why.}\n",
    )

    assert not any("follows itself" in line for line in findings(folder))


def test_a_state_may_follow_itself_when_it_becomes_disputed(folder):
    folder.replace(
        "chirp",
        "  - value: only-if-agreed\n    since: '2025-03-01'\n"
        "    opened_by: chirp-2025-03-01-default-off\n",
        "  - value: unless-refused\n    since: '2025-03-01'\n    disputed: true\n    note: Why.\n",
    )

    assert not any("follows itself" in line for line in findings(folder))


def test_a_state_that_is_due_agrees_with_the_day_of_its_entry(folder):
    folder.replace("chirp", "  effective: '2025-03-01'\n", "  due: '2025-03-01'\n")

    assert not any(line.startswith("error") for line in findings(folder))


def test_steps_grow_stale(folder):
    stale = "warning: chirp-training: was verified more than 180 days ago"

    assert stale not in findings(folder, dt.date(2025, 9, 28))
    assert stale in findings(folder, dt.date(2025, 9, 29))


def test_shared_entries_count_for_each_platform_and_once_in_the_total(folder):
    catalog = read_catalog(folder.path)
    table = {row.platform: row for row in counts(catalog)}

    assert (table["duck"].entries, table["duck"].drafts) == (1, 1)
    assert (table["goose"].entries, table["goose"].sources) == (1, 1)
    assert (table["chirp"].uses, table["chirp"].controls, table["chirp"].states) == (1, 1, 3)
    assert (total(catalog).uses, total(catalog).entries, total(catalog).drafts) == (3, 3, 1)


def test_platforms_without_guide_are_listed_with_the_reason(folder):
    folder.replace("chirp", "  how_to_check", "  status: draft\n  reason: Unsure.\n  how_to_check")

    assert without_guide(read_catalog(folder.path)) == {
        "chirp": "draft: Unsure.",
        "duck": "no way to refuse is offered",
        "goose": "no way to refuse is offered",
    }


KEYED = "chirp-2025-03-01-default-off"


def test_a_key_whose_effect_the_entry_lacks_is_a_warning_until_it_was_revised_in_public(folder):
    change = ("chirp", "effects: [default-off]", "effects: [opt-out-added]")
    found = {
        f"warning: {KEYED}: its key says default-off, its effects do not",
    }
    assert found <= new_findings(folder, change)
    folder.replace(
        "chirp",
        "  effective: '2025-03-01'",
        "  effective: '2025-03-01'\n  revised:\n"
        "  - {on: '2025-04-01', reason: Only the switch came.}",
    )
    assert not found & findings(folder)


def test_a_private_suit_as_an_act_of_a_regulator_is_a_warning(folder):
    words = "is regulator-action, but names no regulator; a private suit is lawsuit"
    change = ("chirp", "effects: [default-off]", "effects: [default-off, regulator-action]")
    assert new_findings(folder, change) == {f"warning: {KEYED}: {words}"}
    folder.replace("_references", "kind: law", "kind: regulator")
    assert findings(folder) == set()


def test_an_announcement_that_has_begun_is_a_warning(folder):
    change = ("chirp", "effects: [default-off]", "effects: [default-off, announced]")
    words = "is announced and default-off; what has begun is an entry of its own"
    assert new_findings(folder, change) == {f"warning: {KEYED}: {words}"}


def test_a_source_that_is_a_copy_is_a_warning(folder):
    second = (
        "    publisher: The News\n    date: '2024-07-26'\n"
        "  - url: https://copy.example\n    publisher: The Post (copied by The News)\n"
        "    date: '2024-07-26'\n"
    )
    change = ("chirp", "    publisher: The News\n    date: '2024-07-26'\n", second)
    words = (
        "the source 'The Post (copied by The News)' is a copy; cite the original, or say why not"
    )
    assert new_findings(folder, change) == {f"warning: chirp-2024-07-default-on: {words}"}


def test_one_event_in_the_files_of_two_platforms_is_a_warning(folder):
    entry = """
entries:
- key: goose-2024-use
  title: Goose uses chats for training, without an opt-out
  summary: Its terms say so.
  uses: [chats]
  effects: [use-introduced]
  direction: less-control
  effective: '2024-01-01'
  confidence: medium
  basis: reported
  sources:
  - {url: 'https://news.example/duck', publisher: The News, date: '2024'}
"""
    folder.replace(
        "duck", "platforms: [duck, goose]\n  uses: [chats, goose/chats]", "uses: [chats]"
    )
    folder.replace("goose", "opened_by: duck-2024-use", "opened_by: goose-2024-use")
    folder.write("goose", (folder.path / "goose.yaml").read_text() + entry)

    words = "may be one event with duck-2024-use; one entry can name several platforms"
    assert f"warning: goose-2024-use: {words}" in findings(folder)
    folder.replace("goose", "news.example/duck", "news.example/goose")
    assert f"warning: goose-2024-use: {words}" not in findings(folder)


def test_the_topic_training_without_anything_about_training_is_a_warning(folder):
    folder.replace("duck", "  purpose: training", "  purpose: feature")
    words = "changes nothing about training; write topic: enforcement, or other"
    found = {finding for finding in findings(folder) if words in finding}
    assert found == {f"warning: duck-2024-rumour: {words}"}
    folder.replace("chirp", "effects: [default-off]", "effects: [wording-only]")
    folder.replace("chirp", "  uses: [training]\n  references: [gdpr]", "  references: [gdpr]")
    folder.replace("chirp", "    opened_by: chirp-2025-03-01-default-off\n", "")
    assert f"warning: {KEYED}: {words}" in findings(folder)


def test_an_entry_with_no_date_but_that_of_publishing_is_an_error(folder):
    dated = "  effective: '2024-07'\n  told:"
    undated = "  deadline: '2025-07-01'\n  published: 2024-08-01\n  told:"
    assert (
        "error: chirp-2024-07-default-on: has no date but that of publishing; add when it began or "
        "was announced"
    ) in new_findings(folder, ("chirp", dated, undated))


def test_words_in_another_language_of_a_text_that_changed_are_named(folder):
    (folder.path / "_words.de.toml").write_text(
        '[chirp]\n"Works for the future only." = "Wirkt nur in Zukunft."\n', encoding="utf-8"
    )
    assert new_findings(folder, ("chirp", "Works for the future only.", "Old posts stay.")) == {
        "warning: chirp: has words in de for 'Works for the future only.', which it says no more; "
        "translate what it says now"
    }


def test_words_for_what_is_new_in_a_claim_are_in_use(folder):
    (folder.path / "_claims.yaml").write_text(
        """claims:
- slug: all-train
  claim: All train.
  rating: not-shown
  said_by: Posts
  finding: Nobody has shown it.
  platforms: [chirp]
  uses: [chirp/training]
  revisions:
  - on: '2026-11-29'
    what: First published
""",
        encoding="utf-8",
    )
    (folder.path / "_words.de.toml").write_text(
        '[_claims]\n"First published" = "Erstmals veröffentlicht"\n', encoding="utf-8"
    )
    assert not [each for each in findings(folder) if "_claims" in each]


def test_shared_words_that_no_file_says_any_more_are_named(folder):
    (folder.path / "_words.de.toml").write_text(
        '[_publishers]\n"the future" = "die Zukunft"\n"posts" = "Beiträge"\n', encoding="utf-8"
    )
    assert new_findings(folder, ("chirp", "Works for the future only.", "Old posts stay.")) == {
        "warning: _publishers: has words in de for 'the future', which it says no more; "
        "translate what it says now"
    }


def test_a_control_is_not_offered_on_a_plan_of_which_its_uses_say_nothing(folder):
    finding = "error: chirp/switch: is offered on Paid API, of which its uses say nothing"
    changes = [("chirp", "pages:\n", APIS), offered("plans: [Paid API]")]
    assert finding not in new_findings(folder, *changes)
    assert finding in new_findings(folder, ("chirp", "controls:\n", f"{TRIAL}controls:\n"))


@pytest.mark.parametrize(
    ("url", "is_trial"),
    [
        ("https://stage.news.example/chirp", True),
        ("https://digital-staging.news.example/chirp", True),
        ("https://master.x1.dev.web.news.example/chirp", True),
        ("https://news.example/staging/2024/chirp", True),
        ("https://dev.example/chirp", False),
        ("https://news.example/dev/chirp", False),
    ],
)
def test_a_source_on_a_host_where_a_site_is_tried_out_is_a_mistake(folder, url, is_trial):
    found = new_findings(folder, ("chirp", "url: https://news.example/chirp", f"url: {url}"))
    words = f"{url} is on a trial host; cite the published address"
    expected = {f"error: chirp-2024-07-default-on: {words}"} if is_trial else set()
    assert {each for each in found if "trial host" in each} == expected
