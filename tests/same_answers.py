"""Asks one question on every surface that answers it, for a test and a benchmark.

A surface answers with words, or refuses: then its words are REFUSED.
"""

import datetime as dt
import json
import random
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from selectolax.lexbor import LexborHTMLParser

from consent.alerts.mails.stories import answers_in
from consent.ledger.answers import Axis, WayOut
from consent.ledger.headline_words import (
    colour_of,
    headline,
    short_words,
    short_words_and_doubts,
)
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question, RefusedQuestionError, checked, plans_of
from consent.ledger.reader_place import place_code
from consent.ledger.verdict import training_uses, verdict, verdict_of_use
from consent.open_data.domains import domains
from consent.open_data.lists.platforms import PLATFORMS
from consent.vocabulary import People

REFUSED = "refused"
PLACES = ("", "", "DE", "US", "US-CA", "GB", "EU", "Deutschland", "Brésil", "Georgia", "Atlantis")


class Asked(NamedTuple):
    """A question as people and programs write it; empty where nothing is said."""

    slug: str
    place: str = ""
    people: str = ""
    plan: str = ""
    asof: str = ""

    @property
    def query(self) -> dict[str, str]:
        return {key: value for key, value in self._asdict().items() if key != "slug" and value}


def drawn(platforms: list[PlatformFacts], number: int, today: dt.date, seed: int) -> list[Asked]:
    """Draw questions, one in some with a place, people, a plan or a day that there are not."""
    chance = random.Random(seed)
    found = []
    # Few days, so that questions share lists of all platforms: these take the most time.
    days = [today - dt.timedelta(days=chance.randint(0, 1500)) for _ in range(8)]
    days.append(today + dt.timedelta(days=30))
    for _ in range(number):
        facts = chance.choice(platforms)
        aliases = [alias for plan in facts.plans for alias in plan.aliases]
        day = chance.choice(days)
        found.append(
            Asked(
                facts.slug,
                chance.choice(PLACES),
                chance.choice(["", "", "", *People, "cats"]),
                chance.choice(["", "", *(plans_of(facts) or [""]), *aliases, "nonsense"]),
                chance.choice(["", "", day.isoformat()]),
            )
        )
    return found


def expected(facts: PlatformFacts, asked: Asked, today: dt.date) -> dict[str, str]:
    """Return what the verdict says, by what surfaces print of it."""
    question = question_of(facts, asked, today)
    if question is None:
        return {}
    answer = verdict(facts, question)
    return {"headline": headline(answer), "short": short_words(answer), "look": colour_of(answer)}


def question_of(facts: PlatformFacts, asked: Asked, today: dt.date) -> Question | None:
    """Return a question as the ledger reads it; None if it must be refused."""
    day = dt.date.fromisoformat(asked.asof) if asked.asof else today
    place = place_code(asked.place)
    if day > today or (asked.place and not place) or asked.people not in ("", *People):
        return None
    people = People(asked.people) if asked.people else None
    try:
        return checked(facts, Question(day, place, people, asked.plan))
    except RefusedQuestionError:
        return None


def answers(client, facts: PlatformFacts, asked: Asked, today: dt.date) -> dict[str, dict]:
    """Return what each surface says, by its name. Badges and lists answer few questions."""
    page = client.get(f"/platforms/{asked.slug}", asked.query)
    found = {"page": _page(page, facts, asked, today)}
    asked_api = {"platform": asked.slug, **asked.query}
    found["API"] = _api(client, client.get("/api/v1/verdict", asked_api))
    found["assistants"] = _assistant(client, asked)
    if not asked.asof:
        found["badge"] = _badge(client.get(f"/badges/{asked.slug}.json", asked.query))
        found["embed"] = _embed(client.get(f"/embed/{asked.slug}", asked.query))
    if not asked.plan:
        found["list"] = _listed(client, asked)
    place = place_code(asked.place)
    if not (asked.people or asked.plan or asked.asof or place != asked.place):
        [(_question, answer)] = answers_in([facts], place)
        found["mail"] = {"headline": answer}
    return found


def _page(response, facts: PlatformFacts, asked: Asked, today: dt.date) -> dict[str, str]:
    if response.status_code == 400:
        return {}
    page = LexborHTMLParser(response.content)
    look = _look(page.css_first("section.verdict"), "verdict-")
    _compare_cards(page, facts, question_of(facts, asked, today))
    return {"headline": _text(page, ".verdict-answer strong"), "look": look}


