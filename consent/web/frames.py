"""Small pages that any site may put into a frame: no script, no cookie."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt


def in_any_frame(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let other sites show a view in a frame, with its inline style and nothing else."""
    policy = csp(
        {
            "default-src": [NONE],
            "style-src": [UNSAFE_INLINE],
            "base-uri": [NONE],
            "form-action": [NONE],
            "frame-ancestors": ["*"],
        }
    )
    return xframe_options_exempt(policy(view))
