"""Put retrained weights to use, in the name of an editor."""

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consent.detection import changes as detected_changes
from consent.detection import learned_meaning
from consent.models import Change, Suggestion


class Command(BaseCommand):
    help = (
        "Use weights in VAR_DIR/meaning (or those of this version, as 'shipped'), and suggest "
        "anew for waiting changes. Raises no change and decides nothing. "
        "benchmarks/train_meaning.py makes weights."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version")
        parser.add_argument("--editor", required=True, help="who accepts: a name at the desk")

    def handle(self, *args: Any, **options: Any) -> None:
        editor = get_user_model().objects.filter(username=options["editor"], is_active=True).first()
        if editor is None or not editor.has_perm("consent.publish_entry"):
            raise CommandError(f"{options['editor']} is no editor who may publish")
        version = "" if options["version"] == "shipped" else options["version"]
        home = learned_meaning.folder()
        if version and not (home / version / "changes.json").exists():
            raise CommandError(f"no version {version} in {home}")
        if version and not learned_meaning.is_current(version):
            raise CommandError(f"{version} was made for another release; train again")
        home.mkdir(parents=True, exist_ok=True)
        accepted = {
            "version": version,
            "editor": editor.get_username(),
            "accepted_at": timezone.now().isoformat(),
        }
        fresh = home / f"{learned_meaning.ACCEPTED}.new"
        fresh.write_text(json.dumps(accepted) + "\n", "utf-8")
        fresh.replace(home / learned_meaning.ACCEPTED)
        changes = Change.objects.waiting().exclude(suggestion=None).select_related("page__platform")
        differing = count = 0
        for change in changes.select_related("suggestion").iterator():
            before = _verdict(change.suggestion)
            differing += _verdict(detected_changes.suggest(change)) != before
            count += 1
        self.stdout.write(
            f"In use: {options['version']}. {count} changes suggested anew, {differing} of them "
            "otherwise. Back: accept_meaning shipped."
        )


def _verdict(suggestion: Suggestion) -> tuple[bool, list[str], str]:
    return suggestion.relevant, suggestion.effects, suggestion.direction
