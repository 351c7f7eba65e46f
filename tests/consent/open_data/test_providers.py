"""The table of providers, read as somebody does who builds on it: by HTTP, from the page alone."""

import csv
import datetime as dt
import html
import io
import re
import urllib.request

import pytest
from bs4 import BeautifulSoup

from consent.ledger.record_fields import moment
from consent.models import Control, Source, Use
from consent.request_parameters import request_parameter
from consent.vocabulary import Refuse
from platforms.models import Page, Platform
from platforms.record_versions import shown_versions
from tests.arranging import arranged, version_everything
from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db(transaction=True)

APP = {"name": "App", "people": ["personal"]}
ARGUED = {"name": "Argued", "people": ["organisation"], "paid": True, "kind": "api"}
PAID = {"name": "Paid", "people": ["personal", "organisation"], "paid": True, "kind": "api"}
SWITCHED = {"name": "With a switch", "people": ["organisation"], "paid": True, "kind": "api"}
FREE = {"name": "Free tier", "people": ["organisation"], "paid": False, "kind": "api"}


@pytest.fixture
def echo():
    """A provider that trains on its free plan unless a parameter says no."""
    kept = {"retention": "Kept for 30 days.", "retention_source": "https://echo.example/kept"}
    platform = make_platform(
        "echo",
        name="Echo",
        plans=[FREE | kept, PAID, APP],
    )
    page = make_page(platform, last_looked_at=dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC))
    use = make_use(platform, slug="training", title_if_not="Echo does not train on it")
    free = make_branch(use, people=["organisation"], plans=["Free tier"])
    state = make_state(free, value="unless-refused", starts_on=dt.date(2025, 2, 2), basis="stated")
    with arranged():
        Source.objects.create(state=state, url="https://echo.example/terms", publisher="Echo")
    paid = make_branch(use, people=["organisation", "personal"], plans=["Paid"])
    make_state(paid, value="not-used", basis="stated")
    control = make_control(
        use,
        slug="no-train",
        label="no_train",
        refuse=Refuse.SEND_PARAMETER,
        act_covers="one-item",
        surface="api",
        path="query: no_train=true",
    )
    with arranged():
        use.pages.add(page)
    make_guide(platform, control, slug="echo-no-train")
    version_everything()
    return platform


def by_id(answer):
    return {row["id"]: row for row in answer["items"]}


def test_each_plan_for_programs_is_a_row_with_its_answer_and_its_parameter(client, echo):
    rows = by_id(client.get("/data/providers.json").json())
    assert list(rows) == ["echo/free-tier", "echo/paid"]
    free, paid = rows.values()
    assert (free["default"], free["way"], free["parameter"]) == (
        "yes",
        "each-request",
        {"in": "query", "name": "no_train", "value": "true"},
    )
    assert free["since"]["date"] == {"value": "2025-02-02", "precision": "day"}
    assert [source["url"] for source in free["sources"]] == ["https://echo.example/terms"]
    assert (free["last_checked"], free["watched"]) == ("2026-09-01T08:00:00Z", True)
    use = Use.objects.get()
    assert free["recorded_at"] == moment(shown_versions("use", [use.pk])[use.pk].at)
    assert free["retention"] == "Kept for 30 days."
    assert [way["guides"] for way in free["ways_out"]] == [
        ["http://127.0.0.1:8000/guides/echo-no-train"]
    ]
    assert (paid["default"], paid["parameter"], paid["retention"]) == ("no", None, None)
    assert (paid["basis"], paid["said_by"]) == ("stated", "Echo")


def test_the_table_says_what_the_verdict_says(client, echo):
    for row in client.get("/data/providers.json").json()["items"]:
        asked = {"platform": row["platform"], "plan": row["plan"], "people": row["people"]}
        item = client.get("/api/v1/verdict", asked).json()["item"]
        assert (row["default"], row["way"], row["basis"]) == (
            item["stance"],
            item["way"],
            item["basis"],
        )
        assert row["since"] == item["since"]


