"""Links to the page in other languages, and marks for texts in another language."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from consent.ledger.place_names import in_page_language, in_plain_text
from consent.web.languages import Alternate, alternates, once_per_language

register = template.Library()


@register.simple_tag(takes_context=True)
def every_language(context: Context) -> list[Alternate]:
    """Return this page in every language; empty if it has only one."""
    request: HttpRequest | None = context.get("request")
    return alternates(request) if request else []


@register.simple_tag
def written_in(language: str = "") -> SafeString:
    """Return a lang attribute if the text's language is not the page's.

    language: by default the one that curators write in.
    """
    language = language or settings.LANGUAGE_CODE
    if language == get_language():
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.filter
def as_written(text: str, language: str = "") -> str:
    """Mark a text with its language (see written_in) on pages in another one."""
    mark = written_in(language)
    return format_html("<span{}>{}</span>", mark, text) if mark else text


@register.filter
@once_per_language
def scope_words(words: str) -> str:
    """Translate a region or an audience of a catalog file, or mark it as English."""
    translated = in_page_language(words)
    return as_written(words) if translated is None else translated


register.filter("scope_text", in_plain_text)
