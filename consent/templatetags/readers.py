"""The link from a page to the form that reports an error."""

from django import template
from django.conf import settings
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


@register.simple_tag(takes_context=True)
def catalog_file(context: Context) -> str:
    """Return where the catalog file of this page's change, guide or platform is edited.

    "" where the site names no public place of its files.
    """
    if not settings.CATALOG_URL:
        return ""
    if "entry" in context:
        platform = next(iter(context["entry"].platforms.all()), None)
    else:
        platform = context["guide"].platform if "guide" in context else context.get("platform")
    return f"{settings.CATALOG_URL}/{platform.slug}.yaml" if platform else ""
