from django.urls import path

from consent.public.checklist import views

urlpatterns = [path("checklist", views.checklist, name="checklist")]
