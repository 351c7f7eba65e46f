"""What a curator can do with one page besides editing it. Other rooms add theirs to the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase

from platforms.models import Page


@dataclass(frozen=True, slots=True)
class PageTool:
    """A view about one page, mounted below it. name: its place in the address; label: its link.

    PageAdmin checks login and the right to change pages before the view is called; where it is
    for onlookers too, reading asks for the right to see pages only.
    """

    name: str
    label: str
    view: Callable[[HttpRequest, AdminSite, Page], HttpResponseBase]
    for_onlookers: bool = False


PAGE_TOOLS: list[PageTool] = []