def test_everybody_who_reports_an_answer_is_named(client):
    for slug, said_by in (("several", ""), ("one", "A regulator")):
        platform = make_platform(slug, plans=[PAID])
        use = make_use(platform, slug="training", people=["organisation"])
        state = make_state(use, value="no-way-out", basis="reported", said_by=said_by)
        with arranged():
            for publisher in ("The Daily", "A blog"):
                address = f"https://{publisher[-4:].strip().lower()}.example/{slug}"
                Source.objects.create(state=state, url=address, publisher=publisher)
    rows = by_id(client.get("/data/providers.json").json())
    told = {key: (row["said_by"], row["reporters"]) for key, row in rows.items()}
    assert told == {
        "one/paid": ("A regulator", ["A regulator"]),
        "several/paid": (None, ["The Daily", "A blog"]),
    }
    asked = {"platform": "several", "plan": "Paid", "people": "organisation"}
    item = client.get("/api/v1/verdict", asked).json()["item"]
    assert item["reporters"] == ["The Daily", "A blog"]
    listed = client.get("/api/v1/platforms?answer=yes-no-way-out").json()["items"]
    assert [each["verdict"]["reporters"] for each in listed] == [
        ["A regulator"],
        ["The Daily", "A blog"],
    ]


def test_a_parameter_that_refuses_a_part_only_does_not_stand_for_the_whole(client, echo):
    voice = make_use(echo, slug="voice")
    make_state(
        make_branch(voice, people=["organisation"], plans=["Free tier"]),
        value="no-way-out",
        basis="stated",
    )
    free = by_id(client.get("/data/providers.json").json())["echo/free-tier"]
    assert (free["way"], free["parameter"]) == ("part", None)
    (way,) = free["ways_out"]
    assert (way["is_parameter"], way["best"], way["uses"]) == (True, True, ["echo/training"])


def test_a_source_of_the_maker_comes_before_what_others_write(client, echo):
    use = Use.objects.get(platform=echo, slug="training")
    state = make_state(make_branch(use, people=["organisation"], plans=["Argued"]), "not-used")
    with arranged():
        Platform.objects.filter(pk=echo.pk).update(plans=[*echo.plans, ARGUED])
        for url in ("https://tracker.example/other", "https://docs.echo.example/training"):
            Source.objects.create(state=state, url=url, publisher="A publisher")
        Page.objects.filter(platform=echo).update(url="https://echo.example/terms")
    rows = {row["id"]: row for row in client.get("/api/v1/providers").json()["items"]}
    assert [source["url"] for source in rows["echo/argued"]["sources"]] == [
        "https://docs.echo.example/training",
        "https://tracker.example/other",
    ]


@pytest.mark.parametrize(("other", "notes"), [(FREE, ["Models of others."]), (APP, [])])
def test_a_note_on_a_use_is_told_of_a_plan_if_it_is_about_programs(client, other, notes):
    platform = make_platform("echo", plans=[PAID, other])
    use = make_use(platform, note="Models of others.", plans=["Paid"], people=PAID["people"])
    make_state(use, "not-used")
    make_state(make_branch(use, people=other["people"], plans=[other["name"]]), "not-used")
    rows = by_id(client.get("/data/providers.json").json())
    assert rows["echo/paid"]["notes"] == notes


def test_a_plan_of_which_nothing_is_known_says_unknown(client):
    make_platform("mute", plans=[FREE])
    (row,) = client.get("/data/providers.json").json()["items"]
    assert (row["default"], row["way"], row["reason"]) == ("unknown", None, "nothing-on-record")
    assert (row["sources"], row["since"], row["recorded_at"]) == ([], None, None)
    assert (row["last_checked"], row["watched"]) == (None, False)


def test_a_page_that_nobody_has_read_yet_is_watched_and_has_no_day(client, echo):
    with arranged():
        Page.objects.update(last_looked_at=None)
    row = client.get("/data/providers.json").json()["items"][0]
    assert (row["last_checked"], row["watched"]) == (None, True)
    with arranged():
        read_at = dt.datetime(2026, 9, 2, tzinfo=dt.UTC)
        Page.objects.update(access="account", confirmed_by_hand_at=read_at)
    row = client.get("/data/providers.json").json()["items"][0]
    assert (row["last_checked"], row["watched"]) == ("2026-09-02T00:00:00Z", False)


def test_a_plan_that_is_not_sold_any_more_is_no_row(client):
    make_platform("gone", plans=[FREE | {"until": "2026-01-01"}, PAID | {"former": True}])
    assert client.get("/data/providers.json").json()["items"] == []


