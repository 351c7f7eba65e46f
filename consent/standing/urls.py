from django.urls import path

from consent.standing import views

urlpatterns = [
    path("platforms", views.platforms, name="platforms"),
    path("platforms/<slug:slug>", views.platform, name="platform"),
]
