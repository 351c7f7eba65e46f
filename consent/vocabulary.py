"""The closed lists that models, catalog files, forms and feeds share (DESIGN.md, words)."""

from django.db.models import TextChoices


class Effect(TextChoices):
    """What a change does to people's consent. The last seven are for editors only."""

    USE_INTRODUCED = "use-introduced", "use for training introduced"
    USE_REMOVED = "use-removed", "use for training ended"
    PLEDGE_ADDED = "pledge-added", "promise not to train added"
    PLEDGE_DROPPED = "pledge-dropped", "promise not to train dropped"
    DEFAULT_ON = "default-on", "turned on by default"
    DEFAULT_OFF = "default-off", "turned off by default"
    OPT_OUT_ADDED = "opt-out-added", "opt-out added"
    OPT_OUT_REMOVED = "opt-out-removed", "opt-out removed"
    OPT_OUT_CHANGED = "opt-out-changed", "opt-out moved or renamed"
    SCOPE_WIDENED = "scope-widened", "scope wider"
    SCOPE_NARROWED = "scope-narrowed", "scope narrower"
    SHARING_WIDENED = "sharing-widened", "shared with more"
    SHARING_NARROWED = "sharing-narrowed", "shared with fewer"
    RETENTION_CHANGED = "retention-changed", "retention changed"
    WORDING_ONLY = "wording-only", "wording only"
    ANNOUNCED = "announced", "announced"
    POSTPONED = "postponed", "postponed"
    PAUSED = "paused", "paused"
    RESUMED = "resumed", "resumed"
    WITHDRAWN = "withdrawn", "withdrawn"
    REGULATOR_ACTION = "regulator-action", "regulator or court"
    CORRECTION = "correction", "our correction"


class Direction(TextChoices):
    """Seen from the person."""

    LESS_CONTROL = "less-control", "less control"
    MORE_CONTROL = "more-control", "more control"
    MIXED = "mixed", "mixed"
    NEUTRAL = "neutral", "neutral"


class DataKind(TextChoices):
    CHATS = "chats", "chats"
    FILES = "files", "files"
    VOICE = "voice", "voice"
    IMAGES_AND_VIDEO = "images-and-video", "images and video"
    PUBLIC_POSTS = "public-posts", "public posts"
    PRIVATE_MESSAGES = "private-messages", "private messages"
    MAIL_AND_DOCUMENTS = "mail-and-documents", "mail and documents"
    CODE = "code", "code"
    USAGE_AND_FEEDBACK = "usage-and-feedback", "usage and feedback"
    PROFILE = "profile", "profile"


class StateValue(TextChoices):
    """What happens to the data of a person who does nothing."""

    ON_NO_OPT_OUT = "on-no-opt-out", "On, no opt-out"
    ON_BY_DEFAULT = "on-by-default", "On by default"
    OFF_BY_DEFAULT = "off-by-default", "Off by default"
    NOT_USED = "not-used", "Not used"
    UNCLEAR = "unclear", "Unclear"
    NOT_OFFERED = "not-offered", "Not offered"


class Route(TextChoices):
    """How a person says no."""

    SWITCH = "switch", "switch"
    FORM = "form", "form"
    EMAIL = "email", "email"
    ADMIN_CONSOLE = "admin-console", "admin console"
    ACCOUNT_DELETION = "account-deletion", "account deletion"
    NONE = "none", "none"


class Reach(TextChoices):
    """What an opt-out reaches."""

    FUTURE_ONLY = "future-only", "future only"
    PAST_TOO = "past-too", "past too"
    THIS_DEVICE = "this-device", "this device"
    WHOLE_ACCOUNT = "whole-account", "whole account"
    UNSTATED = "unstated", "not stated"


class Precision(TextChoices):
    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"


class Confidence(TextChoices):
    HIGH = "high", "high"
    MEDIUM = "medium", "medium"
    LOW = "low", "low"


class Basis(TextChoices):
    """How a claim is known. Silence proves nothing."""

    STATED = "stated", "stated by the platform"
    SEEN = "seen", "seen in the product"
    REPORTED = "reported", "reported by others"
    UNCLEAR = "unclear", "unclear"


class Surface(TextChoices):
    WEB = "web", "Web"
    IOS = "ios", "iPhone and iPad"
    ANDROID = "android", "Android"
    DESKTOP = "desktop", "Desktop app"
    ANY = "any", "Any device"


class PublicationStatus(TextChoices):
    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"
    RETRACTED = "retracted", "retracted"


class DismissReason(TextChoices):
    NOISE = "noise", "noise"
    WORDING = "wording", "wording"
    NOT_TRAINING = "not-training", "not about training"
    DUPLICATE = "duplicate", "duplicate"
    EXTRACTION_FAULT = "extraction-fault", "extraction fault"


class ChangeStatus(TextChoices):
    WAITING = "waiting", "waiting"
    SNOOZED = "snoozed", "snoozed"
    DISMISSED = "dismissed", "dismissed"
    PUBLISHED = "published", "published"
    MERGED = "merged", "merged"


class Ruling(TextChoices):
    PUBLISH = "publish", "published"
    DISMISS = "dismiss", "dismissed"
    MERGE = "merge", "merged"
    SNOOZE = "snooze", "snoozed"
    REOPEN = "reopen", "reopened"
    UNDO = "undo", "undone"
    CONFIRM = "confirm", "looked at again and found right"


class RevisionKind(TextChoices):
    """What was done, in public, to an entry after it was published."""

    CORRECTION = "correction", "corrected"
    POSTPONEMENT = "postponement", "date moved"
    RETRACTION = "retraction", "retracted"


class CheckOutcome(TextChoices):
    """What someone found who walked a guide's steps on one surface."""

    STILL_RIGHT = "still-right", "still right"
    STEPS_CHANGED = "steps-changed", "steps changed"
    CANNOT_CHECK = "cannot-check", "cannot check"
    RETIRED = "retired", "retired"


class ReferenceKind(TextChoices):
    REGULATOR = "regulator", "Regulator"
    COURT = "court", "Court"
    LAW = "law", "Law"
    ORGANISATION = "organisation", "Organisation"


class Trust(TextChoices):
    VERIFIED = "verified", "verified"
    AGEING = "ageing", "ageing"
    OVERDUE = "overdue", "not verified for a long time"
    SOURCE_CHANGED = "source-changed", "page changed since we checked"
    UNVERIFIED = "unverified", "not verified by us yet"
