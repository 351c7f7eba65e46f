from django.urls import path

from consent.checklist import views

urlpatterns = [path("checklist", views.checklist, name="checklist")]
