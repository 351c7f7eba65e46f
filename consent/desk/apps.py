"""Django's admin with the desk's own door and frame."""

from django.contrib.admin.apps import AdminConfig
from django.db import models


class DeskConfig(AdminConfig):
    default_site = "consent.desk.site.DeskSite"

    def ready(self) -> None:
        # Imported here: these modules need the apps to be ready.
        from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS

        from consent.desk.date_widgets import LabelledDateTime

        FORMFIELD_FOR_DBFIELD_DEFAULTS[models.DateTimeField]["widget"] = LabelledDateTime
        super().ready()
