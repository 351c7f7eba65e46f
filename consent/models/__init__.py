"""What changed for people (Use, State, Control, Entry, Guide, Change, Decision), who gets mail
about it (Subscriber and others), and what readers report (Answer, ReaderReport).
"""

from consent.models.alerts import (
    Alert,
    Bounce,
    Digest,
    Letter,
    Subscriber,
    Subscription,
    Token,
)
from consent.models.changes import Change, Decision, Suggestion
from consent.models.controls import Control, ControlSurface, Offer
from consent.models.desk_work import Assignment, DeskNote
from consent.models.entries import Entry, Reference
from consent.models.feedback import Answer, ReaderReport, ReportRuling
from consent.models.form_counts import FormCount
from consent.models.former_slugs import FormerSlug
from consent.models.guides import Guide, GuideStep, GuideSurface
from consent.models.provider_statements import ProviderStatement
from consent.models.public_names import PublicName
from consent.models.published_figures import PublishedFigures
from consent.models.revisions import Revision, Verification
from consent.models.samples import Sample
from consent.models.sources import Passage, Source
from consent.models.stamps import StampedDay, StampedRecord, TimeStamp
from consent.models.uses import Branch, State, Use
from consent.models.work_mails import WorkMail

__all__ = [
    "Alert",
    "Answer",
    "Assignment",
    "Bounce",
    "Branch",
    "Change",
    "Control",
    "ControlSurface",
    "Decision",
    "DeskNote",
    "Digest",
    "Entry",
    "FormCount",
    "FormerSlug",
    "Guide",
    "GuideStep",
    "GuideSurface",
    "Letter",
    "Offer",
    "Passage",
    "ProviderStatement",
    "PublicName",
    "PublishedFigures",
    "ReaderReport",
    "Reference",
    "ReportRuling",
    "Revision",
    "Sample",
    "Source",
    "StampedDay",
    "StampedRecord",
    "State",
    "Subscriber",
    "Subscription",
    "Suggestion",
    "TimeStamp",
    "Token",
    "Use",
    "Verification",
    "WorkMail",
]
