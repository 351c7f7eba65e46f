"""An extension of a browser that was written from docs/extensions.md alone."""

import json
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db(transaction=True)


class Extension:
    """Keeps the file, and looks hosts up at home. requests: how many it sent."""

    def __init__(self, address):
        self.address, self.etag, self.kept, self.requests = address, None, None, 0

    def refresh(self):
        """Return whether there was anything new."""
        headers = {"If-None-Match": self.etag} if self.etag else {}
        self.requests += 1
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self.address, headers=headers)
            ) as answer:
                self.kept, self.etag = json.load(answer), answer.headers["ETag"]
        except urllib.error.HTTPError as error:
            if error.code != 304:
                raise
            return False
        assert self.kept["schema"] == "domains/2"
        return True

    def visit(self, address, country):
        """Return the words, the page and the guide for each platform of a site."""
        labels = urlsplit(address).hostname.split(".")
        ends = (".".join(labels[start:]) for start in range(len(labels) - 1))
        found = next((end for end in ends if end in self.kept["domains"]), None)
        return [self._said(each, country) for each in self.kept["domains"].get(found, ())]

    def _said(self, platform, country):
        record, groups = self.kept["platforms"][platform], self.kept["groups"]
        group = next((name for name, members in groups.items() if country in members), "*")
        answers = record["answers"]
        code = answers.get(country) or answers.get(group) or answers["*"]
        guide = record["guide"]
        return (
            record["name"],
            self.kept["words"][code],
            self.kept["platform_page"].format(id=platform),
            self.kept["guide_page"].format(id=guide) if guide else None,
        )


@pytest.fixture
def chirp():
    platform = make_platform(
        "chirp", name="Chirp", homepage="https://www.chirp.example/", aliases=["chirp.example.net"]
    )
    use = make_use(platform, slug="posts")
    with arranged():
        use.branches.all().delete()
    abroad = make_branch(use, except_places=["EEA", "GB", "JP", "FR"])
    make_state(abroad, value="unless-refused")
    at_home = make_branch(use, places=["EEA", "GB"], except_places=["FR"])
    make_state(make_branch(use, places=["FR"]), value="unless-refused")
    make_state(at_home, value="only-if-agreed")
    make_state(make_branch(use, places=["JP"]), value="no-way-out")
    make_guide(platform, make_control(use), slug="chirp-posts")
    return platform


def test_an_extension_answers_for_a_site_and_a_place_from_the_kept_file(live_server, client, chirp):
    extension = Extension(f"{live_server.url}/data/domains.json")
    assert extension.refresh()
    name, words, page, guide = extension.visit("https://m.chirp.example/settings?a=1", "BR")[0]
    assert (name, words) == ("Chirp", "Yes, unless you opt out")
    assert extension.visit("https://chirp.example.net/", "DE")[0][1] == "Only if you agree"
    assert extension.visit("https://chirp.example/", "GB")[0][1] == "Only if you agree"
    assert extension.visit("https://example/", "DE") == []
    assert extension.visit("https://elsewhere.example/", "DE") == []
    assert extension.requests == 1
    for address in (page, guide):
        assert client.get(urlsplit(address).path).status_code == 200


def test_an_extension_that_asks_again_gets_only_what_is_new(live_server, chirp):
    extension = Extension(f"{live_server.url}/data/domains.json")
    extension.refresh()
    version = extension.kept["version"]
    assert not extension.refresh()
    with arranged():
        chirp.name = "Chirrup"
        chirp.save()
    assert extension.refresh()
    assert extension.kept["version"] != version
    assert extension.visit("https://chirp.example", "DE")[0][0] == "Chirrup"


def test_answers_of_the_file_are_those_of_the_api(client, chirp):
    kept = client.get("/data/domains.json").json()
    answers = kept["platforms"]["chirp"]["answers"]
    eea = kept["groups"]["EEA"]
    for country in ("BR", "DE", "FR", "GB", "JP", "US", "CH", "NZ"):
        item = client.get(f"/api/v1/verdict?platform=chirp&place={country}").json()["item"]
        group = "EEA" if country in eea else "*"
        code = answers.get(country) or answers.get(group) or answers["*"]
        assert code.split("/")[:2] == [item["stance"], item["way"]], country
        assert kept["words"][code] == item["answer_in_words"]


def test_what_depends_has_no_way_of_its_own(client, chirp):
    platform = make_platform("warbler", homepage="https://warbler.example/")
    make_state(make_use(platform), "not-used")
    make_state(make_use(platform), "unless-refused")
    kept = client.get("/data/domains.json").json()
    assert kept["platforms"]["warbler"]["answers"]["*"] == "depends/-/use"


def test_a_part_that_needs_agreement_has_a_mark_and_words_of_its_own(client, chirp):
    platform = make_platform("warbler", homepage="https://warbler.example/")
    make_state(make_use(platform), "not-used", basis="stated")
    make_state(make_use(platform), "only-if-agreed", basis="stated")
    kept = client.get("/data/domains.json").json()
    code = kept["platforms"]["warbler"]["answers"]["*"]
    assert code == "only-if-agreed/not-needed/in-part"
    assert kept["words"][code] == "No; in part only if you agree"
    whole = kept["platforms"]["chirp"]["answers"]["EEA"]
    assert kept["words"][whole] == "Only if you agree"


def test_every_short_text_says_that_an_answer_is_reported_and_disputed(client):
    platform = make_platform("rumour", homepage="https://rumour.example/")
    use = make_use(platform, slug="posts", data_kinds=["images-and-video"])
    make_state(use, "unless-refused", basis="reported", disputed=True)
    doubted = "Yes; how to opt out is not on record · Reported by others · disputed"
    kept = client.get("/data/domains.json").json()
    code = kept["platforms"]["rumour"]["answers"]["*"]
    assert code == "yes/how-not-on-record/reported/disputed"
    assert kept["words"][code] == doubted
    item = client.get("/api/v1/verdict?platform=rumour").json()["item"]
    assert (item["short"], item["answer_in_words"]) == (doubted.partition(" · ")[0], doubted)
    (cell,) = client.get("/api/v1/matrix").json()["items"]
    assert cell["answer_in_words"] == doubted
    badge = client.get("/badges/rumour.json").json()
    assert (badge["label"], badge["message"]) == (
        "Rumour: AI training?",
        "Yes · reported · disputed",
    )
