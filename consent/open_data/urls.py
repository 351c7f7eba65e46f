from django.urls import path

from consent.open_data import feeds
from consent.open_data.evidence import views as evidence
from consent.open_data.stamps import urls as stamps

#: What programs read has one address for all languages.
files = [
    path("feeds/timeline.atom", feeds.timeline_atom, name="timeline-atom"),
    path(
        "changes/<slug:public_id>/evidence.wacz",
        evidence.evidence_bundle,
        name="evidence-bundle",
    ),
    *stamps.files,
]
urlpatterns = [*stamps.urlpatterns]
