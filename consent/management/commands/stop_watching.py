"""Tell those who asked about a platform that it is watched no more, and by what it was followed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from consent.alerts.fan_out.announce import tell_not_watched
from consent.models import Subscription
from consent.vocabulary import Scope
from platforms.models import Platform


class Command(BaseCommand):
    help = (
        "Mail the subscribers of PLATFORM that we no longer watch it. Run once its pages are out "
        "of the catalog. With --successor, subscriptions move to that platform."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("platform")
        parser.add_argument("--successor")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        platform = _platform(options["platform"])
        successor = _platform(options["successor"]) if options["successor"] else None
        told = tell_not_watched(platform, successor)
        if successor is not None:
            _move(platform, successor)
        self.stdout.write(f"{told} subscribers will be told.")


def _platform(slug: str) -> Platform:
    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        raise CommandError(f"There is no platform {slug}.")
    return platform


def _move(platform: Platform, successor: Platform) -> None:
    """Let subscriptions follow; who has the successor already keeps that one."""
    both = Subscription.objects.filter(scope=Scope.PLATFORM, value=successor.slug)
    of_old = Subscription.objects.filter(scope=Scope.PLATFORM, value=platform.slug)
    of_old.exclude(subscriber__in=both.values("subscriber")).update(value=successor.slug)
    of_old.delete()
