"""The row of a settings page with a switch, drawn as it shall be: the exact label, on or off."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language, gettext

from consent.ledger.platform_facts import ControlFacts
from consent.vocabulary import Refuse


@dataclass(frozen=True, slots=True)
class DrawnSwitch:
    """language: of the label. is_on: the state to reach."""

    label: str
    language: str
    is_on: bool

    @property
    def state(self) -> str:
        return gettext("On") if self.is_on else gettext("Off")

    @property
    def brief(self) -> str:
        """What is drawn besides the label, which may be in another language."""
        return gettext("A switch, turned on") if self.is_on else gettext("A switch, turned off")

    @property
    def words(self) -> str:
        template = (
            gettext("A switch named “%(label)s”, turned on")
            if self.is_on
            else gettext("A switch named “%(label)s”, turned off")
        )
        return template % {"label": self.label}


def drawn_switch(control: ControlFacts) -> DrawnSwitch | None:
    """Draw a control as it shall be; None for what is no switch or has no words in the product."""
    if control.refuse not in (Refuse.TURN_OFF, Refuse.TURN_ON) or not control.label:
        return None
    language = get_language() or settings.LANGUAGE_CODE
    local = control.label_in(language)
    label, language = (local, language) if local else (control.label, settings.LANGUAGE_CODE)
    return DrawnSwitch(label, language, control.refuse == Refuse.TURN_ON)
