"""What claims rest on, in catalog files: sources and passages; laws and authorities named."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import quote, unquote

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from consent.vocabulary import PassageSide, ReferenceKind
from platforms.declarations import Declaration, Line, PartialDate, PlaceCode, Slug, Url

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Commit = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
#: Publisher of the versions that Open Terms Archive recorded.
OTA = "Open Terms Archive"
_OTA_FILE = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/blob/([0-9a-f]{40})/(.+)")


class ReferenceDeclaration(Declaration):
    """A regulator, court, law or watchdog that entries name."""

    slug: Slug = Field(max_length=60)
    name: Line = Field(max_length=160)
    kind: ReferenceKind
    place: PlaceCode
    url: Url = Field(max_length=500)


class ReferencesFile(Declaration):
    """The file _references.yaml."""

    references: tuple[ReferenceDeclaration, ...]


class OpenTermsArchiveRecord(Declaration):
    """One version that Open Terms Archive recorded."""

    repo: Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w.-]+$")]
    path: Line
    commit: Commit

    @property
    def address(self) -> str:
        """The address of the repository."""
        return f"https://github.com/{self.repo}"

    @property
    def commit_url(self) -> str:
        return f"{self.address}/commit/{self.commit}"

    @property
    def file_url(self) -> str:
        return f"{self.address}/blob/{self.commit}/{quote(self.path)}"

    @classmethod
    def from_file_url(cls, url: str) -> OpenTermsArchiveRecord | None:
        """Read back what file_url writes; None for any other address."""
        match = _OTA_FILE.fullmatch(url)
        if match is None:
            return None
        return cls(repo=match[1], path=unquote(match[3]), commit=match[2])


def _span(written: str) -> str:
    first, _, end = written.partition("-")
    if not (first.isdecimal() and end.isdecimal() and int(first) < int(end)):
        raise ValueError(f"{written!r} is no span; write first and end, such as 10113-10356")
    return written


class PassageDeclaration(Declaration):
    """Where in a text the words stand that a claim rests on.

    span: Unicode code points, the end not included. sha256: of the UTF-8 bytes of these words.
    """

    side: PassageSide
    span: Annotated[str, AfterValidator(_span)]
    sha256: Sha256


def _archive_stands_for_address(schema: dict[str, Any]) -> None:
    """Describe the validator below in the JSON schema: ota replaces url and publisher."""
    del schema["required"]
    schema["anyOf"] = [{"required": ["url", "publisher"]}, {"required": ["ota"]}]


class SourceDeclaration(Declaration):
    """What an entry or a guide rests on. A record of Open Terms Archive needs no url."""

    model_config = ConfigDict(json_schema_extra=_archive_stands_for_address)

    url: Url
    publisher: Line = Field(max_length=160)
    title: Annotated[str, StringConstraints(max_length=300)] = ""
    date: PartialDate | None = Field(default=None, description="When it was published.")
    archived_url: Url | None = Field(default=None, description="Where others keep a copy.")
    ota: OpenTermsArchiveRecord | None = None
    seen_via: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="Cited there; the page itself was not read."
    )
    snapshot: Sha256 | None = Field(
        default=None, description="SHA-256 of our own snapshot of this address."
    )
    snapshot_before: Sha256 | None = Field(
        default=None, description="SHA-256 of the snapshot before it, for passages of that side."
    )
    extractor: Annotated[str, StringConstraints(max_length=40)] = Field(
        default="", description="Version of the extractor whose text the spans count in."
    )
    passages: tuple[PassageDeclaration, ...] = Field(
        default=(), description="Where the words stand; the text itself stays in the archive."
    )

    @model_validator(mode="after")
    def _record_is_written_as_such(self) -> SourceDeclaration:
        if self.archived_url and OpenTermsArchiveRecord.from_file_url(self.archived_url):
            raise ValueError("archived_url is a record of Open Terms Archive; write it as ota")
        if self.archived_url and self.ota:
            raise ValueError("has ota and archived_url; the record itself is the archive")
        return self

    @model_validator(mode="after")
    def _passages_point_into_a_text(self) -> SourceDeclaration:
        if self.passages and self.ota is None and self.snapshot is None:
            raise ValueError("has passages, but no ota and no snapshot that they point into")
        if self.snapshot and self.passages and not self.extractor:
            raise ValueError("has passages in a snapshot; add extractor, the version of its text")
        befores = any(passage.side == PassageSide.BEFORE for passage in self.passages)
        if self.snapshot and befores and self.snapshot_before is None:
            raise ValueError("has a passage of the side before; add snapshot_before")
        return self

    def as_written(self) -> dict[str, Any]:
        """Return plain data without what follows from the archive's record."""
        data = self.as_data()
        if self.ota is not None:
            if self.url == self.ota.commit_url:
                del data["url"]
            if self.publisher == OTA:
                del data["publisher"]
        return data
