"""Links to the page in other languages, and marks for texts in another language."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from consent.declarations.claims import ClaimDeclaration, ClaimWords
from consent.ledger import place_words as words
from consent.ledger.catalog_words import (
    UNTRANSLATED,
    publisher_words,
    translated,
    translated_html,
)
from consent.ledger.facts import use_facts
from consent.ledger.place_words import SEMICOLON
from consent.ledger.platform_facts import UseFacts
from consent.ledger.revisions import Value
from consent.ledger.verdict_words import Titles, titles_of
from consent.models import Use
from consent.models.people import ForPeople
from consent.vocabulary import StateValue
from consent.web.page_language import Alternate, alternates, colon, file_in_page_language
from platforms.models import Located

register = template.Library()

_QUOTATION_MARKS = {"de": "„%s“", "fr": "«\u00a0%s\u00a0»"}


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


@register.simple_block_tag(takes_context=True)
def with_language_note(context: Context, content: str) -> SafeString:
    """Add to a page that some of its sentences are in English, where one is: see translated_html.

    Not where readers manage their alerts.
    """
    if f'class="{UNTRANSLATED}"' not in content or context.get("section") == "alerts":
        return SafeString(content)
    note = gettext("Some sentences on this page are in English so far.")
    return format_html('{}<p class="language-note small muted">{}</p>\n', SafeString(content), note)


register.simple_tag(colon)
register.simple_tag(lambda: SEMICOLON, name="semicolon")
register.simple_tag(file_in_page_language)


@register.filter
def told_here(claim: ClaimDeclaration) -> tuple[ClaimWords, str]:
    """Return the words of a claim for this page, and the language in which they are."""
    return claim.told_in(get_language() or settings.LANGUAGE_CODE)


@register.filter
def quoted(text: str, language: str = "") -> str:
    """Put a text between the quotation marks of its language, by default that of curators."""
    marks = _QUOTATION_MARKS.get(language or settings.LANGUAGE_CODE, "“%s”")
    return marks.replace("%s", text)


@register.filter
def as_written(text: str, language: str = "") -> str:
    """Mark a text with its language (see written_in) on pages in another one."""
    mark = written_in(language)
    return format_html("<span{}>{}</span>", mark, text) if mark else text


register.filter("told", translated_html)
register.filter("told_plainly", translated)
register.filter(publisher_words)


@register.filter
def told_value(value: Value) -> str:
    """Write what a field said before or after a revision: texts of curators as told, else as is."""
    return translated_html(value.words) if value.is_text else value.words


@register.filter
def use_title(use: Use | UseFacts) -> str:
    """Return the title of a use in the language of the page, or marked as English."""
    titles = titles_of(use_facts(use, ()) if isinstance(use, Use) else use)
    return as_written(titles.title) if titles.is_english else titles.title


@register.filter
def title_beside(titles: Titles, value: StateValue) -> str:
    """Return the title of a use to print beside one of its states."""
    return titles.beside({value})


@register.filter
def place_words(record: Located) -> str:
    """Name the places where a record holds: "worldwide", "outside the EU and UK"."""
    return words.place_words(record.where)


@register.filter
def people_words(record: ForPeople) -> str:
    """Name the people for whom a record holds: "personal accounts on Free and Pro".

    Marked as English if it is in the words of a catalog file.
    """
    text = words.people_words(record.people, record.plans, record.who)
    return text if words.is_in_page_language(record.who) else as_written(text)
