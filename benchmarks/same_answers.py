"""Whether every surface answers alike: questions drawn over the whole catalog, on SQLite.

Prints each difference, and how many were answered and refused. Ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=28)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        sys.exit(compare(options.questions, options.seed))


def compare(number: int, seed: int) -> int:
    """Return the exit code: 1 if a surface differs from the verdict."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from consent.ledger.facts import facts_of_all
    from consent.web import limits
    from tests.same_answers import differences, drawn, expected, packaged

    limits.MOST = number * 10
    call_command("migrate", verbosity=0)
    call_command("load_catalog", verbosity=0)
    today, client = timezone.localdate(), Client()
    platforms = list(facts_of_all().values())
    by_slug = {facts.slug: facts for facts in platforms}
    different = packaged(platforms, today)
    print(*different, sep="\n")
    answered = 0
    for count, asked in enumerate(drawn(platforms, number, today, seed), 1):
        answered += bool(expected(by_slug[asked.slug], asked, today))
        found = differences(client, by_slug[asked.slug], asked, today)
        print(*found, sep="\n", end="\n" if found else "")
        different += found
        if count % 100 == 0 or count == number:
            refused = count - answered
            print(f"{answered} answered, {refused} refused, {len(different)} differ", flush=True)
    return min(len(different), 1)


if __name__ == "__main__":
    main()