def test_the_table_is_for_one_place_by_code_or_by_name(client):
    use = make_use(make_platform("echo", plans=[FREE]), slug="training")
    for places, value in ((["EEA"], "only-if-agreed"), (["US"], "no-way-out")):
        make_state(make_branch(use, people=["organisation"], places=places), value=value)
    for place in ("DE", "Germany", "Deutschland"):
        answer = client.get(f"/data/providers.json?place={place}").json()
        assert answer["place"] == "DE"
        assert by_id(answer)["echo/free-tier"]["default"] == "only-if-agreed"
    (everywhere,) = client.get("/data/providers.json").json()["items"]
    assert everywhere["default"] == "depends"
    assert len(everywhere["parts"]) > 1
    assert client.get("/data/providers.json?place=Atlantis").status_code == 400
    assert client.get("/data/providers.json?plaice=DE").status_code == 400


def test_file_table_and_api_are_the_same(client, echo):
    items = client.get("/data/providers.json").json()["items"]
    assert client.get("/api/v1/providers").json()["items"] == items
    table = list(csv.DictReader(io.StringIO(client.get("/data/providers.csv").text)))
    assert [row["id"] for row in table] == [row["id"] for row in items]
    assert (table[0]["parameter.in"], table[0]["parameter.name"]) == ("query", "no_train")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("header: X-No-Train=true", ("header", "X-No-Train", "true")),
        ("body: provider.data_collection=deny", ("body", "provider.data_collection", "deny")),
        ("host: api.eu.echo.example", ("host", None, "api.eu.echo.example")),
        ("no_train=true in each request", None),
        ("", None),
    ],
)
def test_a_parameter_of_a_request_is_read_from_its_path(path, parameter):
    assert request_parameter(path) == parameter


def test_the_examples_of_the_page_run_as_they_are_printed(live_server, settings, echo, capsys):
    use = Use.objects.get()
    with arranged():
        Platform.objects.filter(pk=echo.pk).update(plans=[*echo.plans, ARGUED, SWITCHED])
    argued = make_branch(use, people=["organisation"], plans=["Argued"])
    make_state(argued, value="not-used", basis="stated", disputed=True)
    offer = {"people": ["organisation"], "plans": ["With a switch"]}
    switched = make_branch(use, **offer)
    make_state(switched, value="unless-refused", basis="stated")
    switch = make_control(use, slug="switch", label="Training")
    with arranged():
        Control.objects.get(slug="no-train").offers.create(plans=["Free tier"])
        switch.offers.create(**offer)
    make_platform("mute", plans=[FREE])
    version_everything()
    settings.SITE_URL = live_server.url
    page = live_server_page(live_server, "/developers/providers")
    gateway, readme = (
        html.unescape(each)
        for each in re.findall(r"<pre[^>]*><code>(import.*?)</code></pre>", page, re.DOTALL)
    )
    names: dict = {}
    exec(gateway, names)
    assert names["may_route"]("echo/paid") == (True, None)
    parameter = {"in": "query", "name": "no_train", "value": "true"}
    assert names["may_route"]("echo/free-tier") == (True, parameter)
    for plan_id in ("echo/argued", "nobody/free", "mute/free-tier", "echo/with-a-switch"):
        assert names["may_route"](plan_id) == (False, None), plan_id
    names["REFUSED"].add("echo/switch")
    assert names["may_route"]("echo/with-a-switch") == (True, None)
    names["rows"]["echo/paid"]["notes"] = ["Others answer."]
    assert names["may_route"]("echo/paid") == (False, None)
    names["READ"]["echo/paid"] = ["Others answer."]
    assert names["may_route"]("echo/paid") == (True, None)
    exec(readme, {})
    assert "| Echo | Paid | [No]" in capsys.readouterr().out


def live_server_page(live_server, path):
    with urllib.request.urlopen(f"{live_server.url}{path}") as answer:
        return answer.read().decode()


def test_the_page_folds_the_plans_of_a_product_sorted_by_the_names_that_it_shows(client, echo):
    make_platform("z", name="Alpha", operator="Alpha Inc.", plans=[PAID])
    page = BeautifulSoup(client.get("/developers/providers").text, "html.parser")
    products = page.select("details.product")
    assert [each.select_one("summary .product-name").text.split()[0] for each in products] == [
        "Alpha",
        "Echo",
    ]
    assert [each.text for each in products[1].select(".product-plan h2")] == ["Free tier", "Paid"]
    assert lines_of(products[1]) == [
        "Free tier: Yes, unless each request opts out",
        "Paid: No",
    ]


def lines_of(product):
    """Return what a product says before it is opened."""
    lines = product.select("summary .product-answer")
    return [" ".join(each.get_text().split()) for each in lines]


