"""Keeps the reader's place and kind of account in the links of a page."""

from __future__ import annotations

from django import template
from django.http import QueryDict
from django.template.context import Context

from consent.ledger.state_of_play import Reader
from consent.vocabulary import People

register = template.Library()


@register.simple_tag(takes_context=True)
def for_reader(context: Context, url: str, age: int | None = None) -> str:
    """Return the address of a page that answers by place, with what the reader chose here.

    The choices are the Reader in the context; pages without one, or without choices, add nothing.
    age: of the minor who reads, for a page that answers by it.
    """
    reader = context.get("reader")
    if not isinstance(reader, Reader) or url.startswith("#"):
        return url
    chosen = QueryDict(mutable=True)
    if reader.place:
        chosen["place"] = reader.place
    if reader.people:
        chosen["people"] = reader.people.value
    if age is not None and reader.people == People.MINORS:
        chosen["age"] = str(age)
    if not chosen:
        return url
    address, hash_mark, anchor = url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{chosen.urlencode()}{hash_mark}{anchor}"
