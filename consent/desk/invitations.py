"""Invites a person to the desk: one form, a mail with a link, a password that they choose."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.http import require_http_methods

from consent.desk.form_pages import form_page
from consent.desk.roles import ROLES
from consent.web.absolute_urls import absolute_url
from platforms.characters import without_controls
from platforms.desk.curators import require


class _InvitationTokens(PasswordResetTokenGenerator):
    """Tokens of invitations. One works until a password is chosen, for PASSWORD_RESET_TIMEOUT."""

    key_salt = "consent.desk.invitations"


tokens = _InvitationTokens()


class InviteForm(forms.ModelForm):
    email = forms.EmailField(label="Mail address")
    role = forms.ChoiceField(choices=[(role, role) for role in ROLES])

    class Meta:
        model = User
        fields = ("username", "email")
        labels = {"username": "Login name"}
        help_texts = {
            "username": "Only to log in. Readers see the name that the person chooses at the desk."
        }

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=address).exists():
            raise ValidationError("An account has this address already.")
        return address


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Create an account with a role and mail its owner a link to choose a password."""
    require(request, "auth.add_user")
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _create(form)
        except OSError as failed:  # also of SMTP: the account goes with it
            form.add_error(None, f"The mail could not be sent, so no account was made: {failed}")
        else:
            messages.success(request, f"Invited: {user}. The link works for three days.")
            return redirect("admin:auth_user_changelist")
    return form_page(request, site, "admin/desk/invite.html", title="Invite a person", form=form)


@transaction.atomic
def _create(form: InviteForm) -> User:
    user: User = form.save(commit=False)
    user.is_staff = True
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=form.cleaned_data["role"]))
    key = urlsafe_base64_encode(force_bytes(user.pk))
    place = reverse("admin:join", args=[key, tokens.make_token(user)])
    text = (
        f"You are invited to the desk of Default On, as {form.cleaned_data['role']}.\n\n"
        f"Your login name is {user.get_username()}. Choose a password here within three days:\n"
        f"{absolute_url(place)}\n"
    )
    send_mail("Your invitation to the desk", without_controls(text), None, [user.email])
    return user


class Join(PasswordResetConfirmView):
    """The page behind the link of an invitation: choose a password, then log in."""

    template_name = "registration/password_reset_confirm.html"
    success_url = reverse_lazy("admin:login")
    token_generator = tokens
    title = "Choose your password"
    extra_context: dict[str, Any] = {"site_header": "Default On: the desk", "site_title": "Desk"}
