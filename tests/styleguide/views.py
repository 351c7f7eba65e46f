"""The component page, and its two colour schemes to choose from."""

import re
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tests.styleguide import examples

_SCHEMES = ("light", "dark")
_ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)


@require_safe
@never_cache
def components(request: HttpRequest) -> HttpResponse:
    """All components with made-up records. ?scheme=light or dark overrules the reader's own."""
    scheme = request.GET.get("scheme")
    context: dict[str, Any] = examples.everything() | {
        "scheme": scheme if scheme in _SCHEMES else "",
        "schemes": _SCHEMES,
    }
    return render(request, "styleguide/styleguide.html", context)


@require_safe
@never_cache
def schemes(request: HttpRequest) -> HttpResponse:
    """The tokens of tokens.css once more, each scheme under a class of its own."""
    found = finders.find("css/tokens.css")
    if not isinstance(found, str):
        raise Http404("tokens.css is not where static files are")
    light, dark = _ROOT.findall(Path(found).read_text(encoding="utf-8"))
    css = "".join(
        f".scheme-{name} {{\n{tokens}\n  color-scheme: {name};\n}}\n"
        for name, tokens in zip(_SCHEMES, (light, dark), strict=True)
    )
    return HttpResponse(css, content_type="text/css; charset=utf-8")
