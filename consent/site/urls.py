from django.urls import path

from consent.site import views

urlpatterns = [
    path("about", views.about, name="about"),
    path("methodology", views.methodology, name="methodology"),
    path("status", views.status, name="status"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots_txt, name="robots-txt"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
