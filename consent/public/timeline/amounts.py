"""The amounts in the results of acts: of fines, of other payments and of threats."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop, pgettext

from consent.ledger.catalog_words import translated
from consent.ledger.place_words import SEMICOLON, in_parentheses

#: The result of a fine begins with its amount in all catalog files.
_AMOUNT = r"([\d.,]+) (million |billion )?(euros|pounds|dollars|won)\b"
_FINE = re.compile(_AMOUNT)
#: What has to be paid otherwise is in the words of the result.
_PAYMENT = re.compile(rf"(?<!\bor )\bpay {_AMOUNT}")
#: So is a share of a company that people get instead.
_SHARE = re.compile(rf"^A share of [^;]*\bestimated at {_AMOUNT}")
#: So is what would have to be paid by who does not obey.
_THREAT = re.compile(rf"\bor pay {_AMOUNT}|\bunder a daily fine\b")
#: What became of a fine is in its result too, as the files have it.
_ANNULLED = re.compile(r"\b(?:annulled|overturned)\b")
_REOPENED = re.compile(r"\bopen again\b")
#: That it was not paid is the last clause, with the month of the reports.
_UNPAID = re.compile(r"; reported as unpaid\b")
_MILLION, _BILLION = 10**6, 10**9
_TIMES = {"million ": _MILLION, "billion ": _BILLION, None: 1}
_MILLIONS = {
    "euros": gettext_noop("%(number)s million euros"),
    "pounds": gettext_noop("%(number)s million pounds"),
    "dollars": gettext_noop("%(number)s million dollars"),
    "won": gettext_noop("%(number)s million won"),
}
_BILLIONS = {
    "euros": gettext_noop("%(number)s billion euros"),
    "pounds": gettext_noop("%(number)s billion pounds"),
    "dollars": gettext_noop("%(number)s billion dollars"),
    "won": gettext_noop("%(number)s billion won"),
}


class Amount(NamedTuple):
    value: float
    currency: str

    @property
    def words(self) -> str:
        is_large = self.value >= _BILLION
        value = self.value / (_BILLION if is_large else _MILLION)
        text = (_BILLIONS if is_large else _MILLIONS)[self.currency]
        return gettext(text) % {"number": number_format(Decimal(f"{value:.6g}"))}


def fine_in(result: str) -> Amount | None:
    """Return the amount of a fine; None if the result is none."""
    return _amount(_FINE.match(result))


def payment_in(result: str) -> Amount | None:
    """Return the amount that has to be paid and is called no fine."""
    return _amount(_PAYMENT.search(result) or _SHARE.search(result))


def is_share(result: str) -> bool:
    """Return whether a share of a company is given; its amount is an estimate."""
    return bool(_SHARE.search(result))


def threatens(result: str) -> bool:
    """Return whether something has to be paid only if an order is not obeyed."""
    return not fine_in(result) and bool(_THREAT.search(result))


def is_annulled(result: str) -> bool:
    """Return whether a fine is annulled, and its case is not open again."""
    return bool(_ANNULLED.search(result)) and not is_reopened(result)


def is_reopened(result: str) -> bool:
    return bool(_REOPENED.search(result))


def sum_of_fines(results: Iterable[str]) -> str:
    """Say what fines add up to, by currency and by what became of them."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for result in results:
        if fine := fine_in(result):
            sums[_state_of_fine(result), fine.currency] += fine.value
    return str(SEMICOLON).join(
        in_parentheses(amount, [state]) if state else amount
        for (state, currency), value in sorted(sums.items(), key=lambda pair: pair[0])
        for amount in [Amount(value, currency).words]
    )


def without_payment(result: str) -> str:
    """Return a result, in the language of the page, without what is said of its payment."""
    text = translated(result)
    return text.rpartition(";")[0].strip() if _UNPAID.search(result) else text


def _state_of_fine(result: str) -> str:
    """Say what became of a fine; nothing of one that nothing later is on record about."""
    if is_reopened(result):
        return pgettext("of a fine", "open again")
    if _UNPAID.search(result):
        return translated(result).rpartition(";")[2].strip(" .")
    return pgettext("of a fine", "annulled") if is_annulled(result) else ""


def _amount(found: re.Match[str] | None) -> Amount | None:
    if found is None:
        return None
    return Amount(float(found[1].replace(",", "")) * _TIMES[found[2]], found[3])
