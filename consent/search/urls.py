from django.urls import path

from consent.search import views

urlpatterns = [path("search", views.search, name="search")]
