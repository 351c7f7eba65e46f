"""Snapshots as the responses that a WARC file contains."""

import hashlib
from dataclasses import replace

from platforms.archive.warc import ReceivedPage
from platforms.extraction import is_bundle, unbundle
from platforms.models import Snapshot


def received_pages(snapshot: Snapshot, body: bytes) -> tuple[ReceivedPage, ...]:
    """Return a snapshot with these bytes as responses, one for each address of its page."""
    whole = ReceivedPage(
        url=snapshot.final_url,
        received_at=snapshot.first_seen_at,
        status=snapshot.http_status,
        headers=snapshot.headers,
        content_type=snapshot.content_type,
        body=body,
        sha256=snapshot.sha256,
    )
    if not is_bundle(snapshot.content_type):
        return (whole,)
    # Players look a response up by its own address.
    return tuple(
        replace(
            whole,
            url=part.url,
            headers={
                **(whole.headers if number == 0 else {}),
                "content-type": part.content_type,
            },
            content_type=part.content_type,
            body=part.body,
            sha256=hashlib.sha256(part.body).hexdigest(),
        )
        for number, part in enumerate(unbundle(body))
    )
