"""Finds which kinds of ways out a question names: "who lets me opt out by email only"."""

from __future__ import annotations

from collections.abc import Sequence

from consent.search.pages import asks_for
from consent.vocabulary import Friction


def asked_ways(query: Sequence[str]) -> list[Friction]:
    """Return what makes refusing hard, if plain words ask where one refuses by mail or form."""
    if not asks_for("refusing", query):
        return []
    by_mail, by_form = asks_for("by-mail", query), asks_for("by-form", query)
    return [Friction.MAIL_ONLY] * by_mail + [Friction.FORM_ONLY] * by_form
