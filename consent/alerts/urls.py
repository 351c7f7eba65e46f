from django.urls import path, register_converter
from django.urls.converters import StringConverter

from consent.alerts.sending import provider_reports
from consent.alerts.subscriptions import manage, signup, unsubscribe


class LinkText(StringConverter):
    """The secret text of a mailed link: base64url parts joined by dots."""

    regex = "[-_.A-Za-z0-9]{1,100}"


register_converter(LinkText, "link")

#: Addresses for programs are the same in all languages.
files = [
    path("mail/webhooks/<slug:provider>", provider_reports.receive, name="mail-webhook"),
]
urlpatterns = [
    path("subscribe", signup.subscribe, name="subscribe"),
    path("subscribe/start", signup.subscribe_start, name="subscribe-start"),
    path("subscribe/code", signup.confirm_by_code, name="confirm-by-code"),
    path("confirm/<link:text>", signup.confirm, name="confirm"),
    path("confirm/<link:text>/again", signup.confirm_again, name="confirm-again"),
    path("address/<link:text>", manage.new_address, name="new-address"),
    path("alerts", manage.manage_link, name="manage-link"),
    path("alerts/<link:text>", manage.manage, name="manage"),
    path("alerts/<link:text>/export", manage.export, name="alerts-export"),
    path("u/<link:text>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("u/<link:text>/now", unsubscribe.unsubscribe_now, name="unsubscribe-now"),
]
