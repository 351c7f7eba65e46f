"""Who may change which account: administrators of the site stay administrators of the site."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from consent.desk.roles import ADMINISTRATOR, CURATOR, EDITOR, READER, ROLES
from tests.consent.desk.filling import fill
from tests.pages import fields_of, press

# On PostgreSQL: what is marked. The rest is about forms and rights.
from tests.sweeps import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

PEOPLE = "admin:auth_user_changelist"


def place(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def rights_of(user):
    user = User.objects.get(pk=user.pk)
    return user.is_superuser, user.is_staff, frozenset(user.get_all_permissions())


@pytest.fixture
def administrator(client, person):
    user = person(ADMINISTRATOR, name="root-not")
    client.force_login(user)
    return user


@pytest.fixture
def owner():
    return User.objects.create_superuser("owner", password="a right good password")


def test_an_administrator_makes_an_editor_of_somebody(client, administrator, person):
    colleague = person(READER, name="carol")
    editor = Group.objects.get(name=EDITOR)
    page = client.get(place(colleague))
    press(client, page, "_save", first_name="Carol", groups=[str(editor.pk)])
    colleague.refresh_from_db()
    assert colleague.first_name == "Carol"
    assert list(colleague.groups.all()) == [editor]


def test_an_administrator_adds_somebody(client, administrator):
    page = client.get(reverse("admin:auth_user_add"))
    words = {"password1": "a right good password", "password2": "a right good password"}
    press(client, page, "_save", username="newcomer", **words)
    assert not User.objects.get(username="newcomer").is_superuser


@pytest.mark.parametrize("name", ["root-not", "carol"])
def test_nobody_is_made_a_superuser_by_an_administrator(client, administrator, person, name):
    person(CURATOR, name="carol")
    user = User.objects.get(username=name)
    before = rights_of(user)
    page = client.get(place(user))
    assert 'name="is_superuser"' not in page.text
    assert 'name="user_permissions"' not in page.text
    anything = [str(permission.pk) for permission in Permission.objects.all()]
    press(client, page, "_save", is_superuser="on", user_permissions=anything)
    assert rights_of(user) == before


def test_an_administrator_gives_no_group_but_the_roles(client, administrator, person):
    mighty = Group.objects.create(name="Everything")
    mighty.permissions.set(Permission.objects.all())
    before = rights_of(administrator)
    page = client.get(place(administrator))
    assert "Everything" not in page.text
    refused = press(client, page, "_save", groups=[str(mighty.pk)])
    assert "not one of the available choices" in refused.text
    assert rights_of(administrator) == before


def test_an_administrator_gives_no_rights_to_a_group(client, administrator):
    group = Group.objects.get(name=ADMINISTRATOR)
    assert client.get(reverse("admin:auth_group_add")).status_code == 403
    address = reverse("admin:auth_group_change", args=[group.pk])
    everything = [permission.pk for permission in Permission.objects.all()]
    sent = {"name": ADMINISTRATOR, "permissions": everything}
    assert client.post(address, sent).status_code == 403
    delete = reverse("admin:auth_group_delete", args=[group.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert group.permissions.count() < len(everything)


def test_rights_to_groups_that_an_earlier_release_gave_change_nothing(client, administrator):
    group = Group.objects.get(name=ADMINISTRATOR)
    group.permissions.add(*Permission.objects.filter(content_type__model="group"))
    assert client.get(reverse("admin:auth_group_add")).status_code == 403
    address = reverse("admin:auth_group_change", args=[group.pk])
    assert client.post(address, {"name": "Renamed"}).status_code == 403


@pytest.fixture(params=["superuser", "own rights", "another group"])
def mightier(request, owner, person):
    """A person with a right that no role gives."""
    if request.param == "superuser":
        return owner
    user = person(READER, name="mighty")
    right = Permission.objects.get(codename="view_subscriber")
    if request.param == "own rights":
        user.user_permissions.add(right)
    else:
        group = Group.objects.create(name="Post office")
        group.permissions.add(right)
        user.groups.add(group)
    return user


def test_an_administrator_takes_over_no_mightier_account(client, administrator, mightier):
    before = User.objects.get(pk=mightier.pk)
    assert client.get(place(mightier)).status_code == 200
    assert client.post(place(mightier), {"username": "taken"}).status_code == 403
    words = {"password1": "mine from now on", "password2": "mine from now on"}
    assert client.post(place(mightier, "password_change"), words).status_code == 403
    assert client.post(place(mightier, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [mightier.pk], "post": "yes"}
    client.post(reverse(PEOPLE), chosen)
    after = User.objects.get(pk=mightier.pk)
    assert (after.username, after.password) == (before.username, before.password)


def test_a_superuser_may_do_all_of_it(client, owner, person):
    client.force_login(owner)
    colleague = person(CURATOR, name="carol")
    right = Permission.objects.get(codename="view_subscriber")
    page = client.get(place(colleague))
    press(client, page, "_save", is_superuser="on", user_permissions=[str(right.pk)])
    colleague.refresh_from_db()
    assert colleague.is_superuser
    assert list(colleague.user_permissions.all()) == [right]
    assert client.get(reverse("admin:auth_group_add")).status_code == 200


@pytest.mark.database
@pytest.mark.parametrize(("by_list", "who"), in_turn([False, True], ["administrator", "owner"]))
def test_who_is_named_in_a_log_is_not_deleted(client, request, person, who, by_list):
    client.force_login(request.getfixturevalue(who))
    busy = person(EDITOR, name="busy")
    fill(busy)
    if by_list:
        chosen = {"action": "delete_selected", "_selected_action": [busy.pk], "post": "yes"}
        answer = client.post(reverse(PEOPLE), chosen)
    else:
        answer = client.post(place(busy, "delete"), {"post": "yes"})
    assert answer.status_code in (200, 302, 403)
    assert User.objects.filter(pk=busy.pk).exists()


@pytest.mark.parametrize("by_list", [False, True])
def test_an_administrator_deletes_who_never_did_anything(client, administrator, person, by_list):
    idle = person(READER, name="idle")
    if by_list:
        chosen = {"action": "delete_selected", "_selected_action": [idle.pk], "post": "yes"}
        client.post(reverse(PEOPLE), chosen)
    else:
        client.post(place(idle, "delete"), {"post": "yes"})
    assert not User.objects.filter(pk=idle.pk).exists()


@pytest.mark.parametrize("role", [role for role in ROLES if role != ADMINISTRATOR])
def test_no_other_role_touches_an_account(client, person, role):
    me = person(role, name="me")
    client.force_login(me)
    before = rights_of(me)
    assert client.post(place(me), {"username": "me", "is_superuser": "on"}).status_code == 403
    assert client.post(place(me, "delete"), {"post": "yes"}).status_code == 403
    assert rights_of(me) == before


def test_fields_of_an_account_are_those_that_are_asked_for(client, administrator, person):
    fields = fields_of(client.get(place(person(READER, name="carol"))), "[name=_save]")
    hidden = {"csrfmiddlewaretoken", "initial-date_joined_0", "initial-date_joined_1"}
    assert set(fields) - hidden <= {
        *("username", "password", "first_name", "last_name", "email"),
        *("is_active", "is_staff", "groups", "last_login_0", "last_login_1"),
        *("date_joined_0", "date_joined_1"),
    }
