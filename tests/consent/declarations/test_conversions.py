"""What a migration made of settings by rule, and the first load of files of format 2."""

import pytest

from consent.declarations import load_catalog
from consent.declarations.conversions import settle_conversions
from consent.models import Branch, Control, Entry, Guide, Use
from platforms.declarations import CONVERTED
from platforms.models import Platform
from platforms.vocabulary import Origin
from tests.arranging import arranged
from tests.factories import make_control, make_guide, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def converted(folder):
    """A loaded catalog as if a migration had made it: Duck's branch for the EEA is its own use."""
    folder.replace("duck", "  - places: [EEA]", "  - former_slugs: [chats-eea]\n    places: [EEA]")
    load_catalog(folder.path)
    with arranged():
        duck = Platform.objects.get(slug="duck")
        use = make_use(duck, slug="chats-eea", title="Your chats are used for AI")
        make_state(use)
        control = make_control(use, slug="chats-eea-control", label="Improve Duck")
        guide = make_guide(duck, slug="duck-steps")
        guide.controls.add(control)
        Entry.objects.get(key="duck-2024-use").uses.add(use)
        for model in (Use, Control):
            model.objects.filter(platform=duck).update(
                origin=Origin.CATALOG, declared_digest=CONVERTED
            )
        duck.uses.filter(slug="chats").update(title="Your chats are used for AI")
        Branch.objects.update(former_slugs=[])
        Entry.objects.filter(key="duck-2024-use").update(summary="Edited.", declared_digest="")
    settle_conversions(using="default")
    return duck


def names(queryset):
    return sorted(queryset.values_list("slug", flat=True))


def test_what_files_merge_is_replaced_in_what_was_edited_here(folder, converted):
    report = load_catalog(folder.path)

    assert names(converted.uses.all()) == ["chats"]
    assert converted.uses.get().title == "Your chats train Duck's model"
    assert not converted.controls.exists()
    entry = Entry.objects.get(key="duck-2024-use")
    assert entry.summary == "Edited."
    assert names(entry.uses.filter(platform=converted)) == ["chats"]
    assert report.missing == []


def test_a_guide_written_here_names_what_the_file_made_of_its_control(folder, converted):
    folder.replace(
        "duck",
        "entries:\n",
        "controls:\n- slug: switch\n  label: Improve Duck\n  uses: [chats]\n  refuse: turn-off\n"
        "entries:\n",
    )
    load_catalog(folder.path)

    assert names(converted.controls.all()) == ["switch"]
    assert names(Guide.objects.get(slug="duck-steps").controls.all()) == ["switch"]


def test_an_edit_after_the_migration_stays_and_so_does_what_waits_for_it(folder, converted):
    with arranged():
        converted.uses.filter(slug="chats").update(note="Edited here.")

    report = load_catalog(folder.path)

    assert [conflict.name for conflict in report.conflicts] == ["duck/chats", "duck-2024-use"]
    # Nothing leads on from the address of the second use as long as the first is not decided on.
    assert names(converted.uses.all()) == ["chats", "chats-eea"]
    assert names(converted.controls.all()) == ["chats-eea-control"]
    assert report.missing == ["use duck/chats-eea", "control duck/chats-eea-control"]


def test_a_setting_that_was_only_another_way_out_becomes_a_control(folder, converted):
    folder.replace("duck", "  - former_slugs: [chats-eea]\n    places", "  - places")
    folder.replace(
        "duck",
        "entries:\n",
        "controls:\n- slug: chats-eea\n  label: Other words\n  uses: [chats]\n  refuse: submit\n"
        "entries:\n",
    )
    load_catalog(folder.path)

    assert names(converted.uses.all()) == ["chats"]
    entry = Entry.objects.get(key="duck-2024-use")
    assert names(entry.controls.all()) == ["chats-eea"]


def test_a_load_of_other_platforms_leaves_conversions_alone(folder, converted):
    for name in ("duck", "goose"):
        (folder.path / f"{name}.yaml").unlink()

    report = load_catalog(folder.path)

    assert names(converted.uses.all()) == ["chats", "chats-eea"]
    assert "use duck/chats-eea" in report.missing
