"""Who passed on to a company what people gave: "who sold posts to OpenAI"."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from consent.ledger.headline_words import operator_in_brief
from consent.models import Entry
from consent.models.entries import EntryQuerySet
from consent.vocabulary import Effect, Topic
from platforms.models import Platform

#: Chosen.
_MOST = 8


def passed_on_to(buyers: Iterable[Platform]) -> EntryQuerySet:
    """Return the latest changes of other companies that shared more and name one of these.

    Titles name the company, or its product.
    """
    named, own = Q(pk__in=()), Q(pk__in=())
    for buyer in buyers:
        for name in {operator_in_brief(buyer.operator, buyer.name), buyer.name} - {""}:
            named |= Q(title__icontains=name)
        own |= Q(platforms__operator=buyer.operator)
    entries = Entry.objects.published().listing("effects", Effect.SHARING_WIDENED.value)
    about_training = entries.exclude(topic=Topic.OTHER)
    shared = about_training.filter(named).exclude(own).newest_first()
    return shared.prefetch_related("platforms")[:_MOST]
