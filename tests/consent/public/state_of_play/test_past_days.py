"""A question with a past day has two answers, each whole for its own day."""

import re
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from platforms.models import Platform
from tests.sweeps import DRILL, some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_catalog")]

TODAY = {"": "Today", "/de": "Heute", "/fr": "Aujourd’hui"}
IN_2024 = {"": "in July 2024", "/de": "im Juli 2024", "/fr": "en juillet 2024"}
PEOPLE = ("", "minors", "organisation")


def cards(client, typed, language="", **chosen):
    """Return what is said of each service: of a past day, if one is named, and of today."""
    response = client.get(f"{language}/answers", {"q": typed, **chosen}, follow=True)
    return [
        halves(card, TODAY[language])
        for card in BeautifulSoup(response.text, "lxml").select(".box-line")
    ]


def halves(card, today, heading=".box-name"):
    """Return the text and the links before and after the heading of today."""
    card.select_one(heading).extract()
    found = [([], [])]
    for element in card.find_all(recursive=False):
        text = " ".join(element.get_text(" ", strip=True).split())
        if text == today and "small-head" in element.get("class", ""):
            found.append(([], []))
        elif text:
            found[-1][0].append(text)
            found[-1][1].extend(link["href"] for link in element("a"))
    return found


def cards_of_both_days(client, typed, language=""):
    """Return of each service what is shown of both days together, and what is folded of each."""
    response = client.get(f"{language}/answers", {"q": typed}, follow=True)
    found = []
    for card in BeautifulSoup(response.text, "lxml").select(".box-line"):
        folded = card.select_one("details").extract()
        folded.select_one(".small-head").extract()
        (then, _), (now, _) = halves(folded, TODAY[language], heading="summary")
        shown = [" ".join(each.get_text(" ", strip=True).split()) for each in card.select("p")]
        found.append((shown, " ".join(then), " ".join(now)))
    return found


def day_of(address):
    return parse_qs(urlsplit(address).query).get("asof", [""])[0]


def asked_with(people):
    """Return the platforms to ask about: others with each group of people, all in a drill."""
    platforms = list(Platform.objects.listed())
    return platforms if DRILL else some(platforms[PEOPLE.index(people) :], 6)


@pytest.mark.parametrize("people", PEOPLE)
def test_nothing_that_is_said_of_today_depends_on_a_past_day_beside_it(client, people):
    for platform, language in zip(asked_with(people), cycle(TODAY), strict=False):
        chosen = {"people": people} if people else {}
        for past, now in zip(
            cards(client, f"{platform.name} {IN_2024[language]}", language, **chosen),
            cards(client, platform.name, language, **chosen),
            strict=True,
        ):
            (then, links), today = past
            assert [today] == now, platform
            assert then
            to_answers = [link for link in links if "/platforms/" in link and "#" not in link]
            assert {day_of(link) for link in to_answers} <= {"2024-07-31"}, platform


@pytest.mark.parametrize(
    ("language", "typed", "minors_then", "start", "in_the_eea", "in_switzerland"),
    [
        (
            *("", "X and Grok: who trains today and in July 2024, since when in each place"),
            "the feature is not offered",
            "No start of training",
            "again since 20 March 2025 at the latest, disputed",
            "since 5 September 2024 at the latest",
        ),
        (
            *("/de", "X und Grok: wer trainiert heute und im Juli 2024, seit wann an welchem Ort"),
            "Funktion nicht angeboten",
            "Kein Beginn",
            "wieder spätestens seit 20. März 2025, strittig",
            "spätestens seit 5. September 2024",
        ),
        (
            *("/fr", "X et Grok : qui entraîne aujourd'hui et en juillet 2024, depuis quand où"),
            "fonction non proposée",
            "Aucun début",
            "de nouveau depuis le 20 mars 2025 au plus tard, contesté",
            "depuis le 5 septembre 2024 au plus tard",
        ),
    ],
)
def test_since_when_beside_today_is_told_to_the_end(
    client, language, typed, minors_then, start, in_the_eea, in_switzerland
):
    (of_x, _, _), (of_grok, then, now) = cards_of_both_days(client, typed, language)
    assert minors_then in then
    assert minors_then not in now
    assert start not in " ".join(of_grok)
    assert " ".join(of_grok).count(in_switzerland) == 1
    assert " ".join(of_x).count(in_the_eea) == 1


