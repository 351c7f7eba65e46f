"""What changed for people (Setting, State, Entry, Source, Guide, Change, Decision), who gets mail
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
from consent.models.entries import Entry, Reference, Source
from consent.models.form_counts import FormCount
from consent.models.former_slugs import FormerSlug
from consent.models.guides import Guide, GuideStep, GuideSurface
from consent.models.readers import Answer, ReaderReport, ReportRuling
from consent.models.revisions import Revision, Verification
from consent.models.settings import Setting, State

__all__ = [
    "Alert",
    "Answer",
    "Bounce",
    "Change",
    "Decision",
    "Digest",
    "Entry",
    "FormCount",
    "FormerSlug",
    "Guide",
    "GuideStep",
    "GuideSurface",
    "Letter",
    "ReaderReport",
    "Reference",
    "ReportRuling",
    "Revision",
    "Setting",
    "Source",
    "State",
    "Subscriber",
    "Subscription",
    "Suggestion",
    "Token",
    "Verification",
]
