"""Names become ids, and many questions one request."""

import datetime as dt

import pytest

from consent.models import FormerSlug, Offer
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def platforms():
    chirp = make_platform(
        "chirp",
        name="Chirp",
        operator="Birdhouse Ltd.",
        aliases=["Tweety", "chirp.example.org"],
        parts=["Chirp Studio"],
        homepage="https://www.chirp.example/",
    )
    make_platform("nest", name="Nest Talk", operator="Birdhouse Ltd.")
    with arranged():
        FormerSlug.objects.create(slug="chirper", platform=chirp)
    return chirp


def resolved(client, asked):
    answer = client.get("/api/v1/resolve", {"q": asked})
    assert answer.status_code == 200
    return [(each["id"], each["matched_by"]) for each in answer.json()["items"]]


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ("chirp", "id"),
        ("chirper", "former-id"),
        ("CHIRP", "id"),
        ("tweety", "alias"),
        ("Chirp Studio", "part"),
        ("chirp.example", "domain"),
        ("www.chirp.example", "domain"),
        ("https://m.chirp.example/settings?x=1", "domain"),
        ("does chirp train on posts", "search"),
    ],
)
def test_a_name_in_any_form_leads_to_the_id(client, platforms, asked, by):
    assert resolved(client, asked) == [("chirp", by)]


def test_a_domain_that_is_only_called_like_a_platform_is_told_apart(client, platforms):
    assert resolved(client, "chirp.fr") == [("chirp", "domain-name")]
    assert "chirp.fr" not in client.get("/data/domains.json").json()["domains"]


def test_a_company_leads_to_all_its_platforms(client, platforms):
    assert resolved(client, "Birdhouse") == [("chirp", "operator"), ("nest", "operator")]


@pytest.mark.parametrize(
    "host",
    [
        "https://run.cloud.example/v1/chat",
        "run.us-east-1.cloud.example",
        "my-own-2.run.cloud.example",
        "eu-central1-run.cloud.example:443",
        "my-resource.run.cloud.example",
    ],
)
def test_the_host_that_programs_send_to_leads_to_its_platform_in_every_region(client, host):
    make_platform("runner", name="Runner", aliases=["run.cloud.example"])
    make_platform("cloud", name="Cloud", homepage="https://cloud.example")
    assert resolved(client, host) == [("runner", "domain")]


def test_a_word_leads_to_all_products_whose_name_begins_with_it(client, platforms):
    make_platform("chirp-glasses", name="Chirp Glasses")
    make_platform("api", name="Models", aliases=["Chirp API"])
    make_platform("chirping", name="Chirping")
    assert resolved(client, "Chirp") == [
        ("chirp", "id"),
        ("chirp-glasses", "beginning"),
        ("api", "beginning"),
    ]
    assert client.get("/api/v1/verdict?platform=Chirp").json()["item"]["platform"] == "chirp"


def test_what_nobody_knows_leads_nowhere(client, platforms):
    assert resolved(client, "qzxv") == []
    assert client.get("/api/v1/resolve?q=Signal").json()["not_watched"] == "Signal"
    assert client.get("/api/v1/resolve").status_code == 400


