"""A platform is set up from its own page, step by step, and choosers offer its own records."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from consent.models import Control, Decision, Guide, Use
from platforms.models import PageRuling, Platform
from tests.factories import (
    make_control,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)
from tests.pages import fields_of, press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def place(platform):
    return reverse("admin:platforms_platform_change", args=[platform.pk])


def follow(client, platform, words):
    """Follow the link that a step names as what is missing."""
    page = BeautifulSoup(client.get(place(platform)).content, "lxml")
    (link,) = [each for each in page.select(".desk-chain a") if each.text == words]
    return client.get(link["href"])


def steps(client, platform):
    """The steps of the page of a platform: title, whether it is complete, and text of its lines."""
    page = BeautifulSoup(client.get(place(platform)).content, "lxml")
    return {
        step.strong.text: [" ".join(line.get_text().split()) for line in step.select("ul li")]
        for step in page.select(".desk-chain > li")
    }


def add(client, platform, title):
    """Follow the link that adds one more record of a step."""
    page = BeautifulSoup(client.get(place(platform)).content, "lxml")
    (step,) = [each for each in page.select(".desk-chain > li") if each.strong.text == title]
    (link,) = [each for each in step.select("a") if each.text.startswith("Add one")]
    return client.get(link["href"])


@pytest.fixture
def platform():
    return make_platform("chirp", listed=False)


def test_the_page_names_each_step_and_what_it_lacks(client, editor, platform):
    make_page(platform, title="Help")
    use = make_use(platform, title="Posts train", status="draft")
    make_control(use, label="Improve")
    make_control(platform=platform, label="Of nothing")
    guide = make_guide(platform, title="Turn it off")
    assert steps(client, platform) == {
        "Pages and their first readings": ["Help: not read yet"],
        "Plans": ["None named: name them below, or none"],
        "Uses of data": ["Posts train: a draft: look and publish"],
        "Controls": ["Improve", "Of nothing: refuses no use yet"],
        "Guides": [f"{guide}: add its surfaces and its control"],
        "List it": ["Readers do not see it: tick “listed” below, and save"],
    }


@pytest.mark.database
def test_a_use_a_control_and_a_guide_are_added_from_there_and_lead_back(client, editor, platform):
    make_page(make_platform("other"), title="Elsewhere")
    make_use(make_platform("third"), title="Not ours")
    form = add(client, platform, "Uses of data")
    assert "Elsewhere" not in form.text
    typed = {
        "title": "Posts train Chirp",
        "title_if_not": "Posts do not train Chirp",
        "purpose": "training",
        "covers": "Posts",
        "data_kinds": ["public-posts"],
    }
    back = press(client, form, "_save", **typed)
    assert back.request["PATH_INFO"] == place(platform), BeautifulSoup(back.content, "lxml").select(
        ".errorlist"
    )
    use = Use.objects.get(platform=platform)
    form = add(client, platform, "Controls")
    assert "Not ours" not in form.text
    press(client, form, "_save", label="Improve", refuse="turn-off", uses=[str(use.pk)])
    control = Control.objects.get(platform=platform)
    assert list(control.uses.all()) == [use]
    form = add(client, platform, "Guides")
    press(client, form, "_save", title="Turn it off", minutes="3", controls=[str(control.pk)])
    assert Guide.objects.get(platform=platform).controls.get() == control


def test_a_control_is_never_saved_for_a_use_of_another_platform(client, editor, platform):
    control = make_control(make_use(platform), status="draft")
    foreign = make_use(make_platform("other"))
    change = reverse("admin:consent_control_change", args=[control.pk])
    form = client.get(change)
    assert str(foreign.pk) not in [
        option["value"]
        for option in BeautifulSoup(form.content, "lxml").select("select[name=uses] option")
    ]
    sent = fields_of(form, "[name=_save]") | {"uses": [str(foreign.pk)], "_save": "1"}
    assert client.post(change, sent).status_code == 200
    assert foreign not in control.uses.all()


def test_only_the_readings_of_the_platform_are_shown_to_whoever_sets_it_up(
    client, editor, platform
):
    make_page(platform, title="Ours")
    make_page(make_platform("other"), title="Theirs")
    page = client.get(reverse("admin:consent_change_readings"), {"platform": "chirp"})
    assert "Ours" in page.text
    assert "Theirs" not in page.text


def test_a_guide_is_written_with_its_surface_and_steps_on_one_page(client, editor, platform):
    control = make_control(make_use(platform))
    form = add(client, platform, "Guides")
    assert len(BeautifulSoup(form.content, "lxml").select("[name=surfaces-0-step_lines]")) == 1
    press(
        client,
        form,
        "_save",
        title="Turn it off",
        minutes="3",
        controls=[str(control.pk)],
        surfaces__0__surface="web",
        surfaces__0__step_lines="Open Settings → You see Privacy\n\nTurn off Improve",
    )
    guide = Guide.objects.get(platform=platform)
    (surface,) = guide.surfaces.all()
    assert [(step.act, step.expect) for step in surface.steps.all()] == [
        ("Open Settings", "You see Privacy"),
        ("Turn off Improve", ""),
    ]
    assert surface.verified_on is None
    change = reverse("admin:consent_guide_change", args=[guide.pk])
    shown = client.get(change)
    (box,) = BeautifulSoup(shown.content, "lxml").select("[name=surfaces-0-step_lines]")
    assert "disabled" in box.attrs
    press(client, shown, "_save", title="Turn it off now")
    assert surface.steps.count() == 2


@pytest.mark.database
def test_pasted_addresses_are_pages_with_a_proposed_title_and_kind(client, editor):
    form = client.get(reverse("admin:platforms_platform_add"))
    typed = {
        "name": "Chirp",
        "operator": "Chirp Inc.",
        "homepage": "chirp.example",
        "category": "social",
        "addresses": [
            "chirp.example/legal/privacy-policy",
            "https://chirp.example/tos",
            "https://help.chirp.example/hc/articles/4821077-how-AI-training-works.html",
            "https://chirp.example/robots.txt",
            "https://chirp.example/tos",
        ],
    }
    page = press(client, form, "_save", **typed)
    chirp = Platform.objects.get(slug="chirp")
    assert list(chirp.pages.order_by("pk").values_list("url", "title", "kind")) == [
        ("https://chirp.example/legal/privacy-policy", "Privacy policy", "privacy-policy"),
        ("https://chirp.example/tos", "Terms of service", "terms"),
        (typed["addresses"][2], "How AI training works", "help"),
        ("https://chirp.example/robots.txt", "robots.txt", "robots"),
    ]
    assert PageRuling.objects.filter(act="add", page__platform=chirp).count() == 4
    assert steps(client, chirp)["Pages and their first readings"] == [
        "How AI training works (Help): not read yet",
        "Privacy policy: not read yet",
        "Terms of service: not read yet",
        "robots.txt: not read yet",
    ]
    again = press(client, page, "_save", addresses=["chirp.example/tos"])
    assert "https://chirp.example/tos is watched already." in again.text
    assert chirp.pages.count() == 4


def draft_use(platform, title):
    """A draft that is complete but for its control."""
    use = make_use(platform, title=title, status="draft", data_kinds=["public-posts"])
    make_state(use, "unless-refused", starts_on=dt.date(2026, 3, 1))
    return use


@pytest.mark.database
def test_a_draft_use_and_its_control_are_published_after_one_look(client, editor, platform):
    use = draft_use(platform, "Posts train Chirp")
    form = follow(client, platform, "add its control")
    assert fields_of(form, "[name=_save]")["uses"] == str(use.pk)
    look = press(client, form, "_save", label="Improve", refuse="turn-off")
    assert [card.h3.text for card in BeautifulSoup(look.content, "lxml").select(".desk-card")] == [
        "Posts train Chirp"
    ]
    client.post(look.request["PATH_INFO"], fields_of(look, "[name=version]"))
    use.refresh_from_db()
    assert use.status == use.controls.get().status == "published"
    assert list(Decision.objects.values_list("ruling", flat=True)) == ["publish"] * 2
    guide = follow(client, platform, "write its guide")
    assert fields_of(guide, "[name=_save]")["title"] == "Turn off “Improve”"


@pytest.mark.database
def test_a_draft_use_stays_one_if_it_is_unticked_or_changed_after_the_look(
    client, editor, platform
):
    use = draft_use(platform, "Posts train Chirp")
    control = make_control(use, label="Improve", status="draft")
    address = reverse("admin:consent_control_publish", args=[control.pk])
    sent = fields_of(client.get(address), "[name=version]")
    Use.objects.filter(pk=use.pk).update(title="Chats train Chirp")
    client.post(address, sent)
    control.refresh_from_db()
    assert control.status == "draft"
    sent = fields_of(client.get(address), "[name=version]")
    del sent["along"]
    client.post(address, sent)
    use.refresh_from_db()
    control.refresh_from_db()
    assert (use.status, control.status) == ("draft", "published")


@pytest.mark.database
def test_what_few_records_fill_in_is_folded_where_it_is_empty(client, editor, platform):
    control = make_control(make_use(platform), status="draft", to="privacy@chirp.example")
    change = reverse("admin:consent_control_change", args=[control.pk])
    page = BeautifulSoup(client.get(change).content, "lxml")
    folded = {field["name"] for field in page.select("details [name]")}
    assert folded >= {"subject", "note", "offers-__prefix__-note"}
    assert not folded & {"to", "label", "uses", "refuse"}
    assert [box["type"] for box in page.select("[name=uses]")] == ["checkbox"]
