"""A page of another site reads each format in a real browser (CORS)."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from consent.open_data.dumps import dumps_folder, write_dump
from consent.open_data.releases import keep_release, releases_folder

pytestmark = pytest.mark.browser

#: Addresses with the beginning of their content type.
FORMATS = {
    "/feeds/timeline.atom": "application/atom+xml",
    "/feeds/timeline.json": "application/feed+json",
    "/calendar.ics": "text/calendar",
    "/timeline.csv": "text/csv",
    "/timeline/months.csv": "text/csv",
    "/matrix.csv": "text/csv",
    "/matrix.json": "application/json",
    "/figures.csv": "text/csv",
    "/figures/turned-on.csv": "text/csv",
    "/numbers/then-and-now.csv": "text/csv",
    "/crawlers.csv": "text/csv",
    "/evidence.csv": "text/csv",
    "/methodology/1.csv": "text/csv",
    "/.well-known/tdmrep.json": "application/json",
    "/license.xml": "application/",
    "/compare.csv?p=x&p=slack": "text/csv",
    "/wall.svg": "image/svg+xml",
    "/wall.png": "image/png",
    "/badges/x.svg": "image/svg+xml",
    "/badges/x.json": "application/json",
    "/data/domains.json": "application/json",
    "/data/providers.json": "application/json",
    "/data/providers.csv": "text/csv",
    "/data/platforms.csv": "text/csv",
    "/data/catalog.jsonld": "application/ld+json",
    "/data/releases.json": "application/json",
    "/data/releases/latest.zip": "application/zip",
    "/api/v1": "application/json",
    "/api/v1/openapi.json": "application/json",
    "/api/v1/platforms": "application/json",
    "/api/v1/verdict?platform=x": "application/json",
    "/api/v1/verdict?platform=nobody": "application/problem+json",
}
_FETCH = """async ([address, asked]) => {
    try {
        const answer = await fetch(address, asked);
        const body = await answer.arrayBuffer();
        return {status: answer.status, type: answer.headers.get("content-type"),
                size: body.byteLength, text: new TextDecoder().decode(body.slice(0, 4000))};
    } catch (error) { return {status: 0, type: String(error), size: 0, text: ""}; }
}"""


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Another site</title>")

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere(browser):
    """A page of another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield page
        page.close()
        server.shutdown()
        thread.join()


@pytest.fixture
def package(settings, tmp_path, site):
    settings.VAR_DIR = tmp_path
    day = timezone.localdate()
    keep_release(write_dump(dumps_folder(), day), releases_folder())
    return [f"/data/{day}.zip", f"/data/{day}/platforms.jsonl", f"/data/{day}/datapackage.json"]


def test_a_page_of_another_site_reads_each_format(elsewhere, site, package):
    answers = {
        path: elsewhere.evaluate(_FETCH, [f"{site}{path}", {}]) for path in (*FORMATS, *package)
    }
    assert {path for path, answer in answers.items() if not answer["size"]} == set()
    types = {path: answers[path]["type"] for path in FORMATS}
    assert {path for path, kind in FORMATS.items() if not types[path].startswith(kind)} == set()
    refused = {path for path, answer in answers.items() if answer["status"] != 200}
    assert refused == {"/api/v1/verdict?platform=nobody"}


def test_a_page_of_another_site_asks_as_assistants_do(elsewhere, site):
    asked = {
        "method": "POST",
        "headers": {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-06-18",
        },
        "body": '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}',
    }
    answer = elsewhere.evaluate(_FETCH, [f"{site}/api/mcp", asked])
    assert answer["status"] == 200, answer
    assert "verdict" in answer["text"]


def test_a_page_of_another_site_asks_by_the_newest_protocol(elsewhere, site):
    about = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "a page", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    call = {"name": "verdict", "arguments": {"platform": "x"}, "_meta": about}
    asked = {
        "method": "POST",
        "headers": {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28",
            "Mcp-Method": "tools/call",
            "Mcp-Name": "verdict",
        },
        "body": json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}),
    }
    answer = elsewhere.evaluate(_FETCH, [f"{site}/api/mcp", asked])
    assert answer["status"] == 200, answer
    assert "headline" in answer["text"]


def test_pages_of_readers_and_forms_stay_closed_to_other_sites(elsewhere, site):
    for path in ("/subscribe", "/checklist?p=x"):
        assert elsewhere.evaluate(_FETCH, [f"{site}{path}", {}])["status"] == 0
