"""Claims that circulate: rated, with what they rest on."""

import json
import re

import pytest
import yaml
from bs4 import BeautifulSoup
from django.conf import settings as project

from consent.declarations.catalog_files import read_catalog
from consent.declarations.claims import Rating, claims_in
from platforms.declarations import CatalogError
from tests.factories import make_entry, make_platform, make_state, make_use

pytestmark = pytest.mark.few_cases

OURS = claims_in(project.CATALOG_DIR)
CLAIM = {
    "slug": "x-trains",
    "claim": "X trains on posts.",
    "rating": "not-shown",
    "said_by": "Posts",
    "finding": "Nobody has shown it.",
    "platforms": ["x"],
    "uses": ["x/posts"],
    "entries": ["x-2024"],
    "revisions": [{"on": "2026-11-29", "what": "First published"}],
}


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def claims(tmp_path, settings):
    """Write a file of claims, and read it instead of ours."""
    settings.CATALOG_DIR = tmp_path

    def write(*claims):
        (tmp_path / "_claims.yaml").write_text(yaml.safe_dump({"claims": list(claims)}))

    return write


@pytest.mark.parametrize("prefix", ["", "/de", "/fr"])
@pytest.mark.django_db
def test_each_rating_counts_the_claims_behind_it(client, prefix):
    page = page_of(client, f"{prefix}/claims")
    assert len(page.select(".claims > li")) == len(OURS) >= 12
    links = page.select(".active-filters a")
    assert sum(int(link["data-count"]) for link in links) == len(OURS)
    for link in links:
        behind = page_of(client, f"{prefix}/claims{link['href']}")
        assert len(behind.select(".claims > li")) == int(link["data-count"])


@pytest.mark.django_db
def test_a_claim_can_be_cited_by_a_button(client):
    page = page_of(client, f"/claims/{OURS[0].slug}")
    copied = page.select_one("button[data-copy]")["data-copy"]
    assert OURS[0].claim in page.select_one(f"#{copied}").text


@pytest.mark.django_db
def test_what_became_new_in_a_version_is_in_the_language_of_the_page(client):
    for claim in OURS:
        versions = page_of(client, f"/de/claims/{claim.slug}").select("#versions ~ ol li")
        assert versions[0].text.endswith(": Erstmals veröffentlicht")


@pytest.mark.parametrize(("prefix", "opening"), [("/de", "„"), ("/fr", "«\u00a0")])
@pytest.mark.django_db
def test_a_claim_is_between_the_quotation_marks_of_its_language(client, prefix, opening):
    address = f"{prefix}/claims/{OURS[0].slug}"
    pages = [page_of(client, each) for each in (address, f"{prefix}/claims", f"{prefix}/numbers")]
    assert pages[0].h1.text.startswith(opening)
    for page in pages:
        for english in page.select('[lang="en"]'):
            english.decompose()
        assert "”" not in page.main.text


@pytest.mark.django_db
def test_a_claim_shows_its_rating_and_leads_to_what_it_rests_on(client, claims):
    x = make_platform("x", name="X")
    make_state(make_use(x, slug="posts", title="Your posts train Grok"), "not-used")
    make_entry(x, key="x-2024", title="X denies it")
    claims(CLAIM | {"unclear": "Whether it did.", "said_since": "2024-05"})
    page = page_of(client, "/claims/x-trains")
    assert page.h1.text == "“X trains on posts.”"
    assert page.select_one(".rating").text == "Not borne out"
    assert [link.text for link in page.select("#rests-on ~ ul a")] == [
        "X denies it",
        "Your posts train Grok",
    ]
    assert "Whether it did." in page.select_one(".facts").text
    assert page.select_one(".facts time")["datetime"] == "2024-05"
    assert page.select_one("#platforms ~ ul li").text.startswith("X: No")


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("", ["Posts", "not on record", "Nothing is noted here."]),
        ("/de", ["Posts", "nicht verzeichnet", "Hier ist nichts vermerkt."]),
        ("/fr", ["Posts", "non consigné", "Rien n’est noté ici."]),
    ],
)
@pytest.mark.django_db
def test_who_said_it_since_when_and_what_is_unclear_are_answered_where_not_known_too(
    client, claims, prefix, said
):
    claims(CLAIM)
    page = page_of(client, f"{prefix}/claims/x-trains")
    assert [each.text for each in page.select(".facts dd")] == said


def test_advice_beside_our_claims_names_only_ways_out_that_are_on_record():
    catalog = read_catalog(project.CATALOG_DIR)
    for claim in OURS:
        labels = {
            name
            for control in catalog.controls.values()
            if not set(claim.uses).isdisjoint(control.uses)
            for name in (control.label, control.name)
        }
        quoted = set(re.findall(r'"(.+?)"', claim.instead))
        assert quoted <= labels, claim.slug
        assert bool(claim.instead) <= bool(labels), claim.slug


