"""The answer that a visit received."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """The answer at the end of the redirects.

    headers: names in lower case, repeated ones joined with a comma, Set-Cookie left out.
    body: decompressed bytes, empty when the page was not modified.
    redirects: the URLs passed through before final_url, in order; empty for a direct answer.
    rendered: the body is the HTML of the page in a browser after its scripts ran.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    elapsed_ms: int = 0
    redirects: tuple[str, ...] = ()
    rendered: bool = False

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")
