"""A time-stamp authority on this machine: openssl ts behind a small web server."""

from __future__ import annotations

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Self

import pytest

from tests.services import REQUIRED

_CONFIGURATION = """
[tsa]
default_tsa = test
[test]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
_EXTENSIONS = """
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


class AuthorityServer:
    """Context manager. answers: what it does with a request; `stamp` unless a test changes it.

    The answer has the certificate of the signer, but not that of the root ("without -chain").
    """

    def __init__(self, folder: Path) -> None:
        if not shutil.which("openssl"):
            absent = "no openssl on this machine: the tests of time stamps need it in PATH"
            pytest.fail(absent) if REQUIRED else pytest.skip(absent)
        folder.mkdir()
        self.folder = folder
        self.roots = folder / "root.pem"
        self.answers = self.stamp
        self.requests = 0
        (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))
        (folder / "extensions.cnf").write_text(_EXTENSIONS)
        (folder / "serial").write_text("01\n")
        self._openssl(
            "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650",
            *("-subj", "/O=Test/CN=Test root"),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        )
        self._openssl(
            "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr",
            *("-subj", "/O=Test/CN=Test authority"),
        )
        self._openssl(
            "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 3650 "
            "-extfile extensions.cnf -out tsa.pem"
        )
        self._server = HTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}/stamp"

    def stamp(self, query: bytes) -> tuple[int, bytes]:
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl(
            "ts -reply -config tsa.cnf -queryfile query.tsq -signer tsa.pem -inkey tsa.key "
            "-out reply.tsr"
        )
        return 200, (self.folder / "reply.tsr").read_bytes()

    def _openssl(self, arguments: str, *more: str) -> None:
        subprocess.run(
            ["openssl", *arguments.split(), *more],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(authority: AuthorityServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.requests += 1
            assert self.headers["Content-Type"] == "application/timestamp-query"
            query = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = authority.answers(query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler
