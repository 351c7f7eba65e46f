"""Sentences typed into the box are read for the plan, the place and the age that they name."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3

from consent.public.questions.asked_question import read_question
from consent.vocabulary import People
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_entry,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    chatgpt = make_platform("chatgpt", name="ChatGPT", operator="OpenAI")
    use = make_use(chatgpt, people=["personal"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"], plans=["Enterprise"]), "not-used")
    make_platform("perplexity", name="Perplexity", aliases=["Comet"])
    make_platform("meta-model-api", name="Meta Model API", aliases=["Llama API"])
    deepseek = make_use(make_platform("deepseek", name="DeepSeek"), except_places=["EU"])
    make_state(deepseek, "unless-refused")
    make_state(make_branch(deepseek, places=["EU"]), "not-used")
    instagram = make_platform("instagram", name="Instagram")
    posts = make_use(instagram, people=["personal"])
    make_state(posts, "unless-refused")
    make_state(make_branch(posts, people=["minors"]), "not-used")
    make_state(make_branch(posts, people=["no-account"]), "no-way-out")
    make_state(make_branch(posts, people=["organisation"]), "only-if-agreed")
    for name in ("Slack", "Zoom", "LinkedIn"):
        make_platform(name.lower(), name=name)


def asked(client, typed):
    response = client.get("/answers", {"q": typed}, follow=True)
    return BeautifulSoup(response.text, "lxml")


def answers(page):
    return [" ".join(each.get_text(" ").split()) for each in page.select(".box-line")]


def words(page):
    return " ".join(page.main.get_text(" ").split())


def test_parents_read_that_nothing_is_on_record_of_private_messages(client):
    use = Platform.objects.get(slug="instagram").uses.get()
    use.data_kinds = ["public-posts"]
    use.save()
    messages = "Private messages: nothing on record"
    assert messages in answers(asked(client, "my 14 year old is on instagram"))[0]
    assert messages not in answers(asked(client, "instagram"))[0]
    chosen = client.get("/platforms/instagram", {"people": "minors"}).text
    assert messages in BeautifulSoup(chosen, "lxml").select_one("section.verdict").get_text()
    asked_for = answers(asked(client, "does instagram read the messages of my 14 year old"))
    assert asked_for[0].count(messages) == 1
    assert messages not in answers(asked(client, "chatgpt for my 14 year old"))[0]


@pytest.mark.parametrize(
    ("question", "page_of_the_answer"),
    some(
        [
            ("Which deadline to object comes next?", "/next"),
            ("What is announced?", "/next"),
            ("How many platforms train by default today?", "/numbers"),
            ("Does a copyright notice in my bio help?", "/claims"),
            ("Which LLM API providers train on prompts?", "/developers/providers"),
            ("llm api", "/developers/providers"),
        ],
        few=3,
    ),
)
def test_a_question_about_no_service_leads_to_the_page_that_answers_it(
    client, question, page_of_the_answer
):
    page = asked(client, question)
    assert not page.select(".box-line, section[aria-labelledby=platforms]")
    assert page.select(".pages-for-it a, #coming ~ p a")[0]["href"] == page_of_the_answer
    assert all(each.li for each in page.select(".pages-for-it"))


@pytest.mark.parametrize("prefix", ["", "/de", "/fr"])
def test_a_question_of_how_many_has_the_number_in_the_answer(client, prefix):
    typed = "How many platforms train AI by default?"
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    figure = page.select_one(".asked-counts [href*='figure=trains']")
    assert figure.text == figure["data-count"] == "3"  # ChatGPT, DeepSeek and Instagram
    numbers = BeautifulSoup(client.get(f"{prefix}/numbers").text, "lxml")
    same = numbers.find("a", attrs={"data-count": True, "href": figure["href"]})
    assert same["data-count"] == figure["data-count"]


def test_a_question_that_is_not_understood_says_so_and_names_the_pages_that_may_answer(client):
    page = asked(client, "Why would the moon that comes towards anyone's garden?")
    assert "We did not understand this question." in words(page)
    assert [link["href"] for link in page.select(".pages-for-it a")] == [
        "/next",
        "/numbers",
        "/claims",
        "/corrections",
        "/developers/providers",
    ]


@pytest.mark.parametrize("typed", ["ChatGPT Enterprise", "Does chatgpt enterprise train on us?"])
def test_a_plan_that_is_typed_is_the_plan_of_the_answer(client, typed):
    page = asked(client, typed)
    (answer,) = answers(page)
    assert "No, source not on record (organisations on Enterprise)" in answer
    assert page.select_one(".box-name a")["href"] == "/platforms/chatgpt?plan=Enterprise"


@pytest.mark.parametrize(
    "typed",
    [
        "Does DeepSeek train on me outside Europe?",
        "deepseek outside of the EU",
        "deepseek, I am not in Germany",
        "DeepSeek außerhalb der EU",
        "deepseek hors de l'UE",
    ],
)
def test_a_place_that_is_excluded_is_not_the_place_of_the_answer(client, typed):
    page = asked(client, typed)
    assert answers(page)[0].startswith("DeepSeek Depends on your country")
    assert not page.select_one("main select[name=place] option[selected][value]:not([value=''])")


@pytest.mark.parametrize(("language", "before"), [("en", "on"), ("de", "am"), ("fr", "le")])
def test_a_day_of_any_month_is_no_age(language, before):
    with translation.override(language):
        months = [str(name) for names in (MONTHS, MONTHS_3) for name in names.values()]
    typed = [
        f"Instagram {before} {day}{dot} {month}{year}"
        for month in months
        for day in (4, 9, 17)
        for dot in (".", "")
        for year in ("", " 2025")
    ]
    asked_of = {each: read_question(each) for each in typed}
    assert [each for each, question in asked_of.items() if question.people] == []
    assert [each for each, question in asked_of.items() if question.day is None] == []


def test_the_answer_of_a_german_day_is_for_adults(client):
    page = asked(client, "Instagram am 7. Oktober 2025")
    assert "On 7 October 2025" in answers(page)[0]
    assert "people under 18" not in words(page)


OF_MINORS = [
    "I am 14, does Instagram use my photos?",
    "instagram for a 14-year-old",
    "my child uses Instagram",
    "instagram teenager",
    "Mein Kind ist auf Instagram",
    "instagram, mon enfant a 12 ans",
    "my son is 14 and uses Instagram",
    "Instagram, she is 12",
    "our grandchildren use instagram",
    "instagram for people under 18",
    "my daughter's school uses Instagram",
    "mein Sohn ist 14, Instagram",
    "Instagram unter 16",
    "mon fils de 13 ans est sur Instagram",
]


@pytest.mark.parametrize("typed", some(OF_MINORS, 4))
def test_an_age_below_18_gets_the_answer_for_minors(client, typed):
    page = asked(client, typed)
    assert "No, source not on record" in answers(page)[0]
    assert "Answers for people under 18" in words(page)
    for_adults = page.find("a", string="adults with an account of their own")["href"]
    adults = BeautifulSoup(client.get(for_adults).text, "lxml")
    assert "Yes, source not on record" in answers(adults)[0]
    assert "Answers for adults with an account of their own." in words(adults)


@pytest.mark.parametrize(
    "typed",
    [
        "instagram, I am 25 years old",
        "my son is 25 and uses Instagram",
        "Instagram gives my posts to other companies",
        "does a company called Instagram train on my posts",
        "which is 2.5 times more, instagram",
    ],
)
def test_a_question_that_names_no_other_people_is_answered_for_adults(client, typed):
    page = asked(client, typed)
    assert "Yes, source not on record" in answers(page)[0]
    assert not page.select(".box-people")


OF_ORGANISATIONS = [
    "I administer Instagram for our firm",
    "for our small law firm: instagram",
    "we are a school, does Instagram train on our pupils' photos?",
    "my company's Instagram",
    "does my employer's Instagram train AI",
    "I am the admin of Instagram",
    "instagram for a business",
    "Unsere Firma nutzt Instagram",
    "Wir sind eine Schule: Instagram",
    "ich administriere Instagram",
    "Instagram in unserem Verein",
    "nous sommes une école, instagram",
    "Instagram dans mon entreprise",
    "j'administre Instagram",
    "company of 40 people with Instagram",
    "Instagram, we are 60 people in Austria",
    "a firm with about sixty employees: Instagram",
    "Instagram, 40 employees",
    "small business, Instagram",
    "Firma mit 40 Leuten, Instagram",
    "Instagram, wir sind 60 Leute",
    "Instagram für 12 Mitarbeiter",
    "kleines Unternehmen, Instagram",
    "entreprise de 40 personnes, Instagram",
    "nous sommes 60 personnes, Instagram",
    "Instagram pour 12 salariés",
    "petite entreprise, Instagram",
]


@pytest.mark.parametrize("typed", some(OF_ORGANISATIONS, 5))
def test_whoever_asks_for_an_organisation_gets_its_answer(client, typed):
    page = asked(client, typed)
    assert answers(page)[0].startswith("Instagram Only if your organisation agrees"), answers(page)
    whose = ("Answers for organisations.", "Answers for accounts of a school.")
    assert any(each in words(page) for each in whose)
    assert "We know no service" not in words(page)
    assert page.find("a", string="people under 18")


@pytest.mark.parametrize(
    "typed",
    [
        "As a teacher, does Instagram use my texts?",
        "may Instagram train on what my clients say",
        "Ich bin Lehrerin, Instagram",
        "Instagram avec mes élèves",
        "je suis avocate, instagram",
    ],
)
def test_whose_account_may_be_meant_is_asked_back(client, typed):
    page = asked(client, typed)
    assert "Is it your own account, or one of an organisation?" in words(page)
    organisations = page.find("a", string="organisations")["href"]
    answer = BeautifulSoup(client.get(organisations).text, "lxml")
    assert "Only if your organisation agrees" in answers(answer)[0]
    assert "Is it your own account" not in words(answer)


FROM_WORK = [
    "work instagram",
    "instagram work",
    "instagram at work",
    "Instagram company",
    "does Instagram train on what I write on my work laptop",
    "instagram with a school account",
    "instagram at school",
    "Instagram in der Schule",
    "instagram en classe",
    "instagram beruflich",
    "Instagram bei der Arbeit",
    "arbeit instagram",
    "instagram travail",
    "Instagram au travail",
    "Instagram avec un compte scolaire",
]


@pytest.mark.parametrize("typed", some(FROM_WORK, 4))
def test_whoever_asks_from_work_gets_the_answer_of_organisations_and_may_take_the_other(
    client, typed
):
    page = asked(client, typed)
    assert answers(page)[0].startswith("Instagram Only if your organisation agrees"), answers(page)
    own = page.find("a", string="adults with an account of their own")["href"]
    answer = BeautifulSoup(client.get(own).text, "lxml")
    assert answers(answer)[0].startswith("Instagram Yes, source not on record; you can opt out")


def test_whom_a_question_is_about_is_in_its_words():
    of_organisations = [*OF_ORGANISATIONS, *FROM_WORK]
    whose = {each: read_question(each).people for each in (*OF_MINORS, *of_organisations)}
    assert [each for each in OF_MINORS if whose[each] != People.MINORS] == []
    assert [each for each in of_organisations if whose[each] != People.ORGANISATION] == []


@pytest.mark.parametrize(
    "typed",
    ["does instagram work", "how does Instagram use my work", "is my work on instagram used"],
)
def test_work_that_is_no_place_of_work_says_nothing_of_organisations(client, typed):
    assert "Answers for organisations" not in words(asked(client, typed))


@pytest.mark.parametrize(
    "typed",
    some(
        [
            "instagram for everybody",
            "does Instagram train everywhere",
            "instagram worldwide",
            "Instagram für alle",
            "Instagram überall",
            "Instagram pour tous",
            "Instagram partout",
        ],
        few=3,
    ),
)
def test_a_question_for_everybody_gets_what_is_known_of_each_kind_of_people(client, typed):
    page = asked(client, typed)
    told = [line.partition(" ")[2] for line in answers(page)]
    assert [each.partition(", source not on record")[0] for each in told] == [
        "Adults with an account of their own: Yes",
        "Only if your organisation agrees",
        "Yes",
        "No",
    ], told
    assert "(organisations)" in told[1]
    assert "(people without an account)" in told[2]
    assert "(minors)" in told[3]
    assert "Answers for everybody, each kind of people by itself." in words(page)
    organisations = page.find("a", string="organisations")["href"]
    assert len(answers(BeautifulSoup(client.get(organisations).text, "lxml"))) == 1


def test_a_question_for_everywhere_gets_the_places_beside_each_other(client):
    (line,) = answers(asked(client, "deepseek everywhere"))
    assert " EU: " in line
    assert "Outside the EU: " in line
    branch = Platform.objects.get(slug="deepseek").uses.get()
    make_state(make_branch(branch, places=["US"], people=["minors"]), "only-if-agreed")
    (line,) = answers(asked(client, "deepseek for my daughter everywhere"))
    assert "(US)" in line
    (line,) = answers(asked(client, "deepseek for everybody in France"))
    assert line.startswith("DeepSeek Adults with an account of their own: No")


@pytest.mark.parametrize(
    "typed",
    ["deepseek europe", "DeepSeek in Europe", "DeepSeek in Europa", "deepseek en Europe"],
)
def test_europe_is_the_eu_the_eea_the_uk_and_switzerland_where_they_differ(client, typed):
    use = Platform.objects.get(slug="deepseek").uses.get()
    with arranged():
        use.branches.exclude(places=["EU"]).update(except_places=["EU", "GB"])
    make_state(make_branch(use, places=["GB"]), "only-if-agreed")
    told = answers(asked(client, typed))
    parts = [line.removeprefix("DeepSeek ").partition(": ")[0] for line in told]
    assert parts == ["EU", "Norway, Iceland, Liechtenstein and Switzerland", "UK"], told
    assert "Only if you agree" in told[2]


def test_labels_of_people_and_places_are_in_the_language_of_the_page(client):
    for typed in ("Instagram für alle", "Instagram in Europa"):
        page = BeautifulSoup(client.get("/de/answers", {"q": typed}).text, "lxml")
        assert not page.select_one(".box-answer").select("[lang=en]"), typed


def test_places_of_europe_with_the_same_answer_have_it_together(client):
    (line,) = answers(asked(client, "instagram europe"))
    assert line.startswith("Instagram EU, EEA, UK and Switzerland: Yes")
    (line,) = answers(asked(client, "instagram in the EU"))
    assert line.startswith("Instagram Yes")


@pytest.mark.parametrize(
    "typed",
    [
        "instagram without an account",
        "I don't have an account with Instagram",
        "Instagram ohne Konto",
        "instagram sans compte",
    ],
)
def test_people_without_an_account_get_their_answer(client, typed):
    page = asked(client, typed)
    assert answers(page)[0].startswith(
        "Instagram Yes, source not on record, and there is no way out"
    )
    assert "Answers for people without an account." in words(page)


@pytest.mark.parametrize(
    ("typed", "names"),
    some(
        [
            ("What must I ask my employer's admin about Slack and Zoom?", ["Slack", "Zoom"]),
            ("Does LinkedIn train on my posts, and how do I stop it on my phone?", ["LinkedIn"]),
            ("Is LinkedIn on in the UK, since when, and how do I turn it off?", ["LinkedIn"]),
            ("LinkedIn, until when", ["LinkedIn"]),
            ("LinkedIn, were people told", ["LinkedIn"]),
            ("Ist LinkedIn an, seit wann, bis wann und warum", ["LinkedIn"]),
            ("LinkedIn, depuis quand, jusqu'à quand", ["LinkedIn"]),
        ],
        few=3,
    ),
)
def test_words_of_a_question_are_no_services_that_we_do_not_know(client, typed, names):
    page = asked(client, typed)
    assert [answer.split()[0] for answer in answers(page)] == names
    assert "We know no service" not in words(page)


def test_a_name_in_a_list_that_nobody_knows_is_said(client):
    page = asked(client, "slack zoom xyzzyplugh")
    assert "We know no service called “xyzzyplugh”." in words(page)


def test_a_slip_in_a_name_is_understood_within_a_question(client):
    assert answers(asked(client, "does linkedn train on my posts"))[0].startswith("LinkedIn")


@pytest.fixture
def chats_with_an_ai():
    slack = Platform.objects.get(slug="slack")
    make_state(make_use(slack, data_kinds=["chats"], part="Slackbot"), "unless-refused")
    make_state(make_use(slack, data_kinds=["files"]), "not-used")
    return slack


@pytest.mark.parametrize(
    ("address", "label", "messages"),
    [
        (
            "/answers?q=does Slack train on chats",
            "Chats with Slackbot; all together: Yes",
            "Private messages: ",
        ),
        (
            "/de/answers?q=Chats in Slack",
            "Chats mit Slackbot; alles zusammen: Ja",
            "Private Nachrichten: ",
        ),
        (
            "/fr/answers?q=Slack chats",
            "Échanges avec Slackbot\u202f; le tout ensemble\u00a0: Oui",
            "Messages privés\u00a0: ",
        ),
    ],
)
def test_chats_with_an_ai_only_are_called_so_beside_those_with_people(
    client, chats_with_an_ai, address, label, messages
):
    page = BeautifulSoup(client.get(address).text, "lxml")
    assert page.select_one(".box-answer").text.strip().startswith(label)
    (private,) = [line.text.strip() for line in page.select(".box-first")]
    assert private.startswith(messages)


def test_chats_are_those_with_people_where_there_is_no_ai_to_chat_with(client):
    slack = Platform.objects.get(slug="slack")
    make_state(make_use(slack, data_kinds=["private-messages", "profile"]), "unclear")
    (answer,) = answers(asked(client, "slack chats"))
    assert "We do not know" in answer
    assert "nothing on record" not in answer


def test_chats_of_minors_are_those_with_people_where_their_chats_with_an_ai_are_off_record(client):
    slack = Platform.objects.get(slug="slack")
    make_state(make_use(slack, data_kinds=["chats"]), "unless-refused")
    messages = make_use(slack, short={"en": "messages"}, data_kinds=["private-messages"])
    make_state(make_branch(messages, people=["minors"]), "no-way-out")
    make_state(make_use(slack, people=["minors"], data_kinds=["voice"]), "not-used")
    (answer,) = answers(asked(client, "my daughter's slack chats"))
    assert "there is no way out (minors)" in answer
    assert "nothing on record" not in answer


def test_a_plan_of_several_kinds_of_people_has_one_answer_that_says_where_nothing_is_known(client):
    zoom = Platform.objects.get(slug="zoom")
    zoom.plans = [{"name": "Teachers", "people": ["personal", "organisation"]}]
    zoom.save()
    mine = {"people": ["personal", "organisation"], "plans": ["Teachers"]}
    calls = make_use(zoom, slug="calls", title="Calls train Zoom", places=["US"], **mine)
    make_state(calls, "only-if-agreed")
    (answer,) = answers(asked(client, "Zoom for Teachers"))
    assert "(Teachers)" in answer
    assert "Nothing on record elsewhere" in answer


def test_what_an_entry_is_about_is_not_called_off_the_record(client, chats_with_an_ai):
    question = "does Slack train on public posts?"
    assert "Public posts: nothing on record" in answers(asked(client, question))[0]
    make_entry(chats_with_an_ai, data_kinds=["public-posts"])
    assert "nothing on record" not in answers(asked(client, question))[0]


def first_below(page):
    """What is asked for beside yes or no, which follows that."""
    line = page.select_one(".box-answer ~ .box-first")
    assert not line.find_previous_siblings(class_=["box-way", "verdict-sentences"])
    return " ".join(line.get_text(" ").split())


class TestTheDay:
    @pytest.fixture(autouse=True)
    def linkedin(self):
        linkedin = Platform.objects.get(slug="linkedin")
        mail = make_entry(linkedin, title="LinkedIn trains", told=["mail", "in-product"])
        day = dt.date(2024, 9, 18)
        opened = {"starts_on": day, "opened_by": mail, "since_is": "at-latest"}
        make_state(make_use(linkedin), "unless-refused", **opened)
        make_state(make_use(Platform.objects.get(slug="zoom")), "unless-refused")

    @pytest.mark.parametrize(
        ("question", "first"),
        some(
            [
                (
                    "Since when does LinkedIn train on my data?",
                    "Since 18 September 2024 at the latest",
                ),
                ("When did LinkedIn start?", "Since 18 September 2024 at the latest"),
                ("Since when does Zoom train on my calls?", "Start not known"),
                (
                    "Were people told by LinkedIn?",
                    "How people were told: by mail and in the product (",
                ),
                ("Were people told by Zoom?", "How people were told is not on record."),
                ("Since when does Slack train?", "No start of training is on record."),
            ],
            few=3,
        ),
    )
    def test_comes_right_below_the_answer_where_it_is_asked_for(self, client, question, first):
        assert first_below(asked(client, question)).startswith(first)

    @pytest.mark.parametrize(
        ("address", "question", "first"),
        [
            ("/de", "Seit wann trainiert LinkedIn mit meinen Daten?", "Spätestens seit"),
            ("/de", "Wurden Leute von LinkedIn informiert?", "So wurden die Betroffenen"),
            (
                "/fr",
                "Depuis quand LinkedIn s'entraîne ?",
                "Depuis le 18 septembre 2024 au plus tard",
            ),
            ("/fr", "Les gens ont-ils été prévenus par LinkedIn ?", "Comment les personnes"),
        ],
    )
    def test_is_in_the_language_of_the_page(self, client, address, question, first):
        page = client.get(f"{address}/answers", {"q": question}, follow=True).text
        assert first_below(BeautifulSoup(page, "lxml")).startswith(first)

    @pytest.mark.parametrize(
        ("address", "question", "first"),
        [
            (
                "",
                "Did Slack tell people in Germany that messages train models?",
                "People were not told (7 May 2024).",
            ),
            ("", "Did Slack tell people in Japan?", "People were not told (16 July 2024)."),
            (
                "/de",
                "Wurden die Leute von Slack in Deutschland informiert?",
                "Die Betroffenen wurden nicht informiert (7. Mai 2024).",
            ),
            (
                "/fr",
                "Slack a-t-il informé les gens en Allemagne ? informés",
                "Les personnes n’ont pas été informées (le 7 mai 2024).",
            ),
        ],
    )
    def test_that_people_were_not_told_is_found_on_every_change_of_the_use(
        self, client, address, question, first
    ):
        slack = Platform.objects.get(slug="slack")
        use = make_use(slack)
        make_state(use, "unless-refused", starts_on=dt.date(2025, 3, 20))
        for day, where in ((dt.date(2024, 7, 16), []), (dt.date(2024, 5, 7), ["EEA"])):
            told = {"told": ["not-at-all"], "effective_on": day, "places": where}
            with arranged():
                make_entry(slack, **told).uses.add(use)
        page = client.get(f"{address}/answers", {"q": question}, follow=True).text
        assert first in words(BeautifulSoup(page, "lxml"))

    def test_each_change_is_named_with_how_people_were_told_and_what_was_announced(self, client):
        slack = Platform.objects.get(slug="slack")
        use = make_use(slack)
        make_state(use, "unless-refused", starts_on=dt.date(2024, 5, 7))
        announced = {"announced_on": dt.date(2023, 8, 30), "effective_on": dt.date(2023, 9, 29)}
        changes = [
            ("The policy allows it", {**announced, "effects": ["scope-widened"]}),
            ("It begins", {"told": ["not-at-all"], "effective_on": dt.date(2024, 5, 7)}),
            ("Found", {"announced_on": dt.date(2024, 7, 26), "effects": ["came-to-light"]}),
            ("A suit", {"announced_on": dt.date(2024, 8, 1), "effects": ["lawsuit"]}),
        ]
        for title, about in changes:
            with arranged():
                make_entry(slack, title=title, **about).uses.add(use)
        page = asked(client, "When did Slack start, and did they tell anyone?")
        lines = [" ".join(each.text.split()) for each in page.select(".box-first")]
        assert lines[1:] == [  # the first is since when; the next two answer best
            "Announced 30 August 2023 for 29 September 2023. The policy allows it",
            "People were not told (7 May 2024). It begins",
            "Came to light 26 July 2024. Found",
        ]

    def test_what_is_disputed_about_the_start_is_told(self, client):
        use = make_use(Platform.objects.get(slug="slack"))
        disputed = {"disputed": True, "note": "Sources differ on the month."}
        make_state(use, "unless-refused", starts_on=dt.date(2024, 5, 7), **disputed)
        page = asked(client, "When did Slack start to train?")
        first = [" ".join(each.text.split()) for each in page.select(".box-first")]
        assert "disputed" in first[0]
        assert first[1].startswith("Disputed")
        assert first[1].endswith("Sources differ on the month.")

    @pytest.mark.parametrize(
        ("address", "question", "first"),
        [
            (
                "",
                "Since when does Slack train on my messages?",
                "First on record 7 May 2024; not known from 8 August 2024;"
                " again since 20 March 2025 at the latest",
            ),
            (
                "/de",
                "Seit wann trainiert Slack mit meinen Nachrichten?",
                "Zuerst belegt: 7. Mai 2024; ab 8. August 2024 nicht bekannt;"
                " wieder spätestens seit 20. März 2025",
            ),
            (
                "/fr",
                "Depuis quand Slack s'entraîne ?",
                "Première trace le 7 mai 2024 ; inconnu depuis le 8 août 2024 ;"
                " de nouveau depuis le 20 mars 2025 au plus tard",
            ),
        ],
    )
    def test_a_start_after_an_interruption_is_told_with_the_first_one(
        self, client, address, question, first
    ):
        use = make_use(Platform.objects.get(slug="slack"))
        make_state(use, "unclear", starts_on=dt.date(2023, 9, 29))
        make_state(use, "no-way-out", starts_on=dt.date(2024, 5, 7))
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        make_state(use, "unclear", starts_on=dt.date(2024, 8, 8))
        make_state(use, "unless-refused", starts_on=dt.date(2025, 3, 20), since_is="at-latest")
        page = client.get(f"{address}/answers", {"q": question}, follow=True).text
        said = words(BeautifulSoup(page, "lxml")).replace("\xa0", " ").replace("\u202f", " ")
        assert first in said

    def test_an_end_after_a_start_is_told_where_it_happens_no_more(self, client):
        use = make_use(Platform.objects.get(slug="slack"))
        make_state(use, "unless-refused", starts_on=dt.date(2024, 5, 7))
        make_state(use, "not-used", starts_on=dt.date(2024, 8, 8))
        (line,) = answers(asked(client, "Since when does Slack train?"))
        assert "First on record 7 May 2024; not so from 8 August 2024" in line


@pytest.mark.parametrize("typed", ["DeepSeek Norway", "deepseek jersey", "Jersey DeepSeek"])
def test_a_place_beside_a_name_is_the_place_of_the_answer(client, typed):
    chosen = asked(client, typed).select_one("main select[name=place] option[selected]")
    assert chosen["value"] in ("NO", "JE")


@pytest.mark.parametrize(
    ("prefix", "typed", "labels"),
    [
        ("", "DeepSeek in Germany vs in the US", ["Germany: No", "US: Yes"]),
        ("", "does deepseek train in France and Norway?", ["France: No", "Norway: Yes"]),
        ("/de", "DeepSeek in Frankreich oder in Norwegen", ["Frankreich: Nein", "Norwegen: Ja"]),
        ("/fr", "DeepSeek en France ou en Norvège", ["France: Non", "Norvège: Oui"]),
    ],
)
def test_several_places_have_their_answers_beside_each_other(client, prefix, typed, labels):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": typed}).text, "lxml")
    said = [words_of(each) for each in page.select(".box-answer")]
    assert [each.startswith(label) for each, label in zip(said, labels, strict=True)] == [True] * 2
    (compared,) = page.select(f"a[href^='{prefix}/compare?']")
    assert compared["href"].count("place=") == 2
    chosen = client.get(f"{prefix}/answers", {"q": typed, "place": "CH"}).text
    assert len(BeautifulSoup(chosen, "lxml").select(".box-answer")) == 1


def words_of(part):
    return " ".join(part.get_text(" ").replace("\u202f", " ").replace("\xa0", " ").split()).replace(
        " : ", ": "
    )


def test_a_plan_that_children_cannot_have_is_said_to_be_left_out(client):
    (answer,) = answers(asked(client, "ChatGPT Enterprise for children"))
    assert "We have no record of a plan “Enterprise” of ChatGPT for this kind" in answer


@pytest.mark.parametrize(
    "typed", ["Slack vs Skype", "Slack Enterprise Grid vs Skype", "Slack and Skype"]
)
def test_a_service_that_we_do_not_watch_beside_another_is_said(client, typed):
    page = asked(client, typed)
    assert "We do not watch Skype yet." in words(page)
    alone = asked(client, "Slack for companies and teams")
    assert "We do not watch" not in words(alone)
