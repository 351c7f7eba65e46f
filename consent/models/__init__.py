"""What changed for people: Setting and State, Entry and Source, Guide, Change and Decision."""

from consent.models.changes import Change, Decision, Suggestion
from consent.models.entries import Entry, Reference, Source
from consent.models.guides import Guide, GuideStep, GuideSurface
from consent.models.settings import Setting, State

__all__ = [
    "Change",
    "Decision",
    "Entry",
    "Guide",
    "GuideStep",
    "GuideSurface",
    "Reference",
    "Setting",
    "Source",
    "State",
    "Suggestion",
]
