from django.urls import path

from consent.public.state_of_play import (
    box_views,
    compare_views,
    figure_tables,
    matrix_views,
    views,
)

#: Addresses for programs are the same in all languages.
files = [
    path("matrix.csv", matrix_views.matrix_csv, name="matrix-csv"),
    path("compare.csv", compare_views.compare_csv, name="compare-csv"),
    path("crawlers.csv", figure_tables.crawlers_csv, name="crawlers-csv"),
    path("figures.csv", figure_tables.figures_csv, name="figures-csv"),
    path("figures/<slug:figure>.csv", figure_tables.figure_csv, name="figure-csv"),
    path("matrix.json", matrix_views.matrix_json, name="matrix-json"),
]
urlpatterns = [
    path("platforms", views.platforms, name="platforms"),
    path("operators/<slug:slug>", views.operator, name="operator"),
    path("platforms/<slug:slug>", views.platform, name="platform"),
    path("matrix", matrix_views.matrix, name="matrix"),
    path("answers", box_views.answers, name="answers"),
    path("compare", compare_views.compare, name="compare"),
]
