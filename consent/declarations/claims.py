"""Claims that circulate about training, checked: the file _claims.yaml.

The file is what pages read: no database holds claims. Each revision is a line in it with its day.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy
from pydantic import Field, StringConstraints, model_validator

from consent.declarations.defaults import with_sources_named
from consent.declarations.evidence import SourceDeclaration
from platforms.declarations import Declaration, Line, PartialDate, Slug, read_yaml

CLAIMS = "_claims"

_BETWEEN_SENTENCES = re.compile(r"(?<=[^\W\d][.!?])\s+(?=[^\Wa-z\d])")
_KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Rating(TextChoices):
    """Whether a claim is so, or a remedy works. NOT_SHOWN: nothing on record shows it."""

    TRUE = "true", pgettext_lazy("rating of a claim", "True")
    PARTLY = "partly", pgettext_lazy("rating of a claim", "Partly")
    NOT_SHOWN = "not-shown", pgettext_lazy("rating of a claim", "Not borne out")
    NO_EFFECT = "no-effect", pgettext_lazy("rating of a claim", "No effect known")
    FALSE = "false", pgettext_lazy("rating of a claim", "False")


class RevisionDeclaration(Declaration):
    """What became of a claim's record on a day; the first one is its publication.

    corrects: it took back or changed what was said before: a rating, an advice, a finding.
    """

    on: PartialDate
    what: Line = Field(max_length=200)
    corrects: bool = False


class ClaimWords(Declaration):
    """What is told of a claim, in one language. Others may take a fifth more letters."""

    claim: Line = Field(max_length=170, description="As it circulates, in one sentence.")
    said_by: Line = Field(max_length=190, description="Who says it, or where it circulates.")
    finding: Line = Field(max_length=720, description="What is so, in two or three sentences.")
    unclear: str = Field(default="", description="What nobody has shown either way.")
    instead: str = Field(default="", description="What does help, for a remedy that does not.")

    @property
    def gist(self) -> str:
        """The first sentence of the finding. In German the number of a day has a full stop too."""
        return _BETWEEN_SENTENCES.split(self.finding, maxsplit=1)[0]


class ClaimTranslations(Declaration):
    """The words of a claim in other languages than English."""

    de: ClaimWords | None = None
    fr: ClaimWords | None = None


class ClaimDeclaration(ClaimWords):
    """A claim with its rating, and the records that the rating rests on."""

    slug: Annotated[str, StringConstraints(pattern=_KEY, max_length=60)]
    claim: Line = Field(max_length=140, description="As it circulates, in one sentence.")
    rating: Rating
    said_by: Line = Field(max_length=160, description="Who says it, or where it circulates.")
    said_since: PartialDate | None = Field(default=None, description="Seen by us no later.")
    finding: Line = Field(max_length=600, description="What is so, in two or three sentences.")
    words: ClaimTranslations = ClaimTranslations()
    platforms: tuple[Slug, ...] = ()
    uses: tuple[str, ...] = Field(default=(), description="platform/use whose states decide.")
    entries: tuple[str, ...] = Field(default=(), description="Keys of the changes it rests on.")
    sources: tuple[SourceDeclaration, ...] = ()
    revisions: tuple[RevisionDeclaration, ...] = Field(min_length=1, description="Oldest first.")

    @model_validator(mode="after")
    def _rests_on_something(self) -> ClaimDeclaration:
        if not (self.uses or self.entries or self.sources):
            raise ValueError("has no uses, no entries and no sources that its rating rests on")
        return self

    @model_validator(mode="after")
    def _is_quoted_once(self) -> ClaimDeclaration:
        if '"' in self.claim or "“" in self.claim:  # pages put it in double quotation marks
            raise ValueError("has double quotation marks in its claim; write ‘ and ’")
        return self

    @model_validator(mode="after")
    def _is_told_whole_in_each_language(self) -> ClaimDeclaration:
        for language, told in self.words:
            for name in ("unclear", "instead"):
                if told and bool(getattr(told, name)) != bool(getattr(self, name)):
                    raise ValueError(f"has {name} in English or in {language} alone")
        return self

    def told_in(self, language: str) -> tuple[ClaimWords, str]:
        """Return the words of a language, or the English ones, and in which they are."""
        told = dict(self.words).get(language)
        return (told, language) if told else (self, "en")

    @property
    def is_idle_remedy(self) -> bool:
        """Whether it tells people to do what has no known effect."""
        return self.rating == Rating.NO_EFFECT

    @property
    def version(self) -> int:
        return len(self.revisions)

    @property
    def first(self) -> RevisionDeclaration:
        return self.revisions[0]

    @property
    def latest(self) -> RevisionDeclaration:
        return self.revisions[-1]


class ClaimsFile(Declaration):
    """The file _claims.yaml."""

    claims: tuple[ClaimDeclaration, ...]


def claims_in(folder: Path) -> tuple[ClaimDeclaration, ...]:
    """Return the claims of a catalog folder; none without a file. Raises CatalogError."""
    path = folder / f"{CLAIMS}.yaml"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else ()


def corrected_claims(folder: Path) -> list[tuple[ClaimDeclaration, RevisionDeclaration]]:
    """Return each revision that corrects a claim, with its claim, the latest first."""
    corrected = [
        (claim, revision)
        for claim in claims_in(folder)
        for revision in reversed(claim.revisions)
        if revision.corrects
    ]
    return sorted(corrected, key=lambda each: each[1].on.on, reverse=True)


@lru_cache(maxsize=2)
def _read(path: Path, _changed_at: int) -> tuple[ClaimDeclaration, ...]:
    source = with_sources_named(read_yaml(path.read_text(encoding="utf-8"), path.name))
    return source.validated(ClaimsFile).claims
