"""Closed lists of values: categories of platforms, kinds of pages, sources of snapshots, …"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

#: paused_reason of a page that only has imported history begins like this, for every archive.
HISTORY_ONLY = "History only: imported from "


class Origin(TextChoices):
    """Where a record was first written."""

    CATALOG = "catalog", _("catalog file")
    DESK = "desk", _("curator's desk")


class Category(TextChoices):
    SOCIAL = "social", _("Social")
    ASSISTANT = "assistant", _("Assistants")
    WORKPLACE = "workplace", _("Workplace")
    CREATIVE = "creative", _("Creative")
    MEDIA = "media", _("Media")
    DEVELOPER = "developer", _("Developer")
    DEVICE = "device", _("Devices")
    GAMES = "games", _("Games")
    EDUCATION = "education", _("Education")
    SHOPPING = "shopping", _("Shopping")
    TRAVEL = "travel", _("Travel and delivery")
    PAYMENT = "payment", _("Payment")
    DATING = "dating", _("Dating")
    VEHICLE = "vehicle", _("Vehicles")
    DATA_BROKER = "data-broker", _("Data brokers")


class PageKind(TextChoices):
    HELP = "help", _("Help")
    SETTINGS = "settings", _("Settings")
    PRIVACY_POLICY = "privacy-policy", _("Privacy policy")
    TERMS = "terms", _("Terms")
    ANNOUNCEMENT = "announcement", _("Announcement")
    ROBOTS = "robots", _("robots.txt")
    TRAINING_SUMMARY = "training-summary", _("Training summary")


class FetchMode(TextChoices):
    HTTP = "http", _("plain HTTP")
    BROWSER = "browser", _("browser")
    AUTO = "auto", _("plain HTTP, then browser")


class Access(TextChoices):
    PUBLIC = "public", _("public")
    ACCOUNT = "account", _("needs an account")


class Health(TextChoices):
    UNREAD = "unread", _("not read yet")
    OK = "ok", _("read")
    FAILING = "failing", _("cannot be read")


class PageAct(TextChoices):
    """What a curator did with a page."""

    ADD = "add", _("added")
    EDIT = "edit", _("edited")
    RULES = "rules", _("selectors changed")
    LEAVE_OUT = "leave-out", _("part left out as noise")
    MOVE = "move", _("moved")
    PAUSE = "pause", _("paused")
    RESUME = "resume", _("resumed")
    VISIT = "visit", _("sent for a visit")
    RELEASE = "release", _("capture released")
    REFUSE = "refuse", _("text kept refused")
    CONFIRM = "confirm", _("confirmed by hand")
    CHECK = "check", _("reading found right")


class PublicChangeKind(TextChoices):
    """Why something changed that readers see."""

    DECISION = "decision", _("a curator's ruling")
    REVISION = "revision", _("a public revision")
    VERIFICATION = "verification", _("a walk through a guide")
    EDIT = "edit", _("an edit in the admin")
    ADDITION = "addition", _("an addition in the admin")
    CATALOG = "catalog", _("a load of the catalog")


class VersionOrigin(TextChoices):
    """What brought a version of a record."""

    FILE = "file", "a catalog file"
    DESK = "desk", "the desk"
    DEPENDENT = "dependent", "a change of another record"


class CaptureSource(TextChoices):
    VISIT = "visit", _("our visit")
    OPEN_TERMS_ARCHIVE = "open-terms-archive", _("Open Terms Archive")
    WAYBACK = "wayback", _("Wayback Machine")


class People(TextChoices):
    """Kinds of people. The order decides which is shown first where none is chosen."""

    PERSONAL = "personal", _("personal accounts")
    CREATORS = "creators", _("creators")
    ORGANISATION = "organisation", _("organisations")
    NO_ACCOUNT = "no-account", _("people without an account")
    MINORS = "minors", _("minors")


class Precision(TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class EffectPrecision(TextChoices):
    """How well a day is known that may be only that of a record."""

    DAY = "day", _("day")
    BY_DAY = "by-day", _("day at the latest")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class PlanKind(TextChoices):
    """What a plan of a platform is."""

    PLAN = "plan", _("plan")
    CONTRACT = "contract", _("contract")
    HOSTING = "hosting", _("hosting")
    API = "api", _("API")
    EDUCATION = "education", _("for students or teachers who prove that they are")
