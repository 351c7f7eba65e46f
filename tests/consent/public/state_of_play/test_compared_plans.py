"""Several services side by side, each on its plan: from the box to /compare and back."""

import csv
import io
import random
import re

import pytest
from bs4 import BeautifulSoup

from consent.vocabulary import People
from tests.factories import make_branch, make_platform, make_state, make_use
from tests.sweeps import DRILL, some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

CHAT_PLANS = [
    {"name": "Free", "people": ["personal"]},
    {"name": "Business", "aliases": ["Team"], "people": ["organisation"]},
    {"name": "Enterprise", "people": ["organisation"]},
    {"name": "API", "people": ["personal", "organisation"], "kind": "api"},
]
CODE_PLANS = [
    {"name": "Free", "people": ["personal"]},
    {"name": "Pro", "people": ["personal"]},
    {"name": "Pro+", "people": ["personal"]},
]
CLAUDE_PLANS = [
    {"name": "Free", "people": ["personal"]},
    {"name": "Claude for Work", "people": ["organisation"], "includes": ["Team", "Enterprise"]},
    {"name": "Team", "people": ["organisation"]},
    {"name": "Enterprise", "people": ["organisation"]},
]
FOUR = ["ChatGPT · Free", "ChatGPT · Enterprise", "Claude · Free", "Claude · Team"]


@pytest.fixture(autouse=True)
def services():
    for slug, name, plans, states in (
        ("chatgpt", "ChatGPT", CHAT_PLANS, ("unless-refused", "only-if-agreed")),
        ("claude", "Claude", CLAUDE_PLANS, ("no-way-out", "not-used")),
    ):
        platform = make_platform(slug, name=name, plans=plans)
        use = make_use(platform, plans=["Free"], data_kinds=["chats"])
        make_state(use, states[0])
        paid = [plan["name"] for plan in plans if plan["people"] == ["organisation"]]
        sold = [name for name in paid if name != "Claude for Work"]
        make_state(make_branch(use, people=["organisation"], plans=sold), states[1])
        if slug == "chatgpt":
            make_state(make_branch(use, people=["personal"], plans=["API"]), "no-way-out")
            make_state(make_branch(use, people=["organisation"], plans=["API"]), "not-used")

    for slug, aliases in (("coder", ["Coder Pro", "Coder Pro+"]), ("cursor", [])):
        of_code = make_platform(slug, name=slug.title(), plans=CODE_PLANS, aliases=aliases)
        make_state(make_use(of_code, data_kinds=["code"]), "unless-refused")


def opened(client, address, **query):
    response = client.get(address, query or None, follow=True)
    assert response.status_code == 200, address
    return BeautifulSoup(response.text, "lxml")


def columns(page):
    heads = [head.get_text() for head in page.select(".compared-platforms thead th")]
    cells = page.select(".compared-platforms tbody tr:first-child td")
    assert [cell["data-platform"] for cell in cells] == heads
    return dict(zip(heads, (cell.get_text(" ", strip=True) for cell in cells), strict=True))


def side_by_side(client, typed, prefix=""):
    page = opened(client, f"{prefix}/answers", q=typed)
    (link,) = page.select(f"a[href^='{prefix}/compare?']")
    return page, opened(client, link["href"])