def _text(page: LexborHTMLParser, selector: str) -> str:
    element = page.css_first(selector)
    return element.text() if element else ""


def _look(element, prefix: str) -> str:
    return str(element.attributes["class"].split()[1].removeprefix(prefix))


def _compare_cards(page, facts: PlatformFacts, question: Question | None) -> None:
    """Fail if a card of the page says another thing than the answer for its use alone."""
    assert question is not None
    for use in training_uses(facts):
        alone = verdict_of_use(facts, use, question)
        card = page.css_first(f"article[id='{use.key.partition('/')[2]}']")
        if card is None or alone is None or len(alone.by_atom) > 1:
            continue
        (answer,) = alone.by_atom.values()
        values = {line.recorded for line in answer.lines}
        shown = _look(card, "state-card-")
        assert shown in values, (use.key, question, shown, values)


def _api(client, response) -> dict[str, str]:
    if response.status_code == 400:
        return {}
    return _of_record(client, response.json()["item"])


def _of_record(client, item) -> dict[str, str]:
    """Return what a record of a verdict says; it names a page that has to say the same."""
    page = client.get(item["url"].removeprefix(settings.SITE_URL))
    shown = _text(LexborHTMLParser(page.content), ".verdict-answer strong")
    assert shown == item["headline"], item["url"]
    return {"headline": item["headline"], "short": item["short"]}


def _assistant(client, asked: Asked) -> dict[str, str]:
    call = {"name": "verdict", "arguments": {"platform": asked.slug, **asked.query}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    response = client.post(
        "/api/mcp",
        json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json, text/event-stream"},
    )
    result = response.json()
    if "error" in result or result["result"].get("isError"):
        return {}
    return _of_record(client, json.loads(result["result"]["content"][0]["text"]))


def _badge(response) -> dict[str, str]:
    if response.status_code == 400:
        return {}
    return {"short": response.json()["message"].partition(" · ")[0]}


def _embed(response) -> dict[str, str]:
    if response.status_code == 400:
        return {}
    return {"short": _text(LexborHTMLParser(response.content), ".a")}


def _listed(client, asked: Asked) -> dict[str, str]:
    lines = _lines(client, asked._replace(slug=""))
    return {"short in": lines[asked.slug]} if lines else {}


@lru_cache(maxsize=256)  # of the questions of one client, which share most of them
def _lines(client, asked: Asked) -> dict[str, str]:
    """Return the lines of the list of platforms, by slug; none where it refuses."""
    response = client.get("/platforms", asked.query)
    if response.status_code == 400:
        return {}
    return {
        str(link.attributes["href"]).partition("?")[0].removeprefix("/platforms/"): item.text(
            separator=" ", strip=True
        )
        for item in LexborHTMLParser(response.content).css(".index-list li")
        for link in item.css("a")[:1]
    }


def packaged(platforms: list[PlatformFacts], today: dt.date) -> list[str]:
    """Return how the package of data differs from the verdicts, for those who ask nothing."""
    records = {each["id"]: each["verdict"] for each in PLATFORMS.all()}
    for_extensions = domains()
    found = []
    for facts in platforms:
        right = headline(verdict(facts, Question(today)))
        if (said := records[facts.slug]["headline"]) != right:
            found.append(f"package says “{said}”, not “{right}”")
        anywhere, *elsewhere = for_extensions["platforms"][facts.slug]["answers"].values()
        answer = verdict(facts, Question(today))
        differs = elsewhere or Axis.PLACE in answer.by_axes or answer.way == WayOut.BY_PLACE
        short = short_words_and_doubts(answer)
        said = for_extensions["words"][anywhere]
        if not differs and said != short:
            found.append(f"extensions say “{said}”, not “{short}”: {facts.slug}")
    return found


def differences(client, facts: PlatformFacts, asked: Asked, today: dt.date) -> list[str]:
    """Return how surfaces differ from the verdict in what they print of it."""
    right = expected(facts, asked, today)
    found = []
    for surface, said in answers(client, facts, asked, today).items():
        if bool(said) != bool(right):
            found.append(f"{surface} {'answers' if said else REFUSED}: {asked}")
        found += [
            f"{surface} says “{words}”, not “{right[key]}”: {asked}"
            for key, words in said.items()
            if key in right and words != right[key]
        ]
        listed = said.get("short in")
        if right and listed and right["short"] not in listed:
            found.append(f"{surface} says “{listed}”, not “{right['short']}”: {asked}")
    return found
