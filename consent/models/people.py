"""ForPeople: the fields of a record that holds in some places, for some people."""

from __future__ import annotations

from django.db import models

from consent.vocabulary import People
from platforms.models import Located


class ForPeople(Located):
    """A record that says where and for whom it holds (docs/catalog.md, "Where and who")."""

    people = models.JSONField(
        default=list, blank=True, help_text="Kinds of people; empty: not limited to any."
    )
    plans = models.JSONField(
        default=list, blank=True, help_text="These plans of the platform's list only."
    )
    who = models.CharField(
        max_length=200, blank=True, help_text="The exact group in words; shown to readers."
    )

    class Meta:
        abstract = True

    @property
    def kinds_of_people(self) -> tuple[People, ...]:
        return tuple(map(People, self.people))
