"""A file, a setting or a guide gets another name: records stay the same, old addresses lead on."""

import pytest

from consent.declarations import export_catalog, load_catalog, read_catalog
from consent.models import Control, Entry, FormerSlug, Guide, State, Subscription, Use
from platforms.declarations import CatalogError
from platforms.models import Page, Platform
from tests.arranging import arranged
from tests.consent.alerts.readers import make_reader
from tests.factories import make_platform

pytestmark = pytest.mark.django_db

NAMED = (Platform, Page, Use, Control, State, Entry, Guide)


def numbers():
    """The rows of everything that a file declares."""
    return {model: set(model.objects.values_list("pk", flat=True)) for model in NAMED}


def rename_file(folder, old, new):
    """What a contributor does: the file gets another name and says the old one."""
    text = (folder.path / f"{old}.yaml").read_text()
    (folder.path / f"{old}.yaml").unlink()
    folder.write(new, text.replace("name:", f"former_slugs: [{old}]\nname:", 1))


def rename_chirp(folder):
    """All kinds of names at once."""
    rename_file(folder, "chirp", "tweety")
    folder.replace("tweety", "- slug: training\n", "- slug: posts\n  former_slugs: [training]\n")
    folder.replace(
        "tweety",
        "- slug: chirp-training\n",
        "- slug: tweety-training\n  former_slugs: [chirp-training]\n",
    )
    text = (folder.path / "tweety.yaml").read_text()
    text = text.replace("uses: [training]", "uses: [posts]")
    text = text.replace("controls: [switch]", "controls: [allowing]")
    folder.write(
        "tweety",
        text.replace("- slug: switch\n", "- slug: allowing\n  former_slugs: [switch]\n"),
    )


def leads(client, address):
    response = client.get(address)
    return response.status_code, response.get("Location")


def contents(paths):
    return {path.name: path.read_bytes() for path in paths}


def test_a_renamed_file_renames_what_is_there_and_makes_nothing_new(folder):
    load_catalog(folder.path)
    before = numbers()
    rename_chirp(folder)

    report = load_catalog(folder.path)

    assert numbers() == before
    assert report.renamed == [
        "platform chirp → tweety",
        "use tweety/training → tweety/posts",
        "control tweety/switch → tweety/allowing",
        "guide chirp-training → tweety-training",
    ]
    assert (report.touched, report.conflicts, report.missing) == (0, [], [])
    assert Use.objects.get(slug="posts").platform.slug == "tweety"


def test_old_addresses_lead_on(folder, client):
    load_catalog(folder.path)
    rename_chirp(folder)

    load_catalog(folder.path)

    assert leads(client, "/platforms/chirp?asof=2025-01-01") == (
        301,
        "/platforms/tweety?asof=2025-01-01",
    )
    assert leads(client, "/guides/chirp-training") == (301, "/guides/tweety-training")
    page = client.get("/platforms/tweety").text
    assert page.count('id="posts"') == page.count('id="training"') == 1


def test_who_asked_for_the_platform_goes_on_hearing_of_it(folder):
    load_catalog(folder.path)
    reader = make_reader("", ("platform", "chirp"))
    rename_file(folder, "chirp", "tweety")

    load_catalog(folder.path)

    assert Subscription.objects.get(subscriber=reader).value == "tweety"


def test_a_second_load_leaves_everything_alone(folder):
    load_catalog(folder.path)
    rename_chirp(folder)
    load_catalog(folder.path)
    known = list(FormerSlug.objects.order_by("pk").values())

    report = load_catalog(folder.path)

    assert (report.touched, report.renamed, report.conflicts) == (0, [], [])
    assert list(FormerSlug.objects.order_by("pk").values()) == known


def test_an_empty_database_learns_the_old_names_from_the_files(folder, client):
    rename_chirp(folder)

    load_catalog(folder.path)

    assert leads(client, "/platforms/chirp") == (301, "/platforms/tweety")
    assert leads(client, "/guides/chirp-training") == (301, "/guides/tweety-training")
    assert 'id="training"' in client.get("/platforms/tweety").text


