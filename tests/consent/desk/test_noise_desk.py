"""The noise page of the desk: budget, proposed rules and true changes."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from consent.curation import decisions
from consent.models import Change
from consent.noise.budget import budget_of, mark_noisy_pages
from consent.vocabulary import DismissReason
from platforms.desk import page_actions
from platforms.models import Document, Page
from tests.practice.site import HELP, PAGES
from tests.practice.watched import Clock, chirp, watcher

# On PostgreSQL: what is marked. The rest is about pages and rights.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


@pytest.fixture
def site(site):
    """The practice site, with a box on its help page whose text a test changes (`site.box`)."""
    site.box = "one"

    def with_box(_):
        text = (PAGES / f"help-{site.version}.html").read_text()
        box = f'<aside-box class="trending-topics"><p>Trending: {site.box}</p></aside-box>'
        return (
            200,
            {"Content-Type": "text/html"},
            text.replace("</main>", f"{box}</main>").encode(),
        )

    site.answers[HELP] = with_box
    return site


@pytest.fixture
def curator(client):
    user = User.objects.create_user("ada", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_page", "change_page", "view_change"])
    )
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def noisy(site, curator):
    """A page with four false changes, dismissed as noise, and a true one."""
    clock = Clock(timezone.now() - dt.timedelta(days=20))
    page, watch = chirp(site), watcher(site, clock)
    Page.objects.update(next_visit_at=clock.now)
    for version, box in ((1, "a b"), (1, "c d"), (1, "e f"), (1, "g h"), (1, "i j"), (2, "i j")):
        site.version, site.box = version, box
        page.refresh_from_db()
        clock.now = max(clock.now, page.next_visit_at)
        watch.check_due(page.pk, page.next_visit_at)
    *false, true = Change.objects.order_by("observed_to")
    for change in false:
        decisions.dismiss(change, curator=curator.user, reason=DismissReason.NOISE)
    decisions.dismiss(true, curator=curator.user, reason=DismissReason.WORDING)
    page.refresh_from_db()
    page.true_change = true
    return page


def address(page):
    return reverse("admin:platforms_page_noise", args=[page.pk])


@pytest.mark.database
def test_the_budget_counts_false_alarms_and_true_changes(noisy):
    budget = budget_of(noisy, now=timezone.now())
    assert (budget.visits, budget.candidates, budget.flips) == (6, 5, 0)
    assert (budget.dismissed, budget.confirmed) == ({"noise": 4, "wording": 1}, 1)
    assert budget.is_over


def test_what_is_older_than_the_window_does_not_count(noisy):
    assert budget_of(noisy, now=timezone.now() + dt.timedelta(days=120)).false_alarms == 0


def test_a_page_over_its_budget_is_marked_until_it_is_quiet_again(noisy):
    now = timezone.now()
    assert mark_noisy_pages(now=now) == 1
    noisy.refresh_from_db()
    assert noisy.needs_rule_since == now
    assert mark_noisy_pages(now=now) == 0
    assert mark_noisy_pages(now=now + dt.timedelta(days=120)) == 1
    noisy.refresh_from_db()
    assert noisy.needs_rule_since is None


def test_the_desk_proposes_the_noisy_part_and_shows_what_it_would_have_done(curator, noisy):
    page = curator.get(address(noisy))
    assert "Needs a rule" in page.text
    (proposal,) = page.context["proposals"]
    assert proposal["selector"].endswith(".trending-topics")
    assert [len(changes) for _, changes in proposal["outcomes"]] == [4, 0, 0]


def test_captures_that_cost_too_much_to_read_again_hold_up_no_curator(curator, noisy, settings):
    settings.READER_PATIENCE = 0.0
    page = curator.get(address(noisy))
    assert page.context["proposals"] == []
    assert "No rule is proposed for this page: it was not read in time." in page.text
    answer = curator.post(address(noisy), {"selector": "aside-box.trending-topics"}, follow=True)
    assert "Nothing was changed" in answer.text


def test_applying_a_rule_reads_the_captures_again_and_keeps_every_text(curator, site, noisy):
    selector = "aside-box.trending-topics"
    texts = Document.objects.count()
    answer = curator.post(address(noisy), {"selector": selector}, follow=True)
    assert "6 captures were read again" in answer.text
    noisy.refresh_from_db()
    assert noisy.remove == [".votes", selector]
    ruling = noisy.rulings.get()
    assert (ruling.before["remove"], ruling.after["remove"]) == ([".votes"], noisy.remove)
    assert Document.objects.filter(re_extraction=True).count() == 6
    assert Document.objects.count() == texts + 6
    site.box = "k l"
    clock = Clock(noisy.next_visit_at)
    watcher(site, clock).check_due(noisy.pk, noisy.next_visit_at)
    assert Change.objects.count() == 5


def test_the_second_of_two_who_leave_the_same_part_out_is_told(curator, noisy):
    stale = Page.objects.get(pk=noisy.pk)
    page_actions.leave_out(noisy, ".ads", curator=curator.user)
    page_actions.leave_out(stale, ".trend", curator=curator.user)
    with pytest.raises(ValidationError, match="left out already"):
        page_actions.leave_out(stale, ".ads", curator=curator.user)
    noisy.refresh_from_db()
    assert noisy.remove == [".votes", ".ads", ".trend"]


def test_only_a_proposed_rule_can_be_applied(curator, noisy):
    answer = curator.post(address(noisy), {"selector": "main"}, follow=True)
    assert "is not proposed" in answer.text
    noisy.refresh_from_db()
    assert noisy.remove == [".votes"]


def test_looking_changes_nothing(curator, noisy):
    curator.get(address(noisy))
    noisy.refresh_from_db()
    assert noisy.remove == [".votes"]


def test_the_desk_of_noise_needs_the_right_to_change_pages(curator, noisy):
    curator.user.user_permissions.set(Permission.objects.filter(codename="view_page"))
    assert curator.get(address(noisy)).status_code == 403
    assert curator.post(address(noisy), {"selector": "main"}).status_code == 403
