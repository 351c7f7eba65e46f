"""What providers declare under a law: the file _statements.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from consent.declarations.evidence import Sha256, SourceDeclaration
from consent.vocabulary import DeclaredAnswer, ReadBy, StatementLaw
from platforms.declarations import Declaration, Line, PartialDate, Slug, Url

STATEMENTS = "_statements"


class AnswersDeclaration(Declaration):
    """What the model was trained on, in the provider's answers."""

    chats_with_this_model: DeclaredAnswer
    data_of_other_services: DeclaredAnswer
    services_named: str = ""


class DocumentDeclaration(Declaration):
    """Where the provider publishes the document, and a copy of it."""

    url: Url
    sha256: Sha256 | None = None
    archived_url: Url | None = None


class StatementDeclaration(Declaration):
    """What a provider declares about one model. It never sets a state."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
    provider: Line = Field(max_length=160)
    platforms: tuple[Slug, ...] = Field(min_length=1, description="Beside whose answers it stands.")
    law: StatementLaw
    model: Line = Field(max_length=120)
    dated: PartialDate | None = Field(default=None, description="The date in the document.")
    answers: AnswersDeclaration
    document: DocumentDeclaration
    readable: ReadBy = Field(description="by-person: no program can read its answers.")
    note: str = ""
    sources: tuple[SourceDeclaration, ...] = Field(min_length=1)


class StatementsFile(Declaration):
    """The file _statements.yaml."""

    statements: tuple[StatementDeclaration, ...]