def test_since_when_of_a_past_day_alone_is_told_of_that_day_and_of_today(client):
    ((then, _), (now, _)), *_ = cards(client, "Since when did LinkedIn train in October 2024?")
    assert "since 18 September 2024 at the latest" in " ".join(then)
    assert "since 3 November 2025" not in " ".join(then)
    assert "since 3 November 2025" in " ".join(now)


@pytest.mark.parametrize(
    ("language", "word", "by", "in_full"),
    [
        (
            *("", "Who runs", "xAI’s terms allow it"),
            "before August 2026 xAI, by its business terms; change announced 6 May 2026)",
        ),
        (
            *("/de", "Wer betreibt", "xAI darf es laut AGB"),
            "vor August 2026 xAI, laut Geschäftsbedingungen; Wechsel angekündigt: 6. Mai 2026)",
        ),
        (
            *("/fr", "Qui exploite", "xAI se le permet"),
            "xAI Holdings depuis le 28 mars 2025\u202f; xAI avant août 2026, selon ses conditions",
        ),
    ],
)
def test_an_answer_of_a_past_day_names_the_company_of_that_day(client, language, word, by, in_full):
    ((then, _), (now, _)), *_ = cards(client, f"{word} Grok {IN_2024[language]}", language)
    assert by in " ".join(then)
    assert "SpaceX" not in " ".join(then)
    assert "SpaceXAI" in " ".join(now)
    page = BeautifulSoup(client.get(f"{language}/platforms/xai-grok").text, "lxml").main
    assert in_full in page.text


def test_only_the_trainer_of_a_past_day_is_named_for_it(client):
    ((then, _), (now, _)), *_ = cards(client, "X: who trains, today and in July 2024?")
    assert "Who trains: xAI" in then
    assert "SpaceXAI" not in " ".join(then)
    owner = "owner: SpaceX since 2 February 2026, before that xAI Holdings since 28 March 2025"
    before = "before August 2026 xAI, by its business terms; change announced 6 May 2026"
    assert f"Who trains: SpaceXAI ({owner}; {before})" in now


@pytest.mark.parametrize(
    ("language", "word", "before_xai", "under_xai", "since_spacex", "today"),
    [
        (
            *("", "Who runs X:"),
            "X Corp. (owner: X Holdings Corp. since March 2023; in the EU Twitter International",
            "X Corp. (owner: xAI Holdings since 28 March 2025; in the EU, the EFTA states",
            "X Corp. (owner: SpaceX since 2 February 2026; in the EU, the EFTA states and the",
            "X Internet Unlimited Company; before March 2023 Twitter, Inc.)",
        ),
        (
            *("/de", "Wer X betreibt:"),
            "X Corp. (Eigentümer: X Holdings Corp. seit März 2023; in der EU Twitter",
            "X Corp. (Eigentümer: xAI Holdings seit 28. März 2025; in der EU, den EFTA-Staaten",
            "X Corp. (Eigentümer: SpaceX seit 2. Februar 2026; in der EU, den EFTA-Staaten",
            "X Internet Unlimited Company; vor März 2023 Twitter, Inc.)",
        ),
    ],
)
def test_an_answer_of_a_past_day_names_owner_and_european_company_of_that_day(
    client, language, word, before_xai, under_xai, since_spacex, today
):
    asked = {"p": "x", "place": "DE"}
    for day, company in {
        "2024-07-31": before_xai,
        "2025-06-30": under_xai,
        "2026-03-01": since_spacex,
    }.items():
        page = client.get(f"{language}/platforms/x", asked | {"asof": day})
        main = BeautifulSoup(page.text, "lxml").main.text
        assert company in main
        assert today in main
    question = {"q": "X: who runs it, in July 2024 and today?"}
    if not language:
        main = BeautifulSoup(client.get("/answers", question).text, "lxml").main.text
        assert f"{word} {before_xai}" in " ".join(main.split())


def test_a_statement_is_of_the_company_that_made_it(client):
    page = BeautifulSoup(client.get("/answers", {"q": "Grok since when"}).text, "lxml").main
    assert "Stated by xAI" in page.text
    assert "Stated by SpaceXAI" not in page.text


def test_what_a_state_of_a_day_is_not_about_stands_beside_that_day(client):
    typed = "Who trains on X posts, in July 2024 and today, was it announced?"
    page = BeautifulSoup(client.get("/answers", {"q": typed}).text, "lxml").main
    (note,) = page.find_all("p", string=re.compile("Said of public posts"))
    assert not note.find_parent("details")
    assert "1 July 2024" in note.find_previous("p").text