@pytest.mark.parametrize("prefix", ["", "/de", "/fr"])
@pytest.mark.django_db
def test_nobody_is_advised_to_make_posts_private_which_no_record_carries(client, prefix):
    page = page_of(client, f"{prefix}/claims/forbidding-post")
    (_who, since, _unclear, instead) = page.select(".facts dd")
    assert "riva" not in instead.text
    assert since.time["datetime"] == "2024-09"


@pytest.mark.django_db
def test_a_claim_names_changes_in_the_language_of_the_page(client, claims, tmp_path):
    x = make_platform("x", name="X")
    make_state(make_use(x, slug="posts"), "not-used")
    make_entry(x, key="x-2024", title="X denies it")
    claims(CLAIM)
    (tmp_path / "_words.fr.toml").write_text('[x]\n"X denies it" = "X le dément"\n')
    link = page_of(client, "/fr/claims/x-trains").select_one("#rests-on ~ ul a")
    assert (link.text, link.select("[lang]")) == ("X le dément", [])
    assert "lang" not in link.attrs


@pytest.mark.django_db
def test_programs_read_the_rating_as_a_claim_review(client, claims):
    claims(CLAIM | {"rating": "false"})
    page = page_of(client, "/claims/x-trains")
    (review,) = (json.loads(each.string) for each in page.select('[type="application/ld+json"]'))
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == "X trains on posts."
    assert review["reviewRating"]["alternateName"] == "False"
    assert review["reviewRating"]["ratingValue"] == review["reviewRating"]["worstRating"] == 1
    assert review["datePublished"] == "2026-11-29"


@pytest.mark.parametrize(
    ("prefix", "said"),
    [("", "No effect known"), ("/de", "Keine Wirkung bekannt"), ("/fr", "Aucun effet connu")],
)
@pytest.mark.django_db
def test_of_a_remedy_without_effect_it_says_so(client, claims, prefix, said):
    claims(CLAIM | {"instead": "Send the form.", "rating": "no-effect"})
    page = page_of(client, f"{prefix}/claims/x-trains")
    assert page.select_one(".rating").text == said
    assert page.title.text.startswith(said)
    review = json.loads(page.find("script", type="application/ld+json").string)
    assert (review["reviewRating"]["ratingValue"], review["reviewRating"]["alternateName"]) == (
        *(2, said),
    )
    (filtered,) = page_of(client, f"{prefix}/claims").select(".active-filters a")
    assert filtered.text.split() == [*said.split(), "1"]


@pytest.mark.parametrize(
    ("asked", "is_first"),
    [
        ("A friend says a post on Facebook forbidding it stops Meta", True),
        ("Facebook", False),
        ("Facebook AI training", False),
        ("Does Facebook use my pictures and texts?", False),
    ],
)
@pytest.mark.django_db
def test_a_claim_that_a_question_names_comes_before_the_answers(client, asked, is_first):
    facebook = make_platform("facebook", name="Facebook", operator="Meta Platforms")
    make_state(make_use(facebook), "no-way-out")
    page = page_of(client, f"/answers?q={asked}")
    parts = page.select("#claims, .box-line")
    assert len(parts) > is_first
    assert (parts[0].get("id") == "claims") == is_first


@pytest.mark.django_db
def test_of_a_company_only_the_services_of_the_claim_are_unfolded(client):
    for name in ("Facebook", "Meta Pendant", "Meta Glasses"):
        slug = name.lower().replace(" ", "-")
        service = make_platform(slug, name=name, operator="Meta Platforms, Inc.")
        make_state(make_use(service), "no-way-out")
    page = page_of(client, "/answers?q=does the post forbidding Meta to use my photos help?")
    folded = page.select_one(".box-group details")
    assert folded.summary.text == "2 more services of the same company"
    assert [each.text for each in folded.select(".box-name")] == ["Meta Glasses", "Meta Pendant"]
    assert len(page.select(".box-name")) == 3
    every = page_of(client, "/answers?q=Meta")
    assert not every.select(".box-group details")


@pytest.mark.django_db
def test_drafts_that_a_claim_rests_on_are_not_shown(client, claims):
    make_entry(make_platform("x"), key="x-2024", title="Secret", status="draft")
    claims(CLAIM)
    assert "Secret" not in client.get("/claims/x-trains").text