@pytest.mark.parametrize(
    ("typed", "heads"),
    some(
        [
            ("ChatGPT Free, ChatGPT Enterprise, Claude Free, Claude Team", FOUR),
            ("ChatGPT Free vs ChatGPT Enterprise vs Claude Free vs Claude Team", FOUR),
            ("ChatGPT Free and Enterprise against Claude Free and Team", FOUR),
            ("ChatGPT Free et Enterprise contre Claude Free et Team", FOUR),
            ("Free ChatGPT, Enterprise ChatGPT, Free Claude, Team Claude", FOUR),
            ("ChatGPT Team, Claude Team", ["ChatGPT · Business", "Claude · Team"]),
            ("ChatGPT Enterprise or Claude", ["ChatGPT · Enterprise", "Claude"]),
            (
                "ChatGPT Enterprise gegen Claude Team für die Arbeit",
                ["ChatGPT · Enterprise", "Claude · Team"],
            ),
            (
                "ChatGPT Enterprise against Claude for work",
                ["ChatGPT · Enterprise", "Claude · Claude for Work"],
            ),
            ("ChatGPT gratuit ou Claude Team", ["ChatGPT · Free", "Claude · Team"]),
            (
                "Ist kostenloses ChatGPT besser als Claude Team?",
                ["ChatGPT · Free", "Claude · Team"],
            ),
            ("ChatGPT and Claude on Free", ["ChatGPT · Free", "Claude · Free"]),
            ("Coder Free vs Cursor Pro", ["Coder · Free", "Cursor · Pro"]),
            ("Coder Pro+ vs Cursor Pro", ["Coder · Pro+", "Cursor · Pro"]),
            ("Coder Pro vs Cursor Pro+", ["Coder · Pro", "Cursor · Pro+"]),
            ("Cursor Pro Plus, Claude", ["Cursor · Pro+", "Claude"]),
            (
                "difference between free ChatGPT and Claude Team",
                ["ChatGPT · Free", "Claude · Team"],
            ),
            (
                "ChatGPT Free against ChatGPT Enterprise and Claude Free against Claude for work",
                [*FOUR[:3], "Claude · Claude for Work"],
            ),
            ("chatgpt free vs enterprise, claude free vs team", FOUR),
            ("chatgpt gratuit contre enterprise et claude gratuit contre team", FOUR),
            ("ChatGPT kostenlos gegenüber Enterprise, Claude kostenlos gegenüber Team", FOUR),
            ("is chatgpt enterprise safer for work than chatgpt free", FOUR[1::-1]),
            ("chatgpt enterprise rather than chatgpt free for our firm", FOUR[1::-1]),
            (
                "compare free chatgpt with chatgpt enterprise and claude",
                [*FOUR[:2], "Claude"],
            ),
            (
                "is free chatgpt or claude team better for work",
                ["ChatGPT · Free", "ChatGPT · organisations", "Claude · Team"],
            ),
        ],
        9,
    ),
)
def test_each_plan_that_is_typed_is_a_column_and_no_other(client, typed, heads):
    page, compared = side_by_side(client, typed)
    assert list(columns(compared)) == heads
    assert len(page.select(".box-line")) == len(heads)


@pytest.mark.parametrize(
    "typed",
    some(
        [
            "ChatGPT kostenlos gegen Enterprise",
            "ChatGPT Free gegenüber Enterprise",
            "chatgpt gratuit contre enterprise",
            "chatgpt free compared to enterprise",
            "ChatGPT Free im Vergleich zu Enterprise",
            "chatgpt gratuit par rapport à enterprise",
            "free against enterprise chatgpt",
        ],
        few=3,
    ),
)
def test_plans_of_one_service_are_weighed_against_each_other_in_many_words(client, typed):
    page, compared = side_by_side(client, typed)
    assert list(columns(compared)) == FOUR[:2]
    assert not page.select(".notice")


def test_the_columns_say_what_the_box_and_the_api_say(client):
    typed = "ChatGPT Free, ChatGPT Enterprise, Claude Free, Claude Team"
    _page, compared = side_by_side(client, typed)
    assert columns(compared) == {
        "ChatGPT · Free": "Yes; how to opt out is not on record",
        "ChatGPT · Enterprise": "Only if your organisation agrees",
        "Claude · Free": "Yes, and there is no way out",
        "Claude · Team": "No",
    }
    chance = random.Random(7)
    asked = [("chatgpt", "Free"), ("chatgpt", "Business"), ("chatgpt", "Enterprise")]
    asked += [("claude", plan["name"]) for plan in CLAUDE_PLANS] + [("claude", ""), ("chatgpt", "")]
    for _ in range(12 if DRILL else 4):
        drawn = chance.sample(asked, chance.randint(2, 5))
        query = {"p": [slug for slug, _plan in drawn], "plan": [plan for _slug, plan in drawn]}
        found = columns(opened(client, "/compare", **query))
        for (slug, plan), words in zip(drawn, found.values(), strict=True):
            item = client.get("/api/v1/verdict", {"platform": slug, "plan": plan}).json()["item"]
            assert item["answer_in_words"].partition(" · ")[0] in words
            box = opened(client, "/answers", q=f"{slug} {plan}").select_one(".box-answer")
            assert item["headline"] in box.get_text()


@pytest.mark.parametrize(
    ("query", "sides"),
    [
        (
            "p=chatgpt&plan=Free&p=chatgpt&plan=Enterprise&p=claude&plan=&p=claude&plan=Team",
            ["chatgpt Free", "chatgpt Enterprise", "claude ", "claude Team"],
        ),
        ("p=chatgpt&plan=Free&plan=Enterprise", ["chatgpt Free", "chatgpt Enterprise"]),
    ],
)
def test_the_file_has_the_columns_of_the_page(client, query, sides):
    page = opened(client, f"/compare?{query}")
    link = page.select_one('a[href^="/compare.csv"]')["href"]
    read = list(csv.DictReader(io.StringIO(client.get(link).text)))
    assert [f"{row['platform_id']} {row['plan']}" for row in read] == sides
    assert len({row["id"] for row in read}) == len(read)
    for row, words in zip(read, columns(page).values(), strict=True):
        assert words in row["answer_in_words"]


def test_the_file_of_two_places_has_a_row_for_each(client):
    link = opened(client, "/compare?p=coder&place=DE&place=US").select_one('a[href*=".csv"]')
    read = list(csv.DictReader(io.StringIO(client.get(link["href"]).text)))
    assert [(row["place"], row["people"]) for row in read] == [
        ("DE", "personal"),
        ("US", "personal"),
    ]
    assert len({row["id"] for row in read}) == 2


def test_the_file_refuses_a_plan_that_there_is_not_with_those_that_there_are(client):
    refused = client.get("/compare.csv?p=cursor&plan=Max&p=claude&plan=Free")
    assert (refused.status_code, "Allowed: Free, Pro, Pro+" in refused.text) == (400, True)


def test_a_heading_leads_to_the_page_of_the_platform_on_that_plan(client):
    _page, compared = side_by_side(client, "ChatGPT Free, Claude Team")
    links = [link["href"] for link in compared.select(".compared-platforms thead a")]
    assert links == ["/platforms/chatgpt?plan=Free", "/platforms/claude?plan=Team"]


def test_another_place_keeps_the_plans(client):
    page = opened(client, "/compare?p=chatgpt&plan=Free&p=claude&plan=Team")
    form = page.select_one("form.reader-form")
    kept = [(each["name"], each["value"]) for each in form.select("input[type=hidden]")]
    response = client.get(form["action"], _lists([*kept, ("place", "DE")]), follow=True)
    again = BeautifulSoup(response.text, "lxml")
    assert list(columns(again)) == ["ChatGPT · Free", "Claude · Team"]
    assert again.select_one("select[name=place] option[selected]")["value"] == "DE"


def test_a_plan_is_chosen_in_the_form_and_a_further_service_is_added(client):
    form = opened(client, "/compare?p=chatgpt&p=claude").select_one(
        "form:has([list=compare-names])"
    )
    fields = form.select("input[name=p], [name=plan]")
    assert [field["name"] for field in fields] == ["p", "plan"] * 5
    offered = [option.get_text() for option in fields[1].select("option")]
    assert offered == ["any", "Free", "Business", "Enterprise", "API"]
    typed = [(field["name"], field.get("value") or "") for field in fields]
    typed[1], typed[4] = ("plan", "Enterprise"), ("p", "chatgpt")
    response = client.get(form["action"], _lists(typed), follow=True)
    heads = columns(BeautifulSoup(response.text, "lxml"))
    assert list(heads) == ["ChatGPT · Enterprise", "Claude", "ChatGPT"]
    (address, _status) = response.redirect_chain[-1]
    assert address == "/compare?p=chatgpt&plan=Enterprise&p=claude&plan=&p=chatgpt&plan="


