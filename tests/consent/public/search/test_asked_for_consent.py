"""Questions whether people were asked before training was on, and who turned it on."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import make_branch, make_entry, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db
NOBODY = "Nobody was asked; it was on from the start."


def first_lines(client, question, language=""):
    response = client.get(f"{language}/answers", {"q": question}, follow=True)
    lines = BeautifulSoup(response.text, "lxml").select(".box-line .box-first")
    return [" ".join(line.text.split()) for line in lines]


def lines_in_order(client, question):
    """The headline and what is said around it, as a reader meets them."""
    response = client.get("/answers", {"q": question}, follow=True)
    line = BeautifulSoup(response.text, "lxml").select_one(".box-line")
    return [" ".join(each.text.split()) for each in line.select(".box-answer, .box-first")]


@pytest.fixture
def slack():
    return make_platform("slack", name="Slack", operator="Salesforce")


@pytest.mark.parametrize(
    ("language", "question", "first"),
    [
        *(
            ("", question, NOBODY)
            for question in (
                "Was I asked before Slack trained on my posts?",
                "who switched on AI training on Slack",
                "did Slack ask me",
                "who turned it on at slack",
                "did I ever agree to slack training",
            )
        ),
        *(
            ("/de", question, "Niemand wurde gefragt; es war von Anfang an aktiv.")
            for question in (
                "Hat Slack mich gefragt?",
                "hat man mich bei Slack gefragt",
                "Wer hat das KI-Training bei Slack eingeschaltet?",
                "habe ich bei slack zugestimmt",
            )
        ),
        *(
            ("/fr", question, "Personne n’a été consulté ; c’était activé dès le début.")
            for question in (
                "Slack m'a-t-il demandé mon avis ?",
                "m'a-t-on demandé pour Slack",
                "Qui a activé l'entraînement sur Slack ?",
                "ai-je donné mon accord à slack",
            )
        ),
    ],
)
def test_nobody_was_asked_of_what_was_on_from_the_start(client, slack, language, question, first):
    make_state(make_use(slack), "unless-refused", starts_on=dt.date(2024, 5, 7))
    assert first_lines(client, question, language)[0] == first


def test_how_people_were_told_comes_after_whether_they_were_asked(client, slack):
    use = make_use(slack)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 5, 7))
    with arranged():
        make_entry(slack, told=["not-at-all"], effective_on=dt.date(2024, 5, 7)).uses.add(use)
    lines = first_lines(client, "was I asked by Slack")
    assert lines[0] == NOBODY
    assert lines[1].startswith("People were not told (7 May 2024).")
    (told, *_more) = first_lines(client, "was I told by Slack")
    assert told.startswith("People were not told (7 May 2024).")


def test_how_people_were_told_comes_after_the_yes(client, slack):
    use = make_use(slack)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 5, 7))
    with arranged():
        make_entry(slack, told=["mail"], effective_on=dt.date(2024, 5, 7)).uses.add(use)
    headline, told = lines_in_order(client, "did Slack tell me that it trains AI on my posts?")
    assert headline.startswith("Yes, source not on record")
    assert told.startswith("How people were told: by mail (7 May 2024).")
    asked, headline, told = lines_in_order(client, "was I asked by Slack")
    assert asked == NOBODY
    assert headline.startswith("Yes, source not on record")
    assert told.startswith("How people were told: by mail (7 May 2024).")


def test_whether_people_were_asked_here_and_there_comes_after_the_yes(client, slack):
    use, start = make_use(slack, except_places=["US"]), dt.date(2024, 5, 7)
    make_state(use, "unless-refused", starts_on=start)
    asked_first = make_branch(use, places=["US"])
    make_state(asked_first, "only-if-agreed", starts_on=start)
    make_state(asked_first, "unless-refused", starts_on=dt.date(2025, 1, 8))
    headline, *asked = lines_in_order(client, "was I asked by Slack")
    assert headline.startswith("Yes, source not on record")
    assert NOBODY in asked[0]
    assert asked[1].startswith("Otherwise: Consent was asked for before.")


def test_who_is_shown_it_in_the_product_is_not_called_unasked(client, slack):
    use = make_use(slack)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 5, 7))
    with arranged():
        make_entry(slack, told=["in-product"], effective_on=dt.date(2024, 5, 7)).uses.add(use)
    first = "It was on from the start, and shown in the product."
    assert first_lines(client, "was I asked by Slack")[0] == first


def test_consent_that_is_asked_for_is_said(client, slack):
    make_state(make_use(slack), "only-if-agreed", starts_on=dt.date(2024, 5, 7))
    first = "Consent is asked for; without it nothing is used."
    assert first_lines(client, "did Slack ask me")[0] == first


def test_consent_that_is_asked_for_since_a_later_day_is_said(client, slack):
    use = make_use(slack)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 5, 7))
    make_state(use, "only-if-agreed", starts_on=dt.date(2025, 1, 8))
    first = "Nobody was asked at first. Consent is asked for since 8 January 2025."
    assert first_lines(client, "did Slack ask me")[0] == first


def test_consent_that_is_no_longer_asked_for_is_said(client, slack):
    use = make_use(slack)
    make_state(use, "only-if-agreed", starts_on=dt.date(2024, 5, 7))
    make_state(use, "unless-refused", starts_on=dt.date(2025, 1, 8))
    first = "Consent was asked for before. Nobody is asked since 8 January 2025."
    assert first_lines(client, "did Slack ask me")[0] == first


@pytest.mark.parametrize("state", ["unclear", "not-used"])
def test_nothing_is_claimed_of_what_is_not_known_to_be_on(client, slack, state):
    make_state(make_use(slack), state, starts_on=dt.date(2024, 5, 7))
    assert not any("asked" in line for line in first_lines(client, "was I asked by Slack"))


@pytest.mark.usefixtures("whole_catalog")
def test_those_who_had_to_choose_in_the_product_were_not_unasked(client):
    assert Platform.objects.filter(slug="claude").exists()
    first = "Consent was asked for before. It is on since 28 August 2025, as shown in the product."
    assert first_lines(client, "did Claude ask me")[0] == first


def test_what_holds_for_most_is_said_once(client, slack):
    use = make_use(slack)
    make_state(make_branch(use, places=["EU"]), "only-if-agreed", starts_on=dt.date(2024, 5, 7))
    for place in ("US", "JP"):
        on = make_branch(use, places=[place])
        make_state(on, "unless-refused", starts_on=dt.date(2024, 5, 7))
    lines = first_lines(client, "was I asked by Slack")
    assert lines[1] == f"Otherwise: {NOBODY}"
    assert lines[0].endswith("(EU): Consent is asked for; without it nothing is used.")


NOT_CERTAIN = "Whether people are asked is disputed: The regulator differs."


@pytest.mark.parametrize("state", ["unless-refused", "only-if-agreed"])
def test_where_sources_disagree_nobody_is_said_to_be_asked_or_not(client, slack, state):
    use, start = make_use(slack), dt.date(2025, 3, 20)
    make_state(use, state, starts_on=start, disputed=True, note="The regulator differs.")
    assert first_lines(client, "was I asked by Slack")[0] == NOT_CERTAIN


def test_a_start_without_doubt_is_told_apart_from_a_disputed_state_and_the_stop_between(
    client, slack
):
    use = make_use(slack)
    make_state(use, "no-way-out", starts_on=dt.date(2024, 5, 7))
    make_state(use, "unclear", starts_on=dt.date(2024, 8, 8), why="not-said")
    again = dt.date(2025, 3, 20)
    make_state(use, "unless-refused", starts_on=again, disputed=True, note="The regulator differs.")
    lines = first_lines(client, "was I asked by Slack")
    since = "Whether people have been asked since is disputed: The regulator differs."
    assert lines[0] == f"Nobody was asked when it began (7 May 2024). {since}"
    stopped = "not known from 8 August 2024; again since 20 March 2025, disputed"
    assert lines[1] == f"First on record 7 May 2024; {stopped}"
    assert (
        sum(stopped in line for line in first_lines(client, "since when, was I asked slack")) == 1
    )


def test_what_is_disputed_in_a_place_comes_before_what_is_certain_elsewhere(client, slack):
    use, start = make_use(slack), dt.date(2025, 3, 20)
    for place, note in (("US", ""), ("EU", "The regulator differs.")):
        on = make_branch(use, places=[place])
        make_state(on, "unless-refused", starts_on=start, disputed=bool(note), note=note)
    lines = first_lines(client, "was I asked by Slack")
    assert lines[0].endswith(f"(EU): {NOT_CERTAIN}")
    assert lines[1] == f"Otherwise: {NOBODY}"
