"""What pages answer when an address names a plan, a day to come or what there is not."""

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.vocabulary import People
from tests.factories import make_branch, make_platform, make_state, make_use
from tests.sweeps import in_turn, some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

#: Pages about several platforms, which can answer for no plan.
PAGES_OF_MANY = (
    "/platforms",
    "/operators/x",
    "/matrix",
    "/compare?p=x&p=y",
    "/checklist?p=x",
    "/search?q=x",
    "/timeline",
)
FILES_OF_MANY = ("/matrix.csv", "/matrix.json", "/compare.csv?p=x&p=y", "/feeds/timeline.atom")


@pytest.fixture(autouse=True)
def x():
    platform = make_platform("x", name="X", operator="X Corp.")
    use = make_use(platform)
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"], plans=["Enterprise"]), "not-used")
    make_state(make_use(make_platform("y", operator="X Corp.")), "unless-refused")
    return platform


def asked(client, address, **query):
    response = client.get(address, query)
    return response.status_code, BeautifulSoup(response.content, "html.parser")


@pytest.mark.database
def test_a_plan_on_record_is_answered_by_the_branches_that_name_it(client):
    status, page = asked(client, "/platforms/x", plan="Enterprise")
    assert status == 200
    answer = page.select_one(".verdict-answer").get_text(" ", strip=True)
    assert answer == "No, source not on record (organisations on Enterprise)"
    assert page.select_one("select[name=plan] option[selected]")["value"] == "Enterprise"


def test_an_inferred_answer_says_that_nothing_names_minors_and_whence_their_age_is(client, x):
    x.min_age, x.min_age_source = 13, "https://x.example/terms"
    x.save()
    _status, page = asked(client, "/platforms/x", people="minors")
    answer = page.select_one("section.verdict")
    assert answer.select_one(".verdict-answer").get_text(strip=True) == (
        "Yes, source not on record; you can opt out, how is not on record (inferred for minors)"
        "; nothing on record says that minors are treated differently"
    )
    assert answer.select_one("a[href='https://x.example/terms']")
    _status, page = asked(client, "/answers", q="x", people="minors")
    assert "; nothing on record says that minors" in page.select_one(".box-answer").get_text()
    _status, page = asked(client, "/platforms/x")
    assert "treated differently" not in page.get_text()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://www.x.example/terms", "x.example"),
        (
            f"https://github.com/OpenTermsArchive/a/blob/{'a' * 40}/X/Terms%20of%20Service.md",
            "Terms of Service, Open Terms Archive",
        ),
        (f"https://github.com/OpenTermsArchive/a-versions/commit/{'a' * 40}", "Open Terms Archive"),
    ],
)
def test_the_source_of_a_minimum_age_has_its_own_name(client, x, source, name):
    x.min_age, x.min_age_source = 13, source
    x.save()
    _status, page = asked(client, "/platforms/x", people="minors")
    assert page.select_one(f"section.verdict a[href='{source}']").text == name


def test_an_answer_says_at_once_what_holds_for_minors_if_that_is_another(client, x):
    make_state(make_branch(x.uses.get(), people=["minors"]), "not-used")
    _status, page = asked(client, "/platforms/x")
    answer = page.select_one("section.verdict")
    below = answer.select_one("p.answer-more")
    assert below.get_text(" ", strip=True) == "No, source not on record (minors)"
    assert below.find_previous_sibling(class_="verdict-answer")
    assert below.find_next_sibling("form")
    assert below.find_next_sibling(class_="verdict-age")
    others = [each.get_text(" ", strip=True) for each in page.select(".verdict-others li")]
    assert others == ["No, source not on record (organisations)"]


@pytest.mark.parametrize(
    ("query", "plans"),
    [
        ({"plan": "nonsense"}, ["Enterprise"]),
        ({"plan": "Enterprise", "people": "personal"}, []),
    ],
)
def test_a_plan_that_is_not_on_record_is_refused_with_the_form_and_those_that_are(
    client, query, plans
):
    status, page = asked(client, "/platforms/x", **query)
    assert status == 400
    assert [each.get_text() for each in page.select("main .active-filters a")] == plans
    assert page.select_one("main form [name=place]")
    assert not page.select(".verdict, .chip, .state-card")
    for link in page.select("main .active-filters a"):
        assert client.get(f"/platforms/x{link['href']}").status_code == 200


