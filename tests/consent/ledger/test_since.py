"""Since when an answer is so: from the first day on which the same question has had that answer."""

import datetime as dt
from dataclasses import replace

import pytest

from consent.ledger.answers import Stance
from consent.ledger.headline_words import since_words
from consent.ledger.platform_facts import PlanFacts, PlatformFacts
from consent.ledger.question import Question
from consent.ledger.verdict import verdict
from consent.templatetags.ledger import since as written_since
from consent.vocabulary import People, PlanKind, Precision, SinceIs
from tests.consent.ledger.catalog_facts import whole_catalog
from tests.consent.ledger.test_verdict import (
    NO_WAY_OUT,
    NOT_USED,
    ONLY_IF,
    TODAY,
    UNCLEAR,
    UNLESS,
    answer,
    branch,
    since,
    use,
)
from tests.sweeps import some

AT_LATEST = SinceIs.AT_LATEST


def test_an_answer_began_when_the_last_use_made_it_so():
    mail = use("mail", branch((ONLY_IF, since("2023-08-14")), (NOT_USED, since("2025-11-24"))))
    features = use(
        "features",
        branch(
            UNCLEAR,
            (ONLY_IF, since("2026-11-01", since_is=AT_LATEST, precision=Precision.MONTH)),
        ),
    )
    assert answer(mail, features, day=dt.date(2026, 10, 31)).stance == Stance.DEPENDS
    found = answer(mail, features)
    assert found.stance == Stance.ONLY_IF_AGREED
    assert since_words(found.since).startswith("on record since November 2026")


def test_an_answer_goes_on_while_one_use_takes_over_from_another():
    mail = use("mail", branch((UNLESS, since("2022-01-01")), (ONLY_IF, since("2023-08-14"))))
    ended = use("notes", branch((NOT_USED, since("2021-01-01")), (ONLY_IF, since("2024-05-05"))))
    assert since_words(answer(mail, ended).since) == "since 14 August 2023"


def test_a_no_after_the_end_of_another_use_began_with_that_end():
    mail = use("mail", branch((NOT_USED, since("2020-01-01"))))
    notes = use("notes", branch((UNLESS, since("2021-01-01")), (NOT_USED, since("2024-05-05"))))
    assert since_words(answer(mail, notes).since) == "since 5 May 2024"


def test_what_people_agree_to_began_with_the_first_use_and_later_for_others():
    audio = use("audio", branch((ONLY_IF, since("2019-10-28"))))
    chats = use("chats", branch((ONLY_IF, since("2026-09-18"))))
    assert since_words(answer(audio, chats).since) == (
        "said since 28 October 2019; for other uses later, last on 18 September 2026"
    )
    assert "class" not in written_since({}, answer(audio, chats).since)  # no age beside the later
    assert "class" in written_since({}, answer(audio).since)
    earlier = use("notes", branch((ONLY_IF, since("2018-01-01"))))
    assert since_words(answer(audio, earlier).since).startswith("said since 28 October 2019, for")


def test_a_yes_says_that_another_use_began_before_its_first_one():
    posts = use("posts", branch((UNLESS, since("2025-11-03"))))
    ranking = use("ranking", branch((NO_WAY_OUT, since("2025-02-27", since_is=AT_LATEST))))
    found = answer(posts, ranking).since
    assert since_words(found) == (
        "since 3 November 2025; for other uses earlier, since 27 February 2025 at the latest"
    )
    assert "class" not in written_since({}, found)  # no age beside the earlier
    assert since_words(answer(ranking, posts).since) == "since 27 February 2025 at the latest"
    off = use("ranking", branch((NO_WAY_OUT, since("2025-02-27")), (ONLY_IF, since("2025-03-01"))))
    assert since_words(answer(posts, off).since) == "since 3 November 2025"


def test_people_are_only_asked_since_another_use_asks_them_too():
    audio = use("audio", branch((ONLY_IF, since("2019-10-28"))))
    chats = use("chats", branch((UNLESS, since("2020-01-01")), (ONLY_IF, since("2026-09-18"))))
    assert since_words(answer(audio, chats).since) == "since 18 September 2026"


@pytest.mark.parametrize(
    ("begun", "said"),
    [
        (since("2021-07-09", since_is=AT_LATEST), "since 17 August 2026"),
        (since("2026-09-01"), "since 1 September 2026"),
        (since("2021-07-09", since_is=SinceIs.AT_EARLIEST), "since 17 August 2026 at the earliest"),
    ],
)
def test_nothing_is_so_on_a_plan_before_there_was_one(begun, said):
    plans = (PlanFacts("Old"), PlanFacts("New", since=dt.date(2026, 8, 17)))
    chats = use("chats", branch((UNLESS, begun)))
    facts = PlatformFacts("p", "P", "Operator", (chats,), plans=plans, plans_complete=True)
    assert since_words(verdict(facts, Question(TODAY, plan="New")).since) == said
    whole = verdict(facts, Question(TODAY)).since
    assert (whole.on, whole.last) == (begun["since"], None)


def test_a_way_out_from_before_the_plan_is_as_old_as_the_plan():
    plans = (PlanFacts("New", since=dt.date(2026, 8, 17)),)
    chats = use("chats", branch((NO_WAY_OUT, since("2021-07-09")), (UNLESS, since("2022-01-01"))))
    facts = PlatformFacts("p", "P", "Operator", (chats,), plans=plans, plans_complete=True)
    found = verdict(facts, Question(TODAY, plan="New")).since
    assert since_words(found) == "since 17 August 2026"


@pytest.mark.xdist_group("catalog facts")
def test_no_platform_had_another_answer_after_its_first_day():
    for facts in some(whole_catalog(), 130):
        days = {
            state.since
            for of_use in facts.uses
            for each in of_use.branches
            for state in each.states
            if state.since
        }
        for place in ("", "DE", "US", "BR", "JP", "KR"):
            for people in People:
                asked = Question(TODAY, place, people)
                found = verdict(facts, asked)
                start = found.since
                if start is None or start.on is None or start.last or start.again:
                    continue
                if found.stance == Stance.DEPENDS or len(found.parts) > 1 or start.others_later:
                    continue
                if found.is_agreed_in_part:  # the start is that of the main use
                    continue
                for day in days:
                    if start.on <= day <= TODAY:
                        before = verdict(facts, replace(asked, day=day))
                        assert before.stance == found.stance, (facts.slug, asked, day)


def test_an_api_does_not_say_since_when_accounts_of_organisations_have_an_answer():
    office = (People.ORGANISATION,)
    api = branch((ONLY_IF, since("2023-03-01")), people=office, plans=("API",))
    business = branch((ONLY_IF, since("2024-04-01")), people=office, plans=("Business",))
    clinic = branch((ONLY_IF, since("2026-01-08")), people=office, plans=("Clinic",))

    def asked(*branches, plan=""):
        names = [name for each in (api, *branches) for name in each.plans]
        kinds = {"API": PlanKind.API}
        plans = tuple(PlanFacts(name, people=office, kind=kinds.get(name, "")) for name in names)
        facts = PlatformFacts("p", "P", "Operator", (use("chats", api, *branches),), plans=plans)
        question = Question(TODAY, people=People.ORGANISATION, plan=plan)
        return since_words(verdict(facts, question).since)

    assert asked(business) == "said since 1 April 2024"
    assert asked(business, clinic) == (
        "said since 1 April 2024; on other plans later, last on 8 January 2026"
    )
    assert asked(business, plan="API") == "said since 1 March 2023"
    assert asked() == "said since 1 March 2023"  # nothing is on record of others
