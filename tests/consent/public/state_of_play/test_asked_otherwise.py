"""What people ask the box besides whether a service trains: mails, authorities, nothing at all."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from consent.models import Use
from consent.public.questions.announced import asks_until_when
from consent.search.pages import asks_for, asks_how_told
from consent.search.plain_words import words
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
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def reddit():
    platform = make_platform("reddit", name="Reddit")
    make_state(make_use(platform), "unless-refused")
    return platform


def main(response):
    return BeautifulSoup(response.text, "lxml").main


WANT_MAILS = [
    ("", "email me when reddit changes"),
    ("", "tell me by mail when reddit changes something"),
    ("", "how do I get told when reddit changes something?"),
    ("/de", "schreiben Sie mir per E-Mail, wenn Reddit etwas ändert"),
    ("/fr", "dites-moi par mail quand Reddit change quelque chose"),
    ("", "Tell me when Reddit changes its policy"),
    ("", "alert me about reddit"),
    ("/de", "Schick mir eine Mail, wenn sich Reddit ändert"),
    ("/de", "Benachrichtigt mich bei Reddit"),
    ("/fr", "Envoyez-moi un mail quand Reddit change"),
    ("/fr", "Je veux être prévenue si Reddit change"),
]


@pytest.mark.parametrize("page", ["answers", "search"])
@pytest.mark.parametrize(("language", "question"), some(WANT_MAILS, 3))
def test_whoever_wants_a_mail_gets_the_form_with_the_service_chosen(
    client, page, language, question
):
    response = client.get(f"{language}/{page}", {"q": question}, follow=True)
    assert response.redirect_chain[-1] == (f"{language}/subscribe?platform=reddit", 302)
    assert main(response).select_one("input[name=platforms][value=reddit][checked]")


@pytest.mark.parametrize(
    ("language", "question", "code"),
    [
        ("", "tell me by email when Reddit changes, I am in Germany", "DE"),
        ("", "email me when AI training changes in Germany", "DE"),
        ("/de", "schreib mir eine mail wenn reddit etwas ändert, ich lebe in Österreich", "AT"),
        ("/fr", "préviens-moi par mail quand reddit change, en France", "FR"),
    ],
)
@pytest.mark.parametrize("box", ["answers", "search"])
def test_the_place_goes_along_to_the_form_for_mails_and_is_in_sight(
    client, box, language, question, code
):
    page = BeautifulSoup(client.get(f"{language}/{box}", {"q": question}, follow=True).text, "lxml")
    (chosen,) = page.select("details[open] [name=place] [selected]")
    assert chosen["value"] == code


def test_a_place_that_several_countries_share_is_left_to_choose(client):
    asked = {"q": "email me when reddit changes in the Congo"}
    page = client.get("/answers", asked, follow=True)
    assert page.redirect_chain[-1] == ("/subscribe?platform=reddit", 302)
    assert not BeautifulSoup(page.text, "lxml").select(".choice-more[open]")


WANT_MAILS_OF_TWO = [
    ("", "email me if reddit or slack changes its ai policy"),
    ("", "be told when Slack or Reddit changes something"),
    ("/de", "Bescheid geben wenn sich bei Reddit oder Slack etwas ändert"),
    ("/de", "Bescheid, wenn Reddit oder Slack etwas ändern"),
    ("/de", "Ich möchte Bescheid, sobald Slack oder Reddit etwas ändert"),
    ("/fr", "me prévenir si Reddit ou Slack change quelque chose"),
    ("/fr", "un avis par mail dès que Reddit ou Slack change"),
    ("", "can you notify me when Reddit or Slack update their AI settings?"),
    ("", "watch reddit and slack for me"),
    ("", "follow reddit and slack"),
    ("/de", "Benachrichtigung bei Änderungen von Reddit und Slack"),
    ("/de", "Reddit und Slack abonnieren"),
    ("/de", "Halte mich über Reddit und Slack auf dem Laufenden"),
    ("/fr", "alerte pour Reddit et Slack"),
    ("/fr", "Tenez-moi au courant pour Reddit et Slack"),
    ("/fr", "suivre Reddit et Slack"),
]


@pytest.mark.parametrize(("language", "question"), some(WANT_MAILS_OF_TWO, 5))
def test_the_form_for_mails_has_all_services_chosen_that_are_named(client, language, question):
    make_platform("slack", name="Slack")
    page = main(client.get(f"{language}/answers", {"q": question}, follow=True))
    chosen = [field["value"] for field in page.select("input[name=platforms][checked]")]
    assert sorted(chosen) == ["reddit", "slack"]


@pytest.mark.parametrize(
    "question",
    [
        *("did reddit warn me", "Hat Reddit mir Bescheid gesagt", "reddit in my email"),
        *(
            "is my reddit newsletter used",
            "Müssen alle informiert werden, wenn Reddit trainiert?",
        ),
        "does reddit use my watch history",
    ],
)
def test_words_about_mails_and_warnings_alone_ask_for_the_answer(client, question):
    response = client.get("/answers", {"q": question})
    assert main(response).select_one(".box-line")


@pytest.mark.parametrize(
    ("language", "question"),
    some(
        [
            ("", "has a regulator acted on Reddit"),
            ("", "fine Reddit"),
            ("", "who enforces the law on Reddit"),
            ("", "is Reddit banned anywhere"),
            ("/de", "Wer ermittelt gegen Reddit?"),
            ("/de", "Strafe Reddit"),
            ("/fr", "Reddit a-t-il été sanctionné ?"),
            ("/fr", "enquête sur Reddit"),
        ],
        few=4,
    ),
)
def test_acts_of_authorities_say_who_acted_on_whom_when_and_what(
    client, reddit, language, question
):
    names = {"Garante": "regulator", "GDPR": "law"}
    act = make_entry(reddit, title="An order stops the training", effects=["regulator-action"])
    with arranged():
        for name, kind in names.items():
            act.references.create(slug=name.lower(), name=name, kind=kind, place="EU")
    cases = main(client.get(f"{language}/answers", {"q": question}, follow=True)).section
    assert cases["aria-labelledby"] == "cases"
    assert cases.select_one(".act-by strong").text == "Garante"
    row = cases.select_one("article").get_text(" ", strip=True)
    assert "An order stops the training" in row
    assert "2024" in row
    assert "Reddit" in row


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("", "what did the FTC do about Reddit"),
        ("/de", "Hat die FTC Reddit eine Geldbuße auferlegt?"),
        ("/fr", "La FTC a-t-elle condamné Reddit ?"),
    ],
)
def test_acts_of_an_authority_that_is_named_are_not_those_of_others(
    client, reddit, language, question
):
    for title, name, slug in (
        ("It asks", "Federal Trade Commission (FTC)", "ftc"),
        ("It warns", "Garante", "garante"),
    ):
        act = make_entry(reddit, title=title, effects=["regulator-action"])
        with arranged():
            act.references.create(slug=slug, name=name, kind="regulator", place="US")
    cases = main(client.get(f"{language}/answers", {"q": question}, follow=True)).section
    assert [row.text.strip() for row in cases.select("h3")] == ["It asks"]
    elsewhere = make_entry(make_platform("z", name="Z"), effects=["regulator-action"])
    with arranged():
        elsewhere.references.create(slug="ico", name="ICO", kind="regulator", place="GB")
    british = main(client.get("/search", {"q": "did the ICO fine Reddit"})).section
    assert "No act of ICO about this is on record here." in british.text
    assert [row.text.strip() for row in british.select("h3")] == [elsewhere.title]


def test_that_no_authority_acted_on_a_service_is_said(client):
    page = main(client.get("/answers", {"q": "has a regulator acted on Reddit"}, follow=True))
    assert "No such act of a court or a regulator is on record here." in page.section.text


def test_acts_about_other_products_of_the_company_are_shown_where_there_are_none(client):
    make_platform("meta-ai", name="Meta AI", operator="Meta Platforms, Inc.", parts=["Meta AI"])
    facebook = make_platform("facebook", name="Facebook", operator="Meta Platforms")
    make_entry(facebook, title="A court stops it", effects=["regulator-action"])
    page = main(client.get("/search", {"q": "has a regulator acted on Meta AI"}))
    acts = page.select_one("section[aria-labelledby=cases]")
    assert [row.text.strip() for row in acts.select("h3")] == ["A court stops it"]
    assert (
        "No such act about Meta AI itself is on record here. Those below are about other products"
        " of its owner, Meta Platforms, Inc.: Facebook"
    ) in " ".join(acts.text.split())
    assert acts.text.count("No such act about Meta AI itself is on record here.") == 1
    assert acts.select_one('a[href*="platform=facebook"]')
    page = main(client.get("/search", {"q": "regulators on meta ai training"}))
    acts = page.select_one("section[aria-labelledby=cases]")
    assert [row.text.strip() for row in acts.select("h3")] == ["A court stops it"]
    assert "itself is on record" not in acts.text


@pytest.mark.parametrize("typed", ["Reddit fine", "reddit fine?", "fine Reddit"])
def test_a_fine_beside_a_name_asks_what_authorities_did(client, typed):
    page = main(client.get("/answers", {"q": typed}, follow=True))
    assert "No such act of a court or a regulator is on record here." in page.section.text


def test_a_fine_that_is_none_asks_for_the_answer(client):
    assert main(client.get("/answers", {"q": "is it fine to use reddit"})).select_one(".box-line")
    assert main(client.get("/answers", {"q": "is reddit fine"})).select_one(".box-line")


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/answers", ""),
        ("/answers", ", ,"),
        ("/de/answers", "   "),
        ("/fr/answers", "?!"),
        ("/answers", "asdf qwer zxcv"),
        ("/de/search", ""),
    ],
)
def test_nothing_and_nonsense_get_examples_that_are_answered(client, address, query):
    page = main(client.get(address, {"q": query}, follow=True))
    assert page.select_one("form input[type=search]")
    links = [link["href"] for link in page.select(".box-examples a")]
    assert len(links) == 6
    *_others, last = links
    signing_up = main(client.get(last, follow=True))
    assert signing_up.select_one("input[name=platforms][value=reddit][checked]")


def test_an_answer_of_others_is_not_given_to_people_without_an_account(client, reddit):
    of_members = make_use(reddit, title="Chats train Snoo", short={"en": "Snoo"})
    make_state(of_members, "unless-refused")
    page = main(client.get("/answers", {"q": "snoo on reddit without an account"}))
    assert "nothing on record" in page.select_one(".box-answer").text
    assert "Yes" not in page.select_one(".box-line").text


def test_a_past_day_has_no_ages_which_readers_would_count_from_today(client, reddit):
    state = make_state(make_use(make_platform("z", name="Z")), "unless-refused")
    with arranged():
        type(state).objects.filter(pk=state.pk).update(starts_on=dt.date(2024, 1, 1))
    for address in ("/answers", "/search"):
        page = main(client.get(address, {"q": "Z in January 2025"}))
        then, _heading, _now = page.text.partition("Today")
        assert "since 1 January 2024" in then, address
        assert " ago" not in then, address


def test_plans_that_are_named_together_can_be_seen_side_by_side(client, reddit):
    for plan in ("Free", "Gold"):
        make_state(make_branch(reddit.uses.get(), plans=[plan]), "not-used")
    page = BeautifulSoup(client.get("/answers", {"q": "reddit free vs reddit gold"}).text, "lxml")
    link = page.find("a", string="Compare these plans side by side")["href"]
    heads = BeautifulSoup(client.get(link).text, "lxml").select(".compared-platforms thead th")
    assert [head.text for head in heads] == ["Reddit · Free", "Reddit · Gold"]


ASK_HOW_TOLD = [
    *(
        ("", question, "People were not told (16 July 2024).")
        for question in (
            "was the Grok training on X announced",
            "were X users given notice of the Grok training",
            "did X announce that it trains Grok",
            "was there any notice before X trained Grok",
            "did X let people know about Grok",
            "has the grok training on x been announced",
            "did x start training grok secretly",
            "X switched on training of Grok, did it say so",
            "did they say so before X trained Grok",
            "X began to train Grok without saying anything",
            "did anybody know that X trains Grok",
            "did X train Grok behind our backs",
        )
    ),
    *(
        ("/de", question, "Die Betroffenen wurden nicht informiert (16. Juli 2024).")
        for question in (
            "Wurde das Grok-Training auf X angekündigt?",
            "Hat X das Training von Grok bekannt gegeben?",
            "Kam das Grok-Training auf X ohne Ankündigung?",
            "Hat X das gesagt, bevor Grok trainiert wurde?",
            "Grok auf X: haben die das gesagt?",
            "Begann das Grok-Training auf X still und leise?",
            "X trainierte Grok ohne Bescheid zu geben",
        )
    ),
    *(
        ("/fr", question, "Les personnes n’ont pas été informées (le 16 juillet 2024).")
        for question in (
            "l'entraînement de Grok sur X a-t-il été annoncé ?",
            "X a-t-il entraîné Grok sans prévenir ?",
            "les utilisateurs de X ont-ils été mis au courant pour Grok ?",
            "X entraîne Grok, l'ont-ils dit ?",
            "X a-t-il entraîné Grok sans le dire ?",
            "X a-t-il entraîné Grok en douce ?",
            "X a-t-il entraîné Grok dans notre dos ?",
        )
    ),
]


def test_what_a_question_asks_for_is_in_its_words():
    mails = [question for _language, question in (*WANT_MAILS, *WANT_MAILS_OF_TWO)]
    assert [each for each in mails if not asks_for("alerts", words(each))] == []
    how_told = [question for _language, question, _told in ASK_HOW_TOLD]
    assert [each for each in how_told if not asks_how_told(words(each))] == []


class TestGrokOnX:
    """A platform with a product of another one: Grok has chats of its own, and is a part of X."""

    @pytest.fixture(autouse=True)
    def grok(self):
        x = make_platform("x", name="X", operator="X Corp.", parts=["Grok"])
        alone = make_platform("xai-grok", name="Grok (xAI)", aliases=["Grok"], operator="xAI")
        of_x = make_use(x, short={"en": "Grok"}, data_kinds=["public-posts", "chats"])
        make_state(of_x, "unless-refused", starts_on=dt.date(2024, 7, 16))
        use = make_use(alone, data_kinds=["chats"])
        make_state(use, "unless-refused")
        told = {"told": ["not-at-all"], "effective_on": dt.date(2024, 7, 16)}
        with arranged():
            make_entry(x, title="X adds a checkbox", **told).uses.add(of_x)
        note = (
            "X removes deleted conversations within 30 days, later only where security or law"
            " requires it."
        )
        history = {"refuse": "delete", "reach": "past-only", "label": "Delete history"}
        make_guide(
            x,
            make_control(of_x, note=note, **history),
            slug="on-x",
            title="Delete your Grok chats on X",
        )
        make_control(of_x, reach="future-only")
        reddit = Use.objects.get(platform__slug="reddit")
        make_guide(reddit.platform, slug="of-another", title="Delete your account")
        make_guide(
            alone, make_control(use, **history), slug="on-grok", title="Delete your Grok chats"
        )

    @pytest.mark.parametrize(
        ("language", "question", "told"),
        [
            ("", "does Grok on X read what I say in a Word document", "People were not told"),
            ("", "who says so that X trains Grok", "People were not told"),
            ("", "does X say how long it keeps Grok chats", "People were not told"),
            ("/de", "Nutzt Grok auf X, was gesagt wird?", "nicht informiert"),
            ("/fr", "qui dit que X entraîne Grok ?", "pas été informées"),
        ],
    )
    def test_what_is_said_otherwise_is_no_question_how_people_were_told(
        self, client, language, question, told
    ):
        page = main(client.get(f"{language}/answers", {"q": question}, follow=True))
        assert page.select_one(".box-line")
        assert not [each for each in page.select(".box-first") if told in each.text]

    @pytest.mark.parametrize("address", ["/answers", "/search"])
    @pytest.mark.parametrize(
        ("language", "question"),
        some(
            [
                ("", "X: when was Grok's training switched on, was it announced, who provides it"),
                ("", "was the Grok training on X announced"),
                ("", "does Grok train on my X posts"),
                ("", "grok x"),
                ("", "Is it true that Grok learns from Twitter or from X"),
                ("/de", "Wurde das Grok-Training auf X angekündigt?"),
                ("/de", "Trainiert Grok mit meinen Beiträgen auf X?"),
                ("/fr", "Grok s'entraîne-t-il avec mes publications sur X ?"),
            ],
            4,
        ),
    )
    def test_the_service_that_the_product_is_a_part_of_comes_first(
        self, client, address, language, question
    ):
        page = main(client.get(f"{language}{address}", {"q": question}, follow=True))
        names = [
            name.text
            for name in page.select(".box-name, section[aria-labelledby=platforms] .hit-title")
        ]
        assert names == ["X", "Grok (xAI)"]

    @pytest.mark.parametrize(("language", "question", "told"), some(ASK_HOW_TOLD, 5))
    def test_whether_it_was_announced_is_answered_in_many_words(
        self, client, language, question, told
    ):
        page = main(client.get(f"{language}/answers", {"q": question}))
        assert page.select_one(".box-line").select_one(".box-first").text.startswith(told)

    @pytest.mark.parametrize(
        ("language", "question"),
        some(
            [
                ("", "can Grok chats on X be deleted"),
                ("", "delete grok chats on x"),
                ("", "are deleted Grok conversations on X really gone"),
                ("", "how do I erase what I told Grok on X"),
                ("", "how long are Grok chats on X kept"),
                ("", "do grok chats on x disappear"),
                ("/fr", "combien de temps X garde-t-il mes conversations avec Grok"),
                ("/de", "Kann man Grok-Chats auf X löschen?"),
                ("/de", "Werden gelöschte Grok-Gespräche auf X wirklich gelöscht?"),
                ("/fr", "peut-on supprimer les conversations Grok sur X ?"),
                ("/fr", "effacer mes échanges avec Grok sur X"),
            ],
            4,
        ),
    )
    def test_what_can_be_deleted_is_said_with_what_becomes_of_it(self, client, language, question):
        page = main(client.get(f"{language}/answers", {"q": question}))
        line = page.select_one(".box-line")
        assert line.h2.text == "X"
        first = " ".join(each.text for each in line.select(".box-first"))
        assert "30" in first
        (guide,) = line.select(".box-first a[href*='/guides/']")
        assert guide["href"] == f"{language}/guides/on-x"
        every = [link["href"] for link in page.select(".box-first a[href*='/guides/']")]
        assert every == [guide["href"], f"{language}/guides/on-grok"]

    @pytest.mark.parametrize(
        ("language", "question", "reach"),
        [
            (
                "",
                "what happens to X posts that Grok was already trained on",
                "from now on; what was",
            ),
            ("", "does opting out of Grok on X cover old posts", "from now on; what was"),
            ("", "what happens to my old X posts if Grok stops", "from now on; what was"),
            (
                "/de",
                "Was passiert mit alten Beiträgen auf X, mit denen Grok schon trainiert wurde?",
                "gilt ab jetzt; was vorher",
            ),
            (
                "/fr",
                "que deviennent les anciens messages sur X déjà utilisés pour Grok ?",
                "vaut à partir de maintenant",
            ),
        ],
    )
    def test_what_becomes_of_what_was_given_is_said(self, client, language, question, reach):
        line = main(client.get(f"{language}/answers", {"q": question})).select_one(".box-line")
        assert line.h2.text == "X"
        assert reach in line.select_one(".box-first").text

    @pytest.mark.parametrize(
        ("language", "question", "said"),
        [
            ("", "can my reddit posts be deleted", "Whether it can be deleted is not on record."),
            (
                "",
                "does opting out of reddit cover old posts",
                "What becomes of what was given before is not on record.",
            ),
            ("", "how long are reddit chats kept", "How long it is kept is not on record."),
            ("", "was the training of reddit announced", "How people were told is not on record."),
        ],
    )
    def test_that_it_is_not_on_record_is_said(self, client, language, question, said):
        line = main(client.get(f"{language}/answers", {"q": question})).select_one(".box-line")
        assert said in [each.text.strip() for each in line.select(".box-first")]


def test_too_late_is_no_deadline_for_what_can_be_deleted():
    assert not asks_until_when(words("c'est trop tard ? on peut effacer"))
    assert asks_until_when(words("zu spät zum Widersprechen?"))
    assert asks_until_when(words("until when can I object and delete my posts"))
