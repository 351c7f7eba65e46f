"""Django's admin with the desk's own door."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "consent.desk.site.DeskSite"