def test_why_it_was_interrupted_stands_beside_the_days(client):
    page = BeautifulSoup(client.get("/answers", {"q": "X since when"}).text, "lxml").main
    (line,) = (each for each in page.select(".box-first") if "not known from 8" in each.text)
    assert "X undertook not to use posts of 7 May to 1 August 2024" in line.text


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "Hi, does X train on my posts?"),
        ("/de", "Guten Tag, trainiert X mit meinen Beiträgen?"),
        ("/fr", "Bonjour, X s’entraîne avec mes publications ?"),
    ],
)
def test_a_greeting_is_no_service(client, prefix, typed):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": typed}).text, "lxml").main
    assert [each.text for each in page.select(".box-name")] == ["X"]
    assert not page.select(".notice")


def test_the_first_start_is_not_said_of_all_places_that_are_named_with_it(client):
    page = BeautifulSoup(client.get("/answers", {"q": "Grok since when"}).text, "lxml").main
    lines = [" ".join(line.text.split()) for line in page.select(".box-first")]
    (whole,) = (line for line in lines if line.startswith("Outside the EU, EEA and UK"))
    assert "since 5 September 2024 at the latest; for others later" in whole


@pytest.mark.parametrize(
    ("language", "typed", "told"),
    [
        ("", "Zoom 8 August 2023", "is about audio, video and chat only"),
        ("/de", "Zoom 8. August 2023", "betrifft nur Audio, Video und Chat"),
        ("/fr", "Zoom 8 août 2023", "que l’audio, la vidéo et les discussions"),
    ],
)
def test_a_note_that_limits_a_past_state_is_printed_beside_it(client, language, typed, told):
    (((then, _), (now, _)),) = cards(client, typed, language)
    assert told in " ".join(then)
    assert told not in " ".join(now)
    page = client.get(f"{language}/platforms/zoom", {"asof": "2023-08-08"})
    assert told in BeautifulSoup(page.text, "lxml").select_one(".verdict").text


def test_how_people_were_told_of_a_past_day_is_what_they_had_been_told_by_then(client):
    (((then, _), (now, _)),) = cards(client, "Did LinkedIn tell people in 2024?")
    assert "(18 September 2024 at the latest)" in " ".join(then)
    assert "by mail (18 September 2025)" not in " ".join(then)
    assert "by mail (18 September 2025)" in " ".join(now)


def test_data_of_today_are_not_those_of_a_state_that_is_over(client):
    (((then, _), (now, _)),) = cards(client, "Zoom 8 August 2023")
    assert not [line for line in then if line.startswith("Data:")]
    assert "Your Zoom audio, video and chats do not train Zoom's AI" in " ".join(now)
    assert not [line for line in now if line.startswith("Data")]
    (((then, _), _),) = cards(client, "How did LinkedIn train in October 2024?")
    assert "Data: public posts, usage and feedback and profile" in then


def test_what_holds_for_a_child_has_the_day_it_is_of(client):
    (((then, _), (now, _)),) = cards(client, "ChatGPT at 12 years in 2024")
    assert then[0] == "In 2024"
    assert now[0] == "Accounts start at 13."


def test_two_days_are_answered_each_by_itself_and_with_the_words_of_then(client):
    asked = "did zoom train on calls on 31 December 2023, and what did it say on 8 August 2023?"
    (((then, _), (now, _)),) = cards(client, asked)
    begin = [line[:18] for line in then if line.startswith("On ")]
    assert begin == ["On 31 December 202", "On 8 August 2023, "]
    assert "“Notwithstanding the above, Zoom will not use audio, video or chat" in " ".join(then)
    assert "without your consent.”" not in " ".join(now)
    page = BeautifulSoup(client.get("/answers", {"q": asked}).text, "lxml").main.get_text(" ")
    assert "Answers of 31 December 2023, 8 August 2023 and of today." in " ".join(page.split())


def test_who_asks_for_the_words_of_then_reads_what_the_terms_said_of_each_use(client):
    (((then, _), _),) = cards(client, "what did Zoom say on 8 August 2023")
    (about_usage,) = [line for line in then if "Section 10.2 of the terms" in line]
    assert about_usage.startswith("Data on use of Zoom:")
    of_files = [line for line in then if "is about audio, video and chat only." in line]
    assert len(of_files) == 1


@pytest.mark.parametrize(
    "asked", ["Zoom 8 August 2023 and 2024", "Zoom on 8 August 2023 and on 8 August 2023"]
)
def test_a_year_or_the_same_day_again_is_no_second_day(client, asked):
    (((then, _), _now),) = cards(client, asked)
    assert len([line for line in then if line.startswith("On ")]) == 1


