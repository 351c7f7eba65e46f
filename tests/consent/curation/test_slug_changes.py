"""Old addresses keep working after a slug changes."""

import pytest

from consent.models import FormerSlug, Subscription
from tests.consent.alerts.readers import make_reader
from tests.factories import make_entry, make_guide, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


def rename(record, slug):
    record.slug = slug
    record.save()


def test_a_platform_is_found_under_every_name_it_had(client):
    platform = make_platform("twitter")
    rename(platform, "x-corp")
    rename(platform, "x")
    for slug in ("twitter", "x-corp"):
        response = client.get(f"/platforms/{slug}?asof=2024-06-01")
        assert (response.status_code, response["Location"]) == (301, "/platforms/x?asof=2024-06-01")
    assert client.get("/de/platforms/twitter")["Location"] == "/de/platforms/x"


def test_so_is_a_guide(client):
    guide = make_guide(make_platform(), slug="x-off")
    rename(guide, "x-grok-off")
    response = client.get("/guides/x-off")
    assert (response.status_code, response["Location"]) == (301, "/guides/x-grok-off")


def test_who_has_a_name_now_goes_before_who_had_it(client):
    old = make_platform("x", name="The old X")
    rename(old, "x-the-first")
    make_platform("x", name="The new X")
    assert "<h1>The new X</h1>" in client.get("/platforms/x").text


@pytest.mark.database
def test_a_name_that_wandered_leads_to_who_had_it_last(client):
    for number in (1, 2):
        platform = make_platform("x")
        rename(platform, f"x-{number}")
    assert client.get("/platforms/x")["Location"] == "/platforms/x-2"


def test_what_readers_may_not_see_is_not_led_to(client):
    platform, guide = make_platform("hidden"), make_guide(make_platform(), slug="draft")
    platform.listed = False
    rename(platform, "hidden-still")
    guide.status = "draft"
    rename(guide, "draft-still")
    assert client.get("/platforms/hidden").status_code == 404
    assert client.get("/guides/draft").status_code == 404


def test_a_save_that_renames_nothing_remembers_nothing():
    platform = make_platform("x")
    platform.name = "X again"
    platform.save()
    platform.slug = "not-saved"
    platform.save(update_fields=["name"])
    assert not FormerSlug.objects.exists()


def test_those_who_asked_for_a_platform_go_on_hearing_of_it():
    platform = make_platform("twitter")
    reader = make_reader("", ("platform", "twitter"))
    rename(platform, "x")
    assert Subscription.objects.get(subscriber=reader).value == "x"


def test_a_view_and_a_feed_of_a_platform_outlive_its_name(client):
    platform = make_platform("twitter")
    make_entry(platform, title="About X")
    make_entry(make_platform(), title="Elsewhere")
    rename(platform, "x")
    for path in ("/timeline", "/feeds/timeline.atom"):
        response = client.get(f"{path}?platform=twitter")
        assert response.status_code == 200
        assert "About X" in response.text
        assert "Elsewhere" not in response.text


@pytest.mark.database
def test_a_place_on_a_page_is_found_under_the_name_it_had(client):
    use = make_use(make_platform("x"), slug="grok")
    make_state(use)
    rename(use, "training")
    rename(use, "grok-training")
    page = client.get("/platforms/x").text
    for slug in ("grok", "training", "grok-training"):
        assert page.count(f'id="{slug}"') == 1


def test_a_place_that_got_its_old_name_back_is_there_once(client):
    use = make_use(make_platform("x"), slug="grok")
    make_state(use)
    rename(use, "training")
    rename(use, "grok")
    page = client.get("/platforms/x").text
    assert page.count('id="grok"') == page.count('id="training"') == 1
