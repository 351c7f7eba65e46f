"""The addresses of the site, and one that costs nothing but the way through the server."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as site
from consent.web import default_deny, limits


def trivial(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("trivial", trivial, name="trivial"), *site]
default_deny.PUBLIC |= {"trivial"}  # what strangers may open is a closed list
limits.MOST = 10**9  # the whole load comes from one network
