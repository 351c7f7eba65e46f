from django.urls import path

from consent.public.site import home, metrics, status, views

#: Addresses for programs are the same in all languages.
files = [
    path("healthz", views.healthz, name="healthz"),
    path("methodology/<int:number>.csv", views.methodology_csv, name="methodology-csv"),
    path("healthz/web", views.healthz_web, name="healthz-web"),
    path("metrics", metrics.metrics, name="metrics"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", views.sitemap_section, name="sitemap-section"),
    path("robots.txt", views.robots_txt, name="robots-txt"),
    path("llms.txt", views.llms_txt, name="llms-txt"),
    path("license.xml", views.rsl_licence, name="rsl-licence"),
    path(".well-known/tdmrep.json", views.tdm_reservation, name="tdm-reservation"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("about", views.about, name="about"),
    path("glossary", views.glossary, name="glossary"),
    path("methodology", views.methodology, name="methodology"),
    path("privacy", views.privacy, name="privacy"),
    path("corrections", views.corrections, name="corrections"),
    path("feeds", views.feeds, name="feeds"),
    path("status", status.status, name="status"),
]
