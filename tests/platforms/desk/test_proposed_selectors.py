"""A page whose selectors miss: the desk proposes one that gives the text of before."""

import pytest
from django.urls import reverse

from consent.models import Change
from platforms.models import PageRuling
from tests.pages import press
from tests.practice.page_life import PageLife, policy, sentences

pytestmark = pytest.mark.django_db

MENU = "<div><p>Other pages of ours. " + " ".join(sentences(6, start=500))
ARTICLE = '<article id="content">{}</article>'


@pytest.fixture
def life():
    """A page that is read whole, because its selector died."""
    life = PageLife(select=("#policy",), body=policy(around=MENU + "</p></div>"))
    life.visit()
    life.live(2)
    life.visit(policy(around=MENU + "</p></div>", inside=ARTICLE))
    assert life.page.read_whole_since
    return life


def address(life):
    return reverse("admin:platforms_page_health", args=[life.page.pk])


def test_page_health_proposes_a_selector_with_a_preview_of_its_text(life, onlooker):
    shown = onlooker.get(address(life)).content.decode()
    assert "Proposed selector: <code>article</code>" in shown
    assert "It gives 100 % of the text of before" in shown
    assert "Clause 4: we keep your payment records" in shown
    assert 'value="accept"' not in shown


def test_an_accepted_selector_is_used_from_the_next_visit_and_is_no_change(life, curator):
    answer = press(curator, curator.get(address(life)), "act", "accept")
    assert "is its selector now" in answer.content.decode()
    life.visit()
    assert (life.page.select, life.page.read_whole_since) == (["article"], None)
    assert "Other pages of ours" not in life.page.baseline.documents.latest("pk").text
    assert not Change.objects.exists()
    assert PageRuling.objects.filter(act="rules", after__select=["article"]).exists()


def test_a_selector_that_nobody_proposed_is_refused(life, curator):
    for selector, rules in (("body", ""), ("article", "stale")):
        fields = {"act": "accept", "selector": selector, "rules": rules}
        curator.post(address(life), fields, follow=True)
        life.page.refresh_from_db()
        assert life.page.select == ["#policy"]


def test_a_page_whose_selectors_match_gets_no_proposal(onlooker):
    life = PageLife(select=("#policy",))
    life.visit()
    assert "Proposed selector" not in onlooker.get(address(life)).content.decode()


def test_the_overview_names_pages_whose_selectors_miss(life, onlooker):
    shown = onlooker.get(reverse("admin:consent_change_health")).content.decode()
    assert "its selectors miss" in shown
    assert "1 with selectors that miss" in shown
    assert "0 cannot be read" in shown
