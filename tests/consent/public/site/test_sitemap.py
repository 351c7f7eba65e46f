"""Search engines find every lasting page, when it was edited, and its translations."""

import pytest

from consent.declarations.claims import claims_in
from consent.models import Entry
from consent.public.roles.roles import roles
from tests.arranging import arranged
from tests.consent.public.site.sitemaps import sitemap_parts, sitemap_urls
from tests.factories import make_entry, make_guide, make_platform

pytestmark = pytest.mark.django_db


def test_each_address_is_named_with_the_second_of_its_last_edit(client, settings):
    platform = make_platform("x")
    entry, guide = make_entry(platform), make_guide(platform, slug="x-off")
    edited = {url.findtext("{*}loc"): url.findtext("{*}lastmod") for url in sitemap_urls(client)}
    lists = "", "timeline", "platforms", "matrix", "guides", "numbers", "next", "claims"
    about = "api", "data", "corrections", "feeds", "evidence", "about", "methodology", "privacy"
    about += ("developers/providers", "for")
    about += tuple(f"for/{slug}" for slug in roles())
    expected: dict[str, str | None] = {f"/{name}": None for name in (*lists, *about)}
    expected["/platforms/x"] = None
    for claim in claims_in(settings.CATALOG_DIR):
        expected[f"/claims/{claim.slug}"] = claim.latest.on.on.isoformat()
    expected["/guides/x-off"] = guide.updated_at.isoformat(timespec="seconds")
    expected[entry.get_absolute_url()] = entry.updated_at.isoformat(timespec="seconds")
    in_every_language = {
        f"{settings.SITE_URL}{prefix}{path}": time
        for path, time in expected.items()
        for prefix in ("", "/de", "/fr")
    }
    assert edited == in_every_language


def test_a_long_list_is_split_and_nothing_is_left_out(client, settings):
    with arranged():
        Entry.objects.bulk_create(
            Entry(
                key=f"e{number}",
                public_id=f"{number:010x}",
                title="It trains",
                summary="It does.",
                effects=["default-on"],
                direction="less-control",
                data_kinds=["public-posts"],
                basis="stated",
                confidence="high",
                status="published",
                published_at="2026-01-01T00:00:00Z",
            )
            for number in range(501)
        )
    changes = [path for path in sitemap_parts(client) if path.startswith("/sitemap-changes.xml")]
    assert changes == ["/sitemap-changes.xml", "/sitemap-changes.xml?p=2"]
    addresses = [url.findtext("{*}loc") or "" for url in sitemap_urls(client)]
    assert len({address for address in addresses if "/changes/" in address}) == 501 * len(
        settings.LANGUAGES
    )


def test_the_host_of_a_request_is_not_written_into_sitemaps(client, settings):
    settings.ALLOWED_HOSTS = ["other.example"]
    for path in ("/sitemap.xml", "/sitemap-pages.xml"):
        text = client.get(path, headers={"host": "other.example"}).text
        assert f"<loc>{settings.SITE_URL}/" in text
        assert "other.example" not in text


@pytest.mark.parametrize("path", ["/sitemap-unknown.xml", "/sitemap-pages.xml?p=9"])
def test_a_sitemap_that_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404
