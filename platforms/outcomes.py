"""The closed list of outcomes of a visit (promise 4 of the design)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """The outcome of a visit. Only READ and NOT_MODIFIED are about the content of the page."""

    READ = "read", _("read")
    NOT_MODIFIED = "not-modified", _("not modified")
    TIMEOUT = "timeout", _("took too long")
    DNS = "dns", _("name not found")
    TLS = "tls", _("no trusted encryption")
    CONNECTION = "connection", _("no connection")
    HTTP_ERROR = "http-error", _("HTTP error")
    ROBOTS_DENIED = "robots-denied", _("robots.txt asks us not to")
    LOGIN_WALL = "login-wall", _("asks for a login")
    SESSION_EXPIRED = "session-expired", _("lent session has expired")
    BOT_WALL = "bot-wall", _("blocks automated readers")
    SOFT_404 = "soft-404", _("says it is not there")
    EMPTY = "empty", _("no text")
    COLLAPSED = "collapsed", _("most of the text is gone")
    TOO_LARGE = "too-large", _("too large")
    TOO_COSTLY = "too-costly", _("takes too much to read")
    NOT_TEXT = "not-text", _("not a text page")
    WRONG_LANGUAGE = "wrong-language", _("another language than asked for")
    SELECTOR_MISS = "selector-miss", _("the watched part is not found")
    PRIVATE_ADDRESS = "private-address", _("address not allowed")
    OWN_FAULT = "own-fault", _("fault of our own")

    @property
    def looked(self) -> bool:
        """True if the page was read or is unchanged; False if the visit is a gap."""
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

#: Outcomes of visits that got no answer from the host. When many hosts give none at the same time,
#: the fault is probably our own.
NO_ANSWER = frozenset({Outcome.TIMEOUT, Outcome.DNS, Outcome.TLS, Outcome.CONNECTION})

#: Outcomes of visits that may have ended before the host was asked.
NOT_ASKED = frozenset(
    {Outcome.ROBOTS_DENIED, Outcome.SESSION_EXPIRED, Outcome.PRIVATE_ADDRESS, Outcome.OWN_FAULT}
)
