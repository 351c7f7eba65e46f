"""What entries turned, as docs/catalog.md defines it under "Counts"."""

import datetime as dt

import pytest
from django.utils.translation import override

from consent.ledger.turns import (
    Turning,
    distinct_values,
    turned,
    turned_on_pks,
    turns_of,
    values_told_apart,
)
from consent.models import Entry
from tests.factories import make_branch, make_entry, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 7, 26)


def turning(which):
    return set(turned(Entry.objects.published(), which).values_list("key", flat=True))


def opening(value, *before, direction="less-control", use=None, state=None, **fields):
    """An entry that opens a state of a use, after others."""
    use = use or make_use(make_platform())
    for number, earlier in enumerate(before):
        make_state(use, earlier, starts_on=dt.date(2020 + number, 1, 1))
    entry = make_entry(use.platform, key="it", direction=direction, **fields)
    make_state(use, value, opened_by=entry, **{"starts_on": DAY} | (state or {}))
    return entry


@pytest.mark.parametrize("direction", ["less-control", "mixed"])
@pytest.mark.parametrize("value", ["unless-refused", "no-way-out"])
@pytest.mark.parametrize("before", [(), ("not-used",), ("only-if-agreed",), ("unclear",)])
def test_an_on_state_where_there_was_none_turns_training_on(before, value, direction):
    opening(value, *before, direction=direction)
    assert turning(Turning.ON) == {"it"}
    assert turning(Turning.OFF) == set()


def test_a_way_out_that_is_added_does_not():
    opening("unless-refused", "no-way-out", direction="more-control")
    assert turning(Turning.ON) == set()


def test_nor_does_the_same_state_told_again():
    opening("unless-refused", "unless-refused", state={"disputed": True})
    assert turning(Turning.ON) == set()


@pytest.mark.parametrize("direction", ["neutral", "more-control"])
def test_nor_what_leaves_people_as_much_control(direction):
    opening("unless-refused", direction=direction)
    assert turning(Turning.ON) == set()


def test_nor_what_was_only_found_out():
    opening("unless-refused", state={"since_is": "at-latest"})
    assert turning(Turning.ON) == set()


def test_what_was_found_out_does_if_it_was_off_on_a_day_before():
    opening("unless-refused", "not-used", state={"since_is": "at-latest"})
    assert turning(Turning.ON) == {"it"}


def test_nor_what_was_found_out_after_something_unclear():
    opening("unless-refused", "not-used", "unclear", state={"since_is": "at-latest"})
    assert turning(Turning.ON) == set()


def test_what_began_at_the_earliest_then_does():
    opening("unless-refused", state={"since_is": "at-earliest"})
    assert turning(Turning.ON) == {"it"}


@pytest.mark.parametrize("purpose", ["human-review", "sharing-for-training"])
def test_people_who_review_and_sharing_for_training_count_as_training(purpose):
    opening("unless-refused", use=make_use(make_platform(), purpose=purpose))
    assert turning(Turning.ON) == {"it"}


@pytest.mark.parametrize("purpose", ["ads", "personalisation", "feature", "collection"])
def test_uses_for_other_purposes_never_count(purpose):
    use = make_use(make_platform(), purpose=purpose)
    opening("unless-refused", use=use)
    assert turning(Turning.ON) == set()


def test_where_it_was_on_nothing_is_turned_on_when_the_way_out_goes():
    opening("no-way-out", "unless-refused")
    assert turning(Turning.ON) == set()


@pytest.mark.database
def test_drafts_of_uses_and_entries_never_count():
    opening("unless-refused", use=make_use(make_platform(), status="draft"))
    assert turning(Turning.ON) == set()
    Entry.objects.all().delete()
    opening("unless-refused", status="draft", published_at=None)
    assert turning(Turning.ON) == set()


@pytest.mark.database
def test_what_is_due_has_turned_nothing_on_yet():
    entry = opening("unless-refused", "not-used", effective_on=None, due_on=DAY)
    assert turning(Turning.ON) == set()
    assert list(turned_on_pks(to_come=True)) == [entry.pk]


