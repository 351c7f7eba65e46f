"""Reads environment variables; errors name the variable and what to write.

Each variable NAME may be in a file instead, named by NAME_FILE, as secrets of containers and of
systemd are. Errors are ImproperlyConfigured and never contain a password; `config.startup` shows
them.
"""

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environ.fileaware_mapping import FileAwareMapping

_TRUTHS = {"true": True, "yes": True, "on": True, "1": True}
_TRUTHS |= {"false": False, "no": False, "off": False, "0": False}
_NUMBERS = {int: "a whole number", float: "a number"}
_ENGINES = {"postgres", "postgresql", "sqlite"}
_QUOTE = (
    "Other characters than letters, digits, - and _ in a password are percent-encoded: @ is %40."
)


class _Variables(FileAwareMapping):
    """The environment, where NAME_FILE may stand for NAME. A line break at the end is left out."""

    def __getitem__(self, key: str) -> str:
        path = self.env.get(f"{key}_FILE")
        if path and key in self.env:
            raise ImproperlyConfigured(f"{key}: set {key} or {key}_FILE, not both")
        try:
            value = str(super().__getitem__(key))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise ImproperlyConfigured(f"{key}_FILE: {path} cannot be read: {reason}") from error
        if path:
            value = value.rstrip("\r\n")
            if not value:
                raise ImproperlyConfigured(f"{key}_FILE: {path} is empty")
        # django-environ takes a value that begins with $ for the name of another variable.
        return f"\\{value}" if value.startswith("$") else value


class Environment(environ.Env):
    """django-environ, with errors that name the variable and readers for our own kinds."""

    ENVIRON = _Variables()

    def __init__(self) -> None:
        super().__init__()
        self.escape_proxy = True
        self.asked: set[str] = set()

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        self.asked.add(var)
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            kind = _NUMBERS.get(kwargs.get("cast") or str, "another value")
            raise ImproperlyConfigured(f"{var}: write {kind}, not {self.ENVIRON[var]!r}") from None

    def bool(self, var: str, default: Any = False) -> Any:
        """Read true or false; anything else is refused, so that a typing error is not "false"."""
        text = str(self.str(var, default="")).strip().lower()
        if text and text not in _TRUTHS:
            raise ImproperlyConfigured(f"{var}: write true or false, not {text!r}")
        return _TRUTHS[text] if text else default

    def choice(self, var: str, choices: Sequence[str], default: str = "") -> str:
        """Read one of several words, in any case; the first one by default."""
        text = str(self.str(var, default="")).strip() or default or choices[0]
        for choice in choices:
            if choice.lower() == text.lower():
                return choice
        raise ImproperlyConfigured(f"{var}: write {', '.join(choices)}, not {text!r}")

    def database(self, var: str, default: str) -> dict[str, Any]:
        """Read the URL of a PostgreSQL or SQLite database, as Django's DATABASES has it."""
        url = str(self.str(var, default="") or default)
        example = "postgres://user:password@host:5432/name"
        _check_url(var, url, _ENGINES, example)
        config: dict[str, Any] = self.db_url_config(url)
        if not config["NAME"]:
            raise ImproperlyConfigured(f"{var}: the database has no name; write {example}")
        return config

    def redis(self, var: str) -> str:
        """Read the URL of a Redis; "" where there is none."""
        url = str(self.str(var, default=""))
        if url:
            _check_url(var, url, {"redis", "rediss"}, "redis://:password@host:6379/0")
        return url

    def mail_server(self, var: str) -> dict[str, Any]:
        """Read the URL of a mail server, as Django's settings EMAIL_…; {} where there is none."""
        url = str(self.str(var, default=""))
        if not url:
            return {}
        example = "smtp://user:password@host:587?tls=True"
        _check_url(var, url, set(self.EMAIL_SCHEMES), example)
        address, _, query = url.partition("?")
        config: dict[str, Any] = self.email_url_config(address)
        if not f"{config['EMAIL_HOST_USER']}{config['EMAIL_HOST_PASSWORD']}".isascii():
            raise ImproperlyConfigured(f"{var}: Python sends ASCII users and passwords only")
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name.lower() not in {"tls", "ssl"} or value.lower() not in _TRUTHS:
                raise ImproperlyConfigured(
                    f"{var}: the only options are tls=True and ssl=True; write {example}"
                )
            config[f"EMAIL_USE_{name.upper()}"] = _TRUTHS[value.lower()]
        if config.get("EMAIL_USE_TLS") and config.get("EMAIL_USE_SSL"):
            raise ImproperlyConfigured(f"{var}: set tls=True (587) or ssl=True (465), not both")
        return config

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


def _check_url(var: str, url: str, schemes: set[str], example: str) -> None:
    """Refuse a URL that is cut in the wrong place, as by a password that is not encoded."""
    wrong = ImproperlyConfigured(f"{var}: write it like {example}. {_QUOTE}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in schemes:
        raise wrong
    is_local = parts.scheme in {"sqlite", "filemail", "consolemail", "memorymail", "dummymail"}
    if is_local:
        return
    path = parts.path.removeprefix("/")
    if (
        not parts.hostname
        or port == 0
        or parts.fragment
        or "/" in path
        or "@" in path + parts.query
    ):
        raise wrong
