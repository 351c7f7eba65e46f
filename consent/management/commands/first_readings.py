"""first_readings: what the first visits to the watched pages brought."""

from typing import Any

from django.core.management.base import BaseCommand

from consent.desk.first_readings import first_readings


class Command(BaseCommand):
    help = (
        "Say what the first visits to the watched pages brought: which were read, which were not "
        "and why, and which selectors look wrong. The desk shows the same under Page health."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = first_readings()
        for one in found.to_check:
            what = f"{one.words} words" if one.is_read else "not read"
            self.stdout.write(f"{one.page}\n  {one.page.url}\n  {what}")
            for doubt in one.doubts or (one.why_not,):
                self.stdout.write(f"  - {doubt}")
        self.stdout.write(
            f"{len(found.to_check)} to check ({found.unread} never read), {len(found.sound)} read "
            f"without a doubt or found right, {len(found.untried)} not visited yet"
        )