@pytest.mark.database
@pytest.mark.parametrize("before", ["unless-refused", "no-way-out"])
@pytest.mark.parametrize("value", ["not-used", "only-if-agreed", "not-offered"])
def test_the_end_of_an_on_state_turns_training_off(before, value):
    opening(value, before, direction="more-control")
    assert turning(Turning.OFF) == {"it"}
    assert turning(Turning.ON) == set()


def test_what_was_not_on_is_not_turned_off():
    opening("not-used", "only-if-agreed", direction="more-control")
    assert turning(Turning.OFF) == set()


@pytest.mark.database
def test_a_state_of_unknown_start_is_before_all_others():
    use = make_use(make_platform())
    make_state(use, "unless-refused")
    opening("not-used", use=use, direction="more-control")
    assert turning(Turning.OFF) == {"it"}


@pytest.mark.database
def test_an_entry_that_opens_several_states_is_found_once():
    use = make_use(make_platform())
    entry = opening("unless-refused", use=use)
    make_state(make_branch(use, places=["DE"]), opened_by=entry, starts_on=DAY)
    found = turned(Entry.objects.published(), Turning.ON)
    assert [each.key for each in found] == ["it"]


@pytest.mark.database
def test_turns_are_told_in_the_order_of_uses_and_branches_with_the_state_before():
    platform = make_platform()
    second = make_use(platform, title="Second", position=2)
    first = make_use(platform, title="First", position=1)
    hidden = make_use(platform, title="Hidden", status="draft")
    europe = make_branch(first, places=["EU"])
    entry = make_entry(platform)
    make_state(second, "not-used")
    for of in (hidden, second, europe, first):
        make_state(of, starts_on=DAY, opened_by=entry)
    turns = turns_of([entry])[entry.pk]
    assert [(turn.use.title, turn.branch.places) for turn in turns] == [
        ("First", []),
        ("First", ["EU"]),
        ("Second", []),
    ]
    assert [turn.before.value if turn.before else None for turn in turns] == [
        None,
        None,
        "not-used",
    ]
    assert len(distinct_values(turns)) == 2


def test_a_state_that_is_told_anew_with_the_same_value_is_no_badge():
    opening("not-used", "not-used")
    turns = turns_of(Entry.objects.all())
    assert distinct_values(*turns.values()) == []


@pytest.mark.database
class TestValuesOfSeveralGroups:
    def told(self, entry):
        return {each.after: each.whom for each in values_told_apart(turns_of([entry])[entry.pk])}

    def test_one_value_needs_no_words(self):
        use, entry = make_use(make_platform()), make_entry()
        for places in (["EU"], ["GB"]):
            make_state(make_branch(use, places=places), opened_by=entry, starts_on=DAY)
        assert list(self.told(entry).values()) == [""]

    def test_names_places_and_plans_where_these_differ(self):
        use, entry = make_use(make_platform(), slug="chats"), make_entry()
        opened = {"opened_by": entry, "starts_on": DAY}
        make_state(make_branch(use, places=["GB"]), "unless-refused", **opened)
        make_state(make_branch(use, except_places=["GB"]), "no-way-out", **opened)
        assert self.told(entry) == {"unless-refused": "UK", "no-way-out": "outside the UK"}

    def test_names_the_use_alone_where_that_tells_all_apart(self):
        platform, entry = make_platform(), make_entry()
        opened = {"opened_by": entry, "starts_on": DAY}
        posts = make_use(platform, slug="posts", short={"en": "posts", "de": "Beiträge"})
        chats = make_use(platform, slug="chats", short={"en": "chats"})
        make_state(make_branch(posts, places=["GB"]), "unless-refused", **opened)
        make_state(make_branch(chats, places=["EU"]), "no-way-out", **opened)
        assert self.told(entry) == {"unless-refused": "posts", "no-way-out": "chats"}
        with override("de"):
            assert self.told(entry)["unless-refused"] == "Beiträge"

    def test_names_the_platforms_of_an_entry_about_two(self):
        entry = make_entry()
        for slug, value in (("x", "no-way-out"), ("grok", "unclear")):
            use = make_use(make_platform(slug=slug, name=slug.title()))
            make_state(use, value, opened_by=entry, starts_on=DAY)
        assert self.told(entry) == {"no-way-out": "X", "unclear": "Grok"}
