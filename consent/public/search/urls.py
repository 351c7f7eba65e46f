from django.urls import path

from consent.public.search import views

#: Addresses for programs are the same in all languages.
files = [path("opensearch.xml", views.opensearch, name="opensearch")]
urlpatterns = [path("search", views.search, name="search")]
