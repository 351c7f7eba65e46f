"""The roles of the desk: four groups, each with the rights of the one before it.

They are set up after every migrate. Rights that an operator added to a group by hand stay.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

READER, CURATOR, EDITOR, ADMINISTRATOR = (
    "Desk reader",
    "Curator",
    "Editor",
    "Administrator",
)

_SEEN = {
    "consent": (
        "change",
        "suggestion",
        "decision",
        "entry",
        "source",
        "passage",
        "use",
        "branch",
        "state",
        "control",
        "controlsurface",
        "offer",
        "guide",
        "guidesurface",
        "guidestep",
        "reference",
        "revision",
        "verification",
        "readerreport",
        "reportruling",
    ),
    "platforms": (
        "platform",
        "page",
        "fetch",
        "visitday",
        "outage",
        "gap",
        "snapshot",
        "document",
        "pageruling",
        "recordversion",
    ),
}
#: Rights by group, on top of those of the group before, as app label and codename.
ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    READER: tuple((app, f"view_{model}") for app, models in _SEEN.items() for model in models),
    CURATOR: (
        *(
            ("consent", f"change_{model}")
            for model in (
                "change",
                "entry",
                "use",
                "control",
                "guide",
                "guidesurface",
                "readerreport",
            )
        ),
        ("consent", "add_entry"),  # a draft; publishing it is an editor's
        ("platforms", "change_page"),
    ),
    EDITOR: (
        ("consent", "publish_entry"),
        ("consent", "publish_record"),
        *(
            ("consent", f"{act}_{model}")
            for model in ("entry", "source", "use", "control", "guide", "guidesurface")
            for act in ("add", "change")
        ),
        ("consent", "delete_source"),
        ("consent", "add_reference"),
        ("consent", "change_reference"),
        ("platforms", "add_page"),
        ("platforms", "add_platform"),
        ("platforms", "change_platform"),
        ("platforms", "change_snapshot"),
    ),
    ADMINISTRATOR: (
        *(("auth", f"{act}_user") for act in ("add", "change", "delete", "view")),
        ("auth", "view_group"),
        *(("platforms", f"{act}_lentsession") for act in ("add", "view")),
        ("platforms", "set_second_review"),
    ),
}


def create_roles(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: create the groups and add their rights. Safe to repeat."""
    from django.contrib.auth.models import Group, Permission

    if Group._meta.db_table not in connections[using].introspection.table_names():
        return  # In a partial migrate the table may not exist yet.
    by_name = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    rights: list[Any] = []
    for name, names in ROLES.items():
        # In a partial migrate some permissions may not exist yet; the next one adds them.
        rights += [by_name[right] for right in names if right in by_name]
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*rights)
