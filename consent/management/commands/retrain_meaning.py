"""Train the classifier on curators' rulings too, and report what would be different."""

import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.classification.evaluation import Judged, score
from consent.classification.learned import read_folder
from consent.detection import learned_meaning
from consent.management.commands.export_decisions import _cases as cases_of
from consent.models import Change, Decision


class Command(BaseCommand):
    help = (
        "Train on the shared cases and on the rulings of this site's curators, and compare. "
        "Writes VAR_DIR/meaning/VERSION; accept_meaning puts it to use. "
        "Needs requirements-dev.txt and the shared data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only-rulings", action="store_true", help="leave the shared changes out (for tests)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from benchmarks import train_meaning
            from benchmarks.meaning_data import shared_changes
        except ImportError as error:
            raise CommandError(f"retraining needs requirements-dev.txt: {error}") from error
        rulings = list(cases_of(Decision.objects.order_by("pk")))
        if not rulings:
            raise CommandError("no curator has ruled on a change yet")
        try:
            shared = [] if options["only_rulings"] else list(shared_changes())
            sentence_models, changes = train_meaning.train([*shared, *rulings])
        except FileNotFoundError as error:
            raise CommandError(f"the shared data is not at hand: {error}") from error
        version = self._keep(train_meaning, sentence_models, changes, len(shared) + len(rulings))
        self._report(version, rulings)

    def _keep(self, trainer: Any, sentence_models: Any, changes: Any, cases: int) -> str:
        """Write the weights into a folder named after their version; return that."""
        home = learned_meaning.folder()
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home) as made:
            trainer.write(Path(made), sentence_models, changes, cases)
            version = read_folder(Path(made))["changes"].version
            shutil.copytree(made, home / version, dirs_exist_ok=True)
        return version

    def _report(self, version: str, rulings: list[dict[str, Any]]) -> None:
        self.stdout.write(f"Version {version}, trained on {len(rulings)} rulings among others.")
        for name, which in (("in use", None), ("new", version)):
            judged = [
                Judged(
                    case, learned_meaning.suggest(case["before"], case["after"], version=which), 0.0
                )
                for case in rulings
            ]
            one = score(judged)
            wrong = one.relevance.extra + one.relevance.missed
            self.stdout.write(
                f"{name}: right on {len(judged) - wrong} of {len(judged)} rulings whether they are "
                f"about training; direction {one.direction:.0%} and effects F1 "
                f"{one.effects.f1:.2f} over the {one.relevance.hits} relevant ones found"
            )
        self.stdout.write("The new weights learned from these rulings, so expect them to agree.")
        differing = sum(
            _differs(change, version)
            for change in Change.objects.waiting()
            .select_related("before_document", "after_document")
            .iterator()
        )
        self.stdout.write(f"{differing} waiting changes would get another suggestion.")
        self.stdout.write(f"Nothing has changed. To use it: accept_meaning {version} --editor NAME")


def _differs(change: Change, version: str) -> bool:
    texts = change.before_document.text, change.after_document.text
    now, then = (learned_meaning.suggest(*texts, version=which) for which in (None, version))
    return (now.relevant, now.effects, now.direction) != (
        then.relevant,
        then.effects,
        then.direction,
    )
