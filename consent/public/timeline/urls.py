from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from consent.public.timeline import next_days, views


class PublicId(StringConverter):
    """Ten hexadecimal digits (Entry.public_id)."""

    regex = "[0-9a-f]{10}"


class LooseSlug(StringConverter):
    """A slug that may be empty, for titles without Latin letters and for truncated links."""

    regex = "[-a-zA-Z0-9_]*"


class YearNumber(IntConverter):
    """A year of this century, in four digits."""

    regex = "20[0-9]{2}"


register_converter(YearNumber, "year_number")
register_converter(PublicId, "public_id")
register_converter(LooseSlug, "loose_slug")
#: Addresses for programs are the same in all languages.
files = [
    path("timeline/months.csv", views.months_csv, name="months-csv"),
    path("changes/<public_id:public_id>.ris", views.change_ris, name="change-ris"),
]
urlpatterns = [
    path("next", next_days.next_days, name="next"),
    path("<year_number:number>", views.year, name="year"),
    path("timeline", views.timeline, name="timeline"),
    path("changes/<public_id:public_id>", views.change_by_id, name="change-by-id"),
    path("changes/<public_id:public_id>-<loose_slug:slug>", views.change, name="change"),
]
