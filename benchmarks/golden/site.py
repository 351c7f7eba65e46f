"""Writes what readers and programs get: pages, feeds, API, package, badges, assistants, export."""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management import call_command
from django.test import Client
from django.urls import resolve

from benchmarks.golden.writing import in_json, write_bytes, write_text

HOST = "golden.example"
API = "/api/v1"
PLACES = ("", "DE", "US")
#: Addresses that no page leads to.
_UNLINKED = (
    *("/robots.txt", "/sitemap.xml", "/.well-known/security.txt", "/opensearch.xml"),
    *("/healthz", "/data/domains.json", "/platforms/no-such-platform", "/feeds/timeline.json"),
    *("/feeds/timeline.atom", "/calendar.ics", "/timeline.csv", "/matrix.csv", "/matrix.json"),
)
#: Questions beside those that pages link to.
_QUESTIONS = (
    *("/search?q=linkedin", "/search?q=chatgpt+opt+out", "/search?q=no+such+thing"),
    *("/platforms/linkedin?place=DE", "/platforms/x?asof=2024-06-01", "/matrix?place=US"),
    *("/platforms?q=meta", "/timeline?platform=linkedin", "/checklist?platform=x"),
)
#: Questions of the same kind that are asked, from both ends of their order.
_MOST_ALIKE = 3
#: The desk, files and other languages are not crawled; images have their text on the page.
_LEFT_OUT = re.compile(r"/(admin|static|share|de|fr|metrics)\b|/changes/\S+\.wacz")
_LINK = re.compile(r'(?:href|src|action)="(?:http://golden\.example)?(/[^"#]*)')
_LOCATION = re.compile(r"<loc>http://golden\.example(/[^<]*)")
_SUFFIXES = {
    "text/html": ".html",
    "application/json": ".json",
    "application/problem+json": ".json",
    "text/plain": ".txt",
}


class Reader:
    """Asks for addresses, each time from another network address: the limits count by it."""

    def __init__(self) -> None:
        self._client = Client(SERVER_NAME=HOST)
        self._number = count()

    def get(self, address: str) -> Any:
        return self._client.get(address, REMOTE_ADDR=self._address())

    def post_json(self, address: str, message: Any) -> Any:
        return self._client.post(
            address, json.dumps(message), "application/json", REMOTE_ADDR=self._address()
        )

    def _address(self) -> str:
        number = next(self._number)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def write_site(folder: Path) -> None:
    reader = Reader()
    write_pages(folder / "pages", reader)
    write_api(folder / "api", reader)
    write_badges(folder / "badges", reader)
    write_assistants(folder / "assistants.json", reader)
    write_export(folder)


