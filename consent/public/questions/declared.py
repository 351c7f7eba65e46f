"""What providers declare under the AI Act of the EU, where a question is about that law."""

from __future__ import annotations

from collections.abc import Sequence

from consent.models import ProviderStatement
from consent.search.pages import asks_for
from consent.vocabulary import StatementLaw


def declared_under(sought: Sequence[str]) -> list[ProviderStatement]:
    """Return the declarations under the AI Act, by provider, where words name it; else none."""
    if not asks_for("ai-act", sought):
        return []
    statements = ProviderStatement.objects.filter(law=StatementLaw.EU_AI_ACT)
    return list(statements.prefetch_related("platforms").order_by("provider", "model"))
