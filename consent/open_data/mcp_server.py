"""The Model Context Protocol server: the library's, with resources, open to other sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec.json
from django.http import HttpRequest, HttpResponse
from django_mcpz.jsonrpc import (
    INVALID_PARAMS,
    MessageError,
    decode_message,
    error_response,
    result_response,
)
from django_mcpz.legacy import is_legacy_request
from django_mcpz.server import MCPServer, Tool
from msgspec import UnsetType

from consent.ledger.record_fields import Record

_MIME = "application/json"
#: Of the specification of 2025-11-25: there is no such resource.
_NOT_FOUND = -32002


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource, or many of them by an id.

    path: of its address; with {id} it is a template, with {+id} one of ids that contain a slash
    (RFC 6570). read: returns what it has, or None.
    """

    path: str
    name: str
    description: str
    read: Callable[[str], Record | None]

    def matched(self, path: str) -> str | None:
        """Return the id that a path has where the template has {id}; "" without one."""
        before, mark, _ = self.path.replace("{+id}", "{id}").partition("{id}")
        if not mark:
            return "" if path == self.path else None
        return path.removeprefix(before) if path.startswith(before) and path != before else None

    @property
    def is_template(self) -> bool:
        return "{" in self.path


@dataclass
class Resources:
    """What can be read by address. site: the address of the site, without a path."""

    site: Callable[[], str]
    known: list[Resource] = field(default_factory=list)

    def listed(self) -> list[Record]:
        return [self._described(each, "uri") for each in self.known if not each.is_template]

    def templates(self) -> list[Record]:
        return [self._described(each, "uriTemplate") for each in self.known if each.is_template]

    def _described(self, each: Resource, key: str) -> Record:
        return {
            key: f"{self.site()}{each.path}",
            "name": each.name,
            "description": each.description,
            "mimeType": _MIME,
        }

    def read(self, uri: str) -> Record | None:
        site = self.site()
        if not uri.startswith(f"{site}/"):
            return None
        path = unquote(uri.removeprefix(site))  # clients may write the slash of an id as %2F
        if "\0" in path:
            return None
        for each in self.known:
            if (wanted := each.matched(path)) is not None:
                return each.read(wanted)
        return None


class OpenServer(MCPServer):
    """An MCP server that any site may ask, with resources beside the tools."""

    def __init__(self, *, resources: Resources, **options: Any) -> None:
        super().__init__(**options)
        self.resources = resources

    def _origin_allowed(self, request: HttpRequest) -> bool:
        """Whether the origin is one: the specification asks servers to check it.

        The check keeps a page from asking a server that only its visitor can reach, by letting its
        own name lead there. Nothing here is private, and Django refuses requests for hosts that are
        not ours. So every well-formed origin may ask, and "null", which files and sandboxes send.
        """
        origin = request.headers.get("Origin")
        if origin is None or origin == "null":
            return True
        try:
            parts = urlsplit(origin)
            _port = parts.port
        except ValueError:
            return False
        return bool(parts.scheme and parts.hostname) and not (parts.path or parts.query)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer_about_resources(request)
        return response if response is not None else super().__call__(request)

    def _answer_about_resources(self, request: HttpRequest) -> HttpResponse | None:
        """Answer what the library has no word for; None for all else."""
        if request.method != "POST" or not self._origin_allowed(request):
            return None
        try:
            message = decode_message(request.body)
        except MessageError:
            return None
        if isinstance(message.id, UnsetType):
            return None
        params = {} if isinstance(message.params, UnsetType) else message.params
        if message.method in ("initialize", "server/discover"):
            return self._with_resources(super().__call__(request))
        if message.method not in _ANSWERS:
            return None
        if not is_legacy_request(request):
            error = self._validate_metadata(request, message.id, message.method, params)
            if error is not None:
                return error
        return _ANSWERS[message.method](self, request, message.id, params)

    def _run_tool(
        self, request: HttpRequest, number: str | int, tool: Tool, arguments: Record, *more: Any
    ) -> tuple[HttpResponse, str]:
        """As the library's, which names an unknown field, but not those that there are."""
        known = tool.known_keys or frozenset(arguments)
        if unknown := sorted(arguments.keys() - known):
            words = f"There is no field “{unknown[0]}”. There are: {', '.join(sorted(known))}."
            return self._tool_error(request, number, words), "invalid_arguments"
        return super()._run_tool(request, number, tool, arguments, *more)

    def _with_resources(self, response: HttpResponse) -> HttpResponse:
        """Say that there are resources where the library says what there is."""
        said = msgspec.json.decode(response.content)
        if "capabilities" in said.get("result", {}):
            said["result"]["capabilities"]["resources"] = {}
            response.content = msgspec.json.encode(said)
        return response

    def _list(self, request: HttpRequest, number: str | int, params: Record) -> HttpResponse:
        return self._listed(request, number, params, "resources", self.resources.listed())

    def _templates(self, request: HttpRequest, number: str | int, params: Record) -> HttpResponse:
        found = self.resources.templates()
        return self._listed(request, number, params, "resourceTemplates", found)

    def _listed(
        self,
        request: HttpRequest,
        number: str | int,
        params: Record,
        name: str,
        found: list[Record],
    ) -> HttpResponse:
        if params.get("cursor") is not None:
            return error_response(number, INVALID_PARAMS, "Invalid cursor")
        return self._sent(request, number, {name: found})

    def _read(self, request: HttpRequest, number: str | int, params: Record) -> HttpResponse:
        uri = params.get("uri")
        if not isinstance(uri, str):
            return error_response(number, INVALID_PARAMS, "Missing uri")
        found = self.resources.read(uri)
        if found is None:
            return error_response(number, _NOT_FOUND, "Resource not found", data={"uri": uri[:200]})
        text = msgspec.json.encode(found).decode()
        contents = [{"uri": uri, "mimeType": _MIME, "text": text}]
        return self._sent(request, number, {"contents": contents})

    def _sent(self, request: HttpRequest, number: str | int, result: Record) -> HttpResponse:
        if is_legacy_request(request):
            return result_response(number, result)
        caching = {"ttlMs": 300_000, "cacheScope": "public"}
        return self._result(request, number, {**result, **caching})


_ANSWERS: Mapping[str, Callable[..., HttpResponse]] = {
    "resources/list": OpenServer._list,
    "resources/templates/list": OpenServer._templates,
    "resources/read": OpenServer._read,
}
