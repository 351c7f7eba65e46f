"""All mails with sample data: HTML as a mail program shows it, the text beside it, the headers."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from consent.alerts.mails.previews import previews
from consent.public.styleguide.views import refuse_in_production

#: A mail brings its own styles; nothing else in it may run or load, and only our page frames it.
_IN_A_FRAME = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


@require_safe
@never_cache
@csp_update({"frame-src": [SELF]})
def mails(request: HttpRequest) -> HttpResponse:
    """Every mail, in the language of the address."""
    refuse_in_production()
    return render(request, "styleguide/mails.html", {"mails": previews()})


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(_IN_A_FRAME)  # type: ignore[arg-type] # its types know no view with arguments
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of one mail, by itself."""
    refuse_in_production()
    found = previews().get(name)
    if found is None:
        raise Http404("There is no mail of this name.")
    return HttpResponse(found.html)
