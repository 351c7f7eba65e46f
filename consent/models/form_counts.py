"""FormCount: the number of forms that one network sent lately."""

from __future__ import annotations

import datetime as dt

from django.db import connection, models, transaction

from platforms.models import CLOCK_SKEW


class FormCountManager(models.Manager["FormCount"]):
    def add_one(self, key: str, *, now: dt.datetime, lasts: dt.timedelta) -> int:
        """Count a form under a key and return how many there were since the first one.

        lasts: how long after the first form counting begins anew. One statement, so that forms
        sent at the same moment are all counted.
        """
        table = connection.ops.quote_name(self.model._meta.db_table)
        # A count that ends later was begun while our clock was wrong.
        times = (now, now + lasts, now + lasts + CLOCK_SKEW)
        at, until, latest = (connection.ops.adapt_datetimefield_value(time) for time in times)
        # Only the name of our own table is put in here; every value is a parameter.
        statement = f"""
            INSERT INTO {table} AS kept (key, forms, expires_at) VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET
                forms = CASE
                    WHEN kept.expires_at > %s AND kept.expires_at <= %s
                    THEN kept.forms + 1 ELSE 1
                END,
                expires_at = CASE
                    WHEN kept.expires_at > %s AND kept.expires_at <= %s
                    THEN kept.expires_at ELSE excluded.expires_at
                END
            RETURNING forms
        """  # noqa: S608
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [key, until, at, latest, at, latest])
            return int(cursor.fetchone()[0])

    def forget(self, now: dt.datetime) -> int:
        """Delete what no longer counts; return how many rows."""
        return self.filter(expires_at__lte=now).delete()[0]


class FormCount(models.Model):
    """Forms of one kind from one network. key: a keyed digest of both; no address is stored."""

    key = models.CharField(max_length=64, primary_key=True)
    forms = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    objects = FormCountManager()

    def __str__(self) -> str:
        return f"{self.forms} forms until {self.expires_at:%Y-%m-%d %H:%M}"
