"""The session a curator lends for pages behind a login, as a visit needs it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LentCookie:
    """One cookie of a lent session. Its value is left out of repr, so that no log shows it.

    domain: ".example.org" for a domain and all hosts below it, "www.example.org" for one host.
    """

    name: str
    value: str = field(repr=False)
    domain: str
    path: str = "/"
    secure: bool = True
