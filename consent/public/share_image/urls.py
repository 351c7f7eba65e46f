from django.urls import path, register_converter
from django.urls.converters import StringConverter

from consent.public.share_image import views


class Kind(StringConverter):
    """What a share image is of."""

    regex = "change|platform|guide|figures|timeline|year|site"


class Fingerprint(StringConverter):
    """Twelve hexadecimal digits (ShareCard.fingerprint)."""

    regex = "[0-9a-f]{12}"


register_converter(Kind, "share_kind")
register_converter(Fingerprint, "fingerprint")

urlpatterns = [
    path("wall.svg", views.wall_svg, name="wall-svg"),
    path("wall.png", views.wall_png, name="wall-png"),
    path(
        "share/<share_kind:kind>/<slug:key>-<fingerprint:fingerprint>.png",
        views.share_image,
        name="share-image",
    ),
]
