"""A child's age: who is too young for an account, and what is on record for that age."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    source = {"min_age_source": "https://chirp.example/terms"}
    chirp = make_platform("chirp", name="Chirp", min_age=13, **source)
    posts = make_use(chirp, people=["minors"])
    make_state(posts, "unless-refused", basis="stated")
    make_guide(chirp, make_control(posts), slug="chirp-posts", minutes=2)
    tweet = make_use(make_platform("tweet", name="Tweet", min_age=13, **source), people=["minors"])
    make_state(tweet, "unless-refused", note="People under 13 have an experience of their own.")

    answers = make_use(make_platform("gem", name="Gem"), people=["minors"], who="people from 13")
    make_state(answers, "only-if-agreed")
    of_children = {"people": ["minors"], "who": "children under 13", "who_narrows": True}
    make_state(make_branch(answers, **of_children), "not-used")
    roblox = make_platform("roblox", name="Roblox")
    voice = make_use(roblox, short={"en": "voice chat"}, people=["minors"], who="people from 13")
    make_state(voice, "only-if-agreed")
    snaps = make_use(
        make_platform("snaps", name="Snaps"), people=["minors"], who="people from 13 to 15"
    )
    make_state(snaps, "not-offered", basis="stated")
    older = make_branch(snaps, people=["minors"], who="people from 16 to 17")
    make_state(older, "unclear", why="reports-only")
    shots = make_platform("shots", name="Shots", min_age=13, **source)
    public = make_use(
        shots, short={"en": "public posts"}, people=["minors"], who="people from 13 to 15"
    )
    make_state(public, "not-offered", basis="stated")
    make_state(make_use(shots, people=["minors"]), "unclear", why="not-said")
    make_state(make_use(roblox, people=["minors"]), "unless-refused")


def card(client, typed, prefix=""):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    (found,) = BeautifulSoup(page.text, "lxml").select(".box-line")
    return found


def said(found):
    return [" ".join(each.text.split()) for each in found.select("p")]


@pytest.mark.parametrize(
    ("prefix", "typed", "lines"),
    [
        (
            "",
            "chirp, my son is 11",
            [
                "Accounts start at 13.",
                "Younger children: nothing on record.",
                "From 13 on: Yes, unless you opt out (minors)",
            ],
        ),
        (
            "/de",
            "Chirp, meine zehnjährige Tochter",
            [
                "Konten gibt es ab 13 Jahren.",
                "Jüngere Kinder: nichts verzeichnet.",
                "Ab 13 Jahren: Ja, sofern Sie nicht widersprechen (Minderjährige)",
            ],
        ),
        (
            "/fr",
            "chirp pour mon fils de 9 ans",
            [
                "Les comptes sont ouverts à partir de 13 ans.",
                "Enfants plus jeunes : rien de consigné.",
                "À partir de 13 ans : Oui, sauf si vous refusez (mineurs)",
            ],
        ),
    ],
)
def test_a_child_who_is_too_young_for_an_account_is_told_so_first(client, prefix, typed, lines):
    found = card(client, typed, prefix)
    *told, nevertheless, way = said(found)
    assert told == lines
    assert nevertheless in (
        "If there is an account nevertheless:",
        "Falls es trotzdem ein Konto gibt:",
        "S’il y a quand même un compte\N{NO-BREAK SPACE}:",
    )
    assert found.select_one('.box-way a[href*="/guides/chirp-posts"]').text.strip() in way
    assert found.select_one("strong").text == lines[0]


def test_what_is_said_of_younger_children_is_beside_it(client):
    assert said(card(client, "tweet, my daughter is 12"))[1] == (
        "Younger children: People under 13 have an experience of their own."
    )


def test_older_minors_have_their_answer_with_its_ages(client):
    lines = said(card(client, "chirp, my son is 14"))
    assert "Yes, unless you opt out (minors)" in lines
    whom = "Accounts are for people of 13 and older: the answer is for those from 13 to 17."
    assert whom in lines


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("gem, my son is 11", "No, source not on record (minors, children under 13)"),
        ("gem, my son is 14", "Only if you agree, source not on record (minors)"),
        ("gem for kids", "Only if you agree, source not on record (minors)"),
        ("snaps, my son is 14", "No, the feature is not offered (minors, people from 13 to 15)"),
        ("snaps, my son is 16", "We do not know: only others report on it (minors)"),
        ("snaps for minors", "We do not know: only others report on it (minors)"),
    ],
)
def test_an_answer_is_for_the_age_that_is_named(client, typed, answer):
    assert card(client, typed).select_one(".box-answer strong").text == answer


def test_what_is_not_offered_at_an_age_is_said_beside_the_rest(client):
    lines = said(card(client, "shots, my son is 14"))
    assert lines[0].startswith("We do not know")
    assert "Public posts: No, the feature is not offered, according to Shots (minors)" in lines
    assert not any("from 13 to 17" in line for line in lines)


def test_what_is_not_for_a_child_is_said_to_be_for_others(client):
    lines = said(card(client, "roblox voice chat, my kid is 9"))
    assert lines[0] == "Voice chat: people from 13"
    assert lines[1].startswith("All together: Yes")
    assert "Voice chat: people from 13" not in said(card(client, "roblox, my kid is 14"))


ADULTS = "adults with an account of their own"


@pytest.mark.parametrize(
    ("prefix", "typed", "whom"),
    some(
        [
            ("", "i post pictures of my kids on chirp, are they used", ADULTS),
            ("", "we share my kids photos on chirp", ADULTS),
            ("", "I posted a photo of my 5 year old son on chirp", ADULTS),
            ("/de", "ich poste Fotos meiner Kinder auf chirp", "Erwachsene mit eigenem Konto"),
            ("/de", "chirp: die Fotos, die ich von meinen Kindern teile", "Erwachsene mit eigenem"),
            (
                "/fr",
                "est ce que chirp prend les photos de mes enfants que je publie",
                "les adultes",
            ),
            ("/fr", "j’ai un enfant et j’utilise chirp pour moi", "les adultes"),
            ("", "I have kids but use chirp for myself", ADULTS),
            ("", "chirp for myself and my kids", "people under 18"),
            ("", "my daughter posts photos on chirp", "people under 18"),
            ("", "i post photos and my kids use chirp", "people under 18"),
            ("", "I am 15 and I post photos of my brother on chirp", "people under 18"),
            ("", "our school posts pictures of pupils on chirp", "accounts of a school"),
        ],
        6,
    ),
)
def test_a_child_in_a_picture_has_not_the_account(client, prefix, typed, whom):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    line = BeautifulSoup(page.text, "lxml").select_one(".box-people")
    assert whom in " ".join(line.text.split()).partition(".")[0]


@pytest.fixture
def snap():
    """Public posts that the youngest are not offered, and chats of which terms speak."""
    snap = make_platform("snap", name="Snap", category="social", min_age=13)
    posts = make_use(snap, title="Posts train models", slug="posts", short={"en": "public posts"})
    make_state(posts, "unless-refused", basis="reported")
    make_state(make_branch(posts, people=["minors"], who="people from 13 to 15"), "not-offered")
    older = make_branch(posts, people=["minors"], who="people from 16 to 17")
    make_state(older, "unclear", why="reports-only")
    chats = {"part": "My AI", "data_kinds": ["chats"], "short": {"en": "My AI"}}
    of_chats = make_use(snap, title="Chats train models", slug="chats", **chats)
    make_state(of_chats, "unless-refused")
    make_state(make_branch(of_chats, people=["minors"]), "unclear", why="permission-only")
    return snap


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_the_page_behind_an_answer_for_an_age_has_the_same_answer(client, snap, prefix):
    typed = {"": "snap, my son is 14", "/fr": "snap, mon fils de 14 ans"}[prefix]
    answer = card(client, typed, prefix)
    address = answer.select_one(".box-name a")["href"]
    page = BeautifulSoup(client.get(address).text, "lxml")
    headlines = [
        " ".join(each.select_one("strong").text.split())
        for each in (answer.select_one(".box-answer"), page.select_one(".verdict-answer"))
    ]
    assert headlines[0] == headlines[1]
    assert "14" in page.select_one(".verdict").text
    posts = " ".join(page.select_one("#posts").text.split())
    whom = {"": "people from 13 to 15", "/fr": "13 à 15"}[prefix]
    assert whom in posts or "people from 13 to 15" in posts
    assert "16" not in posts
    assert page.select_one("form.reader-form [name=age]")["value"] == "14"


def test_a_page_for_an_age_names_what_is_not_offered_and_leads_to_all_minors(client, snap):
    page = BeautifulSoup(client.get("/platforms/snap?people=minors&age=14").text, "lxml")
    verdict = " ".join(page.select_one(".verdict").text.split())
    assert "Answers for: minors (aged 14)." in verdict
    assert "Public posts: No, the feature is not offered" in verdict
    assert page.select_one('.verdict a[href="/platforms/snap?people=minors"]')


@pytest.mark.parametrize("query", ["people=minors&age=40", "people=minors&age=x", "age=14"])
def test_an_age_of_no_minor_changes_nothing_on_a_page(client, snap, query):
    page = client.get(f"/platforms/snap?{query}").text
    assert "aged" not in BeautifulSoup(page, "lxml").select_one(".verdict").text


def test_a_page_for_a_child_who_is_too_young_says_from_which_age_accounts_are(client, snap):
    address = card(client, "snap, my daughter is 9").select_one(".box-name a")["href"]
    for query in ("", "&age=9"):
        page = client.get(f"{address}{query}").text
        verdict = " ".join(BeautifulSoup(page, "lxml").select_one(".verdict").text.split())
        assert "Accounts are for people of 13 and older." in verdict
        assert "aged 9" not in verdict


def test_an_answer_that_is_the_same_for_chats_and_for_all_is_said_once(client, snap):
    found = card(client, "snap: chats and messages of my son aged 14")
    (headline,) = [line for line in said(found) if "terms" in line and "minors" in line]
    assert headline.startswith("Chats with My AI; all together: We do not know")
    assert "Private messages: nothing on record" in said(found)


def test_the_age_goes_along_to_each_page_that_answers_by_it(client):
    page = client.get("/answers", {"q": "chirp and snaps, my son is 14"})
    links = [each["href"] for each in BeautifulSoup(page.text, "lxml").select("main a[href]")]
    for path in ("/checklist?", "/compare?", "/platforms/snaps?", "/guides/chirp-posts?"):
        (address,) = {each for each in links if each.startswith(path)}
        assert "age=14" in address, address
        assert "aged 14" in client.get(address).text or path == "/guides/chirp-posts?"
    (subscribe,) = [each for each in links if "/subscribe" in each]
    assert "age" not in subscribe


@pytest.mark.parametrize("path", ["/checklist", "/compare"])
def test_a_page_for_an_age_leaves_out_what_holds_for_others(client, path):
    def told(query):
        return BeautifulSoup(client.get(f"{path}?p=chirp&p=snaps&{query}").text, "lxml").main

    for_all, of_age = told("people=minors"), told("people=minors&age=14")
    of_older = {"/checklist": "16 to 17", "/compare": "We do not know"}[path]
    assert of_older in (for_all.table or for_all).text
    assert of_older not in (of_age.table or of_age).text
    assert {each["value"] for each in of_age.select('input[name="age"]')} == {"14"}
    assert "aged" not in told("people=personal&age=14").text


@pytest.fixture
def words():
    """Accounts are open from 13, in the EU from 16."""
    older = [{"age": 16, "places": ["EU"]}]
    source = {"min_age_source": "https://words.example/terms", "min_age_elsewhere": older}
    words = make_platform("words", name="Wordy", min_age=13, **source)
    make_state(make_use(words, people=["minors"]), "unless-refused", basis="stated")
    return words


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("wordy in france, my son is 14", "Accounts start at 16."),
        ("wordy in ohio, my son is 14", "Accounts are for people of 13 and older: the answer is"),
        (
            "wordy from what age",
            "Accounts are for people of 13 and older. In the EU: 16 and older.",
        ),
        ("wordy from what age in france", "Accounts are for people of 16 and older."),
    ],
)
def test_the_least_age_is_that_of_the_place(client, words, typed, line):
    assert any(each.startswith(line) for each in said(card(client, typed)))


def test_a_sheet_names_the_least_age_or_says_that_none_is_on_record(client, words):
    make_state(make_use(make_platform("bare", name="Bare")), "unless-refused")
    for role in ("teachers", "parents"):
        page = client.get(f"/for/{role}?p=words&p=bare").text
        lines = [
            " ".join(each.text.split())
            for each in BeautifulSoup(page, "lxml").select("li.box-line")
        ]
        assert "Accounts are for people of 13 and older. In the EU: 16 and older." in lines[0]
        assert "From which age accounts are open is not on record." in lines[1]


SCHOOL = "through a school also for younger children, says the Reader."


@pytest.mark.parametrize(
    "address",
    [
        "/for/teachers?p=words",
        "/for/parents?p=words",
        "/answers?q=wordy+from+what+age",
        "/answers?q=wordy,+my+son+is+14",
        "/platforms/words?people=minors",
    ],
)
def test_accounts_of_ones_own_are_told_from_those_of_a_school(client, words, address):
    words.min_age_at_school = {"source": "https://reader.example", "said_by": "the Reader"}
    words.save()
    page = BeautifulSoup(client.get(address, follow=True).text, "lxml")
    told = " ".join(page.main.text.split())
    assert f"Accounts of one's own are for people of 13 and older; {SCHOOL}" in told
    assert "Accounts are for people" not in told


def test_whoever_is_too_young_is_told_of_accounts_of_a_school(client, words):
    words.min_age_at_school = {"source": "https://words.example/schools"}
    words.save()
    told = said(card(client, "wordy, my son is 10"))
    assert "Through a school also for younger children, says Wordy." in told
