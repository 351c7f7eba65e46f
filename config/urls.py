from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("consent.timeline.urls")),
    path("", include("consent.standing.urls")),
    path("", include("consent.guides.urls")),
    path("", include("consent.checklist.urls")),
    path("", include("consent.search.urls")),
    path("", include("consent.alerts.urls")),
    path("", include("consent.site.urls")),
]
