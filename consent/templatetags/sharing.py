"""What programs that show a preview of a link read in the head of a page."""

from typing import Any

from django import template
from django.conf import settings

from consent.share_image.cards import ShareCard, site_card

register = template.Library()


@register.inclusion_tag("parts/_share_image.html")
def share_image(card: ShareCard | None = None) -> dict[str, Any]:
    """Name the picture of a page; one of the site itself where a page has none of its own."""
    card = card or site_card()
    return {"card": card, "address": f"{settings.SITE_URL}{card.path}"}
