import datetime as dt

from django.urls import path, register_converter

from consent.open_data.stamps import views


class Day:
    """A day such as 2026-11-26."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(Day, "day")
files = [
    path("evidence.csv", views.days_csv, name="evidence-csv"),
    path("evidence/authority.pem", views.authority_file, name="evidence-authority"),
    path("evidence/<day:day>.json", views.header_file, name="evidence-header"),
    path("evidence/<day:day>.tsr", views.stamp_file, name="evidence-stamp"),
    path("evidence/<day:day>.txt", views.leaves_file, name="evidence-leaves"),
]
urlpatterns = [path("evidence", views.evidence, name="evidence")]
