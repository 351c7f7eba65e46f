"""A curator's second factor: a phone that shows codes, and backup codes in case it is lost."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from consent.web.secret_keys import hex_digests

BACKUP_CODES = 10
_BACKUP_LENGTH = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and digits that look alike


class WaitError(Exception):
    """Too many wrong codes. seconds: time until the next one may be tried."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong codes: try again in {seconds} seconds.")
        self.seconds = seconds


def has_second_factor(user: User | AnonymousUser) -> bool:
    return user.is_authenticated and TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_verified(user: Any) -> bool:
    """Return whether the second factor was given in this session (by django-otp's middleware)."""
    return bool(user.is_verified())


def may_pass(user: Any) -> bool:
    """Return whether a user has given the second factor, or has none and needs none."""
    if is_verified(user):
        return True
    return not settings.DESK_REQUIRES_TWO_FACTORS and not has_second_factor(user)


def must_set_up(user: User | AnonymousUser) -> bool:
    """Return whether a logged-in curator must set up a second factor first."""
    return (
        settings.DESK_REQUIRES_TWO_FACTORS
        and user.is_active
        and user.is_staff
        and not has_second_factor(user)
    )


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """Create a secret for a phone. It is only valid once a code proves that the phone has it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name="phone", confirmed=False)
    return device


def unfinished(user: User) -> TOTPDevice | None:
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device


@transaction.atomic
def finish(device: TOTPDevice, code: str) -> list[str] | None:
    """Confirm a phone by its code and return backup codes, or None if the code is wrong."""
    device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
    _require_patience(device)
    if not device.verify_token(_plain(code)):
        return None
    TOTPDevice.objects.filter(user=device.user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save()
    return new_backup_codes(device.user)


@transaction.atomic
def new_backup_codes(user: User) -> list[str]:
    """Replace all backup codes by ten new ones, each valid once. Only digests are stored."""
    device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "paper"})
    device.token_set.all().delete()
    codes = [
        "".join(secrets.choice(_LETTERS) for _ in range(_BACKUP_LENGTH))
        for _ in range(BACKUP_CODES)
    ]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_digests(code)[0]) for code in codes
    )
    half = _BACKUP_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def backup_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def verify(user: User, code: str) -> Device | None:
    """Use up a code and return the device that it is from, or None if it is wrong.

    Raises WaitError after too many wrong codes.
    """
    plain = _plain(code)
    from_phone = len(plain) == 6 and plain.isdecimal()
    kind, token = (TOTPDevice, plain) if from_phone else (StaticDevice, _backup_token(user, plain))
    with transaction.atomic():
        for device in kind.objects.select_for_update().filter(user=user, confirmed=True):
            _require_patience(device)
            if device.verify_token(token):
                verified: Device = device
                return verified
    return None


@transaction.atomic
def remove(user: User) -> bool:
    """Remove phone and backup codes; return whether there was a phone."""
    removed, _rows = TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return bool(removed)


def _require_patience(device: Device) -> None:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        wait = why["locked_until"] - timezone.now()
        raise WaitError(max(1, round(wait.total_seconds() + 0.5)))


def _plain(code: str) -> str:
    """Return a typed code in lower case, without spaces and hyphens."""
    return "".join(character for character in code.lower() if character.isalnum())[:40]


def _backup_token(user: User, code: str) -> str:
    """Return a backup code as it is stored: under the key that it was made with."""
    digests = _digests(code)
    stored = StaticToken.objects.filter(device__user=user, token__in=digests)
    return str(stored.values_list("token", flat=True).first() or digests[0])


def _digests(code: str) -> list[str]:
    # Cut to the length of django-otp's column: 64 bits of a keyed digest of 49 random bits.
    return [digest[:16] for digest in hex_digests("consent.desk.backup-code", code)]
