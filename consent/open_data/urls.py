from django.urls import path

from consent.open_data import feeds

#: What programs read has one address for all languages.
files = [
    path("feeds/timeline.atom", feeds.timeline_atom, name="timeline-atom"),
]
