"""An entry written by hand is previewed before it is published, like the entry of a change."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from consent.curation import drafts
from consent.curation.archives import archive_mistake
from consent.models import (
    Alert,
    Decision,
    Entry,
    Reference,
    State,
    Subscriber,
    Subscription,
)
from consent.vocabulary import StateValue
from platforms.models import RecordVersion
from tests.arranging import arranged
from tests.factories import (
    make_control,
    make_entry,
    make_page,
    make_platform,
    make_snapshot,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of, press

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def url(entry):
    return reverse("admin:consent_entry_publish", args=[entry.pk])


def filled(client, entry, **fields):
    """Return the fields that a browser would post from the page as opened."""
    return fields_of(client.get(url(entry)), "[name=version]") | fields


def published_by_hand(client, entry, how="now", **fields):
    data = filled(client, entry, **fields)
    look = client.post(url(entry), data)
    assert look.status_code == 200, look.context["form"].errors
    return press(client, look, "publish", how)


@pytest.fixture
def platform():
    return make_platform()


@pytest.fixture
def draft(platform):
    """A draft with its source, of a platform with a subscriber."""
    draft = make_entry(platform, status="draft", published_at=None)
    make_source(draft)
    reader = Subscriber.objects.create(
        address="a@b.example", normalised="a@b.example", state="active"
    )
    Subscription.objects.create(subscriber=reader, scope="everything", frequency="daily")
    return draft


def test_what_readers_get_and_whom_it_mails_and_why_is_shown_and_not_written(client, editor, draft):
    look = client.post(url(draft), filled(client, draft))
    preview = look.context["rehearsal"]
    assert (preview.title, preview.mailed) == (draft.title, (("once a day", 1),))
    assert preview.because == (("every change", 1),)
    page = client.post(url(draft), filled(client, draft, page="1")).text
    assert draft.title in page
    assert Entry.objects.get().status == "draft"
    assert not Alert.objects.exists()
    assert not Decision.objects.exists()


def test_only_exactly_what_was_looked_at_is_published(client, editor, draft):
    data = filled(client, draft)
    client.post(url(draft), data | {"publish": "now"})
    look = client.post(url(draft), data)
    changed = data | {"reviewed": look.context["reviewed"], "publish": "now", "more": "fields"}
    assert "please look again" in client.post(url(draft), changed).text
    assert Entry.objects.get().status == "draft"
    published_by_hand(client, draft)
    assert Entry.objects.published().get().reviewer == editor
    assert Alert.objects.count() == 1


def test_it_follows_another_one_but_none_that_follows_it(client, editor, platform, draft):
    earlier = make_entry(platform)
    later = make_entry(platform, follows=draft)
    refused = client.post(url(draft), filled(client, draft, follows=later.pk))
    assert "That one follows this one" in refused.text
    published_by_hand(client, draft, follows=earlier.pk)
    assert Entry.objects.get(pk=draft.pk).follows == earlier


def test_it_can_be_published_quietly(client, editor, draft):
    published_by_hand(client, draft, how="quietly")
    assert Entry.objects.published().get().quiet
    assert not Alert.objects.exists()


def test_it_opens_and_closes_states_and_asks_for_them(client, editor, platform, draft):
    use = make_use(platform)
    make_control(use)
    make_state(use, value=StateValue.ONLY_IF_AGREED, starts_on=dt.date(2020, 1, 1))
    draft.uses.add(use)
    (opened,) = client.get(url(draft)).context["rows"]
    assert [state.initial["value"] for state in opened.states] == ["unless-refused"]
    data = filled(client, draft) | {f"branch-{use.branches.get().pk}-value": ""}
    look = client.post(url(draft), data)
    assert "No recorded use changes its state: is that so?" in look.text
    unticked = press(client, look, "publish", "now", checked=None)
    assert "Nothing is published yet" in unticked.text
    published_by_hand(client, draft, **{f"branch-{use.branches.get().pk}-agreed": "on"})
    assert State.objects.last().opened_by == draft
    use = RecordVersion.objects.get(act=Decision.objects.get().act, kind="use")
    assert use.declaration["branches"][0]["states"][-1]["value"] == "unless-refused"


def test_a_state_that_it_is_in_already_is_not_proposed_again(client, editor, platform, draft):
    use = make_use(platform, who="teenagers")
    make_state(use, value=StateValue.UNLESS_REFUSED, starts_on=dt.date(2020, 1, 1))
    draft.uses.add(use)
    page = client.get(url(draft))
    assert [state.initial for row in page.context["rows"] for state in row.states] == [{}]
    assert "teenagers" in page.text


def test_a_day_that_is_none_is_named_with_a_link_to_its_field(client, editor, platform, draft):
    branch = f"branch-{make_use(platform).branches.get().pk}"
    bad_day = {f"{branch}-value": "unclear", f"{branch}-starts_on": "soon"}
    refused = client.post(url(draft), filled(client, draft) | bad_day)
    assert refused.status_code == 422
    assert f'href="#id_{branch}-starts_on"' in refused.text
    missing = bad_day | {
        f"{branch}-starts_on": "",
        "effective_on": "",
        "announced_on": "2024-07-01",
    }
    refused = client.post(url(draft), filled(client, draft) | missing)
    assert f'href="#id_{branch}-starts_on"' in refused.text


def test_what_lacks_its_evidence_says_so(client, editor, platform):
    bare = make_entry(platform, status="draft", published_at=None)
    refused = client.post(url(bare), filled(client, bare))
    assert refused.status_code == 422
    assert "add a source" in refused.text


def test_what_somebody_else_edited_since_is_not_published(client, editor, draft):
    stale = filled(client, draft)
    draft.title = "Other words <b>"
    draft.save()
    refused = client.post(url(draft), stale)
    assert "Somebody else worked on this" in refused.text
    assert "Other words &lt;b&gt;" in refused.text


def test_the_draft_of_a_change_is_published_with_it(client, editor, change):
    draft = drafts.draft_entry(change)
    answer = client.get(url(draft))
    assert answer["Location"] == reverse("admin:consent_change_publish", args=[change.pk])
    assert Entry.objects.get().status == "draft"


def test_a_forged_post_publishes_nothing(editor, draft):
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(editor)
    assert forger.post(url(draft), {"publish": "now"}).status_code == 403
    assert Entry.objects.get().status == "draft"


def test_drafts_lead_to_the_page_on_which_they_are_published(client, editor, draft):
    assert url(draft) in client.get(reverse("admin:consent_change_dates")).text


def written(client, platform, articles=3):
    """Fill in a new entry from newspaper articles, as a person does; return the page and it."""
    start = client.get(reverse("admin:consent_entry_write"))
    sheet = client.get(reverse("admin:consent_entry_write"), {"platform": platform.slug})
    assert platform.name in start.text
    typed = fields_of(sheet, "[name=version]") | {
        "title": f"{platform.name} trains its models on posts",
        "summary": "Three newspapers report it.",
        "effects": ["default-on"],
        "data_kinds": ["public-posts"],
        "effective_on": "2026-03-01",
    }
    for number in range(articles):
        typed |= {
            f"sources-{number}-url": f"news{number}.example/story",
            f"sources-{number}-publisher": f"The Times {number}",
            f"sources-{number}-published_on": "2026-03-02",
            f"sources-{number}-words": f"They train on posts, says number {number}.",
        }
    return client.post(reverse("admin:consent_entry_write"), typed | {"look": "1"})


def test_an_entry_from_three_articles_is_looked_at_and_published(client, editor, platform):
    look = written(client, platform)
    assert look.status_code == 200, look.context["form"].errors
    assert not Entry.objects.exists()
    proposed = "https://web.archive.org/web/20260302/https://news0.example/story"
    assert proposed in look.text
    again = press(client, look, "look", sources__0__use_proposed="on")
    done = press(client, again, "publish", "now")
    entry = Entry.objects.published().get()
    assert entry.key == f"{platform.slug}-2026-03-01-{platform.slug}-trains-its-models-on-posts"
    assert f'href="{entry.get_absolute_url()}"' in done.text
    sources = list(entry.sources.all())
    assert [source.publisher for source in sources] == ["The Times 0", "The Times 1", "The Times 2"]
    assert [source.archived_url for source in sources] == [proposed, "", ""]
    assert sources[2].passages.get().words == "They train on posts, says number 2."


def test_our_own_captures_of_a_page_are_offered_and_its_words_looked_for(client, editor, platform):
    page = make_page(platform, url="https://news0.example/story")
    captures = [
        make_snapshot(
            page, f"Version {number}. We train.", dt.datetime(2026, 3, number, tzinfo=dt.UTC)
        )
        for number in (1, 2)
    ]
    look = written(client, platform)
    assert ["snapshot" in row.fields for row in look.context["sources"].forms[:2]] == [True, False]
    cited = {"sources__0__snapshot": str(captures[0].pk), "sources__0__words": "Version 2."}
    refused = press(client, look, "look", **cited)
    assert "not in the text of our capture" in refused.text
    look = press(client, refused, "look", sources__0__words="Version 1.")
    press(client, look, "publish", "now")
    source = Entry.objects.published().get().sources.first()
    assert source.snapshot == captures[0]
    assert source.passages.get().starts_at == 0


def test_a_form_that_is_sent_twice_writes_one_entry(client, editor, platform):
    look = written(client, platform)
    press(client, look, "publish", "now")
    assert "exists already" in press(client, look, "publish", "now").text
    assert Entry.objects.count() == 1


def test_a_saved_draft_is_opened_again_with_its_sources(client, editor, platform):
    draft = press(client, written(client, platform), "draft")
    entry = Entry.objects.get()
    assert entry.status == "draft"
    assert fields_of(draft, "[name=version]")["sources-1-publisher"] == "The Times 1"
    look = press(client, draft, "look", sources__1__publisher="The Post")
    press(client, look, "publish", "now")
    assert Entry.objects.published().get().sources.all()[1].publisher == "The Post"


def test_mistakes_in_a_source_are_named_at_its_row(client, editor, platform):
    look = written(client, platform)
    refused = press(client, look, "look", sources__1__url="no address", sources__2__publisher="")
    assert refused.status_code == 422
    errors = refused.context["sources"].errors
    assert [sorted(row) for row in errors[:3]] == [[], ["url"], ["publisher"]]
    assert fields_of(refused, "[name=version]")["sources-1-url"] == "no address"


def test_the_page_of_a_draft_in_the_admin_leads_to_its_form(client, editor, draft):
    answer = client.get(reverse("admin:consent_entry_change", args=[draft.pk]))
    assert answer["Location"] == url(draft)
    assert client.post(answer.request["PATH_INFO"], {"title": "On the side"}).status_code == 302
    draft.refresh_from_db()
    assert draft.title != "On the side"


def test_who_may_not_publish_edits_a_draft_in_the_same_form(client, person, draft):
    client.force_login(person("Curator", name="carol"))
    page = client.get(url(draft))
    assert not page.context["may_publish"]
    press(client, page, "draft", title="Better words")
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("Better words", "draft")
    published = client.post(url(draft), filled(client, draft, publish="now"))
    assert published.status_code == 403


def test_a_draft_gets_other_platforms_and_laws(client, editor, platform, draft):
    other = make_platform()
    with arranged():
        law = Reference.objects.create(slug="gdpr", name="GDPR", kind="law", place="EU")
    page = client.get(url(draft), {"choose": "1"})
    assert f'value="{platform.slug}" selected' in page.text
    page = client.get(url(draft), {"platform": [platform.slug, other.slug]})
    press(client, page, "draft", references=[str(law.pk)])
    assert set(draft.platforms.all()) == {platform, other}
    assert list(draft.references.all()) == [law]


def test_the_entry_of_a_change_has_rows_for_more_sources(client, editor, change):
    page = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    typed = {"sources__0__url": "post.example/story", "sources__0__publisher": "The Post"}
    press(client, page, "draft", **typed)
    entry = Entry.objects.get()
    assert [source.snapshot for source in entry.sources.all()] == [change.after, None]
    again = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    assert fields_of(again, "[name=version]")["sources-0-publisher"] == "The Post"
    refused = press(client, again, "draft", sources__0__archived_url="https://a.example")
    assert refused.status_code == 422
    assert 'href="#id_sources-0-archived_url"' in refused.text


def test_an_address_that_the_catalog_cites_in_an_archive_is_proposed_first(
    client, editor, platform
):
    archived = "https://archive.ph/AbCd1"
    make_source(make_entry(platform), url="https://news0.example/story", archived_url=archived)
    look = written(client, platform)
    assert f'href="{archived}"' in look.text
    press(client, press(client, look, "look", sources__0__use_proposed="on"), "publish", "now")
    assert Entry.objects.newest_first().first().sources.first().archived_url == archived


def test_an_address_that_is_in_no_archive_is_refused_with_what_to_do(client, editor, platform):
    look = written(client, platform)
    wrong = "https://news0.example/story"
    refused = press(client, look, "look", sources__0__archived_url=wrong)
    assert refused.status_code == 422
    assert "Wayback Machine" in str(refused.context["sources"].errors[0]["archived_url"])
    assert 'href="#id_sources-0-archived_url"' in refused.text
    shown = fields_of(refused, "[name=version]")
    assert shown["sources-0-archived_url"] == wrong
    assert shown["sources-0-words"] == "They train on posts, says number 0."
    assert shown["title"].endswith("trains its models on posts")


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://web.archive.org/web/20260302/https://a.example/b", True),
        ("https://web.archive.org/web/20260302101112id_/http://a.example/b", True),
        ("https://archive.ph/AbCd1", True),
        ("https://archive.li/20260302/https://a.example/b", True),
        ("https://perma.cc/AB1C-2DE3", True),
        (f"https://github.com/OpenTermsArchive/x/blob/{'a' * 40}/X/Terms.md", True),
        ("https://web.archive.org/", False),
        ("https://web.archive.org/web/*/https://a.example/b", False),
        ("https://archive.example/20260302/https://a.example/b", False),
        ("https://a.example/web.archive.org/web/20260302/https://a.example/b", False),
    ],
)
def test_addresses_in_archives_are_known_by_their_shape(address, known):
    assert (archive_mistake(address) == "") == known


def test_an_entry_without_any_date_is_not_published(client, editor, draft):
    draft.sources.update(published_on=None)
    undated = filled(client, draft, effective_on="")
    refused = client.post(url(draft), undated)
    assert "An entry needs a date" in refused.text
    assert not refused.context.get("rehearsal")
    assert Entry.objects.get().status == "draft"
    draft.sources.update(published_on=dt.date(2024, 7, 1))
    look = client.post(url(draft), filled(client, draft, effective_on=""))
    assert "Reported: 2024-07-01 (day)" in look.context["rehearsal"].dates
