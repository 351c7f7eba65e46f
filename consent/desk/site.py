"""The admin site's door: password first, then the second factor of whoever has set one up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from consent.desk import login as login_module
from consent.desk.queue import shell_context
from consent.desk.throttling import remember_browser
from consent.desk.two_factors import has_second_factor, is_verified, may_pass, must_set_up
from consent.models import Change


class _PasswordStep(LoginView):
    """Logs in who has no second factor; asks all others for their code."""

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


class DeskSite(AdminSite):
    """Django's own admin site in everything else."""

    site_header = "Default On: the desk"
    site_title = "Default On"
    index_title = "The desk"

    def has_permission(self, request: HttpRequest) -> bool:
        """Asked by the middleware, the page and its frame alike: looked up once in a request."""
        if not super().has_permission(request):
            return False
        known: dict[tuple[Any, bool], bool] = vars(request).setdefault("_desk_may_pass", {})
        who = (request.user.pk, is_verified(request.user))
        if who not in known:
            known[who] = may_pass(request.user)
        return known[who]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The queues before the records: a curator comes for what waits."""
        waiting = {"waiting_count": Change.objects.waiting().count()}
        return super().index(request, shell_context(request) | waiting | (extra_context or {}))

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
            authentication_form=AdminAuthenticationForm,
            template_name="admin/login.html",
            next_page="admin:index",
        )
        return cast(HttpResponse, step(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("login/code/", self._at_the_door(login_module.enter_code), name="login_code"),
            path("two-factors/", self._at_the_door(login_module.set_up), name="two_factors"),
            # Django's own sends on whoever is not quite in, instead of letting them out.
            path("logout/", self._at_the_door(_leave), name="logout"),
            *super().get_urls(),
        ]

    def _at_the_door(
        self, view: Callable[[HttpRequest, AdminSite], HttpResponseBase]
    ) -> Callable[[HttpRequest], HttpResponseBase]:
        """A page for who is not quite in yet: it checks by itself whom it lets go on."""

        @never_cache
        @csrf_protect
        @login_not_required
        def at_the_door(request: HttpRequest) -> HttpResponseBase:
            return view(request, self)

        return at_the_door
