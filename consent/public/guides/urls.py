from django.urls import path

from consent.public.guides import views

urlpatterns = [
    path("guides", views.guides, name="guides"),
    path("guides/<slug:slug>", views.guide, name="guide"),
]
