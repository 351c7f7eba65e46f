from django.urls import path

from consent.readers import views

urlpatterns = [
    path("guides/<slug:slug>/answer", views.answer, name="guide-answer"),
    path("guides/<slug:slug>/answered", views.answered, name="guide-answered"),
]
