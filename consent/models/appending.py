"""Rows of a log: written once, never changed and never removed."""

from __future__ import annotations

from typing import Any

from django.db import models


class Appended(models.Model):
    """Refuses to be saved again or deleted; rows that name it are protected as well."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is a log: a row is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is a log: a row is never removed.")
