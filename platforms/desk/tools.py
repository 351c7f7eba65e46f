"""The tools of a page at the desk, besides editing it. Other rooms add theirs to PAGE_TOOLS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase

from platforms.models import Page


@dataclass(frozen=True, slots=True)
class PageTool:
    """A view for one page. name: the last part of its address; label: the text of its link.

    Before the view is called, PageAdmin checks the login and the right to change pages. With
    for_onlookers, GET only needs the right to see pages.
    """

    name: str
    label: str
    view: Callable[[HttpRequest, AdminSite, Page], HttpResponseBase]
    for_onlookers: bool = False


PAGE_TOOLS: list[PageTool] = []
