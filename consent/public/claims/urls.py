from django.urls import path

from consent.public.claims import views

urlpatterns = [
    path("claims", views.claims, name="claims"),
    path("claims/<slug:slug>", views.claim, name="claim"),
]
