"""The messages between a worker and the process that controls its browser, in JSON."""

from __future__ import annotations

import base64
import dataclasses
import json
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from platforms.fetching.cookies import LentCookie
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome

_KINDS = {kind.__name__: kind for kind in (TransientFetchError, PermanentFetchError)}


@dataclass(frozen=True, slots=True)
class Job:
    """One visit to make. browser: the path of the Chromium to use."""

    url: str
    browser: str
    policy: FetchPolicy
    wait_for: str = ""
    cookies: tuple[LentCookie, ...] = field(default=(), repr=False)


def write_job(job: Job) -> bytes:
    values = dataclasses.asdict(job)
    values["policy"]["allowed_networks"] = [str(n) for n in job.policy.allowed_networks]
    values["policy"]["allowed_ports"] = sorted(job.policy.allowed_ports)
    return json.dumps(values).encode()


def read_job(data: bytes) -> Job:
    values = json.loads(data)
    policy = values.pop("policy")
    policy["allowed_networks"] = tuple(ip_network(name) for name in policy["allowed_networks"])
    policy["allowed_ports"] = frozenset(policy["allowed_ports"])
    cookies = tuple(LentCookie(**cookie) for cookie in values.pop("cookies"))
    return Job(**values, policy=FetchPolicy(**policy), cookies=cookies)


def write_answer(result: FetchedPage | FetchError) -> bytes:
    if isinstance(result, FetchedPage):
        return json.dumps({"page": _page_values(result)}).encode()
    kind = TransientFetchError if isinstance(result, TransientFetchError) else PermanentFetchError
    error = {
        "kind": kind.__name__,
        "outcome": result.outcome.value,
        "detail": result.detail,
        "status": result.status,
        "retry_after": result.retry_after,
        "page": _page_values(result.page) if result.page else None,
    }
    return json.dumps({"error": error}).encode()


def read_answer(data: bytes) -> FetchedPage | FetchError:
    values = json.loads(data)
    if "page" in values:
        return _page(values["page"])
    error = values["error"]
    return _KINDS[error["kind"]](
        Outcome(error["outcome"]),
        error["detail"],
        error["status"],
        error["retry_after"],
        _page(error["page"]) if error["page"] else None,
    )


def _page_values(page: FetchedPage) -> dict[str, Any]:
    values = dataclasses.asdict(page)
    values["body"] = base64.b64encode(page.body).decode()
    return values


def _page(values: dict[str, Any]) -> FetchedPage:
    body = base64.b64decode(values.pop("body"))
    redirects = tuple(values.pop("redirects"))
    return FetchedPage(**values, body=body, redirects=redirects)
