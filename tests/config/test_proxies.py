"""The proxies' files in deploy/, run by the real programs in front of a real web server."""

import contextlib
import os
import shutil
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import urllib3

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "defaulton.example"
KEYS = (
    "/confirm/key-of-ada",
    "/de/alerts/key-of-ada",
    "/fr/u/key-of-ada",
    "/checklist?p=key-of-ada",
)


@pytest.fixture
def behind():
    """A web server that remembers paths and headers. It answers nothing to /u/gone."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/u/gone"):
                self.close_connection = True
                return
            seen.append((self.path, dict(self.headers)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            pass

    seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.seen = seen
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@contextlib.contextmanager
def caddy(folder, behind):
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("caddy is not installed")
    port, plain = free_port(), free_port()
    text = (ROOT / "deploy/Caddyfile").read_text()
    text = text.replace("/var/www/default-on", str(ROOT / "deploy"))
    # Its own ports, and a certificate that it makes itself.
    options = f"admin off\nlocal_certs\nskip_install_trust\nhttp_port {plain}\nhttps_port {port}\n"
    (folder / "Caddyfile").write_text(text.replace("\n{\n", "\n{\n" + options, 1))
    with run(
        [program, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"],
        folder / "log",
        HOME=str(folder),
        WEB=f"127.0.0.1:{behind.server_port}",
    ):
        yield port, lambda: (folder / "log").read_text()


@contextlib.contextmanager
def nginx(folder, behind):
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    port = free_port()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={NAME}", "-keyout", folder / "privkey.pem"),
            *("-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    text = (ROOT / "deploy/nginx.conf").read_text()
    for old, new in {
        f"/etc/letsencrypt/live/{NAME}": str(folder),
        "/var/log/nginx": str(folder),
        "/var/www/default-on": str(ROOT / "deploy"),
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen [::]:80;": f"listen 127.0.0.2:{free_port()};",
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen [::]:443": f"listen 127.0.0.2:{port}",
        "127.0.0.1:8000": f"127.0.0.1:{behind.server_port}",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text)
    (folder / "nginx.conf").write_text(
        f"daemon off; error_log {folder}/main.log; pid {folder}/pid; events {{}}\n"
        f"http {{ access_log off; include {folder}/site.conf;\n"
        + "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + "}"
    )
    with run([program, "-c", folder / "nginx.conf"], folder / "output"):
        yield port, lambda: "".join(path.read_text() for path in folder.glob("*log"))
        assert (folder / "output").read_text() == ""


@contextlib.contextmanager
def run(command, log, **environment):
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={"PATH": os.environ["PATH"], **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


def ask(port, path, **headers):
    """Ask the proxy by its name, with TLS; wait while it starts."""
    pool = urllib3.HTTPSConnectionPool(
        "127.0.0.1", port, cert_reqs="CERT_NONE", server_hostname=NAME, retries=False
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            return pool.request("GET", path, headers={"Host": NAME, **headers})
        except urllib3.exceptions.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("proxy", [caddy, nginx])
def test_a_proxy_passes_on_what_the_site_needs_and_logs_no_keys(proxy, tmp_path, behind):
    with proxy(tmp_path, behind) as (port, logged):
        answer = ask(port, "/about", **{"X-Forwarded-For": "203.0.113.9"})
        assert (answer.status, answer.data) == (200, b"ok")
        for path in KEYS:
            ask(port, path)
        ask(port, "/about", Referer=f"https://{NAME}{KEYS[0]}")
        assert ask(port, "/u/gone-key-of-ada").status == 503
        ask(port, "/timeline")
    assert [path for path, _ in behind.seen] == ["/about", *KEYS, "/about", "/timeline"]
    headers = behind.seen[0][1]
    # A client's own X-Forwarded-For is not passed on: TRUSTED_PROXIES=1 takes the last address.
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["Host"] == NAME
    assert "/timeline" in logged()
    assert "key-of-ada" not in logged()


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("proxy", [caddy, nginx])
def test_while_the_site_is_stopped_readers_see_the_maintenance_page(proxy, tmp_path, behind):
    behind.shutdown()
    behind.server_close()
    with proxy(tmp_path, behind) as (port, logged):
        for path in ("/platforms/x", "/de/alerts/key-of-ada"):
            answer = ask(port, path)
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "300"
            assert answer.headers["Cache-Control"] == "no-store"
            page = answer.data.decode()
            assert page == (ROOT / "deploy/maintenance.html").read_text()
    assert "key-of-ada" not in logged()