@pytest.mark.parametrize(
    ("axis", "address"),
    in_turn(
        ["place=DE", "people=organisation", "plan=Enterprise"],
        ["/", "/numbers", "/numbers/2026-01-01", "/numbers/then-and-now", "/guides"],
    ),
)
def test_a_page_that_is_the_same_for_everybody_says_so(client, address, axis):
    status, page = asked(client, f"{address}?{axis}")
    assert status == 400
    assert "This page is the same for everybody." in page.select_one("main .lead").get_text()
    form = page.select_one("main form.reader-form")
    assert form["action"] == "/platforms"
    assert [each["name"] for each in form.select("[name]")] == ["place", "people", "asof"]
    assert client.get(f"{address}?utm_source=x").status_code == 200


@pytest.mark.parametrize("address", ["/answers", "/search"])
@pytest.mark.parametrize("typed", ["X on 25 December 2038", "x am 25. Dezember 2038"])
def test_a_day_to_come_in_a_question_is_refused_as_in_an_address(client, address, typed):
    status, page = asked(client, address, q=typed)
    assert status == 400
    assert "“2038-12-25” is no day up to today." in page.main.get_text()
    assert not page.select(".box-line, .hit")
    form = page.select_one("main form.reader-form")
    kept = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    assert client.get(address, {**kept, "asof": "2026-01-01"}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/guides",
        "/operators/x",
        "/checklist?p=x",
        "/for/parents",
    ],
)
def test_a_page_about_today_answers_for_no_other_day(client, address):
    joint = "&" if "?" in address else "?"
    status, page = asked(client, f"{address}{joint}asof=2024-07-26")
    assert status == 400
    assert page.select_one("main form.reader-form")["action"] == "/platforms"
    assert page.select_one("main form [name=asof]")["value"] == "2024-07-26"
    assert "Yes, unless" not in page.get_text()
    today = timezone.localdate()
    assert client.get(f"{address}{joint}asof={today}").status_code == 200
    assert client.get(f"{address}{joint}asof=").status_code == 200


def test_a_plan_begins_as_precisely_as_its_source_says(client, x):
    x.plans = [{"name": "Go", "people": ["personal"], "since": "2025-08"}]
    x.save()
    status, page = asked(client, "/platforms/x", plan="Go", asof="2025-07-31")
    assert status == 400
    assert "X has “Go” since August 2025 only." in page.select_one("main .lead").get_text()
    (plan, *_named) = client.get("/api/v1/platforms/x/plans").json()["items"]
    assert plan["since"] == {"value": "2025-08-01", "precision": "month"}
    verdict = client.get("/api/v1/verdict?platform=x&plan=Go&asof=2025-07-31").json()
    assert verdict["detail"] == "plan: X has “Go” since 2025-08 only."


@pytest.mark.parametrize(
    ("more", "address"),
    in_turn(["", "&people=personal"], PAGES_OF_MANY),
)
def test_a_page_about_several_platforms_answers_for_no_plan(client, address, more):
    joint = "&" if "?" in address else "?"
    response = client.get(f"{address}{joint}plan=Enterprise{more}")
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 400
    assert page.select_one("main form [name=place]")
    assert "Yes, unless" not in page.get_text()


@pytest.mark.parametrize("address", FILES_OF_MANY)
def test_a_file_about_several_platforms_answers_for_no_plan(client, address):
    joint = "&" if "?" in address else "?"
    assert client.get(f"{address}{joint}plan=Enterprise").status_code == 400


@pytest.mark.parametrize(
    ("axis", "address"),
    in_turn(["place=Atlantis", "place=Georgia", "people=cats"], ["/platforms/x", *PAGES_OF_MANY]),
)
def test_a_place_or_people_that_there_are_not_are_refused_with_the_form(client, address, axis):
    joint = "&" if "?" in address else "?"
    response = client.get(f"{address}{joint}{axis}")
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 400
    assert page.select_one("main form [name=place]")
    assert [each["value"] for each in page.select("main form [name=people] option")][1:] == [
        *People
    ]
    meant = [link["href"] for link in page.select("main .active-filters a")]
    assert [href.partition("place=")[2][:5] for href in meant] == (
        ["GE", "US-GA"] if axis == "place=Georgia" else []
    )
    assert "Yes, unless" not in page.get_text()


