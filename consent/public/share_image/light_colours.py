"""The light colours of the site, for pictures that are files."""

import re
from functools import lru_cache

from django.conf import settings


def colour(token: str) -> str:
    """Return a colour of static/css/tokens.css as #rrggbb."""
    return _light()[token]


@lru_cache(maxsize=1)
def _light() -> dict[str, str]:
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light = css.split("@media", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", light))
