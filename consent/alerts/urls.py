from django.urls import path, register_converter
from django.urls.converters import StringConverter

from consent.alerts import views, webhooks


class LinkText(StringConverter):
    """What stands in our links: base64url parts joined by dots."""

    regex = "[-_.A-Za-z0-9]{1,100}"


register_converter(LinkText, "link")

#: What programs call has one address for all languages.
files = [
    path("mail/webhooks/<slug:provider>", webhooks.receive, name="mail-webhook"),
]
urlpatterns = [
    path("subscribe", views.subscribe, name="subscribe"),
    path("subscribe/start", views.subscribe_start, name="subscribe-start"),
    path("subscribe/code", views.confirm_by_code, name="confirm-by-code"),
    path("confirm/<link:text>", views.confirm, name="confirm"),
    path("confirm/<link:text>/again", views.confirm_again, name="confirm-again"),
    path("address/<link:text>", views.new_address, name="new-address"),
    path("alerts", views.manage_link, name="manage-link"),
    path("alerts/<link:text>", views.manage, name="manage"),
    path("alerts/<link:text>/export", views.export, name="alerts-export"),
    path("u/<link:text>", views.unsubscribe, name="unsubscribe"),
    path("u/<link:text>/now", views.unsubscribe_now, name="unsubscribe-now"),
]