def test_an_export_says_the_old_names_byte_for_byte(folder, tmp_path):
    load_catalog(folder.path)
    rename_chirp(folder)
    load_catalog(folder.path)
    first = contents(export_catalog(tmp_path / "out"))
    assert b"former_slugs: [chirp]\n" in first["tweety.yaml"]

    report = load_catalog(tmp_path / "out")

    assert (report.touched, report.renamed) == (0, [])
    assert contents(export_catalog(tmp_path / "again")) == first


def test_what_else_a_renamed_file_changes_is_no_edit_of_ours(folder):
    load_catalog(folder.path)
    rename_chirp(folder)
    folder.replace("tweety", "A switch appears, and it is on.", "A switch appears.")
    folder.replace("tweety", "label: Allow training", "label: Allow learning")
    folder.replace("tweety", "minutes: 2", "minutes: 3")

    report = load_catalog(folder.path)

    assert report.changed == {"control": 1, "entry": 1, "guide": 1}
    assert report.conflicts == []


def test_an_edited_record_is_renamed_and_keeps_its_edit(folder):
    load_catalog(folder.path)
    with arranged():
        Use.objects.filter(slug="training").update(covers="Edited")
    with arranged():
        Guide.objects.update(minutes=9)
    rename_chirp(folder)

    report = load_catalog(folder.path)

    assert {(each.kind, each.name) for each in report.conflicts} == {
        ("use", "tweety/posts"),
        ("guide", "tweety-training"),
    }
    assert Use.objects.get(slug="posts").covers == "Edited"
    assert Guide.objects.get(slug="tweety-training").minutes == 9


def test_a_shared_entry_follows_a_platform_that_now_stands_elsewhere_in_the_alphabet(folder):
    load_catalog(folder.path)
    rename_file(folder, "goose", "emu")
    folder.replace("duck", "platforms: [duck, goose]", "platforms: [duck, emu]")
    folder.replace("duck", "uses: [chats, goose/chats]", "uses: [chats, emu/chats]")

    report = load_catalog(folder.path)

    assert (report.touched, report.conflicts) == (0, [])
    entry = Entry.objects.get(key="duck-2024-use")
    assert sorted(entry.platforms.values_list("slug", flat=True)) == ["duck", "emu"]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("duck", "name: Duck\n", "name: Duck\nformer_slugs: [goose]\n", "'goose' is in use"),
        ("duck", "name: Duck\n", "name: Duck\nformer_slugs: [duck]\n", "'duck' is in use"),
        (
            "chirp",
            "- slug: training\n",
            "- slug: training\n  former_slugs: [training]\n",
            "'training' is in use",
        ),
        (
            "chirp",
            "- slug: chirp-training\n",
            "- slug: chirp-training\n  former_slugs: [a, a]\n",
            "'a' is there twice",
        ),
    ],
)
def test_a_former_slug_that_is_taken_is_refused_where_it_stands(folder, file, old, new, problem):
    folder.replace(file, old, new)
    line = folder.line_of(file, "former_slugs")

    with pytest.raises(CatalogError) as caught:
        read_catalog(folder.path)

    [found] = caught.value.problems
    assert (found.file, found.line) == (f"{file}.yaml", line)
    assert problem in found.message


def test_a_file_that_still_uses_the_old_name_of_another_is_told_so(folder):
    rename_file(folder, "goose", "emu")

    with pytest.raises(CatalogError, match="no platform 'goose'; it was renamed"):
        read_catalog(folder.path)


def test_two_files_cannot_have_had_the_same_name(folder):
    for name in ("Duck", "Goose"):
        folder.replace(name.lower(), f"name: {name}\n", f"name: {name}\nformer_slugs: [swan]\n")

    with pytest.raises(CatalogError, match=r"goose\.yaml:3 .*'swan' is there twice"):
        read_catalog(folder.path)


