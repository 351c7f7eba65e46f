"""Links in mails. Without the secret key they cannot be made or guessed, even from the database.

Three kinds:
- a *token* confirms one thing once; the database has its digest, and the link is derived from the
  key and the row's nonce when the mail is written;
- a *manage link* opens the manage page for 30 days, or until the subscriber's epoch is raised;
- an *unsubscribe link* and a *return address* last as long as their subscriber.

All are made with SECRET_KEY; those made with a former key (SECRET_KEY_FALLBACKS) still work.
"""

import base64
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from consent.models import Subscriber, Token
from consent.vocabulary import TokenPurpose
from consent.web.absolute_urls import absolute_url
from consent.web.secret_keys import secret_keys

#: Lifetimes and limits are chosen. Five attempts guess six digits once in 200,000 tokens.
TOKEN_LASTS = dt.timedelta(days=7)
CODE_LASTS = dt.timedelta(minutes=30)
MOST_CODE_ATTEMPTS = 5
MANAGE_LASTS = dt.timedelta(days=30)

_LONGEST_ADDRESS = 320  # characters: 64 for the local part, "@", 255 for the domain (RFC 3696)


# --- Tokens that act once ------------------------------------------------------------------------
def issue(
    subscriber: Subscriber, purpose: TokenPurpose, payload: dict[str, object], now: dt.datetime
) -> Token:
    """Make a token; earlier ones of the same purpose are replaced."""
    earlier = Token.objects.filter(
        subscriber=subscriber, purpose=purpose, used_at=None, replaced_at=None
    )
    earlier.update(replaced_at=now)
    nonce = secrets.token_hex(16)
    return Token.objects.create(
        subscriber=subscriber,
        purpose=purpose,
        nonce=nonce,
        digest=digest_of(_link_text(purpose, nonce, settings.SECRET_KEY)),
        payload=payload,
        created_at=now,
        expires_at=now + TOKEN_LASTS,
    )


def link_text(token: Token) -> str:
    """Return the secret text of the link. It is stored nowhere; only the mail contains it."""
    return _link_text(token.purpose, token.nonce, _key_of(token))


def code_of(token: Token) -> str:
    """Return the six digits that can be typed instead of opening the link."""
    number = int.from_bytes(_mac("code", token.nonce, _key_of(token)), "big") % 1_000_000
    return f"{number:06d}"


def find(purpose: TokenPurpose, text: str) -> Token | None:
    """Return the token of a link by its digest, whether it still works or not."""
    if len(text) > 100:
        return None
    return (
        Token.objects.select_related("subscriber")
        .filter(purpose=purpose, digest=digest_of(text))
        .first()
    )


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _link_text(purpose: str, nonce: str, key: str) -> str:
    return _base64(_mac(f"token.{purpose}", nonce, key)[:24])


def _key_of(token: Token) -> str:
    """Return the secret key that a token was made with: the present one or a former one."""
    for key in secret_keys():
        if digest_of(_link_text(token.purpose, token.nonce, key)) == token.digest:
            return key
    return str(settings.SECRET_KEY)


# --- Signed links --------------------------------------------------------------------------------
def manage_text(subscriber: Subscriber) -> str:
    pk, epoch = int_to_base36(subscriber.pk), int_to_base36(subscriber.epoch)
    return _manage_signer().sign(f"{pk}.{epoch}")


@dataclass(frozen=True, slots=True)
class ManageLink:
    """The subscriber of a manage link, and whether the link has expired."""

    subscriber: Subscriber
    expired: bool


def open_manage(text: str) -> ManageLink | None:
    """Return the subscriber of a manage link; None if its signature or epoch is wrong."""
    signer = _manage_signer()
    try:
        pk, _, epoch = signer.unsign(text).partition(".")
    except signing.BadSignature:
        return None
    subscriber = _subscriber(pk)
    if subscriber is None or int_to_base36(subscriber.epoch) != epoch:
        return None
    try:
        signer.unsign(text, max_age=MANAGE_LASTS)
    except signing.SignatureExpired:
        return ManageLink(subscriber, expired=True)
    return ManageLink(subscriber, expired=False)


def _manage_signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(sep=".", salt="default-on.alerts.manage")


def unsubscribe_text(subscriber_id: int) -> str:
    """Return the text of an unsubscribe link.

    Not from django.core.signing: its signatures have 43 characters instead of 16, and the address
    must stay below 70.
    """
    pk = int_to_base36(subscriber_id)
    return f"{pk}.{_signature('unsubscribe', pk, settings.SECRET_KEY)}"


def open_unsubscribe(text: str) -> Subscriber | None:
    pk, _, signature = text.partition(".")
    return _subscriber(pk) if _signed("unsubscribe", pk, signature) else None


def unsubscribe_url(subscriber_id: int) -> str:
    return absolute_url(reverse("unsubscribe", args=[unsubscribe_text(subscriber_id)]))


def manage_url(subscriber: Subscriber) -> str:
    return absolute_url(reverse("manage", args=[manage_text(subscriber)]))


# --- Return addresses ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Returned:
    """The contents of a return address.

    mail: a letter for the kind and a number, such as "a12". epoch: the subscriber's when the mail
    was written; it is lower than today's if the mail went to a former address.
    """

    mail: str
    subscriber_id: int
    epoch: int = 0


def return_address(mail: str, subscriber_id: int, epoch: int = 0) -> str:
    """Return the envelope sender of a mail to a subscriber; reports come back to it.

    Lower-case letters and digits only: servers on the way may change the case of a local part.
    """
    local, _, domain = settings.MAIL_RETURN_ADDRESS.rpartition("@")
    named = f"{mail}{f'e{epoch}' if epoch else ''}-{int_to_base36(subscriber_id)}"
    return f"{local}+{named}-{_return_signature(named, settings.SECRET_KEY)}@{domain}"


def read_return_address(address: str) -> Returned | None:
    """Return the contents of a return address; None if its signature is not ours."""
    if not address.isascii() or len(address) > _LONGEST_ADDRESS:
        return None
    local = address.strip().strip("<>").rpartition("@")[0].lower()
    mail, _, rest = local.rpartition("+")[2].partition("-")
    pk, _, signature = rest.partition("-")
    if not (pk.isalnum() and len(pk) <= 12):
        return None
    named = f"{mail}-{pk}"
    if not any(
        constant_time_compare(_return_signature(named, key), signature) for key in secret_keys()
    ):
        return None
    mail, _, epoch = mail.partition("e")
    return Returned(mail, base36_to_int(pk), int(epoch or 0))


def _subscriber(pk: str) -> Subscriber | None:
    if not (pk.isascii() and pk.isalnum() and len(pk) <= 12):
        return None
    return Subscriber.objects.filter(pk=base36_to_int(pk)).first()


def _return_signature(named: str, key: str) -> str:
    return _mac("return", named, key)[:8].hex()


def _signature(purpose: str, message: str, key: str) -> str:
    return _base64(_mac(purpose, message, key)[:12])


def _signed(purpose: str, message: str, signature: str) -> bool:
    return any(
        constant_time_compare(_signature(purpose, message, key), signature) for key in secret_keys()
    )


def _mac(purpose: str, message: str, key: str) -> bytes:
    salt = f"default-on.alerts.{purpose}"
    return salted_hmac(salt, message, secret=key, algorithm="sha256").digest()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
