"""The uses and controls that the database has of a platform, as the classifier takes them."""

from consent.classification.catalog_match import Catalog, CatalogControl, CatalogUse
from consent.vocabulary import Route
from platforms.models import Platform


def catalog_of(platform: Platform) -> Catalog:
    """Return what the catalog has on a platform, for telling what a change is about."""
    return Catalog(
        uses=tuple(
            CatalogUse(
                slug=use.slug,
                purpose=use.purpose,
                title=use.title,
                covers=use.covers,
                part=use.part,
                data_kinds=tuple(use.data_kinds),
                people=tuple({people for branch in use.branches.all() for people in branch.people}),
            )
            for use in platform.uses.prefetch_related("branches")
        ),
        controls=tuple(
            CatalogControl(
                slug=control.slug,
                names=(control.words, *control.former_labels),
                uses=tuple(use.slug for use in control.uses.all()),
                route=control.route,
                by_admin=control.route == Route.ADMIN_CONSOLE,
            )
            for control in platform.controls.prefetch_related("uses")
        ),
    )
