from django.urls import path

from consent.open_data.stamps import views
from consent.web import day_paths  # noqa: F401 - days in paths

files = [
    path("evidence.csv", views.days_csv, name="evidence-csv"),
    path("evidence/authority.pem", views.authority_file, name="evidence-authority"),
    path("evidence/<day:day>.json", views.header_file, name="evidence-header"),
    path("evidence/<day:day>.tsr", views.stamp_file, name="evidence-stamp"),
    path("evidence/<day:day>.txt", views.leaves_file, name="evidence-leaves"),
]
urlpatterns = [path("evidence", views.evidence, name="evidence")]