@pytest.mark.parametrize("loaded_before", [True, False])
def test_a_former_slug_of_another_living_platform_is_an_error_and_nothing_is_loaded(
    folder, loaded_before
):
    other = make_platform("swan")
    if loaded_before:
        load_catalog(folder.path)
    else:
        make_platform("duck")
    before = numbers()
    folder.replace("duck", "name: Duck\n", "name: Duck\nformer_slugs: [swan]\n")

    with pytest.raises(CatalogError, match=r"duck\.yaml platform duck: .*'swan' is still"):
        load_catalog(folder.path)

    assert numbers() == before
    other.refresh_from_db()
    assert other.slug == "swan"


def renamed_in_the_admin(folder):
    load_catalog(folder.path)
    for record, slug in (
        (Platform.objects.get(slug="chirp"), "tweety"),
        (Use.objects.get(slug="training"), "posts"),
        (Control.objects.get(slug="switch"), "allowing"),
        (Guide.objects.get(), "tweety-training"),
    ):
        record.slug = slug
        record.save()


def test_a_record_renamed_here_is_still_the_one_that_the_file_names(folder):
    renamed_in_the_admin(folder)
    before = numbers()

    report = load_catalog(folder.path)

    assert numbers() == before
    assert (report.touched, report.missing) == (0, [])
    assert [(each.kind, each.differences) for each in report.conflicts] == [
        ("platform", (("slug", "tweety", "chirp"),)),
        ("use", (("slug", "tweety/posts", "tweety/training"),)),
        ("control", (("slug", "tweety/allowing", "tweety/switch"),)),
        ("guide", (("slug", "tweety-training", "chirp-training"),)),
    ]


def test_it_follows_its_file_in_all_else(folder):
    renamed_in_the_admin(folder)
    load_catalog(folder.path)
    folder.replace("chirp", "A switch appears, and it is on.", "A switch appears.")
    folder.replace("chirp", "minutes: 2", "minutes: 3")

    report = load_catalog(folder.path)

    assert report.changed == {"entry": 1, "guide": 1}


def test_files_may_win_over_a_name_given_here(folder, client):
    renamed_in_the_admin(folder)
    before = numbers()

    load_catalog(folder.path, take="file")

    assert numbers() == before
    assert leads(client, "/platforms/tweety") == (301, "/platforms/chirp")
    assert load_catalog(folder.path).conflicts == []


def test_an_export_brings_a_name_given_here_home(folder):
    renamed_in_the_admin(folder)

    export_catalog(folder.path)

    assert not (folder.path / "chirp.yaml").exists()
    catalog = read_catalog(folder.path)
    assert catalog.platforms["tweety"].former_slugs == ("chirp",)
    assert catalog.uses["tweety/posts"].former_slugs == ("training",)
    assert catalog.controls["tweety/allowing"].former_slugs == ("switch",)
    assert catalog.guides["tweety", "tweety-training"].former_slugs == ("chirp-training",)
    report = load_catalog(folder.path)
    assert (report.touched, report.conflicts) == (0, [])


def test_renamed_on_both_sides_it_keeps_the_name_given_here_and_is_found_by_all(folder, client):
    load_catalog(folder.path)
    platform = Platform.objects.get(slug="chirp")
    platform.slug = "chirrup"
    platform.save()
    before = numbers()
    rename_file(folder, "chirp", "tweety")

    load_catalog(folder.path)

    assert numbers() == before
    for old in ("chirp", "tweety"):
        assert leads(client, f"/platforms/{old}") == (301, "/platforms/chirrup")


def test_a_dry_run_tells_of_a_new_name_and_gives_none(folder):
    load_catalog(folder.path)
    rename_file(folder, "chirp", "tweety")

    report = load_catalog(folder.path, dry_run=True)

    assert report.renamed == ["platform chirp → tweety"]
    assert Platform.objects.filter(slug="chirp").exists()


def test_what_an_import_knew_under_the_old_name_stands_in_nobodys_way(folder, client):
    make_platform("tweety", listed=False)
    folder.replace("chirp", "name: Chirp\n", "name: Chirp\nformer_slugs: [tweety]\n")

    for _ in range(2):
        load_catalog(folder.path)

        assert leads(client, "/platforms/tweety") == (301, "/platforms/chirp")
