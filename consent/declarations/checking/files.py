"""Checks of what else files say: guides, pages, places, platforms, placeholders left over."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from consent.declarations.author_help import PLACEHOLDERS
from consent.declarations.catalog import Catalog
from consent.declarations.checking.finding import Finding, all_branches, is_public
from consent.declarations.schema import ControlDeclaration, GuideDeclaration, UseDeclaration
from consent.vocabulary import Surface
from platforms import places
from platforms.declarations import Declaration
from platforms.vocabulary import PageKind

STALE_AFTER = dt.timedelta(days=180)  # chosen: half a year
# The longest first: one placeholder begins or ends with another.
_PLACEHOLDER = re.compile(
    rf"(?<!\w)({'|'.join(map(re.escape, sorted(PLACEHOLDERS, key=len, reverse=True)))})(?!\w)"
)
#: A host of three names or more, as dev.to is a site of its own.
_TRIAL_HOST = re.compile(
    r"https?://(?:(?:[\w-]+-)?(?:stage|staging|dev|master|test)\.[\w-]+\.[\w.-]+[^\"\s]*"
    r"|[\w.-]*\.dev\.web\.[^\"\s]*|[^\"\s/]+/staging/[^\"\s]*)"
)

#: Kinds of pages that are shown as such; no use needs to rest on them.
_READ_BY_THEMSELVES = (PageKind.ROBOTS, PageKind.TRAINING_SUMMARY)


def placeholders(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield the placeholders of new_platform that the author has not replaced."""
    for where, text in _texts(catalog):
        for placeholder in dict.fromkeys(_PLACEHOLDER.findall(text)):
            yield Finding(True, where, f"replace {placeholder!r}, which new_platform wrote")


def trial_hosts(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield addresses on hosts where a site is tried out, which can go at any time."""
    own = {urlsplit(platform.homepage).hostname for platform in catalog.platforms.values()}
    for where, text in _texts(catalog):
        for url in dict.fromkeys(_TRIAL_HOST.findall(text)):
            if urlsplit(url).hostname not in own:
                yield Finding(True, where, f"{url} is on a trial host; cite the published address")


def _texts(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield all that each record says, as JSON, after its name."""
    declarations: list[tuple[str, Declaration]] = [
        *catalog.platforms.items(),
        *((f"{slug}: {url}", page) for (slug, url), page in catalog.pages.items()),
        *catalog.uses.items(),
        *catalog.controls.items(),
        *catalog.entries.items(),
        *((slug, guide) for (_, slug), guide in catalog.guides.items()),
        *catalog.statements.items(),
    ]
    for where, declaration in declarations:
        yield where, json.dumps(declaration.as_data(), ensure_ascii=False)


def guides(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield guides without a control, source, caveat or steps, or with steps not checked."""
    for (_, slug), guide in catalog.guides.items():
        if not guide.controls:
            yield Finding(True, slug, "names no control")
        yield from _surfaces_without_control(catalog, slug, guide)
        if not is_public(guide):
            continue
        if not guide.sources:
            yield Finding(True, slug, "has no source")
        if not guide.caveats:
            yield Finding(True, slug, "does not say what it does not do; add caveats")
        if not guide.surfaces:
            yield Finding(True, slug, "has no steps")
        verified = [surface.verified for surface in guide.surfaces]
        if None in verified:
            yield Finding(False, slug, "has steps that nobody has walked yet")
        elif verified and min(day for day in verified if day) < today - STALE_AFTER:
            yield Finding(False, slug, "was verified more than 180 days ago")


def _surfaces_without_control(
    catalog: Catalog, slug: str, guide: GuideDeclaration
) -> Iterator[Finding]:
    """Yield the surfaces of a guide on which none of its controls is found."""
    controls = [catalog.controls[name] for name in guide.controls if name in catalog.controls]
    found_on = {surface.surface for control in controls for surface in control.surfaces}
    if not found_on or Surface.ANY in found_on:
        return
    for steps in guide.surfaces:
        if steps.surface not in found_on:
            words = (
                f"has steps on {steps.surface.value}, but none of its controls is found there; "
                "add the surface to a control, or take the steps out"
            )
            yield Finding(True, slug, words)


def idle_pages(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield watched pages that no use, control or guide rests on."""
    used: dict[str, set[str]] = defaultdict(set)
    records: list[tuple[str, UseDeclaration | ControlDeclaration]] = [
        *catalog.uses.items(),
        *catalog.controls.items(),
    ]
    for name, record in records:
        used[name.partition("/")[0]].update(record.pages)
    for (slug, _), guide in catalog.guides.items():
        used[slug].update(guide.pages)
    for (slug, url), page in catalog.pages.items():
        if url not in used[slug] and page.kind not in _READ_BY_THEMSELVES:
            yield Finding(False, f"{slug}: {url}", "no use, control or guide rests on this page")


def located(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield places that are named twice, as parts of each other."""
    located = [
        *((name, branch) for name, _use, branch in all_branches(catalog)),
        *((name, offer) for name, control in catalog.controls.items() for offer in control.offered),
        *catalog.entries.items(),
        *((f"{slug}: {url}", page) for (slug, url), page in catalog.pages.items()),
    ]
    for where, declaration in located:
        for warning in places.warnings(declaration.where):
            yield Finding(False, where, warning)


def platforms(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield platforms without summary, and those that readers do not see."""
    for slug, platform in catalog.platforms.items():
        if not platform.summary:
            yield Finding(False, slug, "has no summary")
        if not platform.listed:
            yield Finding(False, slug, "is not listed; readers do not see it")


def words(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield words in another language of a text that the records of a platform have no more.

    Readers see the English text that came in its place. Records of the database have no words.
    """
    if not catalog.words:
        return
    records: list[tuple[str, Declaration]] = [
        *catalog.platforms.items(),
        *((name.partition("/")[0], use) for name, use in catalog.uses.items()),
        *((name.partition("/")[0], control) for name, control in catalog.controls.items()),
        *((entry.platforms[0], entry) for entry in catalog.entries.values()),
        *((platform, guide) for (platform, _), guide in catalog.guides.items()),
    ]
    texts: dict[str, str] = defaultdict(str)
    for platform, record in records:
        texts[platform] += json.dumps(record.as_data(), ensure_ascii=False)
    further = [
        *(each.name for each in catalog.references.values()),
        *(revision.what for claim in catalog.claims.values() for revision in claim.revisions),
        *(json.dumps(each.as_data(), ensure_ascii=False) for each in catalog.statements.values()),
    ]
    of_all = "".join((*texts.values(), *further))
    for language, by_platform in catalog.words.items():
        for platform, words_of in by_platform.items():
            # Under "_…" stand pieces of what many files say: names of authorities and the like.
            is_shared = platform.startswith("_")
            for text in words_of:
                quoted = json.dumps(text, ensure_ascii=False)
                if quoted[1:-1] not in of_all if is_shared else quoted not in texts[platform]:
                    message = f"has words in {language} for {text!r}, which it says no more"
                    yield Finding(False, platform, f"{message}; translate what it says now")
