"""A question with several parts: headline and button first, then a line for each part."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from consent.models import Control
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def chirp():
    platform = make_platform("chirp", name="Chirp", operator="Chirp Inc.")
    use = make_use(platform, slug="posts", data_kinds=["public-posts"])
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
    switch = make_control(use)
    make_guide(platform, switch, minutes=2, slug="say-no")
    told = {"told": ["not-at-all"], "effective_on": dt.date(2024, 7, 16)}
    announced = {"announced_on": dt.date(2023, 8, 30), "effective_on": dt.date(2023, 9, 29)}
    with arranged():
        make_entry(platform, title="It begins", **told).uses.add(use)
        allowed = make_entry(
            platform, title="The policy allows it", effects=["scope-widened"], **announced
        )
        allowed.uses.add(use)
    return platform


def card(client, typed, prefix=""):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": typed}).text, "lxml")
    return page.select_one(".box-line")


def words(tag):
    return " ".join(tag.get_text(" ", strip=True).split())


def order(line):
    """Return what a card consists of, from top to bottom."""
    names = {"box-answer": "headline", "box-way": "button", "box-first": "part"}
    found = [
        names[each]
        for tag in line.find_all(class_=[*names])
        for each in tag["class"]
        if each in names
    ]
    return [name for at, name in enumerate(found) if found[at - 1 : at] != [name]]


QUESTIONS = [
    ("", "Chirp: since when, was it announced, who runs it, how do I turn it off?"),
    ("", "When did Chirp start, did it say so, who runs Chirp, where do I turn it off?"),
    ("/de", "Chirp: seit wann, wurde es angekündigt, wer betreibt es?"),
    ("/de", "Chirp: seit wann, haben die das gesagt, wer betreibt es?"),
    ("/fr", "Chirp : depuis quand, a-t-il été annoncé, qui exploite Chirp ?"),
]


@pytest.mark.parametrize(("prefix", "question"), QUESTIONS)
def test_the_button_is_right_below_the_headline_and_each_part_has_a_line(client, prefix, question):
    line = card(client, question, prefix)
    assert order(line) == ["headline", "button", "part"]
    # In the order of the question.
    since, *told, who = [words(each) for each in line.select(".box-first")]
    assert "2024" in since
    # A switch that people were not told of may be of a use that was announced.
    assert "The policy allows it" in told[0]
    assert "It begins" in told[1]
    assert len(told) == 2
    assert "Chirp Inc." in who


def visible(line):
    """Return the texts of a card without what is folded."""
    for folded in line.select("details"):
        folded.extract()
    return [words(each) for each in line.select("p, li")]


@pytest.mark.parametrize(("prefix", "question"), QUESTIONS)
def test_what_nobody_asked_for_is_folded_where_much_is_asked(client, prefix, question):
    line = card(client, question, prefix)
    folded = words(line.select_one("details"))
    assert words(line.select_one(".answer-data")) in folded
    assert words(line.select_one(".verdict-sentences")) in folded
    assert not [text for text in visible(line) if text in folded]


def test_nothing_is_folded_where_little_is_asked(client):
    assert not card(client, "Chirp").select("details")


@pytest.mark.parametrize(
    ("prefix", "question"),
    [
        ("", "Chirp, Kite: since when, was it announced, who runs it?"),
        ("/de", "Chirp, Kite: seit wann, wurde es angekündigt, wer betreibt es?"),
        ("/fr", "Chirp, Kite : depuis quand, a-t-il été annoncé, qui les exploite ?"),
    ],
)
def test_a_change_of_two_services_is_linked_once(client, chirp, prefix, question):
    kite = make_platform("kite", name="Kite", operator="Chirp Inc.")
    use = make_use(kite, slug="posts", data_kinds=["public-posts"])
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
    with arranged():
        for entry in chirp.entries.all():
            entry.platforms.add(kite)
            entry.uses.add(use)
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": question}).text, "lxml")
    assert len(page.select(".box-line")) == 2
    first, second = (visible(line) for line in page.select(".box-line"))
    assert " ".join([*first, *second]).count("It begins") == 1
    assert any("Chirp Inc." in text for text in second)
    same = {"": "as above", "/de": "wie oben", "/fr": "comme ci-dessus"}[prefix]
    assert len([text for text in second if same in text]) == 2


def test_what_is_said_of_a_past_day_is_not_said_again_of_today(client):
    line = card(client, "Chirp today and on 1 August 2024: was it announced, who runs it?")
    texts = visible(line)
    assert " ".join(texts).count("It begins") == 1
    assert " ".join(texts).count("Chirp Inc.") == 1


def test_one_part_that_is_short_is_said_beside_the_headline(client):
    assert order(card(client, "since when does Chirp train?")) == ["headline", "part", "button"]
    assert order(card(client, "who runs Chirp?")) == ["part", "headline", "button"]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how long does Chirp keep my posts", "part"),
        ("does Chirp train on my posts and how long does it keep them", "headline"),
        ("I want to opt out of Chirp, what about the old posts", "headline"),
    ],
)
def test_what_becomes_of_data_follows_the_answer_if_that_is_asked_too(client, question, first):
    assert order(card(client, question))[0] == first


@pytest.mark.parametrize(
    ("prefix", "question", "nothing"),
    [
        ("", "does Chirp train on my health data?", "Health data: nothing on record"),
        ("/de", "trainiert Chirp mit Gesundheitsdaten?", "Gesundheitsdaten: nichts"),
        ("/fr", "Chirp s'entraîne-t-il avec mes données de santé ?", "rien de consigné"),
    ],
)
def test_what_holds_for_other_data_comes_before_that_nothing_is_on_record(
    client, prefix, question, nothing
):
    line = card(client, question, prefix)
    assert order(line) == ["headline", "button", "part"]
    # It says of which data it is.
    public = {"": "Public posts", "/de": "Öffentliche Beiträge", "/fr": "Publications publiques"}
    assert words(line.select_one(".box-answer")).startswith(public[prefix])
    assert nothing in words(line.select_one(".box-first"))


NOTE = "Earlier posts may go on being used."


@pytest.mark.parametrize(
    ("prefix", "question"),
    [
        ("", "I want to opt out of Chirp and Kite, what about the old posts"),
        (
            "/de",
            "Ich will Chirp und Kite widersprechen, was ist mit dem, was schon genommen wurde?",
        ),
        ("/fr", "Je veux refuser Chirp et Kite, qu'en est-il de ce qui a déjà été pris ?"),
    ],
)
def test_what_becomes_of_earlier_data_is_told_once_for_two_services_of_a_company(
    client, chirp, prefix, question
):
    kite = make_platform("kite", name="Kite", operator="Chirp Inc.")
    title = chirp.uses.get().title
    use = make_use(kite, slug="posts", title=title, data_kinds=["public-posts"])
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
    with arranged():
        Control.objects.update(reach="future-only")
        chirp.guides.update(caveats=[NOTE])
    make_guide(kite, make_control(use, reach="future-only"), caveats=[NOTE], slug="kite-no")
    of_others = make_use(chirp, slug="elsewhere", data_kinds=["images-and-video"])
    make_state(make_branch(of_others, people=["no-account"]), "unclear")
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": question}).text, "lxml")
    first, second = page.select(".box-line")
    assert [len(each.select(".box-way .button")) for each in (first, second)] == [1, 1]
    assert " ".join([*visible(first), *visible(second)]).count(NOTE) == 1


def test_since_when_is_said_once(client):
    line = card(client, "Chirp: since when, was it announced?")
    assert words(line).count("ince 16 July 2024") == 1


def test_a_start_of_some_places_is_said_with_them(client, chirp):
    posts = chirp.uses.get(slug="posts")
    with arranged():
        posts.branches.update(except_places=["EEA"])
    later = make_branch(posts, places=["EEA"])
    make_state(later, "unless-refused", starts_on=dt.date(2025, 3, 20))
    line = card(client, "Chirp: since when, was it announced, who runs it?")
    first, second, *_ = [words(each) for each in line.select(".box-first")]
    assert "Outside the EU and EEA" in first
    assert "16 July 2024" in first
    assert "EEA" in second
    assert "20 March 2025" in second


class TestMinors:
    @pytest.fixture(autouse=True)
    def _not_for_minors(self, chirp):
        use = chirp.uses.get(slug="posts")
        make_state(make_branch(use, people=["minors"]), "not-used")

    @pytest.mark.parametrize("question", ["Chirp", "which data does Chirp use in Brazil?"])
    def test_what_holds_for_them_is_a_link_beside_the_answer_for_adults(self, client, question):
        line = card(client, question)
        (link,) = line.select(".verdict-others a")
        assert "minors" in link["href"]
        assert "No" in link.text

    def test_data_that_are_not_used_are_called_so(self, client):
        line = card(client, "Chirp for my 15 year old")
        assert words(line.select_one(".answer-data")) == "Not used for training: public posts"

    def test_that_nothing_is_known_of_them_is_said_too(self, client):
        unknown = make_platform("hum", name="Hum")
        of_adults = make_use(unknown)
        make_state(of_adults, "unless-refused")
        make_state(make_branch(of_adults, people=["minors"]), "unclear")
        (link,) = card(client, "Hum").select(".verdict-others a")
        assert "We do not know" in link.text


def test_a_company_in_another_part_of_a_sentence_stands_for_the_service_that_is_named(client):
    for slug in ("kite", "gull"):
        make_state(make_use(make_platform(slug, name=slug.title(), operator="Birds")), "not-used")
    page = BeautifulSoup(
        client.get("/answers", {"q": "we use Kite, does Birds train on our mail?"}).text, "lxml"
    )
    assert [each.text for each in page.select(".box-name")] == ["Kite"]
    both = BeautifulSoup(client.get("/answers", {"q": "Kite, Birds"}).text, "lxml")
    assert [each.text for each in both.select(".box-name")] == ["Kite", "Gull"]


def test_plans_side_by_side_have_a_row_for_a_use_that_no_data_tell(client):
    chat = make_platform(
        "chat",
        name="Chat",
        plans=[
            {"name": "Free", "people": ["personal"]},
            {"name": "Work", "people": ["organisation"]},
        ],
    )
    use = make_use(chat, data_kinds=["chats"], plans=["Free"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"], plans=["Work"]), "only-if-agreed")
    health = make_use(chat, title="Health trains models", part="Chat Health", plans=["Free"])
    make_state(health, "only-if-agreed")
    page = BeautifulSoup(client.get("/compare?p=chat&plan=Free&plan=Work").text, "lxml")
    rows = {
        words(row.th): [words(cell) for cell in row.select("td")]
        for row in page.select("tr")
        if row.th
    }
    assert rows["Chat Health"] == ["Only if you agree (Chat Health)", "nothing on record"]


def test_the_way_out_of_a_plan_is_for_its_own_people(client):
    plans = [
        {"name": "Free", "people": ["personal"]},
        {"name": "Work", "people": ["organisation"]},
    ]
    chat = make_platform("chat", name="Chat", plans=plans)
    use = make_use(chat, plans=["Free"])
    make_state(use, "unless-refused")
    make_guide(chat, make_control(use), slug="chat-say-no")
    make_state(make_branch(use, people=["organisation"], plans=["Work"]), "only-if-agreed")
    free = card(client, "Chat Free against Chat Work for our company")
    assert free.select_one(".box-way .button")["href"] == "/guides/chat-say-no#steps"


def test_a_question_for_proof_has_the_change_that_the_answer_rests_on(client, chirp):
    ended = dt.date(2025, 3, 1)
    with arranged():
        entry = make_entry(chirp, title="It ends", effective_on=ended)
    make_state(chirp.uses.get(), "not-used", starts_on=ended, opened_by=entry)
    page = BeautifulSoup(client.get("/answers?q=prove that chirp did not train").text, "lxml")
    assert words(page.select_one(".box-first")) == "Evidence: It ends"
    assert page.select_one(".box-first a")["href"] == entry.get_absolute_url()
    assert page.select_one(".answers-sheet a")["href"] == "/evidence"
    assert order(page.select_one(".box-line"))[0] == "headline"


@pytest.mark.parametrize(
    ("min_age", "said"),
    [
        (13, "Accounts are for people of 13 and older."),
        (None, "From which age accounts are open is not on record."),
    ],
)
def test_a_question_for_the_least_age_has_it(client, chirp, min_age, said):
    Platform.objects.filter(pk=chirp.pk).update(min_age=min_age)
    line = card(client, "what is the minimum age for chirp, my daughter is 15")
    assert words(line).count("Accounts are for") == (1 if min_age else 0)
    assert said in words(line.select_one(".box-first"))
