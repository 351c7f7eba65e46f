"""Prints the headlines of thirty well-known platforms, to be read by somebody who knows the files.

    python -m benchmarks.headlines [LANGUAGE]

Of each: nobody's choice, Germany, the US, minors, organisations, and one paid plan. Answers are
those of today from the installation's database (VAR_DIR or DATABASE_URL) with a loaded catalog.
"""

from __future__ import annotations

import os
import sys

import django

THIRTY = (
    *("facebook", "instagram", "x", "xai-grok", "chatgpt", "claude", "gemini", "slack", "linkedin"),
    *("whatsapp", "pinterest", "windsurf", "jasper", "udemy", "discord", "pokemon-go", "roblox"),
    *("youtube", "zoom", "gmail-workspace", "github-copilot", "cursor", "le-chat", "deepseek"),
    *("adobe", "spotify", "reddit", "samsung", "tiktok", "grammarly"),
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.utils import timezone, translation

    from consent.ledger.facts import facts_of_all
    from consent.ledger.headline_words import headline, since_words
    from consent.ledger.platform_facts import PlatformFacts
    from consent.ledger.question import Question
    from consent.ledger.verdict import verdict
    from consent.vocabulary import People

    def paid_plan(facts: PlatformFacts) -> str:
        plans = [plan for plan in facts.plans if plan.paid or (plan.paid is None and plan.people)]
        return next((each.name for each in plans if "Free" not in each.name), "")

    today = timezone.localdate()
    by_slug = {facts.slug: facts for facts in facts_of_all().values()}
    with translation.override(sys.argv[1] if len(sys.argv) > 1 else "en"):
        for facts in (by_slug[slug] for slug in THIRTY if slug in by_slug):
            questions = {
                "nobody's choice": Question(today),
                "Germany": Question(today, "DE"),
                "US": Question(today, "US"),
                "minors": Question(today, people=People.MINORS),
                "organisation": Question(today, people=People.ORGANISATION),
            }
            if plan := paid_plan(facts):
                questions[plan] = Question(today, plan=plan)
            print(f"\n{facts.name}")
            for name, question in questions.items():
                answer = verdict(facts, question)
                since = f"; {since_words(answer.since)}" if answer.since else ""
                print(f"  {name:16} {headline(answer)}{since}")


if __name__ == "__main__":
    main()
