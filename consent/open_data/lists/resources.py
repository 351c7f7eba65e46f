"""Every list by the name that the API, the files and the dumps give it."""

from __future__ import annotations

from collections.abc import Mapping

from consent.open_data.lists.changelog import CHANGELOG
from consent.open_data.lists.controls import CONTROLS
from consent.open_data.lists.declarations import DECLARATIONS
from consent.open_data.lists.enums import ENUMS
from consent.open_data.lists.guides import GUIDES
from consent.open_data.lists.pages import PAGES
from consent.open_data.lists.passages import PASSAGES
from consent.open_data.lists.platforms import PLATFORMS
from consent.open_data.lists.public_list import PublicList
from consent.open_data.lists.robots import ROBOTS
from consent.open_data.lists.states import STATES
from consent.open_data.lists.uses import USES

RESOURCES: Mapping[str, PublicList] = {
    "platforms": PLATFORMS,
    "uses": USES,
    "states": STATES,
    "controls": CONTROLS,
    "guides": GUIDES,
    "pages": PAGES,
    "declarations": DECLARATIONS,
    "enums": ENUMS,
    "passages": PASSAGES,
    "robots": ROBOTS,
    "changelog": CHANGELOG,
}