def test_a_plan_that_is_typed_with_the_name_is_not_left_out(client):
    page = opened(client, "/compare", p=["ChatGPT Enterprise", "claude:Team", "cursor:Pro+"])
    assert list(columns(page)) == ["ChatGPT · Enterprise", "Claude · Team", "Cursor · Pro+"]


def test_a_plan_that_there_is_not_is_refused_with_those_there_are_for_that_column(client):
    response = client.get("/compare?p=chatgpt&plan=Free&p=claude&plan=Gold")
    assert response.status_code == 400
    page = BeautifulSoup(response.text, "lxml")
    assert "a plan “Gold” of Claude" in page.select_one("main .lead").get_text()
    links = page.select("main .active-filters a")
    assert [link.get_text() for link in links] == [plan["name"] for plan in CLAUDE_PLANS]
    found = columns(opened(client, f"/compare{links[2]['href']}"))
    assert list(found) == ["ChatGPT · Free", "Claude · Team"]


def test_a_plan_of_persons_and_organisations_asks_whose_and_columns_may_differ_by_people(client):
    response = client.get("/compare?p=chatgpt&plan=API&p=claude&plan=Team")
    assert response.status_code == 400
    links = BeautifulSoup(response.text, "lxml").select("main .active-filters a")
    assert len(links) == 2
    found = columns(opened(client, f"/compare{links[0]['href']}"))
    assert list(found) == ["ChatGPT · API · personal accounts", "Claude · Team"]
    both = "p=chatgpt&plan=API&people=personal&p=chatgpt&plan=API&people=organisation"
    assert columns(opened(client, f"/compare?{both}")) == {
        "ChatGPT · API · personal accounts": "Yes, and there is no way out",
        f"ChatGPT · API · {People.ORGANISATION.label}": "No",
    }


def test_columns_may_differ_by_place(client):
    use = make_use(make_platform("z", name="Z"), except_places=["DE"], data_kinds=["chats"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["DE"]), "not-used")
    found = columns(opened(client, "/compare?p=z&place=DE&p=z&place=FR&p=claude&place=FR"))
    assert list(found) == ["Z · Germany", "Z · France", "Claude · France"]
    assert list(found.values())[:2] == ["No", "Yes; how to opt out is not on record"]


def test_parts_of_europe_that_differ_are_columns(client):
    use = make_use(make_platform("z", name="Z"), except_places=["EEA"], data_kinds=["chats"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["EEA"]), "not-used")
    page, compared = side_by_side(client, "Z in Europe")
    assert page.find("a", string="Compare side by side")
    answers = [each.strong.get_text() for each in page.select(".box-answer")]
    assert len(answers) > 1
    for answer, words in zip(answers, columns(compared).values(), strict=True):
        assert re.match("Yes|No", answer)[0] == re.match("Yes|No", words)[0]


def test_the_comparison_of_a_day_is_of_that_day(client):
    page, compared = side_by_side(client, "ChatGPT Free vs Claude Team on 1 March 2026")
    assert "On 1 March 2026" in page.select_one(".box-answer").get_text()
    assert "1 March 2026" in compared.select_one(".notice").get_text()


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [("/de", "ChatGPT Free, Claude Team"), ("/fr", "ChatGPT Free, Claude Team")],
)
def test_names_of_plans_stay_in_other_languages(client, prefix, typed):
    _page, compared = side_by_side(client, typed, prefix)
    assert list(columns(compared)) == ["ChatGPT · Free", "Claude · Team"]


