"""Only known modules can reach the network. New ones must be reviewed and added here."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("platforms", "consent", "config")

OPENS_SOCKETS = (
    "aiohttp",
    "asyncio.open_connection",
    "boto3",
    "curl_cffi",
    "ftplib",
    "http.client",
    "httpx",
    "imaplib",
    "playwright",
    "poplib",
    "pycurl",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "websockets",
    "xmlrpc.client",
)

KNOWN = {
    "platforms/fetching/gate.py": {"requests", "socket", "urllib3"},
    # Drives a browser that can reach nothing but through the gate.
    "platforms/fetching/browser_process.py": {"playwright"},
    # The operator's own storage, at an address from the settings.
    "platforms/archive/s3_storage.py": {"boto3"},
    # The authority of time stamps that the operator chose, at an address from the settings.
    "consent/open_data/stamps/authority.py": {"requests"},
    # The operator's own deposit at Zenodo, by a command that is given a token.
    "consent/open_data/zenodo.py": {"requests"},
    # The web server beside it, at this machine's own address.
    "config/healthy.py": {"http.client"},
    # A pair of sockets between the supervisor and each part, never an address.
    "config/lifeline.py": {"socket"},
    # The web server itself: its own port, and time limits on its clients' sockets.
    "config/supervise.py": {"socket"},
    "config/web_server.py": {"socket"},
    # The operator's own mail server; smtplib's errors, socket's for what stands in the way.
    "consent/alerts/sending/delivery.py": {"smtplib"},
    "consent/alerts/sending/smtp.py": {"smtplib"},
    "consent/management/commands/send_test_mail.py": {"smtplib", "socket"},
}


def imports_of(source):
    """Yield the dotted names of all imports in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            yield from _imported_by_name(node)


def _imported_by_name(call):
    """Yield the name in import_module("name") and __import__("name")."""
    function = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if function in {"import_module", "__import__"} and call.args:
        name = getattr(call.args[0], "value", None)
        if isinstance(name, str):
            yield name


def reach_of(source):
    """Return the networking packages that a module imports."""
    return {
        package
        for imported in imports_of(source)
        for package in OPENS_SOCKETS
        if imported == package or imported.startswith(f"{package}.")
    }


def test_no_other_module_opens_sockets():
    reach = {
        path.relative_to(ROOT).as_posix(): reach
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if (reach := reach_of(path.read_text(encoding="utf-8")))
    }

    assert reach == KNOWN


def test_all_kinds_of_imports_are_detected():
    assert reach_of("import socket, os") == {"socket"}
    assert reach_of("from urllib import request") == {"urllib.request"}
    assert reach_of("def f():\n    from requests.adapters import HTTPAdapter") == {"requests"}
    assert reach_of("import importlib\nimportlib.import_module('http.client')") == {"http.client"}
    assert reach_of("from urllib.parse import urljoin\nimport http") == set()
