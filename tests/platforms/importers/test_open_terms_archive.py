"""A repository of Open Terms Archive becomes pages of history and a queue of changes."""

import datetime as dt

import pytest
from django.core.management.base import CommandError

from consent.models import Change
from platforms.archive import open_archive
from platforms.importers.history import ConcurrentImport
from platforms.importers.open_terms_archive import import_all, plan_import
from platforms.importers.repositories import Repository
from platforms.models import Document, Page, Platform, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import CaptureSource, Origin, PageKind
from tests.arranging import arranged
from tests.factories import make_guide, make_page, make_platform, make_snapshot
from tests.platforms.importers.versions import (
    ADDRESS,
    CHANGES,
    FIRST,
    OLD_CHANGES,
    OLD_FIRST,
    OLD_UPGRADE,
    OPT_OUT,
    SILENT,
    START,
    TRAINING,
    UPGRADE,
    policy,
)
from tests.practice.watched import suggest_pending

# On PostgreSQL: what is marked. The rest is about reading repositories.
pytestmark = pytest.mark.django_db


@pytest.mark.database
def test_a_recorded_change_becomes_a_change_with_a_suggestion(versions, import_ota):
    first = versions.record(SILENT, prefix=FIRST)
    second = versions.record(TRAINING)

    counts = import_ota().counts

    change = Change.objects.get()
    assert (change.observed_from, change.observed_to) == (START, START + dt.timedelta(days=1))
    assert change.before.evidence_url == f"{ADDRESS}/commit/{first}"
    assert change.after.evidence_url == f"{ADDRESS}/commit/{second}"
    assert change.after.final_url == f"{ADDRESS}/blob/{second}/Chirp/Privacy%20Policy.md"
    assert (change.after.source, change.after.sha256) == (CaptureSource.OPEN_TERMS_ARCHIVE, "")
    suggest_pending()
    assert change.suggestion.relevant
    assert "use-introduced" in change.suggestion.effects
    assert counts["changes raised"] == 1
    assert counts["snapshots kept"] == 2


def test_subjects_of_older_commits_are_recognised(versions, import_ota):
    versions.record(SILENT, prefix=OLD_FIRST)
    versions.record(TRAINING, prefix=OLD_CHANGES)
    versions.record(OPT_OUT, prefix=OLD_UPGRADE)

    counts = import_ota().counts

    assert counts["changes raised"] == 1
    assert counts["re-extractions, kept and not announced"] == 1


def test_a_technical_upgrade_is_stored_as_a_re_extraction_without_a_change(versions, import_ota):
    versions.record(SILENT, prefix=FIRST, days=0)
    # The archive gives an upgrade the date of its source: often the same second.
    upgrade = versions.record(f"This is about Chirp.\n\n{SILENT}", prefix=UPGRADE)

    import_ota()

    kept = list(Document.objects.order_by("snapshot__first_seen_at"))
    assert [document.re_extraction for document in kept] == [False, True]
    assert kept[1].text.startswith("This is about Chirp.")
    assert kept[1].snapshot.evidence_url == f"{ADDRESS}/commit/{upgrade}"
    assert not Change.objects.exists()