def test_a_plan_in_a_sentence_with_an_article_is_the_plan_of_the_answer(client):
    plans = [{"name": "Trial", "aliases": ["trial key"], "people": ["personal"]}]
    use = make_use(make_platform("cohere", name="Cohere", plans=plans), plans=["Trial"])
    make_state(use, "unless-refused")
    for typed in ("Does Cohere train on what I send with a trial key?", "Cohere trial key"):
        (answer,) = opened(client, "/answers", q=typed).select(".box-answer")
        assert "Trial" in answer.get_text()
    (answer,) = opened(client, "/answers", q="ChatGPT for a team").select(".box-answer")
    assert "Business" not in answer.get_text()


def test_a_plan_of_the_product_with_the_longer_name_is_not_that_of_another(client):
    """Copilot Pro of GitHub is no plan of Microsoft Copilot, which has none of that name."""
    copilots = {"operator": "Microsoft"}
    github = make_platform(
        "github-copilot",
        name="GitHub Copilot",
        aliases=["Copilot", "Copilot Pro"],
        plans=CODE_PLANS,
        **copilots,
    )
    make_state(make_use(github), "unless-refused")
    plans = [{"name": "Microsoft 365 Personal", "people": ["personal"]}]
    former = {"aliases": ["Copilot Pro"], "plans": plans, **copilots}
    make_platform("microsoft-copilot", name="Microsoft Copilot", **former)
    (answer,) = opened(client, "/answers", q="Microsoft Copilot Pro").select(".box-line")
    assert answer.h2.get_text() == "Microsoft Copilot"
    assert "no record of a plan “Pro” of Microsoft Copilot" in answer.get_text()
    either = opened(client, "/answers", q="Copilot Pro").select(".box-line")
    assert {each.h2.get_text() for each in either} == {"GitHub Copilot", "Microsoft Copilot"}


@pytest.mark.parametrize(
    ("language", "words"),
    some(
        [
            ("", "no record of a plan “Enterprise” of Cursor"),
            ("/de", "„Enterprise“"),
            ("/fr", "Enterprise"),
        ],
        few=2,
    ),
)
def test_a_plan_that_is_not_on_record_is_said_and_taken_for_no_service(client, language, words):
    page = opened(client, f"{language}/answers", q="Cursor Enterprise vs Claude Enterprise")
    cursor, claude = page.select(".box-line")
    assert words in cursor.get_text()
    assert "“Enterprise”" not in claude.get_text()
    assert not page.select("main > .notice")
    make_platform("plain", name="Plainly")
    said = "We have no list of plans of Plainly for this kind of account."
    assert said in opened(client, "/answers", q="Plainly Enterprise").get_text()
    for typed in ("Cursor for my business", "Cursor", "is Cursor Pro better than Claude"):
        assert "no record of a plan" not in opened(client, "/answers", q=typed).get_text()


def _lists(pairs):
    """Return the fields of a form in the order in which a browser sends them."""
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("prefix", "label", "words"),
    [
        ("", "Who says it", ["Stated by One", "Reported by others"]),
        ("/de", "Wer es sagt", ["Laut One", "Von anderen berichtet"]),
        ("/fr", "Qui le dit", ["Affirmé par One", "Rapporté par d’autres"]),
    ],
)
def test_each_column_says_on_whose_word_it_is(client, prefix, label, words):
    for name, value, basis in (
        ("one", "only-if-agreed", "stated"),
        ("two", "not-used", "reported"),
    ):
        make_state(make_use(make_platform(name, name=name.title())), value, basis=basis)
    page = opened(client, f"{prefix}/compare", p=["one", "two"])
    rows = {row.th.get_text(): row for row in page.select(".compared-platforms tbody tr")}
    assert [cell.get_text() for cell in rows[label].select("td")] == words


def test_the_file_says_on_whose_word_each_row_is(client):
    for name, basis in (("one", "stated"), ("two", "reported")):
        use = make_use(make_platform(name, name=name.title()), data_kinds=["chats"])
        make_state(use, "not-used", basis=basis)
    rows = csv.DictReader(io.StringIO(client.get("/compare.csv?p=one&p=two").text))
    assert [(row["basis"], row["said_by"]) for row in rows] == [("stated", "One"), ("reported", "")]
