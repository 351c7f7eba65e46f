"""The closed lists of this room: what kinds of platforms, pages and captures there are."""

from django.db.models import TextChoices

#: How the reason of a page begins that only holds history, whichever archive it comes from.
HISTORY_ONLY = "History only: imported from "


class Origin(TextChoices):
    """Where a record was first written."""

    CATALOG = "catalog", "catalog file"
    DESK = "desk", "curator's desk"


class Category(TextChoices):
    SOCIAL = "social", "Social"
    ASSISTANT = "assistant", "Assistants"
    WORKPLACE = "workplace", "Workplace"
    CREATIVE = "creative", "Creative"
    MEDIA = "media", "Media"
    DEVELOPER = "developer", "Developer"
    DEVICE = "device", "Devices"
    DATA_BROKER = "data-broker", "Data brokers"


class PageKind(TextChoices):
    HELP = "help", "Help"
    SETTINGS = "settings", "Settings"
    PRIVACY_POLICY = "privacy-policy", "Privacy policy"
    TERMS = "terms", "Terms"
    ANNOUNCEMENT = "announcement", "Announcement"
    ROBOTS = "robots", "robots.txt"


class FetchMode(TextChoices):
    HTTP = "http", "plain HTTP"
    BROWSER = "browser", "browser"
    AUTO = "auto", "plain HTTP, then browser"


class Access(TextChoices):
    PUBLIC = "public", "public"
    ACCOUNT = "account", "needs an account"


class Health(TextChoices):
    UNREAD = "unread", "not read yet"
    OK = "ok", "read"
    FAILING = "failing", "cannot be read"


class CaptureSource(TextChoices):
    VISIT = "visit", "our visit"
    OPEN_TERMS_ARCHIVE = "open-terms-archive", "Open Terms Archive"
    WAYBACK = "wayback", "Wayback Machine"
