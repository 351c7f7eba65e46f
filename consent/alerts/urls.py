from django.urls import path, register_converter
from django.urls.converters import StringConverter

from consent.alerts import webhooks
from consent.alerts.subscriptions import link_pages


class LinkText(StringConverter):
    """What stands in our links: base64url parts joined by dots."""

    regex = "[-_.A-Za-z0-9]{1,100}"


register_converter(LinkText, "link")

#: What programs call has one address for all languages.
files = [
    path("mail/webhooks/<slug:provider>", webhooks.receive, name="mail-webhook"),
]
urlpatterns = [
    path("subscribe", link_pages.subscribe, name="subscribe"),
    path("subscribe/start", link_pages.subscribe_start, name="subscribe-start"),
    path("subscribe/code", link_pages.confirm_by_code, name="confirm-by-code"),
    path("confirm/<link:text>", link_pages.confirm, name="confirm"),
    path("confirm/<link:text>/again", link_pages.confirm_again, name="confirm-again"),
    path("address/<link:text>", link_pages.new_address, name="new-address"),
    path("alerts", link_pages.manage_link, name="manage-link"),
    path("alerts/<link:text>", link_pages.manage, name="manage"),
    path("alerts/<link:text>/export", link_pages.export, name="alerts-export"),
    path("u/<link:text>", link_pages.unsubscribe, name="unsubscribe"),
    path("u/<link:text>/now", link_pages.unsubscribe_now, name="unsubscribe-now"),
]
