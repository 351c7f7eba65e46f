"""Recognises links and forms with which readers act on their data, such as an opt-out form.

Only these are compared between visits. The other links of a page change without a reason that
matters: a new address of an opt-out form is news, a new address of the press office is not.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_ACTION = re.compile(
    r"opt[-_ ]?(?:ing[-_ ]?)?out|unsubscribe|setting|preference"
    r"|do[-_ ]?not[-_ ]?(?:sell|share|train)"
    r"|privacy[-_ ]?(?:choice|control|portal|request|cent(?:er|re)|form)"
    r"|(?:data|privacy)[-_ ]?(?:control|request|rights|subject)|object(?:ion|ing)?[-_ /]|dsar"
    r"|training[-_ ]?(?:control|data|opt)|consent|/contact/|\bforms?\b|webform"
    r"|\bformul(?:ar|aire|ario)\b|widerspruch|opposition|oposici[oó]n",
    re.IGNORECASE,
)


def is_action(target: str, text: str) -> bool:
    """Return whether a link leads to a form, to settings, or to an address to opt out."""
    return _ACTION.search(destination(target)) is not None or _ACTION.search(text) is not None


# Sites link to others through a redirect of their own, which adds a token of the visit.
_REDIRECT = re.compile(
    r"https?://[^/?#]+(?:/[^?#]*)?/(?:l\.php|url|redirect\w*|redir|away(?:\.php)?|leaving|exit)/?\?"
    r"(?:[^#]*&)?(?:u|url|q|to|target|dest\w*)=(?P<address>https?(?:%3A|:)[^&#]+)",
    re.IGNORECASE,
)


def destination(target: str) -> str:
    """Return the address that a redirect names in its query; any other target as it is."""
    redirect = _REDIRECT.match(target[:_COMPARED_CHARS])
    return unquote(redirect["address"]) if redirect else target


_OF_THE_SITE = re.compile(
    r"search|suche|recherche|buscar|vote|rating|helpful|feedback|comment|newsletter"
    r"|(?<!un)subscri|log-?_?[io]n\b|sign-?_?[iu][np]\b|session|locale|language",
    re.IGNORECASE,
)


def is_form_of_the_site(target: str, button: str) -> bool:
    """Return whether a form is one that any page has: search, vote, login, newsletter."""
    return _OF_THE_SITE.search(target) is not None or _OF_THE_SITE.search(button) is not None


# Query parameters that follow a visitor or a campaign.
_TRACKERS = re.compile(
    r"utm_\w+|(?:gcl|fbcl|msclk|twcl|dcl|ycl|igsh)id|gclsrc|mc_[ce]id|ref(?:errer)?|redirect\w*"
    r"|return\w*|state|nonce|session\w*|phpsessid|jsessionid|sid|s?id_token|csrf\w*|token|_g[al]|trk"
    r"|locale|lang(?:uage)?|hl|gl|region|country",
    re.IGNORECASE,
)
_COMPARED_CHARS = 2_000  # chosen: addresses of real forms are far shorter
_PER_VISIT = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?<![0-9a-f])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{16,}"
    r"|(?<!\w)(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{24,}",
    re.ASCII,
)


# The language or region among the first parts of a path, and quotes left over from bad markup.
_LANGUAGE = re.compile(
    r"^/(?:intl/)?(?:[a-z]{2}[-_][a-z]{2,4}|en|de|fr|es|it|pt|nl|pl|ja|ko|zh)(?:/|$)", re.IGNORECASE
)
# With a space after a double quote, the rest are attributes: `choices" target="_blank`.
_BROKEN_QUOTES = re.compile(
    r"(?<=.)(?:%22|\")(?:%20|\s).*|(?:%22|%27|%E2%80%9[89CD]|[\"'“”‘’])+", re.IGNORECASE
)
#: "AI" as a word of a text. In an address it may be the name of a host, as in "x.ai".
AI_WORD = r"(?<![\w./-])(?:ai|ki|ia)\b(?!\.\w)"
# Words of a statement about training, in the languages of our texts.
_TRAINING = re.compile(
    rf"train|entraîn|entren|addestr|trein|machine learning|maschinelle[sn]? lern|{AI_WORD}"
    r"|model|modèl|generativ|générat"
    r"|opt[-_ ]?(?:ing[-_ ]?)?out|do[-_ ]?not|object(?:ion|ing)?\b|widerspr|oppos",
    re.IGNORECASE,
)


def is_about_training(words: str) -> bool:
    """Return whether words around a link may be about training on people's data."""
    return _TRAINING.search(words) is not None


def lasting_targets(targets: Iterable[str]) -> tuple[str, ...]:
    """Return the lasting targets of links, without duplicates, sorted, to compare two visits."""
    return tuple(sorted({lasting_target(target) for target in targets}))


def lasting_target(target: str) -> str:
    """Return a link's target without the parts that change with each visit, to compare two visits.

    Scheme, fragment, trackers, long identifiers, the language and broken quotation marks are left
    out, and letters are in lower case. The number of a form stays, in
    the path as well as in the query.
    """
    target = _BROKEN_QUOTES.sub("", destination(target))
    try:
        parts = urlsplit(target[:_COMPARED_CHARS])
    except ValueError:
        return target
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKERS.fullmatch(name) and not _PER_VISIT.fullmatch(value)
    ]
    path = _LANGUAGE.sub("/", _PER_VISIT.sub("*", parts.path)).lower().rstrip("/")
    if parts.scheme == "mailto":
        place = f"mailto:{path}"
    else:
        place = f"{parts.netloc.lower().removeprefix('www.')}{path}"
    return f"{place}?{urlencode(sorted(query))}" if query else place
