import datetime as dt

from django.urls import path, register_converter

from consent.public.numbers import views
from platforms.days import read_day


class Day:
    """A day within the bounds of the ledger: year-month-day."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        day = read_day(value)
        if day is None:
            raise ValueError
        return day

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(Day, "ledger_day")

#: Addresses for programs are the same in all languages.
files = [
    path("numbers/then-and-now.csv", views.then_and_now_csv, name="then-and-now-csv"),
]
urlpatterns = [
    path("numbers", views.numbers, name="numbers"),
    path("numbers/then-and-now", views.then_and_now, name="then-and-now"),
    path("numbers/<ledger_day:day>", views.numbers_of_day, name="numbers-of-day"),
    path("numbers/<ledger_day:day>/embed", views.embed, name="numbers-embed"),
]
