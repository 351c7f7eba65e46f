from django.urls import path

from consent.public.feedback import report_queue, views

urlpatterns = [
    path("guides/<slug:slug>/answer", views.answer, name="guide-answer"),
    path("guides/<slug:slug>/answered", views.answered, name="guide-answered"),
    path("report", views.report, name="report"),
    path("reports", report_queue.report_queue, name="reports"),
    path("report/sent", views.reported, name="reported"),
    path("report/platform", views.request_platform, name="request-platform"),
    path("report/platform/sent", views.platform_requested, name="platform-requested"),
]