@pytest.mark.django_db
def test_a_claim_is_told_in_the_language_of_the_page_and_marked_where_it_is_not(client, claims):
    told = {"claim": "X trainiert.", "said_by": "Leute", "finding": "Das stimmt nicht."}
    claims(CLAIM | {"words": {"de": told}})
    page = page_of(client, "/de/claims/x-trains")
    assert page.h1.text == "„X trainiert.“"
    assert not page.h1.get("lang")
    assert page.select_one(".lead").text == "Das stimmt nicht."
    review = json.loads(page.find("script", type="application/ld+json").string)
    assert (review["claimReviewed"], review["inLanguage"]) == ("X trainiert.", "de")
    (listed,) = page_of(client, "/de/claims").select(".claims h2")
    assert listed.text == "„X trainiert.“"
    assert not listed.get("lang")
    assert page_of(client, "/fr/claims/x-trains").h1["lang"] == "en"


def test_each_of_our_claims_is_told_in_every_language():
    languages = {code for code, _name in project.LANGUAGES} - {project.LANGUAGE_CODE}
    for claim in OURS:
        assert {of for of, told in claim.words if told} == languages, claim.slug


def test_a_claim_that_says_more_in_one_language_is_refused(claims, settings):
    told = {"claim": "X trainiert.", "said_by": "Leute", "finding": "Nein.", "instead": "Mehr"}
    claims(CLAIM | {"words": {"de": told}})
    with pytest.raises(CatalogError, match="instead"):
        claims_in(settings.CATALOG_DIR)


@pytest.mark.django_db
def test_no_file_is_no_claims_and_unknown_ones_are_not_found(client, claims):
    assert "No claim is published yet." in client.get("/claims").text
    assert client.get("/claims/x-trains").status_code == 404
    assert client.get("/claims?rating=perhaps").status_code == 404


def test_the_catalog_refuses_claims_that_rest_on_what_is_not_in_it(tmp_path):
    (tmp_path / "x.yaml").write_text(
        "format: 2\nname: X\noperator: X\ncategory: social\nhomepage: https://x.com\n"
    )
    (tmp_path / "_claims.yaml").write_text(json.dumps({"claims": [CLAIM, CLAIM]}))
    with pytest.raises(CatalogError) as refused:
        read_catalog(tmp_path)
    said = str(refused.value)
    assert "no use 'x/posts'" in said
    assert "no entry 'x-2024'" in said
    assert "x-trains" in said


def test_a_claim_that_rests_on_nothing_is_refused(tmp_path):
    (tmp_path / "_claims.yaml").write_text(
        yaml.safe_dump({"claims": [CLAIM | {"uses": [], "entries": []}]})
    )
    with pytest.raises(CatalogError, match="rests on"):
        claims_in(tmp_path)


def test_a_claim_with_quotation_marks_that_its_page_puts_around_it_is_refused(tmp_path):
    quoted = CLAIM | {"claim": 'X trains on "posts".'}
    (tmp_path / "_claims.yaml").write_text(yaml.safe_dump({"claims": [quoted]}))
    with pytest.raises(CatalogError, match="quotation marks"):
        claims_in(tmp_path)


def test_our_claims_have_each_rating():
    assert {claim.rating for claim in OURS} == set(Rating)


@pytest.mark.django_db
class TestAQuestion:
    @pytest.fixture(autouse=True)
    def services(self):
        for slug, name in (("gmail", "Gmail"), ("gemini", "Gemini"), ("maps", "Google Maps")):
            make_platform(slug, name=name, operator="Google")
        make_platform("le-chat", name="Le Chat", aliases=["Mistral Chat"])

    def asked(self, client, question):
        return BeautifulSoup(client.get("/answers", {"q": question}).text, "lxml")

    @pytest.mark.parametrize(
        "question",
        [
            "Is it true that Google trains Gemini with my Gmail?",
            "Stimmt es, dass Google Gemini mit meinem Gmail trainiert?",
            "Est-il vrai que Google entraîne Gemini avec mon Gmail ?",
        ],
    )
    def test_whether_it_is_true_has_the_claim_before_the_answers(self, client, question):
        page = self.asked(client, question)
        links = [
            link["href"] for link in page.select(".box-name a, section[aria-labelledby=claims] a")
        ]
        assert links == ["/claims/gmail-trains-gemini", "/platforms/gmail", "/platforms/gemini"]

    def test_a_claim_about_what_is_named_follows_the_answers(self, client):
        page = self.asked(client, "Does Gmail train Gemini?")
        links = [
            link["href"] for link in page.select(".box-name a, section[aria-labelledby=claims] a")
        ]
        assert links[-1] == "/claims/gmail-trains-gemini"

    @pytest.mark.parametrize("name", ["Le Chat", "le-chat", "Mistral Chat"])
    def test_a_word_of_a_service_s_name_finds_no_claim(self, client, name):
        page = self.asked(client, name)
        assert page.select(".box-name")
        assert not page.select("section[aria-labelledby=claims]")

    def test_a_service_of_two_words_has_the_claims_about_it(self, client, claims):
        claims(CLAIM | {"claim": "Le Chat trains on chats."})
        assert self.asked(client, "does Mistral Chat train").select(
            "section[aria-labelledby=claims]"
        )
