from django.urls import path

from consent.public.roles import views

urlpatterns = [
    path("for", views.index, name="roles"),
    path("for/<slug:slug>", views.role, name="role"),
    path("platforms/<slug:slug>/ask-your-admin", views.ask_admin, name="ask-admin"),
]
