"""Which kinds of data a question is about, and what is on record of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from consent.ledger.answers import Stance, Verdict
from consent.ledger.catalog_words import translated
from consent.ledger.dates import has_begun
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.headline_words import headline, operator_in_brief, short_name, since_words
from consent.ledger.place_words import SEMICOLON, listed
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.verdict import training_uses, verdict_about
from consent.ledger.verdict_words import data_label, data_told, kind_labels
from consent.models import Entry
from consent.public.questions.answer_line import FirstLine
from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.vocabulary import DataKind
from consent.web.page_language import colon

#: Kinds of data that a label names. Chosen.
_MOST_KINDS = 3

#: What one use calls files is documents to another.
_NEAR = {DataKind.FILES: DataKind.MAIL_AND_DOCUMENTS, DataKind.MAIL_AND_DOCUMENTS: DataKind.FILES}


def about_kind(facts: PlatformFacts, whole: Verdict, kind: DataKind) -> Verdict | None:
    """Return the answer about a kind of data; None if no use has it."""
    uses = [use for use in training_uses(facts) if kind in use.data_kinds]
    return verdict_about(facts, uses, kind, whole.question) if uses else None


def kinds_asked(
    facts: PlatformFacts, answer: Verdict, sought: Sequence[str], own: frozenset[str]
) -> list[DataKind]:
    """Return the kinds of data that plain words name. own: words of the platform's names."""
    if not any(DataKind.PRIVATE_MESSAGES in use.data_kinds for use in facts.uses):
        own |= {"texts"}  # which are translated there, and no messages
    kinds = read_subject([word for word in sought if word not in own]).kinds
    if DataKind.CHATS not in kinds:
        return list(kinds)
    # "Chats" may also be those with people.
    with_ai = about_kind(facts, answer, DataKind.CHATS)
    with_people = about_kind(facts, answer, DataKind.PRIVATE_MESSAGES)
    is_of_people = with_people is not None and not with_people.nothing_on_record
    if with_ai is None:
        is_of_people |= bool(_entries_about(facts, DataKind.PRIVATE_MESSAGES, answer.day))
    if with_people or is_of_people or _products_of(facts, DataKind.CHATS):
        kinds = tuple(dict.fromkeys((*kinds, DataKind.PRIVATE_MESSAGES)))
    if is_of_people and (with_ai is None or with_ai.nothing_on_record):
        return [kind for kind in kinds if kind != DataKind.CHATS]
    return list(kinds)


def kinds_on_record(
    facts: PlatformFacts, whole: Verdict, kinds: Iterable[DataKind]
) -> list[DataKind]:
    """Return kinds of data as uses have them: files may be among documents, or these in files.

    Left out is what only uses for other people have, if the whole answer is known.
    """
    anywhere = replace(whole, place="")

    def is_on_record(kind: DataKind) -> bool:
        found = about_kind(facts, anywhere, kind)
        return found is not None and not found.nothing_on_record

    found: list[DataKind] = []
    for kind in kinds:
        near = _NEAR.get(kind)
        is_of_others = about_kind(facts, anywhere, kind) is not None and not is_on_record(kind)
        if near and not is_on_record(kind) and is_on_record(near):
            found.append(near)
        elif whole.stance == Stance.UNKNOWN or not is_of_others:
            found.append(kind)
    return list(dict.fromkeys(found))


def is_told_apart(facts: PlatformFacts, kind: DataKind, answer: Verdict) -> bool:
    """Return whether a kind of data needs an answer of its own beside that about all."""
    of_kind = about_kind(facts, answer, kind)
    products = _products_of(facts, DataKind.CHATS)
    # What people write to an assistant are messages to them.
    if kind == DataKind.PRIVATE_MESSAGES and of_kind is None and not products:
        chats = about_kind(facts, answer, DataKind.CHATS)
        if chats and headline(chats) == headline(answer):
            return False
    if of_kind is None:
        return any(use.data_kinds for use in training_uses(facts))
    is_of_product = kind == DataKind.CHATS and bool(products)
    return is_of_product or headline(of_kind) != headline(answer)


def of_kind(facts: PlatformFacts, kind: DataKind, answer: Verdict) -> FirstLine:
    """Say what is on record of a kind of data; if only changes are about it, link them."""
    label = capfirst(label_of(facts, kind))
    if about := about_kind(facts, answer, kind):
        return FirstLine(f"{label}{colon()} {headline(about)}")
    if elsewhere := given_to_others(facts, kind, answer):
        return elsewhere[0]
    if entries := _entries_about(facts, kind, answer.day):
        # Translators: "Private messages: no answer on record; changes about it:", then links
        told = gettext("no answer on record; changes about it")
        return FirstLine(f"{label}{colon()} {told}{colon()}", entries)
    nothing = gettext("nothing on record")
    return FirstLine(f"{label}{colon()} {nothing}")


