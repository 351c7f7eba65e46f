"""Take a lost second factor off an account."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.desk.two_factors import remove


class Command(BaseCommand):
    help = "Remove somebody's second factor, so that the password lets them in to set up another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody is called {username!r}.")
        if not remove(user):
            raise CommandError(f"{username} has no second factor.")
        self.stdout.write(f"The second factor of {username} is removed.")
