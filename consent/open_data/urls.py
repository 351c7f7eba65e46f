from django.urls import path
from django.views.generic import RedirectView

from consent.open_data import (
    assistants,
    badges,
    calendars,
    documentation,
    feeds,
    providers,
    requests,
    tables,
)
from consent.open_data.evidence import views as evidence
from consent.open_data.stamps import urls as stamps

to_providers = RedirectView.as_view(
    pattern_name="providers", permanent=True, query_string=True, http_method_names=["get", "head"]
)
#: What programs read has one address for all languages.
files = [
    path("api/mcp", assistants.answer, name="assistants"),
    *requests.routes(),
    path("feeds/timeline.atom", feeds.timeline_atom, name="timeline-atom"),
    path(
        "changes/<slug:public_id>/evidence.wacz",
        evidence.evidence_bundle,
        name="evidence-bundle",
    ),
    *stamps.files,
    path("feeds/timeline.json", feeds.timeline_json, name="timeline-json"),
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("timeline.csv", tables.timeline_csv, name="timeline-csv"),
    path("data/domains.json", documentation.domains_json, name="data-domains"),
    path("data/providers.json", providers.providers_json, name="data-providers"),
    path("data/providers.csv", providers.providers_csv, name="providers-csv"),
    path("data/<slug:resource>.csv", tables.resource_csv, name="data-csv"),
    path("data/catalog.jsonld", documentation.data_catalog, name="data-catalog"),
    path("data/releases.json", documentation.releases_json, name="data-releases"),
    path("data/releases/latest.zip", documentation.latest_release, name="release-latest"),
    path("data/releases/<str:month>.zip", documentation.release_archive, name="release-archive"),
    path("data/releases/<str:month>/<str:name>", documentation.release_file, name="release-file"),
    path("data/<str:day>.zip", documentation.archive_file, name="data-archive"),
    path("data/<str:day>/<str:name>", documentation.dump_file, name="data-file"),
    path("badges/<slug:platform>.svg", badges.svg, name="badge"),
    path("badges/<slug:platform>.json", badges.shields, name="badge-json"),
    path("badges/<slug:platform>/<slug:use>.svg", badges.svg, name="badge-of-use"),
    path("badges/<slug:platform>/<slug:use>.json", badges.shields, name="badge-json-of-use"),
    path("embed/<slug:platform>", badges.embed, name="embed"),
    path("embed/<slug:platform>/<slug:use>", badges.embed, name="embed-of-use"),
]
#: Pages for people who write programs, in every language.
urlpatterns = [
    path("api", documentation.api_page, name="api"),
    path("data", documentation.data_page, name="data"),
    path("developers", to_providers, name="developers"),
    path("developers/providers", providers.providers_page, name="providers"),
    *stamps.urlpatterns,
]