def test_the_next_version_is_compared_with_the_upgraded_text(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    versions.record(f"This is about Chirp.\n\n{SILENT}", prefix=UPGRADE)
    versions.record(f"This is about Chirp.\n\n{TRAINING}", prefix=CHANGES)

    import_ota()

    change = Change.objects.get()
    assert change.before_document.text.startswith("This is about Chirp.")
    assert "train" in change.after_document.text


def test_an_upgrade_that_changes_no_word_is_no_snapshot(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    versions.record(SILENT.replace("# Privacy Policy", "**Privacy Policy**"), prefix=UPGRADE)

    counts = import_ota().counts

    assert Snapshot.objects.count() == 1
    assert counts["without a difference that counts"] == 1


def test_differences_without_meaning_are_no_changes(versions, import_ota):
    versions.record(policy("See [our form](https://chirp.example/f?id=1)."), prefix=FIRST)
    versions.record(policy("See [our form](https://chirp.example/f?id=2)."))

    assert import_ota().counts["without a difference that counts"] == 1
    assert Snapshot.objects.get().last_seen_at == START + dt.timedelta(days=1)


def test_a_page_that_flips_raises_one_change(versions, import_ota):
    for text in (SILENT, TRAINING, SILENT, TRAINING, SILENT):
        versions.record(text, days=0.5)

    counts = import_ota().counts

    assert counts["changes raised"] == 1
    assert counts["re-appearances of a known state"] == 3
    assert Page.objects.get().flapping_since is not None


def test_an_error_page_among_the_versions_is_quarantined(versions, import_ota):
    broken = "# This page isn't available\n\nSorry, something went wrong. Please try again later.\n"
    versions.record(SILENT, prefix=FIRST)
    for text in (broken, SILENT, broken, SILENT):
        versions.record(text)

    counts = import_ota().counts

    assert not Change.objects.exists()
    assert counts["walls and error pages, in quarantine"] == 2
    quarantined = Snapshot.objects.exclude(quarantined_as="").get()
    assert quarantined.quarantined_as == Outcome.SOFT_404
    assert quarantined.last_seen_at == START + dt.timedelta(days=3)


def test_a_renamed_service_keeps_its_history(versions, import_ota):
    versions.record(SILENT, prefix=FIRST, service="Twitter")
    versions.rename("Twitter", "Chirp")
    versions.record(TRAINING)

    import_ota()

    page = Page.objects.get()
    assert page.url == f"{ADDRESS}/blob/HEAD/Chirp/Privacy%20Policy.md"
    assert Change.objects.get().page == page


def test_a_service_renamed_between_two_imports_keeps_its_page(versions, import_ota):
    versions.record(SILENT, prefix=FIRST, service="Twitter")
    import_ota()
    versions.rename("Twitter", "Chirp")
    versions.record(TRAINING)

    import_ota()

    page = Page.objects.get()
    assert page.url == f"{ADDRESS}/blob/HEAD/Chirp/Privacy%20Policy.md"
    assert page.platform.name == "Twitter"
    assert Change.objects.count() == 1


def test_a_document_removed_and_restored_keeps_its_history(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    versions.git("rm", "--quiet", "Chirp/Privacy Policy.md")
    versions.commit("Remove Chirp")
    versions.record(TRAINING, prefix=FIRST)

    assert import_ota().counts["changes raised"] == 1


def test_other_files_of_the_repository_are_not_pages(versions, import_ota):
    versions.record("How to help.", prefix="Add", service="docs", document="Contributing")
    (versions.folder / "README.md").write_text("Versions of terms.")
    versions.git("add", "--all")
    versions.commit("Update README")
    versions.record(SILENT, prefix=FIRST)

    import_ota()

    assert [page.title for page in Page.objects.all()] == ["Privacy Policy (Open Terms Archive)"]


def test_a_text_in_another_encoding_is_read(versions, import_ota):
    versions.record(policy("Café-Daten bleiben privat.").encode("cp1252"), prefix=FIRST)

    import_ota()

    assert "Café-Daten" in Document.objects.get().text


def test_a_text_above_the_limit_is_skipped(versions, import_ota, settings):
    settings.FETCH_MAX_BYTES = 10_000
    versions.record(SILENT, prefix=FIRST)
    versions.record("All work and no play. " * 1_000)
    versions.record(TRAINING)

    counts = import_ota().counts

    assert counts["that could not be read"] == 1
    assert Change.objects.get().after_document.text == TRAINING.strip()


def test_texts_that_cost_too_much_to_read_are_skipped(versions, import_ota, settings):
    settings.READER_PATIENCE = 0.0
    versions.record(SILENT, prefix=FIRST)
    versions.record(TRAINING)

    assert import_ota().counts["that could not be read"] == 2
    assert not Change.objects.exists()


def test_bytes_that_are_no_text_are_skipped(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    versions.record(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)

    assert import_ota().counts["that could not be read"] == 1
    assert Snapshot.objects.count() == 1


@pytest.mark.database
def test_commits_within_one_second_keep_their_order(versions, import_ota):
    for text in (SILENT, TRAINING, OPT_OUT):
        versions.record(text, days=0)

    import_ota()

    texts = [c.after_document.text for c in Change.objects.order_by("observed_to")]
    assert texts == [TRAINING.strip(), OPT_OUT.strip()]


def test_commits_that_were_added_late_are_imported_in_time_order(versions, import_ota):
    versions.now += dt.timedelta(days=10)
    versions.record(TRAINING)
    versions.now = START
    versions.record(SILENT, prefix=FIRST)

    import_ota()

    change = Change.objects.get()
    assert change.before.first_seen_at == START
    assert "train" in change.after_document.text


def test_a_bare_clone_is_read_like_a_plain_one(versions, import_ota, tmp_path):
    versions.record(SILENT, prefix=FIRST)
    bare = tmp_path / "bare.git"
    versions.git("clone", "--quiet", "--bare", str(versions.folder), str(bare))

    import_ota("--name", "Terms/versions", repository=bare)

    assert Page.objects.get().url.startswith(ADDRESS)


def test_a_bare_mirror_without_configuration_and_remote_is_read_under_its_name(
    versions, import_ota, tmp_path
):
    versions.record(SILENT, prefix=FIRST)
    mirror = tmp_path / "mirror"
    versions.git("clone", "--quiet", "--mirror", str(versions.folder), str(mirror))
    (mirror / "config").unlink()

    import_ota("--name", "Terms/versions", repository=mirror)

    assert Page.objects.get().url.startswith(ADDRESS)


@pytest.mark.database
def test_names_of_files_in_any_script_are_read(versions, import_ota):
    versions.record(SILENT, prefix=FIRST, service='Ünïcode "Söcial"', document="Política #1")
    versions.record(SILENT, prefix=FIRST, service="微博")

    import_ota()

    assert set(Platform.objects.values_list("name", flat=True)) == {'Ünïcode "Söcial"', "微博"}
    assert Page.objects.filter(url__endswith="Pol%C3%ADtica%20%231.md").exists()
    assert all(Platform.objects.values_list("slug", flat=True))


# Which platform a page belongs to


@pytest.mark.database
@pytest.mark.parametrize("service", ["Chirp", "chirp", "CHIRP NETWORK", "chirp.example"])
def test_a_known_platform_is_found_by_name_slug_or_alias(versions, import_ota, service):
    chirp = make_platform("chirp", name="Chirp", aliases=["Chirp Network", "chirp.example"])
    versions.record(SILENT, prefix=FIRST, service=service)

    import_ota()

    assert Page.objects.get().platform == chirp


def test_an_unknown_service_becomes_a_platform_with_a_note_on_what_is_missing(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    versions.record("# Terms\n\nBe kind to each other here.", document="Terms of Service")

    import_ota()

    platform = Platform.objects.get()
    assert (platform.slug, platform.name, platform.origin) == ("chirp", "Chirp", Origin.DESK)
    assert "filled in" in platform.note
    assert platform.homepage == f"{ADDRESS}/tree/HEAD/Chirp"
    assert set(platform.pages.values_list("kind", flat=True)) == {
        PageKind.PRIVACY_POLICY,
        PageKind.TERMS,
    }


def test_workers_never_visit_a_page_of_history(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)

    import_ota()

    assert not Page.objects.watched().exists()
    assert Page.objects.get().paused_reason == "History only: imported from Open Terms Archive"


def test_the_watched_page_and_its_guides_stay_as_they_are(versions, import_ota):
    chirp = make_platform("chirp")
    ours = make_page(chirp, kind=PageKind.PRIVACY_POLICY)
    ours.baseline = make_snapshot(ours, "What we read.", dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    ours.save()
    guide = make_guide(chirp)
    with arranged():
        guide.pages.add(ours)
    before = Page.objects.filter(pk=ours.pk).values().get()
    versions.record(SILENT, prefix=FIRST)
    versions.record(TRAINING)

    import_ota()

    assert Page.objects.filter(pk=ours.pk).values().get() == before
    assert ours.snapshots.count() == 1
    guide.refresh_from_db()
    assert guide.source_changed_at is None
    assert Change.objects.get().page != ours


def test_history_ends_at_our_own_first_visit(versions, import_ota):
    chirp = make_platform("chirp")
    ours = make_page(chirp, kind=PageKind.PRIVACY_POLICY)
    make_snapshot(ours, "What we read.", START + dt.timedelta(days=1, hours=12))
    for text in (SILENT, TRAINING, OPT_OUT):
        versions.record(text)
        versions.record(text.replace("Privacy Policy", "Terms"), document="Developer Terms")

    counts = import_ota().counts

    # We do not watch the developers' terms.
    assert {page.title[:9]: page.changes.count() for page in Page.objects.exclude(pk=ours.pk)} == {
        "Privacy P": 0,
        "Developer": 2,
    }
    assert counts["left out: since then we read the page ourselves"] == 2


# What to import


def test_only_the_named_services_are_imported(versions, import_ota):
    for service in ("Chirp", "Croak", "Quack"):
        versions.record(SILENT, prefix=FIRST, service=service)

    import_ota("--service", "chirp", "--service", "Quack")

    assert set(Platform.objects.values_list("name", flat=True)) == {"Chirp", "Quack"}


def test_a_service_that_is_not_recorded_is_an_error(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)

    with pytest.raises(CommandError, match="no document of that service"):
        import_ota("--service", "Nobody")


def test_with_since_the_first_change_is_compared_with_the_text_before_it(versions, import_ota):
    for text in (SILENT, policy("Something else."), TRAINING, OPT_OUT):
        versions.record(text)

    import_ota("--since", "2024-01-03")

    change = Change.objects.order_by("observed_to").first()
    assert "Something else." in change.before_document.text
    assert Change.objects.count() == 2


def test_a_dry_run_prints_what_would_be_read_and_writes_nothing(versions, import_ota):
    make_platform("chirp", name="Chirp")
    versions.record(SILENT, prefix=FIRST)
    versions.record(SILENT, prefix=FIRST, service="Croak")

    report = import_ota("--dry-run")

    assert "Chirp: Privacy Policy (Chirp, new history)" in report.counts
    assert "Croak: Privacy Policy (a new platform, new history)" in report.counts
    assert report.counts["commits to read; nothing was written"] == 2
    assert not Page.objects.exists()
    assert Platform.objects.count() == 1


@pytest.mark.parametrize("what", ["nothing", "file", "folder"])
def test_a_folder_without_a_repository_is_an_error(import_ota, tmp_path, what):
    place = tmp_path / "place"
    if what == "file":
        place.write_text("")
    elif what == "folder":
        place.mkdir()

    with pytest.raises(CommandError, match="place"):
        import_ota(repository=place)


def test_a_clone_without_a_remote_needs_a_name(versions, import_ota):
    versions.git("remote", "remove", "origin")
    versions.record(SILENT, prefix=FIRST)

    with pytest.raises(CommandError, match="--name"):
        import_ota()


def test_programs_named_in_a_repository_are_not_run(versions, import_ota, tmp_path):
    program = tmp_path / "program"
    program.write_text(
        # It reads its input, because git fails if it cannot write all of it.
        f"#!/bin/sh\ncat >/dev/null\ntouch {tmp_path}/was-run\n"
        "echo '[GNUPG:] SIG_CREATED ' >&2\n"
        "echo '-----BEGIN PGP SIGNATURE-----'\necho '-----END PGP SIGNATURE-----'\n"
    )
    program.chmod(0o755)
    versions.git("config", "gpg.program", str(program))
    versions.git("config", "commit.gpgSign", "true")
    versions.git("config", "log.showSignature", "true")
    versions.record(SILENT, prefix=FIRST)
    (tmp_path / "was-run").unlink()

    import_ota()

    assert Page.objects.exists()
    assert not (tmp_path / "was-run").exists()


# Repeated imports


@pytest.mark.database
def test_a_second_run_changes_nothing(versions, import_ota):
    for text in (SILENT, TRAINING, SILENT, OPT_OUT):
        versions.record(text)
    versions.record(f"Menu\n\n{OPT_OUT}", prefix=UPGRADE)
    import_ota()
    before = everything()

    counts = import_ota().counts

    assert everything() == before
    assert counts["commits read, of 0 documents"] == 0


def test_a_later_run_reads_what_is_new(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    import_ota()
    versions.record(TRAINING)

    assert import_ota().counts["commits read, of 1 documents"] == 1
    assert Change.objects.count() == 1


def test_a_rewritten_history_is_not_imported_twice(versions, import_ota):
    for text in (SILENT, TRAINING):
        versions.record(text)
    import_ota()
    versions.git("checkout", "--quiet", "--orphan", "rewritten")
    versions.now = START
    for text in (SILENT, TRAINING, OPT_OUT):
        versions.record(text, prefix=f"{CHANGES} the")

    import_ota()

    assert Change.objects.count() == 2


@pytest.mark.database
@pytest.mark.parametrize("known", [True, False])
def test_of_two_concurrent_imports_one_ends(versions, import_ota, known):
    versions.record(SILENT, prefix=FIRST)
    if known:
        import_ota()
    versions.record(TRAINING)
    repository = Repository.at(versions.folder)
    planned = plan_import(repository)
    import_ota()
    before = everything()

    with pytest.raises(ConcurrentImport):
        import_all(repository, planned, archive=open_archive(), most_bytes=100_000)

    assert everything() == before


def test_a_page_that_a_curator_moved_to_another_platform_stays_there(versions, import_ota):
    versions.record(SILENT, prefix=FIRST)
    import_ota()
    croak = make_platform("croak")
    with arranged():
        Page.objects.update(platform=croak)
    versions.record(TRAINING)

    import_ota()

    assert Change.objects.get().page.platform == croak


def everything():
    """Return all rows that an import writes."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Platform, Page, Snapshot, Document, Change)
    ]


@pytest.mark.parametrize("at", [-86_400, 4_200_000_000, 2**40])
def test_a_commit_with_an_impossible_date_is_an_error(versions, import_ota, at):
    versions.record("We read posts.", prefix=FIRST)
    tree = versions.git("rev-parse", "HEAD^{tree}")
    raw = (
        f"tree {tree}\nauthor Bot <bot@terms.example> {at} +0000\n"
        f"committer Bot <bot@terms.example> {at} +0000\n\n"
        "First record of Chirp Privacy Policy\n"
    )
    file = versions.folder / "raw-commit"
    file.write_text(raw)
    sha = versions.git("hash-object", "-w", "-t", "commit", "--literally", str(file))
    versions.git("update-ref", "HEAD", sha)
    with pytest.raises(CommandError, match=f"commit {sha} is dated"):
        import_ota()
