"""check_versions: compare every public record with its newest version."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platforms.models import RecordVersion
from platforms.record_versions import check_versions


class Command(BaseCommand):
    help = (
        "Compare every public record with its newest version. Lists those that differ; exits with "
        "1 if any does. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        differing = check_versions()
        for words in differing:
            self.stdout.write(words)
        if differing:
            raise CommandError(f"{len(differing)} records differ from their newest versions")
        count = RecordVersion.objects.values("kind", "record_id").distinct().count()
        self.stdout.write(self.style.SUCCESS(f"{count} records are as their versions say"))
