"""Steps of guides in the language of the page, as far as their sentence is one of our frames.

Names of menus stay as the product shows them. Any other sentence stays in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

_WHOLE: Mapping[str, Promise] = {
    "Switch it off.": _("Switch it off."),
    "Turn it off.": _("Turn it off."),
    "The switch is off.": _("The switch is off."),
    "Both switches are off.": _("Both switches are off."),
    "Send the form.": _("Send the form."),
    "Send it and keep the answer.": _("Send it and keep the answer."),
    "Keep the answer.": _("Keep the answer."),
}
_FRAMES: Mapping[str, Promise] = {
    "Open {}.": _("Open %(name)s."),
    "Go to {}.": _("Go to %(name)s."),
    "Tap {}.": _("Tap %(name)s."),
    "Click {}.": _("Click %(name)s."),
    "Choose {}.": _("Choose %(name)s."),
    "Select {}.": _("Select %(name)s."),
    "Turn off {}.": _("Turn off %(name)s."),
    "Switch off {}.": _("Switch off %(name)s."),
    "Open {}, then {}.": _("Open %(name)s, then %(next)s."),
    "Tap {}, then {}.": _("Tap %(name)s, then %(next)s."),
    "Click {}, then {}.": _("Click %(name)s, then %(next)s."),
    "{} is off.": _("%(name)s is off."),
}
#: Up to six words, the first with a capital letter; with one of these it is more than a name.
_NO_NAME = (
    "a|an|again|all|any|are|as|at|below|both|by|each|every|from|if|in|into|is|it|its|not|on|once|one|or"
    "|see|so|that|then|there|this|under|until|when|where|which|with|without|you|your"
)
_NAME = rf'([A-Z][^\s".,:;]*(?: (?!(?:{_NO_NAME})\b)[^\s".,:;]+){{0,5}}|"[^"]+")'
_PATTERNS = [
    (re.compile(re.escape(frame).replace(r"\{\}", _NAME)), words)
    for frame, words in _FRAMES.items()
]


def step_in_words(sentence: str) -> SafeString | str | None:
    """Return a sentence of a step with its names marked as English; None if it is no frame."""
    if sentence in _WHOLE:
        return str(_WHOLE[sentence])
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            names = [format_html('<span lang="en">{}</span>', name) for name in found.groups()]
            template = str(words).replace("%(name)s", "{name}").replace("%(next)s", "{next}")
            return format_html(template, **dict(zip(("name", "next"), names, strict=False)))
    return None
