"""Readers see the names that people at the desk chose, and never the names they log in with."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from consent.alerts.mails.compose import render_batch
from consent.curation import decisions, revisions
from consent.curation.verification import check_surface
from consent.models import Alert, Entry, Letter, PublicName, Subscriber, Subscription
from consent.open_data.dumps import write_dump
from tests.arranging import arranged
from tests.consent.desk.test_walk import routes
from tests.consent.public.site.sitemaps import sitemap_urls
from tests.factories import (
    make_change,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of
from tests.sweeps import some

pytestmark = pytest.mark.django_db

LOGINS = ("login-of-ada", "login-of-bob")


@pytest.fixture
def people():
    """Two editors; the first chose a name."""
    found = [User.objects.create_user(name, is_staff=True) for name in LOGINS]
    for user in found:
        user.groups.add(Group.objects.get(name="Editor"))
    PublicName.objects.create(curator=found[0], name="Ada Lovelace")
    return found


@pytest.fixture
def entry(people):
    """An entry that both reviewed, revised and told a reader of, with a guide that one walked."""
    ada, bob = people
    with arranged():
        platform = make_platform("x")
        use = make_use(platform)
        make_state(use)
        page = make_page(platform)
        guide = make_guide(platform, make_control(use), slug="x-off")
        make_source(None, guide=guide)
        draft = make_entry(platform, status="draft", published_at=None)
        draft.uses.add(use)
        make_source(draft)
        make_change(page, "We ask.", "We take.", entry=make_entry(platform))
    published = decisions.publish_by_hand(draft, curator=ada)
    decisions.add_review(published, curator=bob)
    revisions.correct(published, reason="A slip.", editor=ada, title="Ada mended this")
    reader = Subscriber.objects.create(
        address="r@b.example", normalised="r@b.example", state="active"
    )
    wish = Subscription.objects.create(
        subscriber=reader, scope="everything", frequency="as-it-happens"
    )
    Alert.objects.create(
        entry=published,
        subscriber=reader,
        subscription=wish,
        kind="change",
        frequency="as-it-happens",
        due_at=timezone.now(),
        sent_at=timezone.now(),
    )
    revisions.correct(published, reason="Another.", editor=bob, title="Bob mended this")
    check_surface(guide.surfaces.get(), "still-right", curator=ada)
    return Entry.objects.get(pk=published.pk)


def test_no_login_is_in_anything_that_anybody_may_read(client, entry, settings, tmp_path):
    files = dict(public_files(client, entry))
    folder = write_dump(tmp_path, dt.date(2026, 3, 1))
    for path in folder.rglob("*"):
        if path.is_file():
            files[path.name] = b"".join([path.read_bytes(), *members(path.read_bytes())])
    letters = Letter.objects.all()
    assert letters
    for letter, mail in render_batch(list(letters)):
        files[f"mail {letter}"] = f"{mail.subject} {mail.text} {mail.html}".encode()
    assert len(files) > 30
    for place, content in files.items():
        for login in LOGINS:
            assert login.encode() not in content, place
    page = files[entry.get_absolute_url()].decode()
    assert "by Ada Lovelace" in page
    assert "by an editor" in page
    assert "von einem Mitglied der Redaktion" in files[f"/de{entry.get_absolute_url()}"].decode()
    assert "by AL" in re.sub(r"\s+", " ", files["/guides/x-off"].decode())


def public_files(client, entry):
    """Every page of the sitemap, every address without a parameter, and those of the entry."""
    places = {url.findtext("{*}loc") for url in sitemap_urls(client)}
    places = {place.partition("://")[2].partition("/")[2] for place in places}
    places |= {route for route, _ in routes() if "<" not in route and "admin" not in route}
    places |= {f"api/v1/entries/{entry.public_id}", f"changes/{entry.public_id}.ris"}
    shown = {f"changes/{entry.public_id}", "guides/x-off"}
    shown |= {place for place in places if any(each in place for each in shown)}
    for place in sorted(shown | set(some(sorted(places), 35))):
        answer = client.get(f"/{place}")
        if answer.status_code == 200:
            content = b"".join(answer) if answer.streaming else answer.content
            yield f"/{place}", content + b"".join(members(content))


def members(content):
    """The files of an archive; none if it is no archive."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield from (archive.read(name) for name in archive.namelist())


def test_a_person_chooses_the_name_at_the_desk_and_what_is_public_follows(client, entry, people):
    client.force_login(people[1])
    place = reverse("admin:consent_change_name")
    assert place in client.get(reverse("admin:consent_change_mail")).text
    for taken, why in ((LOGINS[1], "the name you log in with"), ("ada lovelace", "Somebody else")):
        refused = client.post(place, fields_of(client.get(place), "[name=save]") | {"name": taken})
        assert refused.status_code == 422
        assert why in refused.text
        assert fields_of(refused, "[name=save]")["name"] == taken
    client.post(place, fields_of(client.get(place), "[name=save]") | {"name": "B. Ob"})
    client.logout()
    assert "by B. Ob" in client.get(entry.get_absolute_url()).text


@pytest.mark.django_db
def test_programs_that_read_for_people_find_the_data_from_one_file(client):
    answer = client.get("/llms.txt")
    assert answer["Content-Type"].startswith("text/plain")
    addresses = re.findall(r"\((http://127\.0\.0\.1:8000)(/\S+)\)", answer.text)
    assert {"/api", "/data", "/developers/providers"} <= {path for _host, path in addresses}
    for path in ("/api", "/data", "/developers/providers", "/api/v1/openapi.json"):
        assert client.get(path).status_code == 200
