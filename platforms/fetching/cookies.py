"""A cookie of a lent session, as a visit sends it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LentCookie:
    """One cookie of a lent session. Its value is left out of repr, to keep it out of logs.

    domain: ".example.org" for a domain and all hosts below it, "www.example.org" for one host.
    """

    name: str
    value: str = field(repr=False)
    domain: str
    path: str = "/"
    secure: bool = True
