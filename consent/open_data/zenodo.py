"""Deposits releases at Zenodo, or at another host of InvenioRDM with the same interface.

Source: https://developers.zenodo.org, "Depositions". A token needs the scopes deposit:write and
deposit:actions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import requests

from consent.open_data.releases import (
    Release,
    deposits_file,
    deposits_of,
    releases_in,
    zenodo,
)
from platforms.deadlines import within

_TIMEOUT = (10, 300)  # seconds to connect, and between two reads; uploads are answered late
_MOST_SECONDS = 1_800  # for a whole request. Chosen: 50 MB at 30 kB a second


class DepositError(Exception):
    """The host refused a step, or could not be reached. What was begun there stays a draft."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit of a release. doi: reserved in a draft; valid once it is published."""

    number: int
    doi: str
    page: str
    is_published: bool


def deposit(release: Release, folder: Path, *, host: str, token: str, publish: bool) -> Deposit:
    """Deposit a release, as a new version of the latest one that was deposited there.

    folder: of the releases. Safe to repeat: a draft that was begun is gone on with, and what is
    published stays as it is. Raises DepositError.
    """
    api = _Api(host, token)
    known = known_deposit(folder, release.month, host)
    if known and known.is_published:
        return known
    draft = api.get(known.number) if known else _begin(api, folder, release, host)
    _keep(folder, release.month, host, _deposit_of(draft))
    api.replace_files(draft, folder / f"{release.month}.zip", f"default-on-{release.month}.zip")
    draft = api.describe(draft["id"], zenodo(release.month, release.day))
    if publish:
        draft = api.act(draft["id"], "publish")
    made = _deposit_of(draft)
    _keep(folder, release.month, host, made)
    return made


def known_deposit(folder: Path, month: str, host: str) -> Deposit | None:
    """Return what is on record of a release's deposit at a host."""
    known = deposits_of(folder, month)
    return Deposit(**known[host]) if host in known else None


def _begin(api: _Api, folder: Path, release: Release, host: str) -> Mapping[str, Any]:
    """Begin a draft: of a new version if an earlier release is published there."""
    for earlier in releases_in(folder):
        known = known_deposit(folder, earlier.month, host)
        if earlier.month < release.month and known and known.is_published:
            return api.new_version(known.number)
    return api.create()


def _deposit_of(answer: Mapping[str, Any]) -> Deposit:
    reserved = answer["metadata"].get("prereserve_doi", {}).get("doi", "")
    return Deposit(
        answer["id"], answer.get("doi") or reserved, answer["links"]["html"], answer["submitted"]
    )


def _keep(folder: Path, month: str, host: str, made: Deposit) -> None:
    known = deposits_of(folder, month) | {host: asdict(made)}
    deposits_file(folder, month).write_text(json.dumps(known, indent=1) + "\n")


class _Api:
    """The calls that a deposit needs."""

    def __init__(self, host: str, token: str) -> None:
        self._deposits = f"{host.rstrip('/')}/api/deposit/depositions"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, number: int) -> Mapping[str, Any]:
        return self._ask("GET", f"{self._deposits}/{number}")

    def create(self) -> Mapping[str, Any]:
        return self._ask("POST", self._deposits, json={})

    def new_version(self, number: int) -> Mapping[str, Any]:
        return self._ask("GET", self.act(number, "newversion")["links"]["latest_draft"])

    def describe(self, number: int, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._ask("PUT", f"{self._deposits}/{number}", json=metadata)

    def act(self, number: int, action: str) -> Mapping[str, Any]:
        return self._ask("POST", f"{self._deposits}/{number}/actions/{action}")

    def replace_files(self, draft: Mapping[str, Any], path: Path, name: str) -> None:
        """Leave one file in a draft. A new version begins with the files of the one before."""
        for file in draft.get("files", ()):
            self._ask("DELETE", f"{self._deposits}/{draft['id']}/files/{file['id']}")
        with path.open("rb") as packed:
            self._ask("PUT", f"{draft['links']['bucket']}/{name}", data=packed)

    def _ask(self, method: str, address: str, **more: Any) -> Mapping[str, Any]:
        try:
            answer = within(
                _MOST_SECONDS,
                lambda: self._session.request(
                    method, address, timeout=_TIMEOUT, allow_redirects=False, **more
                ),
            )
            if not answer.ok or answer.is_redirect:
                raise DepositError(f"{method} {address}: {answer.status_code} {answer.text[:500]}")
            said: Mapping[str, Any] = answer.json() if answer.content else {}
        except (requests.RequestException, OSError, ValueError) as error:
            raise DepositError(f"{method} {address}: {error}") from error
        return said
