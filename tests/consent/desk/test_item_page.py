"""The curator's item page inside the admin."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from consent.curation import decisions, drafts
from consent.detection.changes import suggest_once
from consent.models import (
    Alert,
    Branch,
    Change,
    Decision,
    Entry,
    Passage,
    Source,
    State,
    Subscriber,
    Subscription,
)
from consent.vocabulary import ChangeStatus, StateValue
from platforms.extraction import EXTRACTOR_VERSION
from platforms.models import Document
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_control,
    make_entry,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of, press
from tests.practice.watched import form_moved

# On PostgreSQL: what is marked. The rest is about pages; the rulings are in tests/consent/curation.
pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    user = User.objects.create_superuser("ada")
    client.force_login(user)
    return user


def url(name, change):
    return reverse(f"admin:consent_change_{name}", args=[change.pk])


def filled(client, change, **fields):
    """Return the fields that a browser would post from the publish page with proposals ticked."""
    page = client.get(url("publish", change))
    states = [state for row in page.context["rows"] for state in row.states]
    ticks = {f"{state.prefix}-agreed": "on" for state in states if state.is_proposed}
    return fields_of(page, "[name=version]") | ticks | fields


def publish(client, change, data, how="now"):
    """Preview, then publish."""
    look = client.post(url("publish", change), data)
    assert look.status_code == 200, look.context["form"].errors
    return press(client, look, "publish", how)


def test_the_queue_lists_the_change_with_its_suggestion(client, curator, change):
    page = client.get(reverse("admin:consent_change_changelist"))
    assert change.suggestion.effect_labels[0] in page.content.decode()
    assert "not confirmed yet" in page.content.decode()


def test_the_queue_says_what_differs_where_nothing_is_read_about_training(client, curator):
    change = make_change(
        make_page(make_platform()), "# Fees\n\nIt is free.", "# Fees\n\nIt costs $2."
    )
    suggest_once(change.pk)
    queue = client.get(reverse("admin:consent_change_changelist")).text
    assert "Words: 2 removed, 2 added, in “Fees”: It costs $2." in queue
    assert "Read the difference" not in queue


def test_words_that_are_equal_on_both_sides_are_shown_once(client, curator, change):
    same = {"before": "You can opt out.", "after": "You can opt out.", "place": "Choices"}
    change.suggestion.passages = [same]
    change.suggestion.save()
    page = BeautifulSoup(client.get(url("change", change)).content, "lxml")
    (passage,) = page.select(".desk-words blockquote")
    assert passage.get_text(" ", strip=True) == "Choices You can opt out."
    assert not passage.select("ins, del")


def test_a_change_after_which_most_of_the_text_is_gone_is_marked_as_doubtful(client, curator):
    page = make_page(make_platform())
    half = make_change(page, "One sentence. " * 20, "One sentence. " * 11)
    assert "55 % of the text is left" in client.get(url("change", half)).text
    grown = make_change(page, "Two sentences. " * 20, "Two sentences. " * 30)
    assert "of the text is left" not in client.get(url("change", grown)).text


def test_the_queue_leaves_out_what_is_the_same_for_all_of_it(client, curator, change):
    listing = reverse("admin:consent_change_changelist")
    assert "column-status" not in client.get(listing).text
    assert "column-status" in client.get(f"{listing}?status=all").text


def test_the_item_shows_a_form_that_moved_though_no_word_changed(client, curator):
    change = form_moved(new="/forms/<b>object</b>")
    page = client.get(url("change", change)).text
    assert "Links and forms that lead elsewhere" in page
    assert "/forms/object-1</del>" in page
    assert "/forms/&lt;b&gt;object&lt;/b&gt;</ins>" in page


def test_what_is_published_of_a_form_that_moved_shows_both_addresses(client, curator):
    change = form_moved()
    publish(client, change, filled(client, change))
    page = client.get(Entry.objects.published().get().get_absolute_url()).text
    assert "/forms/object-1</del>" in page
    assert "/forms/object-2</ins>" in page
    assert "“Object to training” leads to" in page


def test_the_item_shows_the_difference_word_by_word(client, curator, change):
    page = client.get(url("change", change)).content.decode()
    assert "<ins>" in page
    assert "on by default" in page


def test_opening_the_publish_page_writes_nothing(client, curator, change):
    assert client.get(url("publish", change)).status_code == 200
    assert not Entry.objects.exists()


@pytest.mark.database
def test_publishing_from_the_prefilled_page_makes_it_public(client, curator, change):
    branch = f"branch-{Branch.objects.get().pk}"
    data = filled(client, change, title="Chirp now trains Perch on public posts by default")
    data |= {
        f"{branch}-value": StateValue.UNLESS_REFUSED,
        f"{branch}-starts_on": "2026-03-03",
    }
    publish(client, change, data)
    entry = Entry.objects.published().get()
    assert entry.title == "Chirp now trains Perch on public posts by default"
    assert State.objects.last().opened_by == entry


def test_a_new_state_says_on_whose_word_why_it_is_unclear_and_what_became_of_earlier_data(
    client, curator, change
):
    branch = Branch.objects.get()
    with arranged():
        make_state(branch, StateValue.UNLESS_REFUSED, starts_on=dt.date(2025, 1, 1))
    details = f".desk-state > details:has([name=branch-{branch.pk}-why])"
    page = BeautifulSoup(client.get(url("publish", change)).content, "lxml")
    assert not page.select_one(details).has_attr("open")

    def typed(**fields):
        given = {"value": "not-used", "starts_on": "2026-03-03", **fields}
        return filled(client, change) | {
            f"branch-{branch.pk}-{name}": value for name, value in given.items()
        }

    refused = client.post(url("publish", change), typed(why="not-said"))
    assert refused.status_code == 422
    assert "Only an unclear state has a reason" in refused.text
    again = BeautifulSoup(refused.content, "lxml")
    assert again.select_one(details).has_attr("open")
    publish(client, change, typed(earlier="stays-in-use", said_by="A newspaper"))
    opened = State.objects.get(opened_by__isnull=False)
    assert (opened.value, opened.earlier, opened.said_by, opened.why) == (
        *(StateValue.NOT_USED, "stays-in-use", "A newspaper", ""),
    )


def test_data_of_which_none_was_given_has_no_earlier_data(client, curator, change):
    branch = f"branch-{Branch.objects.get().pk}"
    data = filled(client, change) | {
        f"{branch}-value": "not-offered",
        f"{branch}-starts_on": "2026-03-03",
        f"{branch}-earlier": "gone",
    }
    refused = client.post(url("publish", change), data)
    assert refused.status_code == 422
    assert "neither used nor agreed to before" in refused.text


def test_a_state_without_its_day_is_refused_and_nothing_is_lost(client, curator, change):
    branch = f"branch-{Branch.objects.get().pk}"
    data = filled(client, change, title="A title that must survive")
    data |= {
        f"{branch}-value": StateValue.UNLESS_REFUSED,
        f"{branch}-starts_on": "",
    }
    page = client.post(url("publish", change), data)
    assert page.status_code == 422
    assert "Say from which day" in page.content.decode()
    assert "A title that must survive" in page.content.decode()
    assert not Entry.objects.published().exists()


def test_a_draft_is_saved_and_stays_private(client, curator, change):
    client.post(url("publish", change), filled(client, change, title="Not yet", draft="1"))
    assert Entry.objects.get().title == "Not yet"
    assert client.get(Entry.objects.get().get_absolute_url()).status_code == 404


def test_dismissing_needs_a_reason(client, curator, change):
    client.post(url("dismiss", change), {"reason": ""})
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING
    client.post(url("dismiss", change), {"reason": "noise", "note": "a vote count"})
    change.refresh_from_db()
    assert change.status == ChangeStatus.DISMISSED


def test_a_get_rules_on_nothing(client, curator, change):
    for name in ("dismiss", "merge", "snooze", "reopen", "undo", "confirm"):
        assert client.get(url(name, change)).status_code == 405


@pytest.mark.parametrize(
    "name", ["publish", "dismiss", "merge", "snooze", "reopen", "undo", "confirm"]
)
def test_who_may_only_look_rules_on_nothing(client, change, name):
    reader = User.objects.create_user("bob", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_change"))
    client.force_login(reader)
    assert client.post(url(name, change), {"reason": "noise"}).status_code == 403
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING


def test_who_is_not_logged_in_is_asked_to(client, change):
    answer = client.get(url("change", change))
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_a_script_in_a_captured_page_is_shown_as_text(client, curator, change):
    hostile = "<script>alert(1)</script> we train on your posts"
    type(change.after_document).objects.filter(pk=change.after_document.pk).update(text=hostile)
    page = client.get(url("change", change)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_looking_shows_what_readers_will_get_and_writes_nothing(client, curator, change):
    reader = Subscriber.objects.create(
        address="a@b.example", normalised="a@b.example", state="active"
    )
    Subscription.objects.create(subscriber=reader, scope="everything", frequency="daily")
    branch = f"branch-{Branch.objects.get().pk}"
    typed = {f"{branch}-value": StateValue.UNLESS_REFUSED, f"{branch}-starts_on": "2026-03-03"}
    look = client.post(url("publish", change), filled(client, change) | typed)
    preview = look.context["rehearsal"]
    assert preview.mailed == (("once a day", 1),)
    assert preview.title in preview.mail
    (card,) = preview.cards
    assert [line.chip for line in card.branches] == ["On unless you refuse"]
    assert card.branches[0].sentence.endswith("unless you refuse")
    assert len(card.acts) == 1
    assert preview.guides == ("Stop Chirp from training Perch on your posts",)
    shown = filled(client, change, page="1") | typed
    assert "<h1>" in client.post(url("publish", change), shown).text
    assert not Entry.objects.exists()
    assert not Alert.objects.exists()
    assert not Decision.objects.exists()
    assert State.objects.count() == 1


def test_nothing_is_published_that_was_not_looked_at(client, curator, change):
    data = filled(client, change)
    client.post(url("publish", change), data | {"publish": "now"})
    assert not Entry.objects.exists()
    look = client.post(url("publish", change), data)
    changed = data | {
        "title": "Other words",
        "publish": "now",
        "reviewed": look.context["reviewed"],
    }
    assert "please look again" in client.post(url("publish", change), changed).content.decode()
    assert not Entry.objects.exists()


def test_an_entry_published_quietly_says_so_and_mails_nobody(client, curator, change):
    reader = Subscriber.objects.create(
        address="a@b.example", normalised="a@b.example", state="active"
    )
    Subscription.objects.create(subscriber=reader, scope="everything", frequency="daily")
    publish(client, change, filled(client, change), how="quietly")
    assert Entry.objects.published().get().quiet
    assert not Alert.objects.exists()


def test_the_passage_is_quoted_from_the_snapshot(client, curator, change):
    publish(client, change, filled(client, change))
    cited = Source.objects.get(snapshot=change.after)
    passage = cited.passages.get()
    assert (passage.words, passage.side) == drafts.quoted_passage(change)


def test_a_stale_form_overwrites_neither_a_ruling_nor_a_draft(client, curator, change):
    stale = filled(client, change, title="Mine")
    bob = User.objects.create_superuser("bob")
    theirs = Client()
    theirs.force_login(bob)
    theirs.post(url("publish", change), filled(theirs, change, title="Theirs", draft="1"))
    page = client.post(url("publish", change), stale | {"draft": "1"})
    assert "bob saved this" in page.content.decode()
    assert "Mine" in page.content.decode()
    assert Entry.objects.get().title == "Theirs"
    theirs.post(url("dismiss", change), {"reason": "noise"})
    answer = client.post(url("publish", change), stale | {"draft": "1"}, follow=True)
    assert "dismissed by bob" in answer.content.decode()
    assert (
        "Nothing was overwritten"
        in client.post(url("dismiss", change), {"reason": "wording"}, follow=True).content.decode()
    )
    assert Decision.objects.get().reason == "noise"


def test_a_forged_post_is_refused(curator, change):
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(curator)
    for name in ("publish", "dismiss", "merge", "snooze", "reopen", "undo", "confirm"):
        assert forger.post(url(name, change), {"reason": "noise"}).status_code == 403
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING


def test_a_right_removed_meanwhile_counts_at_once(client, change, person):
    user = person("Editor")
    client.force_login(user)
    data = filled(client, change)
    user.groups.clear()
    assert client.post(url("publish", change), data).status_code == 403
    assert client.post(url("dismiss", change), {"reason": "noise"}).status_code == 403


def test_a_curator_drafts_and_does_not_publish(client, change, person):
    client.force_login(person("Curator"))
    data = filled(client, change)
    assert "Look at what readers" not in client.get(url("publish", change)).content.decode()
    assert client.post(url("publish", change), data).status_code == 403
    client.post(url("publish", change), data | {"draft": "1"})
    assert Entry.objects.get().status == "draft"


def test_a_ruling_is_taken_back_from_the_bar_by_who_made_it(client, curator, change):
    client.post(url("dismiss", change), {"reason": "noise"})
    assert "Undo" in client.get(reverse("admin:consent_change_changelist")).content.decode()
    stranger = Client()
    stranger.force_login(User.objects.create_superuser("bob"))
    stranger.post(url("undo", change))
    change.refresh_from_db()
    assert change.status == ChangeStatus.DISMISSED
    client.post(url("undo", change))
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING


def later_change(change, text):
    """Another change of the same page, from how it is now."""
    return make_change(change.page, change.after_document.text, text)


def test_a_change_shows_its_own_words_and_earlier_ones_that_wait_by_link(client, curator, change):
    later = later_change(change, change.after_document.text + "\n\nA new last paragraph.")
    own = client.get(url("change", later)).context["comparison"]
    assert own.skipped == (change,)
    assert "A new last paragraph" in str(own.html)
    assert "<del>" not in str(own.html)
    whole = client.get(url("change", later) + "?against=reviewed").context["comparison"]
    assert "on by default" in str(whole.html)
    decisions.dismiss(change, curator=curator, reason="noise")
    reviewed = client.get(url("change", later) + "?against=reviewed").context["comparison"]
    assert reviewed.skipped == ()
    assert reviewed.html == own.html


def test_a_change_is_merged_first_into_the_entry_that_is_nearest_in_time(client, curator, change):
    days = (dt.date(2026, 11, 1), change.observed_to.date() - dt.timedelta(days=3))
    for day in days:
        make_entry(change.page.platform, title=f"On {day}", effective_on=day)
    page = BeautifulSoup(client.get(url("change", change)).content, "lxml")
    (near,) = page.select('[data-key="m 1"]')
    assert f"On {days[1]}" in near.text


def test_a_change_is_merged_first_into_an_entry_that_quotes_its_page(client, curator, change):
    day = change.observed_to.date()
    make_entry(change.page.platform, title="A regulator looks into it", effective_on=day)
    told = make_entry(
        change.page.platform, title="It trains", effective_on=day - dt.timedelta(days=40)
    )
    words = change.suggestion.passages[0]["after"]
    source = make_source(told)
    with arranged():
        Passage.objects.create(source=source, position=0, sha256="0" * 64, words=words)
    page = BeautifulSoup(client.get(url("change", change)).content, "lxml")
    (first,) = page.select('[data-key="m 1"]')
    assert "It trains" in first.text


def test_a_change_is_merged_first_into_an_entry_with_an_effect_that_is_suggested(
    client, curator, change
):
    day = change.observed_to.date()
    make_entry(change.page.platform, title="A fine", effects=["regulator-action"], effective_on=day)
    same = {"effects": change.suggestion.effects, "effective_on": day - dt.timedelta(days=40)}
    make_entry(change.page.platform, title="It trains", **same)
    early = {**same, "effective_on": day - dt.timedelta(days=400)}
    make_entry(change.page.platform, title="Long ago", **early)
    page = BeautifulSoup(client.get(url("change", change)).content, "lxml")
    nearest = [page.select_one(f'[data-key="m {number}"]').text for number in (1, 2, 3)]
    assert [title for title in nearest if "It trains" in title] == nearest[:1]
    assert "A fine" in nearest[1]


def test_a_change_is_merged_into_the_entry_of_a_product_of_the_same_company(
    client, curator, change
):
    page = change.page
    sibling = make_platform("perch", operator=page.platform.operator)
    entry = make_entry(sibling, title="Perch trains", effective_on=change.observed_to.date())
    item = client.get(url("change", change))
    press(client, item, "into", str(entry.pk))
    change.refresh_from_db()
    assert (change.status, change.entry) == ("merged", entry)
    assert set(entry.platforms.all()) == {sibling, page.platform}
    client.post(url("undo", change))
    change.refresh_from_db()
    assert (change.status, change.entry) == ("waiting", None)
    assert entry.platforms.get() == sibling


def test_what_a_newer_extractor_sees_is_no_difference_to_what_was_reviewed(client, curator, change):
    later = later_change(change, change.after_document.text + "\n\nA new last paragraph.")
    newer = {"extractor_version": EXTRACTOR_VERSION + 1}
    form = [{"text": "Object: Send", "url": "https://chirp.example/object"}]
    Document.objects.filter(pk=later.after_document_id).update(links=form, **newer)
    assert not client.get(url("change", later)).context["comparison"].moved_links
    Document.objects.create(
        snapshot=change.before,
        rules=later.after_document.rules,
        text="Read anew.",
        links=form,
        **newer,
    )
    compared = client.get(url("change", later) + "?against=reviewed").context["comparison"]
    assert "Read anew" in str(compared.html)
    assert not compared.moved_links


@pytest.mark.parametrize("view", ["changes", "inline", "side", "before", "after", "nonsense"])
def test_every_view_of_the_difference_has_an_address(client, curator, change, view):
    page = client.get(url("change", change) + f"?view={view}")
    assert page.status_code == 200
    assert "diff" in page.content.decode()


@pytest.mark.database
def test_one_entry_can_tell_the_earlier_waiting_changes_too(client, curator, change):
    later = later_change(change, change.after_document.text + "\n\nA new last paragraph.")
    data = filled(client, later, settle_earlier="on", quote="A new last paragraph.")
    data |= {"effects": ["use-introduced"]}
    publish(client, later, data)
    change.refresh_from_db()
    assert (change.status, change.entry) == (ChangeStatus.MERGED, Entry.objects.get())


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_a_script_in_title_address_headers_and_suggestion_is_harmless(client, curator, change):
    page = change.page
    page.title = f"Terms {HOSTILE}"
    page.url = f"javascript:alert(1)//{HOSTILE}"
    page.save()
    change.after.headers = {"x-note": HOSTILE}
    change.after.save()
    document = change.after_document
    document.title, document.text = HOSTILE, f"{document.text}\n\n{HOSTILE}"
    document.save()
    suggestion = change.suggestion
    suggestion.title = HOSTILE
    suggestion.passages = [{"before": HOSTILE, "after": HOSTILE, "place": HOSTILE}]
    suggestion.trace = [{"rule": HOSTILE, "effect": HOSTILE, "words": HOSTILE}]
    suggestion.save()
    addresses = [
        url("change", change),
        url("change", change) + f"?view={HOSTILE}&against={HOSTILE}",
        url("publish", change),
        reverse("admin:consent_change_changelist"),
        reverse("admin:consent_guide_queue"),
        reverse("admin:platforms_snapshot_change", args=[change.after_id]),
    ]
    for address in addresses:
        answer = client.get(address)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript:' not in html
        assert "'unsafe" not in answer["Content-Security-Policy"]


def test_the_use_and_control_that_a_change_is_about_stand_beside_the_suggestion(
    client, curator, change
):
    suggestion = change.suggestion
    use = make_use(change.page.platform, title="Chats train Acme's models")
    control = make_control(use, label="Improve Acme & co")
    suggestion.settings = [use.slug, control.slug]
    suggestion.save()

    html = client.get(url("change", change)).content.decode()

    assert "Probably about: Chats train Acme&#x27;s models · Improve Acme &amp; co" in html


@pytest.mark.database
def test_opening_an_item_asks_the_database_few_questions_however_much_waits(
    client, curator, change, django_assert_max_num_queries
):
    for number in range(30):
        make_change(change.page, f"before {number}", f"after {number}")
    make_entry(change.page.platform)
    ContentType.objects.get_for_model(Change)  # each process asks for it once
    with django_assert_max_num_queries(15):
        client.get(url("change", change))
    # PostgreSQL asks once more for the days of the list; a late page once for all.
    with django_assert_max_num_queries(16):
        client.get(reverse("admin:consent_change_changelist"))