def opened(client, query="", language=""):
    page = BeautifulSoup(client.get(f"{language}/developers/providers{query}").text, "html.parser")
    return {each.select_one(".product-name").get_text(): each for each in page.select(".product")}


def test_plans_with_one_answer_share_a_line_and_each_is_named(client, echo):
    with arranged():
        Platform.objects.filter(pk=echo.pk).update(plans=[FREE, PAID, PAID | {"name": "Gold"}])
        echo.uses.get().branches.filter(plans=["Paid"]).update(plans=["Paid", "Gold"])
    assert lines_of(opened(client)["Echo"]) == [
        "Free tier: Yes, unless each request opts out",
        "Gold (paid), Paid: No",
    ]


def test_a_plan_is_called_free_or_paid_where_its_name_does_not_say_so(client, echo):
    with arranged():
        Platform.objects.filter(pk=echo.pk).update(
            plans=[FREE | {"name": "Trial"}, PAID | {"name": "Scale"}, PAID]
        )
    said = " ".join(lines_of(opened(client)["Echo"]))
    assert "Trial (free)" in said
    assert "Scale (paid)" in said
    assert "Paid (paid)" not in said
    assert "Trial (kostenlos)" in " ".join(lines_of(opened(client, language="/de")["Echo"]))
    assert "Trial (gratuit)" in " ".join(lines_of(opened(client, language="/fr")["Echo"]))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", "Other plans: Free tier: Yes, unless each request opts out"),
        ("/de", "Andere Tarife: Free tier: "),
        ("/fr", "Autres formules\xa0: Free tier\xa0: "),
    ],
)
def test_a_list_of_one_answer_names_the_other_plans_and_leads_to_them(
    client, echo, language, words
):
    (product,) = opened(client, "?default=no", language).values()
    assert lines_of(product)[0].startswith("Paid")
    others = product.find_next_sibling(class_="product-others")
    assert others.get_text().replace("\u202f", "\xa0").startswith(words)
    link = others.a["href"]
    assert link.startswith(f"{language}/developers/providers#")
    whole = BeautifulSoup(client.get(link).text, "html.parser")
    assert whole.select_one(f"[id='{link.partition('#')[2]}']").select_one(".product-name")


def test_a_product_that_is_not_named_like_its_company_is_called_by_both(client):
    for slug, name, operator in (
        ("chat", "Chat", "Maker, Inc."),
        ("maker-voice", "Maker Voice", "Maker, Inc."),
        ("glm", "GLM API", "A Long Name of a Company Ltd."),
    ):
        make_platform(slug, name=name, operator=operator, plans=[PAID])
    assert list(opened(client)) == ["GLM API", "Maker Voice", "Maker: Chat"]


def test_what_was_read_only_where_others_quote_it_says_so_beside_its_link(client, echo):
    with arranged():
        Source.objects.update(seen_via="notes that quote it")
    product = opened(client)["Echo"]
    (fact,) = [each for each in product.select("dd") if each.find("a", string="Echo")]
    assert "read only where others quote it" in fact.get_text()


def test_an_answer_that_is_not_known_has_the_reason_of_the_page_of_the_platform(client, echo):
    use = Use.objects.get()
    with arranged():
        Platform.objects.filter(pk=echo.pk).update(plans=[*echo.plans, ARGUED])
    argued = make_branch(use, people=["organisation"], plans=["Argued"])
    make_state(argued, value="unclear", why="contradictory", basis="stated")
    line = lines_of(opened(client)["Echo"])[0]
    assert line == "Argued (paid): We do not know · the sources contradict each other"
    answer = BeautifulSoup(client.get("/platforms/echo?plan=Argued").text, "html.parser")
    assert "the sources contradict each other" in answer.select_one(".verdict-answer").get_text()
    rows = by_id(client.get("/data/providers.json").json())
    assert rows["echo/argued"]["reason_in_words"] == "the sources contradict each other"
    assert rows["echo/paid"]["reason_in_words"] is None


def test_each_answer_above_the_list_opens_the_plans_with_it(client, echo):
    page = BeautifulSoup(client.get("/developers/providers").text, "html.parser")
    presets = {each["href"]: each["data-count"] for each in page.select(".active-filters a")}
    assert presets == {"?default=yes": "1", "?default=no": "1"}
    for address, count in presets.items():
        page = BeautifulSoup(client.get(f"/developers/providers{address}").text, "html.parser")
        assert len(page.select(".product-plan")) == int(count)
    assert client.get("/developers/providers?default=perhaps").status_code == 400