def given_to_others(
    facts: PlatformFacts, kind: DataKind, answer: Verdict, answered: Collection[str] = ()
) -> list[FirstLine]:
    """Lead to the services of others on whose data this company trains: posts on X train Grok.

    answered: names of services with an answer of their own beside this one, which is not repeated.
    """
    company = operator_in_brief(facts.operator, facts.name)
    question, of_all = replace(answer.question, plan=""), facts_of_all()
    lines = []
    for platform in listed_platforms():
        there = of_all[platform.pk]
        uses = [use for use in training_uses(there) if kind in use.data_kinds]
        if taken := [use for use in uses if use.trained_by == company]:
            found = verdict_about(there, taken, kind, question)
            said = {"kind": capfirst(str(kind.label)), "platform": there.name}
            if there.name in answered:
                # Translators: "Public posts on X: see", then a link
                told = gettext("%(kind)s on %(platform)s: see") % said
            else:
                since = [since_words(found.since)] if found.since else []
                said["answer"] = str(SEMICOLON).join([headline(found), *since])
                # Translators: "Public posts on X: Yes, unless you opt out; see", then a link
                told = gettext("%(kind)s on %(platform)s: %(answer)s; see") % said
            if not found.nothing_on_record:
                lines.append(FirstLine(told, [platform]))
    return lines


def nothing_alone(facts: PlatformFacts, kind: DataKind) -> FirstLine:
    """Say that a kind of data is on record only as a part of others."""
    label = capfirst(label_of(facts, kind))
    return FirstLine(gettext("%(kind)s, taken alone: nothing on record.") % {"kind": label})


def of_data_on_record(answer: Verdict) -> str:
    """Name the data that an answer is about beside a kind that is not on record."""
    kinds = list(dict.fromkeys(kind for use in answer.uses for kind in use.data_kinds))
    if len(kinds) > _MOST_KINDS:
        return gettext("other data")
    return listed(kind_labels(answer.uses, kinds))


def data_named(answer: Verdict, kinds: Collection[DataKind]) -> list[FirstLine]:
    """Say of the data that a question names what the record of the first use does."""
    covers, _others = data_told(answer)
    in_page = translated(covers)
    if in_page == covers and not str(get_language()).startswith("en"):
        return []
    clauses = [each.strip() for each in in_page.partition(". ")[0].split(";")]
    named = [each for each in clauses if not {*kinds}.isdisjoint(read_subject(words(each)).kinds)]
    if not named or len(named) == len(clauses):
        return []
    return [FirstLine(f"{data_label(answer)}{colon()}", details=str(SEMICOLON).join(named))]


def label_of(facts: PlatformFacts, kind: DataKind) -> str:
    products = _products_of(facts, kind) if kind == DataKind.CHATS else []
    if not products:
        return str(kind.label)
    return gettext("chats with %(products)s") % {"products": listed(products)}


def label_asked(facts: PlatformFacts, kind: DataKind, about: Verdict, sought: Sequence[str]) -> str:
    """Name a kind of data as the record of the one use does that is about it: "audio, video".

    What was asked may be a part of the kind, as calls are of voice. The kind has its own name where
    that was asked for, or where the record's name of the use is about something else.
    """
    name = short_name(about.uses[0]) if len(about.uses) == 1 else ""
    is_asked = not {*words(str(kind.label))}.isdisjoint(sought)
    is_named = bool(name) and kind in read_subject(words(name)).kinds
    return name if is_named and not is_asked else label_of(facts, kind)


def _products_of(facts: PlatformFacts, kind: DataKind) -> list[str]:
    """Return the parts of a platform that alone have a kind of data, as an AI has chats."""
    parts = [use.part for use in training_uses(facts) if kind in use.data_kinds]
    return list(dict.fromkeys(parts)) if all(parts) else []


def _entries_about(facts: PlatformFacts, kind: DataKind, day: dt.date) -> list[Entry]:
    """Return the latest entries about a kind of data, as one of X is listed under Grok too."""
    about = Entry.objects.published().filter(platforms__slug=facts.slug)
    of_kind = about.listing("data_kinds", kind.value).newest_first()
    return [entry for entry in of_kind if has_begun(entry, day)][:2]
