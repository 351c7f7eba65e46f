"""Which links are ways in which readers act on their data.

Allow-listed, because all other links of a page move for no reason: an opt-out form that moves is
news, a link to the press office is not.
"""

import re

_ACTION = re.compile(
    r"opt[-_ ]?(?:ing[-_ ]?)?out|unsubscribe|setting|preference"
    r"|do[-_ ]?not[-_ ]?(?:sell|share|train)"
    r"|privacy[-_ ]?(?:choice|control|portal|request|cent(?:er|re)|form)"
    r"|(?:data|privacy)[-_ ]?(?:control|request|rights|subject)|object(?:ion|ing)?[-_ /]|dsar"
    r"|consent|/contact/|/forms?[/.]|\bforms?\.|webform|widerspruch|opposition|oposici[oó]n",
    re.IGNORECASE,
)


def is_action(target: str, text: str) -> bool:
    """Tell whether a link leads to a form, into settings, or to an address to opt out."""
    return _ACTION.search(target) is not None or _ACTION.search(text) is not None
