"""Health check of the web server in the same container, for docker-compose.yml.

`python -m config.healthy [PORT]` ends with 1 if the answer is not 200, or if none comes.
"""

import http.client
import sys
from contextlib import closing
from http import HTTPStatus
from urllib.parse import urlsplit

from config import settings

_SECONDS = 8


def is_healthy(port: int) -> bool:
    """Ask for /healthz/web with the site's own host name: ALLOWED_HOSTS refuses others."""
    host = urlsplit(settings.SITE_URL).netloc
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)) as connection:
        try:
            connection.request("GET", "/healthz/web", headers={"Host": host})
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


if __name__ == "__main__":
    sys.exit(not is_healthy(int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
