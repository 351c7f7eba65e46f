from django.urls import path

from consent.public.search import views

urlpatterns = [path("search", views.search, name="search")]
