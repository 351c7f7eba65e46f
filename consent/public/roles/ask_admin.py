"""What an organisation can refuse and its people cannot: who does it, how, and in which words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consent.ledger.catalog_words import translated
from consent.ledger.facts import control_key, facts_of
from consent.ledger.guide_lines import GuideLine, all_guide_lines
from consent.ledger.headline_words import headline
from consent.ledger.question import Question
from consent.ledger.verdict import verdict
from consent.ledger.verdict_words import act_words
from consent.ledger.way_buttons import admin_ways, best_guides, guide_for
from consent.models import Control
from consent.public.guides.letter import mail_address
from consent.vocabulary import People, Refuse
from consent.web.absolute_urls import absolute_url
from platforms.models import Platform


@dataclass(frozen=True, slots=True)
class AdminLetter:
    """What the admin sends to the platform, in the words that it demands."""

    to: str
    subject: str
    body: str
    must_name: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One act of an admin.

    who: the people whom the platform lets do it. to_forward: subject and text for one's own admin.
    letter: if the admin has to write.
    """

    control: Control
    act: str
    who: str
    guide: GuideLine | None
    subject: str
    to_forward: str
    letter: AdminLetter | None

    @property
    def mail(self) -> str:
        """An address that opens the reader's own mail program."""
        return mail_address(self.subject, self.to_forward)


def asks_of(platform: Platform, day: dt.date) -> list[Ask]:
    """Return what only an admin can do to refuse training on a day, the best first."""
    facts = facts_of([platform])[platform.pk]
    ways = admin_ways(facts, day)
    keys = [way.control.key for way in ways]
    slugs = {key.partition("/")[2] for key in keys}
    rows = Control.objects.published().filter(slug__in=slugs).with_details()
    by_key = {control_key(control): control for control in rows}
    guides = best_guides(all_guide_lines())
    answer = headline(verdict(facts, Question(day, people=People.ORGANISATION)))
    acts = {way.control.key: way.control for way in ways}
    asks = []
    for key in keys:
        if key not in by_key:
            continue
        words = act_words(acts[key], people=People.ORGANISATION, operator=platform.operator)
        asks.append(_ask(platform, by_key[key], words, guide_for(guides, key), answer))
    return asks


def _ask(
    platform: Platform, control: Control, act: str, guide: GuideLine | None, answer: str
) -> Ask:
    page = guide.get_absolute_url() if guide else platform.get_absolute_url() + f"#{control.slug}"
    letter = _letter(platform, control) if control.refuse == Refuse.WRITE else None
    paths = [each.path for each in control.surfaces.all() if each.path]
    lines = [
        _("Hello,"),
        _("Does %(platform)s train AI on our data? %(answer)s.")
        % {"platform": platform.name, "answer": answer},
        _("Only somebody who runs it for us can refuse. What to do: %(act)s.") % {"act": act},
        *(_("Where: %(path)s") % {"path": path} for path in paths[:1]),
    ]
    if letter:
        if letter.to not in act:
            lines.append(_("Write to: %(to)s") % {"to": letter.to})
        lines.append(_("Subject: %(subject)s") % {"subject": letter.subject})
        lines += [_("Name in it: %(detail)s") % {"detail": each} for each in letter.must_name]
    lines.append(_("The steps and the sources: %(address)s") % {"address": absolute_url(page)})
    lines.append(_("Please tell me when it is done. Thank you."))
    subject = _("Please refuse AI training on our data: %(platform)s") % {"platform": platform.name}
    who = _who_can(control, guide)
    return Ask(control, act, who, guide, subject, "\n\n".join(lines), letter)


def _who_can(control: Control, guide: GuideLine | None) -> str:
    """Return for whom the guide of this act alone is; else words that fit every platform."""
    is_theirs = guide and len(guide.acts) == 1 and control.refuse != Refuse.ASK_ADMIN
    if guide and guide.who and is_theirs:
        return translated(guide.who)
    return _("whoever runs it for your organisation")


def _letter(platform: Platform, control: Control) -> AdminLetter:
    names = {"platform": platform.name}
    must_name = tuple(translated(detail) for detail in control.must_name)
    body = [
        _("Please leave the data of our organisation out of training any AI (%(platform)s).")
        % names,
        _("Please confirm it, and say from which day on it holds."),
        *(f"{detail}:" for detail in must_name),
    ]
    return AdminLetter(
        to=control.to or platform.contact_email or platform.operator,
        subject=control.subject
        or _("No AI training on the data of our organisation: %(platform)s") % names,
        body="\n\n".join(body),
        must_name=must_name,
    )
