"""Time stamps by an authority (RFC 3161): ask for one, and check one. Knows no models."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import requests
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from platforms.deadlines import within

_TIMEOUT = (10, 20)  # seconds to connect, and between two reads
_MOST_SECONDS = 60  # for the whole answer
#: A response with its certificates has some 6 kB.
_MOST_BYTES = 100_000


class AuthorityError(Exception):
    """No valid stamp came from the authority. Asking again later may help."""


class BadStamp(ValueError):
    """A stamp that does not prove what it is said to prove."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a valid stamp proves: these bytes existed at this time, as this authority says."""

    stamped_at: dt.datetime
    authority: str


def read_certificates(pem: bytes) -> list[x509.Certificate]:
    """Return the root certificates in a PEM file. Raises ValueError if there is none."""
    return x509.load_pem_x509_certificates(pem)


def ask(url: str, message: bytes, roots: Sequence[x509.Certificate]) -> tuple[bytes, Stamp]:
    """Have a message stamped; return the response as received, and what it proves.

    Only the SHA-256 of the message is sent. Raises AuthorityError.
    """
    asked = (
        TimestampRequestBuilder()
        .data(message)
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    try:
        response = within(_MOST_SECONDS, lambda: _post(url, asked.as_bytes()))
    except (requests.RequestException, OSError) as error:
        raise AuthorityError(f"{url} cannot be reached: {error}") from error
    if len(response) > _MOST_BYTES:
        raise AuthorityError(f"{url} answered with more than {_MOST_BYTES} bytes")
    try:
        return response, check(response, message, roots, nonce=asked.nonce)
    except BadStamp as error:
        raise AuthorityError(f"{url} sent no valid stamp: {error}") from error


def _post(url: str, query: bytes) -> bytes:
    with requests.post(
        url,
        data=query,
        headers={"Content-Type": "application/timestamp-query"},
        timeout=_TIMEOUT,
        allow_redirects=False,
        stream=True,
    ) as answer:
        if answer.status_code != 200:
            raise AuthorityError(f"{url} answered {answer.status_code}")
        return answer.raw.read(_MOST_BYTES + 1, decode_content=True)


def check(
    response: bytes,
    message: bytes,
    roots: Sequence[x509.Certificate],
    *,
    nonce: int | None = None,
) -> Stamp:
    """Return what a response proves about a message. Raises BadStamp if it proves nothing.

    nonce: that of the request, if it is known.
    """
    try:
        decoded = decode_timestamp_response(response)
        verifier = VerifierBuilder(roots=list(roots), nonce=nonce).build()
        verifier.verify_message(decoded, message)
        return Stamp(decoded.tst_info.gen_time, _signer(decoded))
    except (VerificationError, ValueError) as error:
        raise BadStamp(str(error)) from error


def read(response: bytes, message: bytes) -> Stamp:
    """Return what a response says that was checked when it came; certificates may have changed.

    Raises BadStamp if it is not about this message.
    """
    try:
        decoded = decode_timestamp_response(response)
        if decoded.tst_info.message_imprint.message != hashlib.sha256(message).digest():
            raise BadStamp("it is about something else")
        return Stamp(decoded.tst_info.gen_time, _signer(decoded))
    except ValueError as error:
        raise BadStamp(str(error)) from error


def _signer(response: TimeStampResponse) -> str:
    """Return the name of the certificate that signed, as it names itself."""
    [signer] = response.signed_data.signer_infos
    for der in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return certificate.subject.rfc4514_string()
    raise ValueError("the certificate of the signer is missing")
