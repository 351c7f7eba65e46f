"""Constraints that several models share."""

from django.db.models import CheckConstraint, Q, TextChoices


def one_of(field: str, choices: type[TextChoices]) -> CheckConstraint:
    """Let the database itself refuse a value outside a closed list.

    The empty value passes; whether a field may be blank is the field's own affair.
    """
    return CheckConstraint(
        condition=Q(**{f"{field}__in": ["", *choices.values]}), name=f"%(class)s_{field}_in_list"
    )
