"""The plans that are meant for those who ask, beside an answer."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context

from consent.public.roles.roles import Role
from platforms.models import Platform

register = template.Library()


@register.inclusion_tag("roles/_plans.html", takes_context=True)
def plans_of_roles(context: Context, platform: Platform, roles: Iterable[Role]) -> dict[str, Any]:
    """Link the answers with the plans that are meant for the people of some roles, in one place.

    Other people than those of the plan are not kept: they cannot be asked for together.
    """
    place, people = context["reader"].place, context["reader"].people
    plans = dict.fromkeys(plan for role in roles for plan in role.plans_on(platform, people))
    return {
        "plans": [
            (plan, f"{platform.get_absolute_url()}?{urlencode(_query(plan, place))}")
            for plan in plans
        ]
    }


def _query(plan: str, place: str) -> dict[str, str]:
    return {"plan": plan, "place": place} if place else {"plan": plan}
