"""What the facts of a platform take from its records."""

import datetime as dt

import pytest

from consent.ledger.answers import Stance, Word
from consent.ledger.cards import read_records
from consent.ledger.facts import branch_facts, facts_of, use_facts
from consent.ledger.question import Question
from consent.ledger.verdict import verdict
from consent.models import Source, Use
from consent.vocabulary import Basis, PublicationStatus, StateValue
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def answer(platform, day):
    facts = facts_of([platform])[platform.pk]
    return verdict(facts, Question(day))


def test_a_state_of_unknown_start_answers_from_the_first_source_of_an_entry_about_it_on():
    perch = make_platform("perch")
    use = make_use(perch, slug="posts")
    make_state(use, StateValue.ONLY_IF_AGREED)
    entry = make_entry(perch, effective_on=dt.date(2026, 1, 5))
    entry.uses.add(use)
    make_source(entry, published_on=dt.date(2025, 12, 5))
    make_state(use, StateValue.UNLESS_REFUSED, starts_on=dt.date(2026, 1, 5), opened_by=entry)
    draft = make_entry(perch, status=PublicationStatus.DRAFT, published_at=None)
    draft.uses.add(use)
    make_source(draft, published_on=dt.date(2020, 1, 1))
    assert answer(perch, dt.date(2026, 1, 4)).stance == Stance.ONLY_IF_AGREED
    assert answer(perch, dt.date(2025, 12, 5)).stance == Stance.ONLY_IF_AGREED
    assert answer(perch, dt.date(2025, 12, 4)).stance == Stance.UNKNOWN
    loaded = Use.objects.with_days_known().with_history().get(pk=use.pk)
    facts = use_facts(loaded, map(branch_facts, loaded.branches.all()))
    assert facts.known_from == dt.date(2025, 12, 5)


@pytest.mark.parametrize(
    ("own", "word"), [("", Word.REPORTED), (Basis.STATED, Word.STATED), (Basis.SEEN, Word.SEEN)]
)
def test_a_state_rests_on_the_entry_that_opened_it_unless_it_has_a_word_of_its_own(own, word):
    perch = make_platform("perch")
    entry = make_entry(perch, basis=Basis.REPORTED)
    use = make_use(perch, slug="posts")
    make_state(use, basis=own, starts_on=dt.date(2024, 7, 26), opened_by=entry)
    assert answer(perch, dt.date(2026, 1, 1)).word == word
    loaded = Use.objects.with_days_known().with_history().get(pk=use.pk)
    (facts,) = map(branch_facts, loaded.branches.all())
    assert facts.states[0].basis == (own or Basis.REPORTED)


def test_a_control_is_known_from_the_first_record_that_names_it():
    perch = make_platform("perch")
    use = make_use(perch, slug="posts")
    named = ("switch", "form", "letter", "dated")
    switch, form, letter, dated = (make_control(use, slug=slug) for slug in named)
    for control in (switch, form, letter):
        control.offers.create()
    dated.offers.create(starts_on=dt.date(2025, 1, 1))  # needs no record for its first day
    entry = make_entry(perch, effective_on=dt.date(2024, 7, 26))
    entry.controls.add(switch)
    make_source(entry, published_on=dt.date(2024, 7, 20))
    draft = make_entry(perch, effective_on=dt.date(2020, 1, 1), status=PublicationStatus.DRAFT)
    draft.controls.add(switch, letter)
    guide = make_guide(perch, form)
    Source.objects.create(guide=guide, url="https://x.example", published_on=dt.date(2026, 5, 2))
    expected = {
        "perch/switch": dt.date(2024, 7, 20),
        "perch/form": dt.date(2026, 5, 2),
        "perch/letter": dt.date(2026, 11, 1),  # our own record is the first
        "perch/dated": None,
    }
    for facts in (facts_of([perch])[perch.pk], read_records(perch).facts):
        assert {each.key: each.known_from for each in facts.controls} == expected