def write_export(folder: Path) -> None:
    """Write the catalog as files, and the data package."""
    call_command("export_catalog", folder / "catalog", verbosity=0, stdout=_Nowhere())
    package = folder / "package"
    call_command("export_data", package, verbosity=0, stdout=_Nowhere())
    for path in sorted(package.rglob("*.zip")):
        path.unlink()  # the same files again
    for path in sorted(package.rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            path.unlink()
            write_bytes(path, body)


class _Nowhere:
    def write(self, _: str) -> int:
        return 0


def write_pages(folder: Path, reader: Reader) -> None:
    """Write each page that a reader can reach in English, and samples in the other languages."""
    rows: list[str] = []
    questions: dict[str, set[str]] = defaultdict(set)
    kinds: set[str] = set()

    def write(address: str) -> str:
        answer = reader.get(address)
        rows.append(write_answer(folder, address, answer))
        return body_of(answer).decode("utf-8", "replace") if _is_text(answer) else ""

    waiting = deque(["/", *_UNLINKED])
    known = set(waiting)
    while waiting:
        address = waiting.popleft()
        body = write(address)
        for link in [*_LINK.findall(body), *_LOCATION.findall(body)]:
            path, _, question = unescape(link).partition("?")
            if _LEFT_OUT.match(path):
                continue
            if question:
                questions[_kind(path)].add(f"{path}?{question}")
            elif path not in known:
                known.add(path)
                waiting.append(path)
        for language in _translations(address, kinds) if body.lstrip().startswith("<!") else ():
            write(f"/{language}{address}")
    asked = set(_QUESTIONS)
    for alike in questions.values():
        ordered = sorted(alike)
        asked |= {*ordered[:_MOST_ALIKE], *ordered[-_MOST_ALIKE:]}
    for question in sorted(asked):
        write(question)
    write_text(folder / "answers.tsv", "".join(sorted(rows)))


def _translations(address: str, kinds: set[str]) -> Iterator[str]:
    """Yield the languages of a page: each kind of page in all, platforms in German."""
    kind = _kind(address)
    if kind not in kinds:
        kinds.add(kind)
        yield from ("de", "fr")
    elif address.startswith("/platforms/"):
        yield "de"


def _kind(path: str) -> str:
    return resolve(path).route


def write_answer(folder: Path, address: str, answer: Any) -> str:
    """Write an answer under its address; return a line about it."""
    media = answer.get("Content-Type", "").partition(";")[0]
    path, _, question = address.partition("?")
    name = unquote(path).strip("/") or "index"
    if question:
        name += f"@{unquote(question)}".replace("/", "-")[:150]
    suffix = _SUFFIXES.get(media, "")
    if body := body_of(answer):
        write_bytes(folder / (name if name.endswith(suffix) else name + suffix), body)
    location = answer.get("Location", "")
    return f"{address}\t{answer.status_code}\t{media}\t{location}\n"


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _is_text(answer: Any) -> bool:
    return str(answer.get("Content-Type", "")).startswith(("text/html", "application/xml"))


def write_api(folder: Path, reader: Reader) -> None:
    """Write the description, every list to its last page, every record alone, and verdicts."""
    described = reader.get(f"{API}/openapi.json").json()
    write_text(folder / "openapi.json", in_json(described))
    for name in sorted(_lists(reader)):
        pages = list(_walk(reader, f"{API}/{name}"))
        write_text(folder / f"{name}.json", in_json(pages))
        if any(path.startswith(f"{API}/{name}/{{") for path in described["paths"]):
            ids = [item["id"] for page in pages for item in page["items"]]
            alone = [reader.get(f"{API}/{name}/{each}").json() for each in ids]
            write_text(folder / f"{name}-alone.json", in_json(alone))
    for name, question in (
        ("entries-since", "entries?since=0"),
        ("entries-all", "entries?wording=on&topic=all"),
        ("states-asof", "states?asof=2025-01-01"),
        ("enums-de", "enums?lang=de"),
        ("platforms-fr", "platforms?lang=fr"),
    ):
        write_text(folder / f"{name}.json", in_json(list(_walk(reader, f"{API}/{question}"))))
    verdicts = {
        f"{platform} {place}": reader.get(f"{API}/verdict?platform={platform}&place={place}").json()
        for platform in platforms(reader)
        for place in PLACES
    }
    write_text(folder / "verdicts.json", in_json(verdicts))


def _lists(reader: Reader) -> list[str]:
    resources = reader.get(API).json()["resources"]
    return [name for name in resources if name != "verdict"]


def _walk(reader: Reader, address: str | None) -> Iterator[Any]:
    """Yield the pages of a list of the API."""
    while address:
        page = reader.get(address).json()
        yield page
        following = urlsplit(page.get("next") or "")
        address = f"{following.path}?{following.query}" if following.path else None


def platforms(reader: Reader) -> list[str]:
    return _ids(reader, "platforms")


def _ids(reader: Reader, name: str) -> list[str]:
    return [item["id"] for page in _walk(reader, f"{API}/{name}") for item in page["items"]]


def write_badges(folder: Path, reader: Reader) -> None:
    """Write the badges and frames of every platform and use, a file for each kind."""
    records = [*platforms(reader), *_ids(reader, "uses")]
    for kind, address in (
        ("svg", "/badges/{}.svg"),
        ("json", "/badges/{}.json"),
        ("embed", "/embed/{}"),
    ):
        answers = ((record, reader.get(address.format(record))) for record in records)
        write_text(folder / f"{kind}.txt", "\n".join(_headed(answers)))


def _headed(answers: Iterable[tuple[str, Any]]) -> Iterator[str]:
    for name, answer in answers:
        yield f"== {name} {answer.status_code}\n{answer.text}"


def write_assistants(path: Path, reader: Reader) -> None:
    """Write what assistants get: the tools, and an answer of each."""
    change = reader.get(f"{API}/entries?platform=linkedin").json()["items"][0]["id"]
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search", {"query": "linkedin"}),
        ("verdict", {"platform": "linkedin", "place": "DE"}),
        ("verdict", {"platform": "no-such-platform"}),
        ("states", {"platform": "linkedin", "asof": "2025-01-01"}),
        ("changes", {"since": "2026-01-01"}),
        ("changes", {"since": "0", "platform": "linkedin"}),
        ("guide_steps", {"platform": "linkedin"}),
        ("evidence", {"id": change}),
    ]
    asked: list[tuple[str, dict[str, Any]]] = [("tools/list", {})]
    asked += [("tools/call", {"name": name, "arguments": given}) for name, given in calls]
    answers = [
        reader.post_json(
            "/api/mcp", {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        ).json()
        for method, params in asked
    ]
    write_text(path, in_json(list(zip(asked, answers, strict=True))))
