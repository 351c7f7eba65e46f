"""The evidence bundle of a change: what goes in, and what is only named (decision 0018)."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from consent.diffing import diff, passages
from consent.models import Change, Decision, Entry
from consent.models.public_names import public_name
from consent.open_data.evidence import members
from consent.open_data.evidence.members import Part, json_part
from consent.open_data.evidence.proofs import proofs_of
from consent.open_data.evidence.snapshots import TOO_LARGE, Collected, collect
from consent.open_data.stamps.chain import VERIFY_COMMAND
from consent.open_data.stamps.leaves import decision_leaf, entry_leaves, revision_leaf
from consent.web.absolute_urls import absolute_url
from platforms.archive import Archive
from platforms.archive.warc import write_warc
from platforms.fetching.policy import has_contact

#: 2: decisions have records of their own, which are stamped.
FORMAT = 2
#: Characters of both texts. Comparing longer ones could take more than a few seconds.
LONGEST_COMPARISON = 1_000_000
LICENCE = {
    "name": "CC BY 4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "covers": "Our words: the entry, the decision, the manifest, the comparison, the how-to.",
    "excludes": (
        "Snapshots, texts and passages are the words of the platforms and publishers named. They "
        "are here as evidence and are not ours to license."
    ),
}


def build(entry: Entry, archive: Archive) -> bytes:
    """Return the bundle of an entry read with EntryQuerySet.for_change_page().

    The same data give the same bytes. Raises ArchiveUnavailable.
    """
    gathered = collect(entry, archive)
    [entry_leaf] = entry_leaves(Entry.objects.filter(pk=entry.pk))
    gathered.add_record(members.ENTRY_PATH, entry_leaf, "the entry as it is now")
    revisions = sorted(entry.revisions.all(), key=lambda each: (each.revised_at, each.pk))
    for number, revision in enumerate(revisions, start=1):
        revision.entry = entry
        path = f"records/revision-{number}.json"
        gathered.add_record(path, revision_leaf(revision), "a public revision of it")
    decision = json_part(
        members.DECISION_PATH, _decision(gathered, entry), "who decided what, and when"
    )
    gathered.files += [
        decision,
        json_part(members.PASSAGES_PATH, _passages(entry), "the words that the entry rests on"),
        *_comparisons(gathered, entry),
        *proofs_of(gathered.records),
        *_guidance(entry),
    ]
    return _packed(gathered, entry, decision)


def _decision(gathered: Collected, entry: Entry) -> dict[str, Any]:
    """What the change page says of who stands for the entry; notes of curators are not public."""
    decided = Decision.objects.standing().filter(entry=entry).order_by("decided_at", "pk")
    decisions = []
    for number, decision in enumerate(decided, start=1):
        decision.entry = entry
        path = f"records/decision-{number}.json"
        gathered.add_record(path, decision_leaf(decision), "a decision of a curator on it")
        decisions.append(
            {"ruling": decision.ruling, "at": decision.decided_at.isoformat(), "record": path}
        )
    reviewed = (
        (entry.reviewer, entry.reviewed_at),
        (entry.second_reviewer, entry.second_reviewed_at),
    )
    return {
        "entry": entry.public_id,
        "origin": entry.origin,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "reviews": [
            {"by": public_name(person), "at": at.isoformat()}
            for person, at in reviewed
            if person is not None and at is not None
        ],
        "decisions": decisions,
    }


def _passages(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "source": source.url,
            "publisher": source.publisher,
            "snapshot_sha256": source.snapshot.sha256 if source.snapshot else None,
            "side": passage.side,
            "starts_at": passage.starts_at,
            "ends_at": passage.ends_at,
            "sha256": passage.sha256,
            "words": passage.words or None,
        }
        for source in entry.sources.all()
        for passage in source.passages.all()
    ]


def _comparisons(gathered: Collected, entry: Entry) -> Iterable[Part]:
    changes = sorted(entry.changes.all(), key=lambda each: (each.observed_to, each.pk))
    for number, change in enumerate(changes, start=1):
        before = gathered.text_paths.get(change.before_document_id)
        after = gathered.text_paths.get(change.after_document_id)
        what = f"comparison {number}"
        length = len(change.before_document.text) + len(change.after_document.text)
        if before is None or after is None:
            gathered.withheld.append({"what": what, "sha256": "", "why": "a text is not here"})
        elif length > LONGEST_COMPARISON:
            gathered.withheld.append({"what": what, "sha256": "", "why": TOO_LARGE})
        else:
            compared = _comparison(change, before, after)
            yield json_part(f"diffs/diff-{number}.json", compared, "what changed between two texts")


def _comparison(change: Change, before: str, after: str) -> dict[str, Any]:
    old, new = change.before_document.text, change.after_document.text
    difference = diff(old, new)
    return {
        "before": {"path": before, "sha256": Part("", old.encode(), "").sha256},
        "after": {"path": after, "sha256": Part("", new.encode(), "").sha256},
        "observed_from": change.observed_from.isoformat(),
        "observed_to": change.observed_to.isoformat(),
        "changes": [
            {
                "kind": passage.kind,
                "under": list(passage.place),
                "before_span": list(hunk.before_span),
                "after_span": list(hunk.after_span),
                "removed": passage.removed,
                "added": passage.added,
            }
            for passage, hunk in zip(passages(difference), difference.changes, strict=True)
        ],
    }


def _guidance(entry: Entry) -> Iterable[Part]:
    context = {
        "entry": entry,
        "address": absolute_url(reverse("change-by-id", args=[entry.public_id])),
        "contact": settings.CONTACT_EMAIL if has_contact() else absolute_url(reverse("report")),
        "licence": LICENCE,
        "verify_command": VERIFY_COMMAND,
        "strict_command": f"{VERIFY_COMMAND} --roots AUTHORITY.pem",
        "openssl_command": (
            "openssl ts -verify -data HEADER -in stamps/NUMBER.tsr -CAfile stamps/authority.pem"
        ),
    }
    for language, name in settings.LANGUAGES:
        with translation.override(language):
            text = render_to_string("evidence/how_to.txt", context)
        yield Part(f"evidence/how-to.{language}.md", text.encode(), f"how to check this ({name})")
    licence = "\n\n".join(
        (f"{LICENCE['name']}: {LICENCE['url']}", LICENCE["covers"], LICENCE["excludes"])
    )
    yield Part("evidence/licence.txt", f"{licence}\n".encode(), "licence")


def _packed(gathered: Collected, entry: Entry, decision: Part) -> bytes:
    made_at = max([entry.updated_at, *(page.at for page in gathered.pages)])
    address = absolute_url(reverse("change-by-id", args=[entry.public_id]))
    warc = io.BytesIO()
    about = {
        "software": "Default On",
        "operator": settings.CONTACT_EMAIL,
        "isPartOf": address,
        "description": "Evidence of a change. Bodies are decoded, as the archive keeps them.",
    }
    written = write_warc(warc, gathered.received, about=about, made_at=made_at)
    files = [
        Part(members.WARC_PATH, warc.getvalue(), "the snapshots (WARC 1.1), bodies decoded"),
        members.index_part(written),
        members.pages_part(gathered.pages),
        *gathered.files,
    ]
    named = {"id": entry.public_id, "title": entry.title, "address": address}
    manifest = {"entry": named, **_manifest(gathered, files, decision)}
    return members.pack(
        [*files, json_part(members.MANIFEST_PATH, manifest, "")],
        title=entry.title,
        description=f"Evidence of a change, from {address}",
        made_at=made_at,
        main=gathered.pages[-1] if gathered.pages else None,
    )


def _manifest(gathered: Collected, files: Iterable[Part], decision: Part) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "licence": LICENCE,
        "contact": settings.CONTACT_EMAIL,
        "how_to": [f"evidence/how-to.{language}.md" for language, _ in settings.LANGUAGES],
        "decision_sha256": decision.sha256,
        "snapshots": gathered.snapshots,
        "withheld": gathered.withheld,
        "parts": [
            {
                "path": part.path,
                "sha256": part.sha256,
                "bytes": len(part.data),
                "about": part.about,
            }
            for part in files
        ],
    }
