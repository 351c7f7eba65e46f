"""The page in every language, and texts in another language than the page."""

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
    """This page in every language of the interface; nothing where there is only this one."""
    request: HttpRequest | None = context.get("request")
    return alternates(request) if request else []


@register.simple_tag
def written_in(language: str = "") -> SafeString:
    """A lang attribute for a text in another language than the page.

    Without a language given: the one that curators write in.
    """
    language = language or settings.LANGUAGE_CODE
    if language == get_language():
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.filter
def as_written(text: str, language: str = "") -> str:
    """A text as it is, marked with its language (see written_in) on pages in another one."""
    mark = written_in(language)
    return format_html("<span{}>{}</span>", mark, text) if mark else text


@register.filter
@once_per_language
def scope_words(words: str) -> str:
    """A region or an audience of a catalog file in the page's language, or marked as English."""
    translated = in_page_language(words)
    return as_written(words) if translated is None else translated


register.filter("scope_text", in_plain_text)
