"""The closed lists that models, catalog files, forms and feeds share (DESIGN.md, words)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from platforms.vocabulary import EffectPrecision as EffectPrecision
from platforms.vocabulary import People as People
from platforms.vocabulary import PlanKind as PlanKind
from platforms.vocabulary import Precision as Precision


class Effect(TextChoices):
    """What a change does to people's consent. From ANNOUNCED on they are for editors only."""

    USE_INTRODUCED = "use-introduced", _("use for training introduced")
    USE_REMOVED = "use-removed", _("use for training ended")
    PLEDGE_ADDED = "pledge-added", _("promise not to train added")
    PLEDGE_DROPPED = "pledge-dropped", _("promise not to train dropped")
    DEFAULT_ON = "default-on", _("turned on by default")
    DEFAULT_OFF = "default-off", _("turned off by default")
    OPT_OUT_ADDED = "opt-out-added", _("opt-out added")
    OPT_OUT_REMOVED = "opt-out-removed", _("opt-out removed")
    OPT_OUT_CHANGED = "opt-out-changed", _("opt-out moved or renamed")
    SCOPE_WIDENED = "scope-widened", _("scope wider")
    SCOPE_NARROWED = "scope-narrowed", _("scope narrower")
    SHARING_WIDENED = "sharing-widened", _("shared with more")
    SHARING_NARROWED = "sharing-narrowed", _("shared with fewer")
    RETENTION_CHANGED = "retention-changed", _("retention changed")
    WORDING_ONLY = "wording-only", _("wording only")
    ANNOUNCED = "announced", _("announced")
    POSTPONED = "postponed", _("postponed")
    PAUSED = "paused", _("paused")
    RESUMED = "resumed", _("resumed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REGULATOR_ACTION = "regulator-action", _("regulator")
    COURT_RULING = "court-ruling", _("court ruling")
    LAWSUIT = "lawsuit", _("lawsuit")
    COMPLAINT = "complaint", _("complaint")
    CAME_TO_LIGHT = "came-to-light", _("came to light")
    CORRECTION = "correction", _("our correction")


class Direction(TextChoices):
    """Seen from the person."""

    LESS_CONTROL = "less-control", _("less control")
    MORE_CONTROL = "more-control", _("more control")
    MIXED = "mixed", _("mixed")
    NEUTRAL = "neutral", _("neutral")


class DataKind(TextChoices):
    CHATS = "chats", _("chats")
    FILES = "files", _("files")
    VOICE = "voice", _("voice")
    IMAGES_AND_VIDEO = "images-and-video", _("images and video")
    PUBLIC_POSTS = "public-posts", _("public posts")
    PRIVATE_MESSAGES = "private-messages", _("private messages")
    MAIL_AND_DOCUMENTS = "mail-and-documents", _("mail and documents")
    CODE = "code", _("code")
    USAGE_AND_FEEDBACK = "usage-and-feedback", _("usage and feedback")
    PROFILE = "profile", _("profile")


class Told(TextChoices):
    """How the people concerned were told of a change. The last two stand alone."""

    MAIL = "mail", _("by mail")
    IN_PRODUCT = "in-product", _("in the product")
    BLOG = "blog", _("in a post or press release")
    POLICY_ONLY = "policy-only", _("only by the changed policy or help page")
    NOT_AT_ALL = "not-at-all", _("not at all")


#: Values of Told that exclude every other one.
TOLD_ALONE = (Told.POLICY_ONLY, Told.NOT_AT_ALL)


class Topic(TextChoices):
    """What an entry is about. OTHER stays out of counts, and out of alerts unless asked for."""

    TRAINING = "training", _("AI training")
    ENFORCEMENT = "enforcement", _("enforcement")
    OTHER = "other", _("other matters")


#: Acts of authorities, courts and complainants, with the day they were decided or filed.
ENFORCEMENT_EFFECTS = (
    Effect.REGULATOR_ACTION,
    Effect.COURT_RULING,
    Effect.LAWSUIT,
    Effect.COMPLAINT,
)


class Purpose(TextChoices):
    """What a use is for. Only those in TRAINING_PURPOSES count as training."""

    TRAINING = "training", _("AI training")
    HUMAN_REVIEW = "human-review", _("people review it")
    SHARING_FOR_TRAINING = "sharing-for-training", _("sharing for AI training")
    ADS = "ads", _("ads")
    PERSONALISATION = "personalisation", _("personalisation")
    FEATURE = "feature", _("AI feature")
    COLLECTION = "collection", _("collection")


#: They alone feed verdicts, counts, the matrix, bands and what is "turned on".
TRAINING_PURPOSES = (Purpose.TRAINING, Purpose.HUMAN_REVIEW, Purpose.SHARING_FOR_TRAINING)


class StateValue(TextChoices):
    """What happens to the data of a person who does nothing, in the order of their weight.

    The words avoid "on" and "off" alone, since those are the words of switches.
    """

    NO_WAY_OUT = "no-way-out", _("On, no way out")
    UNLESS_REFUSED = "unless-refused", _("On unless you refuse")
    ONLY_IF_AGREED = "only-if-agreed", _("Off unless you agree")
    NOT_USED = "not-used", _("Not used")
    UNCLEAR = "unclear", _("Unclear")
    NOT_OFFERED = "not-offered", _("Feature not offered")


#: The states in which the data of a person who does nothing is used.
IN_USE = (StateValue.NO_WAY_OUT, StateValue.UNLESS_REFUSED)
#: Those in which it is not.
LEFT_ALONE = (StateValue.NOT_USED, StateValue.ONLY_IF_AGREED, StateValue.NOT_OFFERED)


class SinceIs(TextChoices):
    """How the first day of a state is known."""

    EXACT = "exact", _("exact")
    AT_LATEST = "at-latest", _("at the latest")
    AT_EARLIEST = "at-earliest", _("at the earliest")


class Refuse(TextChoices):
    """The act that refuses, the easiest first."""

    TURN_OFF = "turn-off", _("turn off")
    TURN_ON = "turn-on", _("turn on")
    SUBMIT = "submit", _("send the form")
    WRITE = "write", _("write")
    ASK_ADMIN = "ask-admin", _("ask your admin")
    SEND_PARAMETER = "send-parameter", _("send a parameter with each request")
    LEAVE = "leave", _("leave")
    DELETE = "delete", _("delete")


#: Acts that refuse by giving up what one has; the platform goes on as before.
GIVING_UP = (Refuse.LEAVE, Refuse.DELETE)


class By(TextChoices):
    """Who can refuse."""

    PERSON = "person", _("you")
    ADMIN = "admin", _("an admin")
    PRESET = "preset", _("an admin, as a default that each person may change")


#: Acts of an admin.
BY_ADMIN = frozenset({By.ADMIN, By.PRESET})


class ActCovers(TextChoices):
    """What one act covers, the widest first."""

    EVERYTHING = "everything", _("everything")
    THIS_DEVICE = "this-device", _("this device only")
    ONE_CONVERSATION = "one-conversation", _("one conversation only")
    ONE_ITEM = "one-item", _("one item only")


class Route(TextChoices):
    """How a person says no. It follows from a control's act and from who can act."""

    SWITCH = "switch", _("switch")
    FORM = "form", _("form")
    EMAIL = "email", _("email")
    ADMIN_CONSOLE = "admin-console", _("admin console")
    ACCOUNT_DELETION = "account-deletion", _("account deletion")
    NONE = "none", _("none")


class Friction(TextChoices):
    """What makes refusing harder than one switch. Those from NEEDS_PAYMENT on are derived."""

    HIDDEN = "hidden", _("hard to find")
    SEVERAL_PLACES = "several-places", _("in several places")
    NEEDS_IDENTITY = "needs-identity", _("needs an account or proof of identity")
    NEEDS_REASON = "needs-reason", _("needs a reason")
    RESETS = "resets", _("comes back on by itself")
    NEEDS_PAYMENT = "needs-payment", _("needs a paid plan")
    ONLY_AT_TIMES = "only-at-times", _("only at certain times")
    LIMITED_SCOPE = "limited-scope", _("for one device, conversation or item only")
    FORM_ONLY = "form-only", _("by form only")
    MAIL_ONLY = "mail-only", _("by mail only")
    ADMIN_ONLY = "admin-only", _("by an admin only")


#: Frictions that a control states.
FRICTIONS_OF_CONTROLS = (Friction.NEEDS_PAYMENT, Friction.ONLY_AT_TIMES)
#: Frictions that follow from the controls of a guide; guides do not state them.
DERIVED_FRICTIONS = (
    *FRICTIONS_OF_CONTROLS,
    Friction.LIMITED_SCOPE,
    Friction.FORM_ONLY,
    Friction.MAIL_ONLY,
    Friction.ADMIN_ONLY,
)


class Reach(TextChoices):
    """Which data an act of refusal reaches."""

    FUTURE_ONLY = "future-only", _("from now on only")
    PAST_TOO = "past-too", _("what was collected before, too")
    PAST_ONLY = "past-only", _("only what was collected before")
    UNSTATED = "unstated", _("not stated")


class PassageSide(TextChoices):
    """Which of two versions of a text a passage is taken from."""

    BEFORE = "before", _("before")
    AFTER = "after", _("after")


class StatementLaw(TextChoices):
    """The laws under which providers declare what they trained on."""

    EU_AI_ACT = "eu-ai-act-53-1-d", _("EU AI Act, Article 53(1)(d)")
    CALIFORNIA_AB_2013 = "california-ab-2013", _("California AB 2013")


class DeclaredAnswer(TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    NOT_ANSWERED = "not-answered", _("not answered")


class ReadBy(TextChoices):
    """Whether a program can read the answers of a document, or only a person."""

    PROGRAM = "by-program", _("by program")
    PERSON = "by-person", _("by a person")


class Confidence(TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Basis(TextChoices):
    """How a claim is known. Silence proves nothing."""

    STATED = "stated", _("stated by the platform")
    SEEN = "seen", _("seen in the product")
    REPORTED = "reported", _("reported by others")
    UNCLEAR = "unclear", _("unclear")


class Why(TextChoices):
    """Why a state is unclear."""

    NOT_SAID = "not-said", _("the platform's pages do not say")
    CONTRADICTORY = "contradictory", _("its pages contradict each other")
    PERMISSION_ONLY = "permission-only", _("its terms allow it, and do not say whether it happens")
    REPORTS_ONLY = "reports-only", _("only others report on it")


class Earlier(TextChoices):
    """What became of data given while a use was on or agreed to, after it ended."""

    STAYS_IN_USE = "stays-in-use", _("what was given before stays in use")
    GONE = "gone", _("what was given before is no longer used")


class Surface(TextChoices):
    WEB = "web", _("Web")
    IOS = "ios", _("iPhone and iPad")
    ANDROID = "android", _("Android")
    DESKTOP = "desktop", _("Desktop app")
    API = "api", _("API")
    ANY = "any", _("Any device")


class PublicationStatus(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETRACTED = "retracted", _("retracted")


class DismissReason(TextChoices):
    NOISE = "noise", _("noise")
    WORDING = "wording", _("wording")
    NOT_TRAINING = "not-training", _("not about training")
    DUPLICATE = "duplicate", _("duplicate")
    EXTRACTION_FAULT = "extraction-fault", _("extraction fault")


class NoSuggestion(TextChoices):
    """Why the machine makes no suggestion about a change."""

    TOO_LARGE = "too-large", _("too large for a suggestion")
    TOO_SLOW = "too-slow", _("no suggestion within a minute")
    LANGUAGE = "language", _("in a language that we do not read")
    FAILED = "failed", _("the program failed at it")


class ChangeStatus(TextChoices):
    WAITING = "waiting", _("waiting")
    SNOOZED = "snoozed", _("snoozed")
    PROPOSED = "proposed", _("waiting for a second reviewer")
    DISMISSED = "dismissed", _("dismissed")
    PUBLISHED = "published", _("published")
    MERGED = "merged", _("merged")


class Ruling(TextChoices):
    PROPOSE = "propose", _("sent to a second reviewer")
    RETURN = "return", _("sent back")
    PUBLISH = "publish", _("published")
    REVIEW = "review", _("reviewed")
    DISMISS = "dismiss", _("dismissed")
    MERGE = "merge", _("merged")
    SNOOZE = "snooze", _("snoozed")
    REOPEN = "reopen", _("reopened")
    UNDO = "undo", _("undone")
    CONFIRM = "confirm", _("looked at again and found right")
    CHANGE = "change", _("changed")
    WITHDRAW = "withdraw", _("withdrawn")


class RevisionKind(TextChoices):
    """What was done, in public, to an entry after it was published."""

    CORRECTION = "correction", _("corrected")
    POSTPONEMENT = "postponement", _("date moved")
    RETRACTION = "retraction", _("retracted")
    TAKEN_BACK = "taken-back", _("taken back")


class WorkFrequency(TextChoices):
    """How often a curator is mailed about new work at the desk. Not shown to readers."""

    NEVER = "never", "Never"
    AT_ONCE = "at-once", "At once, within five minutes"
    DAILY = "daily", "Once a day, if there is something new"


class SampleKind(TextChoices):
    """What a sample was drawn from, each month."""

    NOT_RAISED = "not-raised", _("pages that were read and raised no change")
    DISMISSED = "dismissed", _("changes that were dismissed")


class SampleVerdict(TextChoices):
    """What somebody found who read a sample again. Not shown to readers one by one."""

    RIGHT = "right", "nothing was missed"
    MISSED = "missed", "something was missed"


class CheckOutcome(TextChoices):
    """What someone found who walked a guide's steps on one surface."""

    STILL_RIGHT = "still-right", _("still right")
    STEPS_CHANGED = "steps-changed", _("steps changed")
    CANNOT_CHECK = "cannot-check", _("cannot check")
    RETIRED = "retired", _("retired")


class ReferenceKind(TextChoices):
    REGULATOR = "regulator", _("Regulator")
    COURT = "court", _("Court")
    LAW = "law", _("Law")
    ORGANISATION = "organisation", _("Organisation")


class Trust(TextChoices):
    VERIFIED = "verified", _("verified")
    AGEING = "ageing", _("ageing")
    OVERDUE = "overdue", _("not verified for a long time")
    REPORTED_BROKEN = "reported-broken", _("reported broken")
    SOURCE_CHANGED = "source-changed", _("page changed since we checked")
    UNVERIFIED = "unverified", _("not verified by us yet")


class SubscriberState(TextChoices):
    PENDING = "pending", _("not confirmed yet")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    LEFT = "left", _("left")
    BOUNCED = "bounced", _("mail came back")
    COMPLAINED = "complained", _("reported our mail as spam")


class Scope(TextChoices):
    """What a subscription is about. A place to live in narrows any of them."""

    EVERYTHING = "everything", _("every change")
    TURNS_ON = "turns-on", _("AI training turned on, on any platform")
    PLATFORM = "platform", _("platform")
    DATA_KIND = "data-kind", _("kind of data")
    VIEW = "view", _("a view of the timeline")


#: Scopes that a subscription may narrow to what turns training on.
NARROWABLE_SCOPES = (Scope.PLATFORM, Scope.DATA_KIND)


class Frequency(TextChoices):
    """Their order in the alphabet is their order in time: the soonest is the least."""

    AS_IT_HAPPENS = "as-it-happens", _("as it happens, at most three a day")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class AlertKind(TextChoices):
    """Which mail tells of an entry."""

    CHANGE = "change", _("change")  # M3
    COMING = "coming", _("coming")  # M4
    CORRECTION = "correction", _("correction")  # M8
    POSTPONED = "postponed", _("postponed or withdrawn")  # M10


class LetterKind(TextChoices):
    """Mails about the subscription itself, and those to a few people about one thing."""

    CONFIRM = "confirm", _("confirm")  # M1
    WELCOME = "welcome", _("you are set")  # M2
    REMINDER = "reminder", _("days left")  # M5
    REVISED = "revised", _("corrected, moved or withdrawn")  # M8 and M10 of an entry itself
    NEW_STEPS = "new-steps", _("new steps")  # M9
    MANAGE = "manage", _("link to change alerts")  # M11
    NEW_ADDRESS = "new-address", _("confirm new address")  # M12
    ADDRESS_CHANGED = "address-changed", _("notice to the old address")
    NOT_WATCHED = "not-watched", _("no longer watched")  # M13
    STILL_WANTED = "still-wanted", _("still wanted?")  # M14


#: Sent because somebody typed an address into a form: no list headers, another sender.
ON_REQUEST = frozenset(
    {LetterKind.CONFIRM, LetterKind.MANAGE, LetterKind.NEW_ADDRESS, LetterKind.ADDRESS_CHANGED}
)


class TokenPurpose(TextChoices):
    CONFIRM = "confirm", _("confirm alerts")
    NEW_ADDRESS = "new-address", _("confirm a new address")


class BounceKind(TextChoices):
    PERMANENT = "permanent", _("permanent")
    TRANSIENT = "transient", _("transient")
    COMPLAINT = "complaint", _("complaint")


class Worked(TextChoices):
    """The answers to "Did this work?"."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class ReportKind(TextChoices):
    ERROR = "error", _("error")
    PLATFORM = "platform", _("platform to watch")


class ReportStatus(TextChoices):
    """How a report stands; all but the first are what a curator made of it."""

    OPEN = "open", _("open")
    ACTED_ON = "acted-on", _("acted on")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("no error, or not taken up")
    SPAM = "spam", _("spam")


class StampedKind(TextChoices):
    """What a leaf of a day's Merkle tree is the hash of."""

    SNAPSHOT = "snapshot", _("snapshot")
    TEXT = "text", _("text of a snapshot")
    ENTRY = "entry", _("entry")
    REVISION = "revision", _("revision")
    DECISION = "decision", _("decision")