def test_a_verdict_names_each_way_out_with_its_place_and_its_guide(client, platforms):
    use = make_use(platforms, slug="posts")
    make_state(use, starts_on=dt.date(2024, 7, 1))
    control = make_control(
        use,
        slug="switch",
        label="Allow training",
        path="Settings › Privacy",
        deep_link="https://chirp.example/privacy",
    )
    make_guide(platforms, control, slug="chirp-posts", minutes=2)
    (way,) = client.get("/api/v1/verdict?platform=Tweety").json()["item"]["ways_out"]
    assert (way["control"], way["label"], way["refuse"]) == (
        "chirp/switch",
        "Allow training",
        "turn-off",
    )
    assert {
        "surface": "web",
        "path": "Settings › Privacy",
        "deep_link": "https://chirp.example/privacy",
    } in way["surfaces"]
    (guide,) = way["guides"]
    assert (guide["id"], guide["minutes"], guide["verified"]) == ("chirp-posts", 2, None)
    assert client.get(guide["url"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_ways_out_that_differ_by_plan_say_whose_they_are(client, platforms):
    use = make_use(platforms, slug="posts", plans=["Free"])
    make_state(use)
    make_state(make_branch(use, plans=["Pro"]))
    for plan in ("Free", "Pro"):
        offered = make_control(use, slug=f"switch-{plan.lower()}")
        with arranged():
            Offer.objects.create(control=offered, plans=[plan])
    asked = {"platform": "chirp", "place": "DE"}
    item = client.get("/api/v1/verdict", asked).json()["item"]
    assert (item["ways_differ_by"], item["ways_differ_by_place"]) == (["plan"], False)
    assert {way["control"]: (way["offered"], way["shares"]) for way in item["ways_out"]} == {
        "chirp/switch-free": ("perhaps", [{"places": None, "plans": ["Free"]}]),
        "chirp/switch-pro": ("perhaps", [{"places": None, "plans": ["Pro"]}]),
    }
    for plan in ("Free", "Pro"):
        (way,) = client.get("/api/v1/verdict", asked | {"plan": plan}).json()["item"]["ways_out"]
        assert (way["offered"], way["shares"]) == ("surely", [])


def test_a_control_without_an_offer_on_record_is_surely_offered_to_nobody_else(client, platforms):
    use = make_use(platforms, slug="posts", plans=["Free"])
    make_state(use)
    make_state(make_branch(use, plans=["Team"]), "no-way-out")
    make_control(use, slug="switch")
    (way,) = client.get("/api/v1/verdict?platform=chirp").json()["item"]["ways_out"]
    assert (way["offered"], way["shares"]) == ("perhaps", [{"places": None, "plans": ["Free"]}])


def test_many_platforms_are_asked_about_at_once(client, platforms):
    make_state(make_use(platforms, slug="posts"), starts_on=dt.date(2024, 7, 1))
    asked = {"platforms": "chirp.example, Nest Talk,nobody", "place": "Germany"}
    items = client.get("/api/v1/verdicts", asked).json()["items"]
    assert [each["asked"] for each in items] == ["chirp.example", "Nest Talk", "nobody"]
    chirp, nest, nobody = items
    alone = client.get("/api/v1/verdict?platform=chirp&place=DE").json()["item"]
    assert (chirp["item"], chirp["refused"]) == (alone, None)
    assert nest["item"]["stance"] == "unknown"
    assert nobody["item"] is None
    assert nobody["refused"]["status"] == 404


def test_each_of_many_platforms_is_asked_about_with_its_own_plan(client, platforms):
    use = make_use(platforms, slug="posts", plans=["Free"])
    make_state(use)
    make_state(make_branch(use, plans=["Team"]), "not-used")
    asked = {"platforms": "chirp:Team, https://m.chirp.example/x: Free ,chirp:Gold,nest"}
    items = client.get("/api/v1/verdicts", asked).json()["items"]
    team, free, unknown, nest = items
    for plan, answer in (("Team", team), ("Free", free)):
        alone = client.get("/api/v1/verdict", {"platform": "chirp", "plan": plan})
        assert answer["item"] == alone.json()["item"]
        assert answer["item"]["plan"] == plan
    assert team["item"]["stance"] == "no"
    assert unknown["refused"]["allowed"] == ["Free", "Team"]
    assert nest["item"]["plan"] is None


def test_a_name_with_a_comma_is_asked_for_on_its_own(client, platforms):
    make_platform("eggs", name="Eggs, Bacon & Co.")
    items = client.get("/api/v1/verdicts?name=Eggs, Bacon %26 Co.&name=chirp").json()["items"]
    assert [each["item"]["platform"] for each in items] == ["eggs", "chirp"]
    both = client.get("/api/v1/verdicts?name=chirp&platforms=nest")
    assert (both.status_code, "either" in both.json()["detail"]) == (400, True)


@pytest.mark.parametrize("empty", ["people=", "place=", "place=%20", "plan=", "asof="])
def test_a_parameter_without_a_value_is_not_given(client, platforms, empty):
    make_state(make_use(platforms, slug="posts"))
    plain = client.get("/api/v1/verdict?platform=chirp").json()["item"]
    answer = client.get(f"/api/v1/verdict?platform=chirp&{empty}")
    assert (answer.status_code, answer.json().get("item")) == (200, plain)


def test_a_place_by_another_code_is_told_which_one_is_known(client, platforms):
    for place in ("DEU", "276"):
        refused = client.get("/api/v1/verdict", {"platform": "chirp", "place": place})
        assert "two letters" in refused.json()["detail"]


@pytest.mark.parametrize(
    "platforms_asked", ["", ",", "chirp,,nest", "chirp,", ",".join(["chirp"] * 21)]
)
def test_none_or_more_than_twenty_at_once_are_refused(client, platforms, platforms_asked):
    answer = client.get("/api/v1/verdicts", {"platforms": platforms_asked})
    assert answer.status_code == 400
    assert "20" in answer.json()["detail"]


def test_a_company_with_several_platforms_is_refused_with_their_ids(client, platforms):
    with arranged():
        platforms.aliases = [*platforms.aliases, "Birdhouse"]
        platforms.save()
    refused = client.get("/api/v1/verdict?platform=birdhouse")
    assert (refused.status_code, refused.json()["allowed"]) == (400, ["chirp", "nest"])
    assert resolved(client, "birdhouse") == [("chirp", "operator"), ("nest", "operator")]


def test_a_verdict_understands_spaces_and_a_plan_after_the_name(client, platforms):
    make_platform("linkedin", name="LinkedIn", plans=[{"name": "Career Plus"}])
    for asked, plan in (("Linked In", None), ("LinkedIn career plus", "Career Plus")):
        item = client.get("/api/v1/verdict", {"platform": asked}).json()["item"]
        assert (item["platform"], item["plan"]) == ("linkedin", plan)
    assert client.get("/api/v1/verdict?platform=LinkedIn nonsense").status_code == 404


def test_beside_a_service_that_nobody_watches_nothing_is_guessed(client, platforms):
    make_platform("messenger", name="Messenger", operator="Signal Foundation")
    answer = client.get("/api/v1/resolve?q=Signal Chat").json()
    assert (answer["not_watched"], answer["items"]) == ("Signal", [])


def test_sentences_say_for_which_purpose(client, platforms):
    make_state(make_use(platforms, slug="posts"))
    make_state(make_use(platforms, slug="reading", purpose="human-review"))
    item = client.get("/api/v1/verdict?platform=chirp").json()["item"]
    assert {each["purpose"] for each in item["sentences"]} == {"training", "human-review"}


class TestTheSiteOfACompany:
    @pytest.fixture(autouse=True)
    def products(self, platforms):
        site = "https://www.birdhouse.com"
        for slug, homepage in (("birdseed", f"{site}/seed/"), ("search", site)):
            make_platform(slug, name=slug.title(), operator="Birdhouse Ltd.", homepage=homepage)

    @pytest.mark.parametrize("asked", ["birdhouse.com", "https://www.birdhouse.com/"])
    def test_is_all_its_platforms_and_no_answer_of_one(self, client, asked):
        slugs = ["birdseed", "chirp", "nest", "search"]
        assert sorted(resolved(client, asked)) == [(slug, "operator") for slug in slugs]
        refusal = client.get("/api/v1/verdict", {"platform": asked})
        assert refusal.status_code == 400
        assert refusal.json()["allowed"] == slugs

    @pytest.mark.parametrize(
        ("asked", "slug"),
        [
            ("https://www.birdhouse.com/seed/buy", "birdseed"),
            ("birdhouse.com/?q=worms", "search"),
            ("birdhouse.com/jobs", "search"),
        ],
    )
    def test_with_a_path_is_the_platform_that_has_it(self, client, asked, slug):
        assert resolved(client, asked) == [(slug, "domain")]

    def test_is_nobodys_own_domain_but_that_of_the_platform_whose_home_it_is(self, client):
        assert client.get("/data/domains.json").json()["domains"]["birdhouse.com"] == ["search"]
        own = {
            each["id"]: each["domains"] for each in client.get("/api/v1/platforms").json()["items"]
        }
        assert (own["birdseed"], own["search"]) == ([], ["birdhouse.com"])
