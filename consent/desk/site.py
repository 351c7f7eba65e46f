"""The admin site and its login: the password first, then the second factor if there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from consent.desk import login as login_module
from consent.desk.frame import Bar
from consent.desk.invitations import Join
from consent.desk.login_limits import remember_browser
from consent.desk.today import today_of
from consent.desk.two_factors import has_second_factor, is_verified, may_pass, must_set_up
from consent.public.site.privacy import missing


class LoginForm(AdminAuthenticationForm):
    """Refuses names longer than any account has before anything is asked or counted by them.

    Django limits the field in the browser only, and django-axes stores names of 255 characters.
    """

    username = UsernameField(
        max_length=User._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class _PasswordStep(LoginView):
    """Logs in users without a second factor; asks all others for their code."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not has_second_factor(user):
            response = super().form_valid(form)
            remember_browser(response, user)
            return response
        login_module.remember_password(self.request, user, onward=self.get_success_url())
        return redirect("admin:login_code")


def _leave(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    return cast(HttpResponseBase, site.logout(request))


_JOIN = csrf_protect(login_not_required(Join.as_view()))


class DeskSite(AdminSite):
    """Django's admin site with a two-step login and the bar of queues on every page."""

    site_header = "Default On: the desk"
    site_title = "Default On"
    index_title = "Today"
    # The bar leads to the queues, and to the list of all models.
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Called several times in a request, so the answer is stored on the request."""
        if not super().has_permission(request):
            return False
        known: dict[tuple[Any, bool], bool] = vars(request).setdefault("_desk_may_pass", {})
        key = (request.user.pk, is_verified(request.user))
        if key not in known:
            known[key] = may_pass(request.user)
        return known[key]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page of the desk shows: the bar of queues in place of all models.

        Django's own would ask for every model what this person may do with it, for a sidebar that
        the desk does not have.
        """
        may_enter = self.has_permission(request)
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": self.site_url,
            "has_permission": may_enter,
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
            "log_entries": self.get_log_entries(request),
            "bar": Bar(request) if may_enter else None,
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what waits today, and settings that readers have a right to and that are not set."""
        request.current_app = self.name
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "subtitle": None,
            "unset": missing(),
            **today_of(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/consent/desk/today.html", context)

    def records(self, request: HttpRequest) -> TemplateResponse:
        """Django's own front page: the list of all models."""
        return super().index(request, {"title": "All records"})

    @method_decorator(never_cache)
    @method_decorator(csrf_protect)
    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        if request.method == "GET" and must_set_up(request.user):
            return redirect("admin:two_factors")
        context = {
            **self.each_context(request),
            "title": "Log in",
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        if REDIRECT_FIELD_NAME not in {*request.GET, *request.POST}:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")
        step = _PasswordStep.as_view(
            extra_context=context,
            authentication_form=LoginForm,
            template_name="admin/login.html",
            next_page="admin:index",
        )
        return cast(HttpResponse, step(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("login/code/", self._at_the_door(login_module.enter_code), name="login_code"),
            path("records/", self.admin_view(self.records), name="records"),
            path("two-factors/", self._at_the_door(login_module.set_up), name="two_factors"),
            path("join/<uidb64>/<token>/", never_cache(_JOIN), name="join"),
            # Django's own view does not log out users who have not given their second factor.
            path("logout/", self._at_the_door(_leave), name="logout"),
            *super().get_urls(),
        ]

    def _at_the_door(
        self, view: Callable[[HttpRequest, AdminSite], HttpResponseBase]
    ) -> Callable[[HttpRequest], HttpResponseBase]:
        """Wrap a view for users who are not fully logged in; the view checks them itself."""

        @never_cache
        @csrf_protect
        @login_not_required
        def at_the_door(request: HttpRequest) -> HttpResponseBase:
            return view(request, self)

        return at_the_door
