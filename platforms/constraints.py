"""Constraints that several models share."""

from django.db.models import CheckConstraint, Q, TextChoices


def one_of(field: str, choices: type[TextChoices]) -> CheckConstraint:
    """Return a check constraint that refuses values outside a closed list.

    It accepts the empty value; whether a field may be blank is decided by the field.
    """
    return CheckConstraint(
        condition=Q(**{f"{field}__in": ["", *choices.values]}), name=f"%(class)s_{field}_in_list"
    )
