"""HEAD is answered like GET, without a body that the web server would have to drop."""

import io

import pytest

from config.wsgi import application

pytestmark = pytest.mark.django_db


def ask(method, path):
    """Return the status, the headers and the body that the web server gets."""
    started = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    answer = application(environ, lambda status, headers, *_: started.append((status, headers)))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    ((status, headers),) = started
    return status, dict(headers), body


@pytest.mark.parametrize("path", ["/", "/api/v1/entries", "/robots.txt", "/data/no-such-file"])
def test_a_head_has_the_status_and_length_of_the_page_and_no_body(path):
    status, headers, body = ask("GET", path)
    assert body
    head_status, head_headers, head_body = ask("HEAD", path)
    assert (head_status, head_body) == (status, b"")
    assert head_headers["Content-Length"] == headers["Content-Length"] != "0"