def test_what_sources_disagree_about_is_said_beside_the_answer(client):
    (((now, _),),) = cards(client, "Does X train on my posts in Portugal?")
    assert any(line.startswith("Disputed: By the Swiss regulator") for line in now)


def test_one_line_stands_before_the_answer_where_people_ask_for_more(client):
    asked = "Is X training on my posts, was I asked, how do I stop it? I live in Portugal"
    (((now, _),),) = cards(client, asked)
    assert now[0].startswith("Nobody was asked when it began (7 May 2024).")
    assert now[1].startswith("Yes, as reported")
    # How people were told is more than was asked.
    assert [line for line in now if "People were not told" in line] == [
        line for line in now if line.startswith("More about this")
    ]


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("", "X and Grok: who trains on public posts, today and in July 2024, was it announced?"),
        (
            "/de",
            "X, Grok: wer trainiert mit Beiträgen, heute und im Juli 2024, angekündigt?",
        ),
        ("/fr", "X, Grok : qui entraîne, aujourd'hui et en juillet 2024, a-t-il été annoncé ?"),
    ],
)
def test_no_list_of_a_past_day_has_what_came_later(client, language, typed):
    _of_x, (_shown, then, now) = cards_of_both_days(client, typed, language)
    assert "SpaceX" not in then
    assert "SpaceX" in now


def test_how_people_were_told_of_each_start_is_shown(client):
    typed = "X and Grok: who trains, today and in July 2024, since when, was it announced?"
    page = BeautifulSoup(client.get("/answers", {"q": typed}, follow=True).text, "lxml")
    card = page.select_one(".box-line")
    for folded in card.select("details"):
        folded.extract()
    told = [" ".join(line.get_text(" ", strip=True).split()) for line in card.select(".box-first")]
    assert any(line.startswith("People were not told (7 May 2024).") for line in told)


@pytest.mark.parametrize(
    ("language", "typed", "who", "from_then_on"),
    [
        (
            *("", "Who trains AI on X posts, today and in July 2024, was it announced?"),
            "Who trains: in July 2024 xAI; today SpaceXAI (before August 2026 xAI)",
            "From 16 July 2024 at the latest and today",
        ),
        (
            *("/de", "Wer trainiert mit Beiträgen auf X, heute und im Juli 2024, angekündigt?"),
            "Wer trainiert: im Juli 2024 xAI; heute SpaceXAI (vor August 2026 xAI)",
            "Ab spätestens 16. Juli 2024 und heute",
        ),
        (
            *("/fr", "Qui entraîne sur X, aujourd'hui et en juillet 2024, a-t-il été annoncé ?"),
            "Qui entraîne : en juillet 2024 xAI ; aujourd’hui SpaceXAI (xAI avant août 2026)",
            "Dès le 16 juillet 2024 au plus tard et aujourd’hui",
        ),
    ],
)
def test_what_is_asked_of_two_days_is_said_once_with_both(
    client, language, typed, who, from_then_on
):
    ((shown, _then, _now),) = cards_of_both_days(client, typed, language)
    texts = [text.replace("\u202f", " ").replace("\xa0", " ") for text in shown]
    # What happened between the days, so that they do not contradict each other.
    assert [text for text in texts if text.startswith(from_then_on)]
    assert texts.index(who) == min(at for at, text in enumerate(texts) if "SpaceXAI" in text)
    assert len([text for text in texts if "X Corp." in text]) == 0


@pytest.mark.parametrize(
    "typed",
    [
        "Does the Gemini API train on my prompts, free and paid?",
        "Does the Gemini API train on my prompts, free and paid, and which providers do not?",
    ],
)
def test_a_rule_of_a_plan_in_some_places_is_told_without_a_place_too(client, typed):
    page = BeautifulSoup(client.get("/answers", {"q": typed}).text, "lxml")
    rule = "By Google's terms apps for people in the EEA, Switzerland and the UK must use paid"
    (line,) = [each.text for each in page.select(".box-line p") if rule in each.text]
    assert line.startswith("Outside the EU, EEA, Switzerland and the UK:")


def test_the_search_tells_two_days_together_too(client):
    typed = "Who trains on X, today and in July 2024, was it announced"
    page = BeautifulSoup(client.get("/search", {"q": typed}).text, "lxml")
    hit = " ".join(page.select_one(".hit").get_text(" ", strip=True).split())
    assert hit.index("On 1 July 2024") < hit.index("From 16 July 2024 at the latest and today")
    assert hit.count("From 16 July 2024 at the latest and today") == 1
