"""Metadata in the head of a page, for link previews and search engines."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString

from consent.public.share_image.captions import ShareCard, site_card
from consent.web.absolute_urls import absolute_url
from platforms.characters import cleaned

register = template.Library()

#: JSON escapes, so that no title can end the script element or begin a comment in it.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Write structured data as a script element that browsers do not run."""
    written = json.dumps(cleaned(data), ensure_ascii=False).translate(_ESCAPES)
    return SafeString(f'<script type="application/ld+json">{written}</script>')


@register.inclusion_tag("parts/_share_image.html")
def share_image(card: ShareCard | None = None) -> dict[str, Any]:
    """Link the share image of a page; by default the site's."""
    card = card or site_card()
    return {"card": card, "address": absolute_url(card.path)}
