"""Check that the archive still holds, unharmed, every body that a snapshot names."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from platforms.archive import open_archive
from platforms.archive.verification import verify
from platforms.models import Snapshot


class Command(BaseCommand):
    help = (
        "Read every stored body and check its hash. Lists damaged, missing and orphaned ones; "
        "exits with 1 when any is damaged or missing. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        archive = open_archive()
        # None: shown on a terminal only. Django's own stderr would end a line at each step.
        hidden = True if options["verbosity"] == 0 else None
        found = verify(
            archive,
            _named_digests,
            progress=lambda digests: tqdm(digests, desc="verify", unit="blob", disable=hidden),
        )
        for blob in found.damaged:
            self.stdout.write(f"damaged   {blob}{_named_by(blob.digest)}")
        for digest in found.missing:
            self.stdout.write(f"missing   {digest}{_named_by(digest)}")
        for digest in found.orphaned:
            self.stdout.write(f"orphaned  {digest}")
        for name in archive.unfinished():
            self.stdout.write(f"unfinished write  {name}")
        summary = (
            f"{found.checked} checked, {len(found.damaged)} damaged, "
            f"{len(found.missing)} missing, {len(found.orphaned)} orphaned"
        )
        if not found.sound:
            raise CommandError(summary)
        self.stdout.write(self.style.SUCCESS(summary))


def _named_digests() -> Iterator[str]:
    # Imported texts whose bytes nobody kept have no digest.
    digests = Snapshot.objects.exclude(sha256="").order_by().values_list("sha256", flat=True)
    return digests.distinct().iterator()


def _named_by(digest: str) -> str:
    snapshots = Snapshot.objects.filter(sha256=digest).select_related("page__platform")
    names = "; ".join(f"snapshot {snapshot.pk}, {snapshot}" for snapshot in snapshots)
    return f" ({names})" if names else ""
