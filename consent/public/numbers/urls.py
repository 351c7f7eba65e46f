from django.urls import path

from consent.public.numbers import views
from consent.web import day_paths  # noqa: F401 - days in paths

#: Addresses for programs are the same in all languages.
files = [
    path("numbers/then-and-now.csv", views.then_and_now_csv, name="then-and-now-csv"),
]
urlpatterns = [
    path("numbers", views.numbers, name="numbers"),
    path("numbers/then-and-now", views.then_and_now, name="then-and-now"),
    path("numbers/<day:day>", views.numbers_of_day, name="numbers-of-day"),
    path("numbers/<day:day>/embed", views.embed, name="numbers-embed"),
]
