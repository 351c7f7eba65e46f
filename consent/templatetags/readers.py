"""The link from a page to the form that reports an error."""

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.http import urlencode

from consent.public.feedback.own_pages import own_path

register = template.Library()


@register.simple_tag(takes_context=True)
def report_url(context: Context) -> str:
    """Return the form's address, with this page filled in if it is public."""
    request = context.get("request")
    about = own_path(request.path) if request else ""
    return reverse("report") + (f"?{urlencode({'about': about})}" if about else "")
