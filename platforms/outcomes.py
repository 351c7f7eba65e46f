"""The closed list of what one visit to a page can come to (promise 4 of the design)."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    """What a visit came to. Only READ and NOT_MODIFIED say anything about the page itself."""

    READ = "read", "read"
    NOT_MODIFIED = "not-modified", "not modified"
    TIMEOUT = "timeout", "took too long"
    DNS = "dns", "name not found"
    TLS = "tls", "no trusted encryption"
    CONNECTION = "connection", "no connection"
    HTTP_ERROR = "http-error", "HTTP error"
    ROBOTS_DENIED = "robots-denied", "robots.txt asks us not to"
    LOGIN_WALL = "login-wall", "asks for a login"
    SESSION_EXPIRED = "session-expired", "lent session has expired"
    BOT_WALL = "bot-wall", "blocks automated readers"
    SOFT_404 = "soft-404", "says it is not there"
    EMPTY = "empty", "no text"
    COLLAPSED = "collapsed", "most of the text is gone"
    TOO_LARGE = "too-large", "too large"
    NOT_TEXT = "not-text", "not a text page"
    WRONG_LANGUAGE = "wrong-language", "another language than asked for"
    SELECTOR_MISS = "selector-miss", "the watched part is not found"
    PRIVATE_ADDRESS = "private-address", "address not allowed"

    @property
    def looked(self) -> bool:
        """True when the page was seen; False when there is a gap to show."""
        return self in (Outcome.READ, Outcome.NOT_MODIFIED)


#: Outcomes whose bytes were received but must not become a baseline.
QUARANTINED = frozenset(
    {
        Outcome.LOGIN_WALL,
        Outcome.SESSION_EXPIRED,
        Outcome.BOT_WALL,
        Outcome.SOFT_404,
        Outcome.EMPTY,
        Outcome.COLLAPSED,
        Outcome.WRONG_LANGUAGE,
        Outcome.SELECTOR_MISS,
    }
)
