"""What a catalog that can be loaded still gets wrong."""

import datetime as dt

import pytest

from consent.declarations import check, counts, read_catalog, without_guide

TODAY = dt.date(2025, 6, 1)


def findings(folder, today=TODAY):
    return {str(finding) for finding in check(read_catalog(folder.path), today=today)}


def test_a_catalog_in_order_has_no_error(folder):
    assert not any(line.startswith("error") for line in findings(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        (
            "chirp",
            "value: off-by-default",
            "value: on-no-opt-out",
            "error: chirp/training: is on without opt-out, but has the route switch",
        ),
        (
            "chirp",
            "value: off-by-default",
            "value: on-by-default",
            "error: chirp/training: chirp-2025-03-01-default-off (default-off) opens the state "
            "on-by-default",
        ),
        (
            "chirp",
            "value: not-used",
            "value: on-by-default",
            "error: chirp/training: on-by-default follows itself at 2024-07",
        ),
        (
            "chirp",
            "since: '2024-07'\n",
            "since: '2024-07'\n    until: '2025-01-01'\n",
            "error: chirp/training: no state from 2025-01-01 to 2025-03-01",
        ),
        (
            "chirp",
            "since: '2025-03-01'\n",
            "since: '2025-03-01'\n    until: '2025-04-01'\n",
            "error: chirp/training: no state since 2025-04-01; add one, unclear if need be",
        ),
        (
            "chirp",
            "since: '2025-03-01'",
            "since: '2025-04-02'",
            "error: chirp/training: a state begins 2025-04-02, but "
            "chirp-2025-03-01-default-off is of another day",
        ),
        (
            "duck",
            "value: on-no-opt-out",
            "value: on-by-default",
            "error: duck/chats: is on by default, but its route to opt out is none",
        ),
        (
            "chirp",
            "  basis: stated\n  sources",
            "  basis: stated\n  status: draft\n  reason: Unsure.\n  sources",
            "error: chirp/training: a state is opened by chirp-2024-07-default-on, "
            "which is not public",
        ),
        (
            "chirp",
            "    date: '2024-07-26'\n",
            "",
            "error: chirp-2024-07-default-on: no source with a date; add one, or make it a draft",
        ),
        (
            "chirp",
            "  settings: [training]\n  pages",
            "  pages",
            "error: chirp-training: names no setting",
        ),
        (
            "chirp",
            "  caveats: [Works for the future only.]\n",
            "",
            "error: chirp-training: does not say what it does not do; add caveats",
        ),
        (
            "chirp",
            "A switch appears",
            "Chirp quietly adds a switch",
            "warning: chirp-2024-07-default-on: 'quietly' is not in the voice of the site",
        ),
        (
            "chirp",
            "publisher: The News",
            "publisher: The News (copy)",
            "warning: chirp-2024-07-default-on: all its sources are copies or were read about "
            "elsewhere",
        ),
        (
            "chirp",
            "    opened_by: chirp-2024-07-default-on\n",
            "",
            "warning: chirp-2024-07-default-on: changes no state, though its effects say so",
        ),
        (
            "chirp",
            "    verified: 2025-04-01\n",
            "",
            "warning: chirp-training: has steps that nobody has walked yet",
        ),
        (
            "goose",
            "route: none\n  states:\n  - value: on-no-opt-out",
            "route: form\n  states:\n  - value: on-by-default",
            "warning: goose/chats: can be opted out of, but has no guide",
        ),
        (
            "goose",
            "settings:",
            "pages:\n- {url: 'https://goose.example/t', kind: terms, title: T}\nsettings:",
            "warning: goose: https://goose.example/t: no setting and no guide rests on this page",
        ),
        (
            "duck",
            "  effects: [sharing-widened]\n  direction: less-control\n  regions: [worldwide]\n"
            "  effective: '2024'",
            "  effects: [use-introduced]\n  direction: less-control\n  regions: [worldwide]\n"
            "  effective: '2024-01-01'",
            "warning: duck-2024-rumour: may be the same event as duck-2024-use",
        ),
    ],
)
def test_a_flaw_is_found(folder, file, old, new, finding):
    assert finding not in findings(folder)

    folder.replace(file, old, new)

    assert finding in findings(folder)


def test_steps_grow_stale(folder):
    stale = "warning: chirp-training: was verified more than 180 days ago"

    assert stale not in findings(folder, dt.date(2025, 9, 28))
    assert stale in findings(folder, dt.date(2025, 9, 29))


def test_shared_entries_count_for_each_platform(folder):
    table = {row.platform: row for row in counts(read_catalog(folder.path))}

    assert (table["duck"].entries, table["duck"].drafts) == (1, 1)
    assert (table["goose"].entries, table["goose"].sources) == (1, 1)
    assert (table["chirp"].states, table["chirp"].guides) == (3, 1)


def test_platforms_without_guide_are_listed_with_the_reason(folder):
    folder.replace("chirp", "  how_to_check", "  status: draft\n  reason: Unsure.\n  how_to_check")

    assert without_guide(read_catalog(folder.path)) == {
        "chirp": "draft: Unsure.",
        "duck": "no way to opt out is offered",
        "goose": "no way to opt out is offered",
    }