@pytest.mark.parametrize("address", ["/platforms/x", *PAGES_OF_MANY])
def test_the_form_of_a_refusal_asks_for_nothing_that_its_page_refuses(client, address):
    joint = "&" if "?" in address else "?"
    page = BeautifulSoup(client.get(f"{address}{joint}place=Atlantis").content, "html.parser")
    form = page.select_one("main form")
    given = {"place": "DE", "people": "personal", "asof": "2026-01-31"}
    asked = {
        field["name"]: given.get(field["name"], field.get("value", ""))
        for field in form.select("input[name], select[name]")
    }
    response = client.get(form["action"], asked)
    assert response.status_code == 200
    assert "There is no filter of this name" not in response.text


def test_a_search_without_a_platform_refuses_another_day_than_today(client):
    response = client.get("/search?q=opt+out&asof=2026-01-31")
    assert response.status_code == 400
    form = BeautifulSoup(response.content, "html.parser").select_one("main form")
    assert form["action"] == "/platforms"
    assert form.select_one("[name=asof]")["value"] == "2026-01-31"
    assert client.get("/search?q=x&asof=2026-01-31").status_code == 200


@pytest.mark.parametrize("address", ["/platforms/x", *PAGES_OF_MANY])
def test_a_place_is_known_by_its_name_in_a_language_of_the_site(client, address):
    joint = "&" if "?" in address else "?"
    assert client.get(f"{address}{joint}place=Deutschland&people=organisation").status_code == 200


@pytest.mark.parametrize(
    "address",
    some(["/platforms", "/platforms/x", "/matrix", "/compare?p=x&p=y", *FILES_OF_MANY[:3]], few=3),
)
def test_nobody_is_told_today_what_holds_on_a_day_to_come(client, address):
    joint = "&" if "?" in address else "?"
    response = client.get(f"{address}{joint}asof=2038-01-01")
    assert response.status_code == 400
    assert "2038-01-01” is no day up to today" in response.text
    for answer in ("Yes, unless", "yes-unless-refused"):
        assert answer not in response.text


def test_a_plan_of_several_kinds_of_people_asks_whose_it_is_and_stays_chosen(client, x):
    x.plans = [{"name": "Teachers", "people": ["personal", "organisation"]}]
    x.save()
    status, page = asked(client, "/platforms/x", plan="Teachers")
    assert status == 400
    first, *_others = page.select("main .active-filters a")
    answered = client.get(f"/platforms/x{first['href']}")
    assert answered.status_code == 200
    chosen = BeautifulSoup(answered.content, "html.parser").select("option[selected]")
    assert {"Teachers", "personal"} <= {option["value"] for option in chosen}


class TestSeveralPlans:
    @pytest.fixture(autouse=True)
    def copilot(self):
        copilot = make_platform(
            "github-copilot",
            name="GitHub Copilot",
            aliases=["Copilot"],
            plans=[
                {"name": "Free", "people": ["personal"]},
                {"name": "Pro", "people": ["personal"]},
                {"name": "Business", "people": ["organisation"]},
            ],
        )
        use = make_use(copilot, plans=["Free", "Pro"])
        make_state(use, "unless-refused")
        business = make_branch(use, people=["organisation"], plans=["Business"])
        make_state(business, "not-used")

    @pytest.mark.parametrize(
        "typed",
        some(
            [
                "GitHub Copilot Free, Business",
                "difference between Copilot Free and Business",
                "Free or Business GitHub Copilot",
                "Copilot Free vs Business",
                "Copilot Free oder Business",
                "copilot free, copilot business",
                "GitHub Copilot Free et Business",
            ],
            few=4,
        ),
    )
    def test_that_are_typed_have_a_line_each(self, client, typed):
        page = BeautifulSoup(client.get("/answers", {"q": typed}, follow=True).text, "lxml")
        lines = [" ".join(each.get_text(" ").split()) for each in page.select(".box-line")]
        assert len(lines) == 2
        assert "Yes" in lines[0]
        assert "(Free)" in lines[0]
        assert "No" in lines[1]
        assert "Business" in lines[1]
        assert "We know no service" not in page.text

    @pytest.mark.parametrize(
        ("typed", "count"),
        [
            ("Copilot Free for my business", 1),
            ("is GitHub Copilot free for a business?", 1),
            ("my business, GitHub Copilot", 1),
            ("GitHub Copilot Pro", 1),
        ],
    )
    def test_a_word_that_stands_alone_is_no_further_plan(self, client, typed, count):
        page = BeautifulSoup(client.get("/answers", {"q": typed}, follow=True).text, "lxml")
        assert len(page.select(".box-line")) == count
