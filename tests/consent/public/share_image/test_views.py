import re

import pytest

from consent.public.share_image import views
from consent.public.share_image.captions import change_card
from tests.factories import make_entry, make_guide, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return make_entry(make_platform("x", name="X"), title="X trains on <b>posts</b>")


def meta(client, path):
    """The properties in the head of a page."""
    found = re.findall(
        r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', client.get(path).text
    )
    return dict(found)


def test_every_page_names_a_picture_that_is_there(client, entry, settings):
    guide = make_guide(entry.platforms.get())
    paths = ["/", "/timeline", "/matrix", entry.get_absolute_url(), "/platforms/x"]
    for path in [*paths, guide.get_absolute_url(), "/de/platforms/x"]:
        head = meta(client, path)
        assert head["twitter:card"] == "summary_large_image"
        assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")
        assert head["og:image:alt"]
        prefix = "/de" if path.startswith("/de") else ""
        assert head["og:image"].startswith(f"{settings.SITE_URL}{prefix}/share/")
        image = client.get(head["og:image"].removeprefix(settings.SITE_URL))
        assert (image.status_code, image["Content-Type"]) == (200, "image/png")


def test_a_title_stays_text_in_the_head(client, entry):
    head = meta(client, entry.get_absolute_url())
    assert "X trains on &lt;b&gt;posts&lt;/b&gt;" in head["og:image:alt"]


def test_a_picture_is_kept_for_a_year_and_costs_nothing_to_ask_for_again(client, entry):
    path = change_card(entry).path
    response = client.get(path)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    again = client.get(path, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_address_from_before_an_edit_leads_to_the_picture_of_today(client, entry):
    old = change_card(entry).path
    entry.title = "X trains on everything"
    entry.save()
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (302, change_card(entry).path)


@pytest.mark.parametrize("key", ["{public_id}", "ffffffffff"])
def test_what_is_not_public_is_not_drawn(client, key):
    draft = make_entry(make_platform(), status="draft")
    path = f"/share/change/{key.format(public_id=draft.public_id)}-0123456789ab.png"
    assert client.get(path).status_code == 404


def test_a_picture_is_drawn_though_the_cache_of_pages_cannot_be_written(client, entry, settings):
    settings.CACHES = settings.CACHES | {
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",  # nobody listens there
        }
    }
    answer = client.get(change_card(entry).path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_made_up_addresses_of_pictures_draw_nothing(client, entry, monkeypatch):
    drawn = []
    monkeypatch.setattr(views, "png_of", lambda card: drawn.append(card) or b"png")
    path = change_card(entry).path
    fingerprint = path.rpartition("-")[2].removesuffix(".png")
    for number in range(20):
        made_up = path.replace(fingerprint, f"{number:012x}")
        assert client.get(made_up).status_code == 302
    for query in ("?v=1", "?v=2"):
        assert client.get(path + query).status_code == 200
    assert len(drawn) == 1
