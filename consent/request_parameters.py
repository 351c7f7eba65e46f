"""What a program sends along to refuse, as the path of a control on the surface "api" writes it."""

from __future__ import annotations

import re
from typing import NamedTuple

#: "header: X-Opt-Out=true"; "query: store=false"; "body: provider.store=false"; "host: eu.x.com".
_WRITTEN = re.compile(r"(?:(query|header|body): ([^\s=]+)=(\S+)|host: ([a-z0-9.-]+))")


class RequestParameter(NamedTuple):
    """place: query, header, body or host. name: with dots within a body; None for a host."""

    place: str
    name: str | None
    value: str


def request_parameter(path: str) -> RequestParameter | None:
    """Return the parameter that a path states; None if it is written otherwise."""
    found = _WRITTEN.fullmatch(path)
    if found is None:
        return None
    place, name, value, host = found.groups()
    return RequestParameter("host", None, host) if host else RequestParameter(place, name, value)
