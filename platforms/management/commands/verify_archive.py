"""verify_archive: check that every body named by a snapshot is stored and intact."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from platforms.archive import open_archive
from platforms.archive.integrity import verify
from platforms.models import Snapshot


class Command(BaseCommand):
    help = (
        "Read every stored body and check its hash. Lists damaged, missing and orphaned ones; "
        "exits with 1 if any is damaged or missing. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        archive = open_archive()
        # None: shown on a terminal only. Django's own stderr would end a line at each step.
        hidden = True if options["verbosity"] == 0 else None
        verification = verify(
            archive,
            Snapshot.objects.digests,
            progress=lambda digests: tqdm(digests, desc="verify", unit="blob", disable=hidden),
        )
        for blob in verification.damaged:
            self.stdout.write(f"damaged   {blob}{_named_by(blob.digest)}")
        for digest in verification.missing:
            self.stdout.write(f"missing   {digest}{_named_by(digest)}")
        for digest in verification.orphaned:
            self.stdout.write(f"orphaned  {digest}")
        for name in archive.unfinished():
            self.stdout.write(f"unfinished write  {name}")
        summary = (
            f"{verification.checked} checked, {len(verification.damaged)} damaged, "
            f"{len(verification.missing)} missing, {len(verification.orphaned)} orphaned"
        )
        if not verification.sound:
            raise CommandError(summary)
        self.stdout.write(self.style.SUCCESS(summary))


def _named_by(digest: str) -> str:
    snapshots = Snapshot.objects.filter(sha256=digest).select_related("page__platform")
    names = "; ".join(f"snapshot {snapshot.pk}, {snapshot}" for snapshot in snapshots)
    return f" ({names})" if names else ""
