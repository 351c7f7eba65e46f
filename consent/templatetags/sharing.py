"""What programs read in the head of a page: those that preview links, and search engines."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString

from consent.public.share_image.cards import ShareCard, site_card
from consent.web.links import absolute_url
from platforms.characters import cleaned

register = template.Library()

#: No title can end the element or begin a comment in it; readers of JSON see what was meant.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Write structured data as a block that browsers keep and never run."""
    written = json.dumps(cleaned(data), ensure_ascii=False).translate(_ESCAPES)
    return SafeString(f'<script type="application/ld+json">{written}</script>')


@register.inclusion_tag("parts/_share_image.html")
def share_image(card: ShareCard | None = None) -> dict[str, Any]:
    """Name the picture of a page; one of the site itself where a page has none of its own."""
    card = card or site_card()
    return {"card": card, "address": absolute_url(card.path)}
