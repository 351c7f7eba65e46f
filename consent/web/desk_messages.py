"""Django's messages, read and written at the desk only: no public page shows any."""

from __future__ import annotations

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest


class DeskMessages(MessageMiddleware):
    """Django's middleware for requests to the desk; a public page need not prepare messages."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith("/admin/"):
            super().process_request(request)
