"""Accounts and groups in the admin. Only superusers grant rights beyond the site's roles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from consent.desk import invitations
from consent.desk.roles import ROLES

_SUPERUSERS_ONLY = ("is_superuser", "user_permissions")


def beyond_roles() -> QuerySet[User]:
    """Return the accounts with more rights than the site's roles give.

    Whoever can edit such an account, including its password, could use its rights.
    """
    groups = Group.objects.exclude(name__in=ROLES)
    has_more = Q(is_superuser=True) | Q(user_permissions__isnull=False) | Q(groups__in=groups)
    return User.objects.filter(has_more).distinct()


class PeopleAdmin(UserAdmin):
    """Accounts. Administrators assign roles; only superusers grant other rights."""

    def get_urls(self) -> list[URLPattern]:
        def invite(request: HttpRequest) -> HttpResponseBase:
            return invitations.invite(request, self.admin_site)

        view = self.admin_site.admin_view(invite)
        return [path("invite/", view, name="auth_user_invite"), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (name, options | {"fields": _without(options["fields"], _SUPERUSERS_ONLY)})
            for name, options in fieldsets
        ]

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_manage(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_manage(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse to delete a selection that contains an account with more rights."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if not all(_may_manage(request, user) for user in objs):
            lacking = {*lacking, "user with more rights than the site's roles"}
        return to_delete, counts, lacking, protected


class RolesAdmin(GroupAdmin):
    """Groups. Only superusers change them, because they give rights to all members."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and bool(request.user.is_superuser)


def _may_manage(request: HttpRequest, user: User | None) -> bool:
    if user is None or request.user.is_superuser:
        return True
    return not beyond_roles().filter(pk=user.pk).exists()


def _without(fields: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in fields if name not in names)


admin.site.unregister([User, Group])
admin.site.register(User, PeopleAdmin)
admin.site.register(Group, RolesAdmin)
