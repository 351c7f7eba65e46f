"""Reads environment variables; errors name the variable and the reason."""

import ipaddress
from typing import Any

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email


class Environment(environ.Env):
    """django-environ, with errors that name the variable and readers for our own kinds."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var}: {error}") from error

    def seconds(self, var: str, default: float) -> float:
        """Read a duration, not negative."""
        return float(self._not_negative(var, self.float(var, default=default)))

    def count(self, var: str, default: int) -> int:
        """Read a whole number, not negative."""
        return int(self._not_negative(var, self.int(var, default=default)))

    def address(self, var: str) -> str:
        """Read a mail address; "" where there is none."""
        text = str(self.str(var, default="")).strip()
        if text:
            try:
                validate_email(text)
            except ValidationError:
                raise ImproperlyConfigured(f"{var}: {text!r} is no mail address") from None
        return text

    def networks(self, var: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """Read comma-separated networks such as 10.0.0.0/8; none by default."""
        try:
            return [ipaddress.ip_network(text) for text in self.list(var, default=[])]
        except ValueError as error:
            raise ImproperlyConfigured(f"{var}: {error}") from error

    def ports(self, var: str, default: list[int]) -> list[int]:
        """Read comma-separated port numbers."""
        ports: list[int] = self.list(var, cast=int, default=default)
        if not all(0 < port < 65536 for port in ports):
            raise ImproperlyConfigured(f"{var}: ports are between 1 and 65535, not {ports}")
        return ports

    def fernet_keys(self, var: str) -> list[str]:
        """Read comma-separated Fernet keys; none by default. Errors do not contain the key."""
        keys: list[str] = self.list(var, default=[])
        for number, key in enumerate(keys, start=1):
            try:
                Fernet(key)
            except ValueError:
                raise ImproperlyConfigured(
                    f"{var}: key {number} is no Fernet key (32 bytes, URL-safe base64)"
                ) from None
        return keys

    def _not_negative(self, var: str, number: float) -> float:
        if number < 0:
            raise ImproperlyConfigured(f"{var}: must not be negative, not {number}")
        return number
