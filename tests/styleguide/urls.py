"""The addresses of the site, and those of the style guide."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from config.urls import handler403, handler404, handler500
from config.urls import urlpatterns as site
from tests.styleguide import views

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

#: Open to everybody: to be added to the closed list of consent.web.default_deny.
PUBLIC = frozenset({"styleguide", "styleguide-schemes"})

urlpatterns = [
    path("styleguide/schemes.css", views.schemes, name="styleguide-schemes"),
    *i18n_patterns(
        path("styleguide", views.components, name="styleguide"), prefix_default_language=False
    ),
    *site,
]
