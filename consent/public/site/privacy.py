"""What the site stores about people, why, and for how long: the privacy page and the record of it.

Times come from the code that deletes, so that the page cannot promise anything else. Who is
responsible comes from the settings; `missing` names those that are not set.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.alerts.subscriptions import retention as of_subscribers
from consent.public.feedback import retention as of_feedback
from platforms.fetching.policy import has_contact


@dataclass(frozen=True, slots=True)
class Stored:
    """One kind of data about people. basis: the legal basis, as Article 6 of the GDPR has it."""

    what: str
    why: str
    basis: str
    kept: str


def stored_data() -> Sequence[Stored]:
    """Return everything that is stored about readers and curators, in the page's language."""
    consent, interest = settings.LEGAL_BASIS_ALERTS, settings.LEGAL_BASIS_OTHER
    return [
        Stored(
            _("Alerts: your mail address, what you want to hear of, language and time zone"),
            _("To send the mails that you asked for."),
            consent,
            _(
                "Unconfirmed: %(pending)s. After you leave: %(left)s, so that you can undo it. "
                "We ask once a year whether you still want them; without an answer within "
                "%(answer)s they end."
            )
            % {
                "pending": _days(of_subscribers.PENDING_LASTS),
                "left": _days(of_subscribers.BLANK_AFTER),
                "answer": _days(of_subscribers.ANSWER_WITHIN),
            },
        ),
        Stored(
            _("Mails: which ones were sent to you, and which could not be delivered"),
            _("To send none twice, and to stop writing to addresses that no longer exist."),
            consent,
            _("Requested mails: %(letters)s. The rest as long as your alerts.")
            % {"letters": _days(of_subscribers.LETTERS_KEPT)},
        ),
        Stored(
            _("Addresses that left: a code made from the address, not the address"),
            _("So that nobody who left comes back when a backup is restored."),
            interest,
            _("As long as backups are kept."),
        ),
        Stored(
            _("Reports: your words, and your name and address if you give them"),
            _("To correct errors, and to answer you."),
            interest,
            _(
                "Address: %(settled)s after we have decided, at most %(address)s. Words and name: "
                "%(words)s."
            )
            % {
                "settled": _days(of_feedback.ADDRESS_KEPT_AFTER_RULING),
                "address": _days(of_feedback.ADDRESS_KEPT),
                "words": _days(of_feedback.WORDS_KEPT),
            },
        ),
        Stored(
            _("Answers to “did it work?” below guides, without anything about you"),
            _("To notice when steps no longer work."),
            interest,
            _days(of_feedback.ANSWERS_KEPT),
        ),
        Stored(
            _("Forms that you send: a code made from your network address"),
            _("To stop floods of forms."),
            interest,
            _("One day at most."),
        ),
        Stored(
            _("Logs of the web server: network address, time, page"),
            _("To keep the site running and to fend off attacks."),
            interest,
            _days(dt.timedelta(settings.WEB_LOG_DAYS))
            if settings.WEB_LOG_DAYS is not None
            else _("Missing: whoever runs this site has not said it yet."),
        ),
        Stored(
            _("Failed logins of editors: name, network address, time"),
            _("To stop the guessing of passwords."),
            interest,
            _("A quarter of an hour; deleted with the next attempt."),
        ),
        Stored(
            _("Editors: their account, and a log of their decisions"),
            _("To say who is answerable for what is published."),
            interest,
            _("As long as what they published stands."),
        ),
    ]


def missing() -> list[str]:
    """Return the names of settings that readers have a right to and that are not set."""
    is_set = {
        "SITE_OWNER": settings.SITE_OWNER,
        "SITE_OWNER_ADDRESS": settings.SITE_OWNER_ADDRESS,
        "CONTACT_EMAIL": has_contact(),
        "DATA_PROCESSORS": settings.DATA_PROCESSORS,
        "SUPERVISORY_AUTHORITY": settings.SUPERVISORY_AUTHORITY,
        "WEB_LOG_DAYS": settings.WEB_LOG_DAYS is not None,
    }
    return [name for name, value in is_set.items() if not value]


def processors() -> Sequence[str]:
    """Return who else handles data, each with what for; empty if there are none, or none named."""
    return [] if settings.DATA_PROCESSORS == ["none"] else settings.DATA_PROCESSORS


def _days(time: dt.timedelta) -> str:
    return ngettext("%(days)d day", "%(days)d days", time.days) % {"days": time.days}
