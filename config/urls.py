"""Pages speak every language of the interface, each under its prefix; files have one address."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from consent.alerts import urls as alerts
from consent.desk.work_mail import stop_work_mail
from consent.open_data import urls as open_data
from consent.public.checklist import urls as checklist
from consent.public.claims import urls as claims
from consent.public.feedback import urls as feedback
from consent.public.guides import urls as guides
from consent.public.numbers import urls as numbers
from consent.public.roles import urls as roles
from consent.public.search import urls as search
from consent.public.share_image import urls as share_image
from consent.public.site import urls as site
from consent.public.state_of_play import urls as state_of_play
from consent.public.timeline import urls as timeline

urlpatterns = [
    *open_data.files,  # first, since programs ask most often
    path("admin/", admin.site.urls),
    path("desk-mail/<str:text>", stop_work_mail, name="work-mail-off"),
    path("", include(state_of_play.files)),
    path("", include(timeline.files)),
    path("", include(numbers.files)),
    path("", include(search.files)),
    path("", include(site.files)),
    path("", include(alerts.files)),
    *i18n_patterns(
        path("", include(timeline)),
        path("", include(state_of_play)),
        path("", include(numbers)),
        path("", include(guides)),
        path("", include(claims)),
        path("", include(roles)),
        path("", include(feedback)),
        path("", include(checklist)),
        path("", include(search)),
        path("", include(alerts)),
        path("", include(share_image)),
        path("", include(open_data)),
        path("", include(site)),
        prefix_default_language=False,
    ),
]

handler403 = "consent.desk.error_pages.refused"
handler404 = "consent.desk.error_pages.not_found"
handler500 = "consent.desk.error_pages.broken"
