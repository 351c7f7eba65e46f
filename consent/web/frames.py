"""Small pages that any site may put into a frame: no script, no cookie."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt

from consent.web.content_policy import content_policy

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors *"
)


def in_any_frame(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let other sites show a view in a frame, with its inline style and nothing else."""
    return xframe_options_exempt(content_policy(_POLICY)(view))
