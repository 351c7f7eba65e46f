"""Pages, mails and data in the words that curators wrote for a language, beside the catalog."""

import datetime as dt

import pytest
import yaml
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import translation

from consent.alerts.mails.emails import draft_new_steps
from consent.ledger.catalog_words import publisher_words
from consent.ledger.facts import act_facts
from consent.ledger.verdict_words import act_words
from consent.models import GuideStep, Revision
from consent.vocabulary import PublicationStatus
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db

WORDS = """\
[x]
"Turn off Grok on X" = "Grok auf X ausschalten"
"people in the US" = "Menschen in den USA"
"Have your password at hand." = "Halten Sie Ihr Passwort bereit."
"Clear the box Grok & more." = "Entfernen Sie das Häkchen bei „Grok & more“, nicht bei „Alles“."
"The box Grok & more is empty." = "Das Kästchen „Grok & more“ ist leer."
"Reload the page." = "Laden Sie die Seite neu."
"Old posts stay in." = "Alte Beiträge bleiben drin."
"Moved in May." = "Im Mai umgezogen."
"The switch of the account" = "Der Schalter des Kontos"
"Seen on the web only." = "Nur im Web gesehen."
"""
GERMAN = [line.split('" = "')[1].removesuffix('"') for line in WORDS.splitlines()[1:]]


@pytest.fixture
def german(tmp_path, settings):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.de.toml").write_text(WORDS, encoding="utf-8")


@pytest.fixture
def guide():
    titles = {"de": {"title": "Ihre Beiträge trainieren Grok", "title_if_not": ""}}
    use = make_use(make_platform("x", name="X"), slug="posts", titles=titles)
    make_state(use)
    control = make_control(use, name="The switch of the account", note="Seen on the web only.")
    guide = make_guide(
        control.platform,
        control,
        slug="off-on-x",
        title="Turn off Grok on X",
        who="people in the US",
        before_you_start=["Have your password at hand."],
        how_to_check="Reload the page.",
        caveats=["Old posts stay in."],
        note="Moved in May.",
    )
    GuideStep.objects.filter(position=2).update(
        act="Clear the box Grok & more.", expect="The box Grok & more is empty."
    )
    return guide


def page_of(client, address):
    return BeautifulSoup(client.get(address).text, "lxml")


def test_a_german_guide_is_german_from_its_title_to_its_note(client, german, guide):
    page = page_of(client, "/de/guides/off-on-x")
    assert page.h1.get_text() == "Grok auf X ausschalten"
    assert page.title.get_text().startswith("Grok auf X ausschalten")
    assert [each for each in GERMAN[:-1] if each not in page.main.get_text()] == []
    english = {each.get_text() for each in page.main.select('[lang="en"]')}
    assert english == {"Settings › Privacy › Training", "Grok & more"}


def test_english_and_french_guides_do_not_have_the_german_words(client, german, guide):
    for prefix in ("", "/fr"):
        page = page_of(client, f"{prefix}/guides/off-on-x")
        assert page.h1.get_text() == "Turn off Grok on X"
        assert [each for each in GERMAN if each in page.get_text()] == []


def test_words_of_the_product_are_marked_as_english_where_the_english_text_has_them(
    client, german, guide
):
    act = page_of(client, "/de/guides/off-on-x").select(".step-act")[1]
    assert act.get_text() == "Entfernen Sie das Häkchen bei „Grok & more“, nicht bei „Alles“."
    assert [each.get_text() for each in act.select("[lang]")] == ["Grok & more"]


def test_of_a_menu_path_the_words_of_the_product_alone_stay_english(
    client, german, guide, settings
):
    ours = "Settings › Privacy › Training", "Settings › die Privatsphäre des Kindes › Training"
    words_file = settings.CATALOG_DIR / "_words.de.toml"
    words_file.write_text(f'{WORDS}"{ours[0]}" = "{ours[1]}"\n', encoding="utf-8")
    for address in ("/de/guides/off-on-x", "/de/platforms/x"):
        path = page_of(client, address).select_one(".menu-path")
        assert path.get_text() == ours[1]
        assert [each.get_text() for each in path.select("[lang]")] == ["Settings", "Training"]


def test_a_text_that_changed_is_shown_in_english_again(client, german, guide):
    guide.caveats = ["Old posts may stay in."]
    guide.title = "Turn off Grok"
    guide.save()
    page = page_of(client, "/de/guides/off-on-x")
    assert page.h1.span["lang"] == "en"
    assert page.h1.get_text() == "Turn off Grok"
    (caveat,) = page.select(".caveat li")
    assert (caveat.get_text(), caveat.span["lang"]) == ("Old posts may stay in.", "en")


def test_a_control_is_named_and_noted_in_german(client, german, guide):
    page = page_of(client, "/de/platforms/x").main.get_text()
    assert "Der Schalter des Kontos" in page
    assert "Nur im Web gesehen." in page
    assert "Grok auf X ausschalten" in page
    with translation.override("de"):
        words = act_words(act_facts(guide.controls.get()))
    assert words == "Ausschalten: Der Schalter des Kontos"


@pytest.mark.parametrize("address", ["/de/guides?q=ausschalten", "/de/guides?q=turn+off"])
def test_guides_are_found_by_their_words_in_both_languages(client, german, guide, address):
    page = page_of(client, address)
    assert [each.get_text() for each in page.select(".guide-line-title")] == [
        "Grok auf X ausschalten"
    ]


def test_a_mail_about_new_steps_names_the_guide_in_german(german, guide):
    with translation.override("de"):
        draft = draft_new_steps(guide)
    assert "Grok auf X ausschalten" in draft.text
    assert "Grok auf X ausschalten" in draft.html
    assert not mail.outbox


def test_programs_get_the_words_of_the_language_that_they_ask_for(client, german, guide):
    record = client.get("/api/v1/guides/off-on-x", {"lang": "de"}).json()["item"]
    assert (record["title"], record["who"], record["how_to_check"]) == (
        "Grok auf X ausschalten",
        "Menschen in den USA",
        "Laden Sie die Seite neu.",
    )
    assert record["caveats"] == ["Alte Beiträge bleiben drin."]
    assert record["before_you_start"] == ["Halten Sie Ihr Passwort bereit."]
    steps = record["surfaces"][0]["steps"]
    assert steps[0] == {"act": "Open the settings.", "expect": None}
    assert steps[1]["expect"] == "Das Kästchen „Grok & more“ ist leer."
    assert client.get("/api/v1/guides/off-on-x").json()["item"]["title"] == "Turn off Grok on X"


def test_summaries_groups_notes_and_changes_of_a_platform_are_told_in_german(
    client, tmp_path, settings
):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.de.toml").write_text(
        '[x]\n"X trains on posts." = "X trainiert mit Beiträgen."\n'
        '"owners of a device" = "Besitzer eines Geräts"\n'
        '"Not in Canada." = "Nicht in Kanada."\n'
        '"X begins to train" = "X beginnt zu trainieren"\n',
        encoding="utf-8",
    )
    platform = make_platform("x", name="X", summary="X trains on posts.")
    use = make_use(platform, who="owners of a device", covers="All posts", note="Not in Canada.")
    make_state(use)
    entry = make_entry(platform, title="X begins to train")
    page = page_of(client, "/de/platforms/x").main
    assert page.select_one(".lead").get_text() == "X trainiert mit Beiträgen."
    assert "Besitzer eines Geräts" in page.get_text()
    assert "Nicht in Kanada." in page.select_one(".card-notes").get_text()
    assert page.select_one(".state-card-covers > [lang=en]").get_text() == "All posts"
    assert page.select_one(".row-title").get_text() == "X beginnt zu trainieren"
    change = page_of(client, f"/de{entry.get_absolute_url()}")
    assert change.h1.get_text() == "X beginnt zu trainieren"


def test_a_change_is_summed_up_and_doubted_in_german(client, tmp_path, settings):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.de.toml").write_text(
        '[x]\n"Posts train Grok." = "Beiträge trainieren Grok."\n'
        '"The day is that of a report." = "Der Tag ist der eines Berichts."\n',
        encoding="utf-8",
    )
    platform = make_platform("x", name="X")
    told = make_entry(platform, summary="Posts train Grok.", note="The day is that of a report.")
    change = page_of(client, f"/de{told.get_absolute_url()}")
    assert change.select_one(".lead").get_text() == "Beiträge trainieren Grok."
    assert "Der Tag ist der eines Berichts." in change.select_one(".caveat").get_text()
    description = change.select_one("meta[name=description]")
    assert (description["content"], description.get("lang")) == ("Beiträge trainieren Grok.", None)

    untold = make_entry(platform, summary="Chats train Grok.")
    change = page_of(client, f"/de{untold.get_absolute_url()}")
    assert change.select_one(".lead > [lang=en]").get_text() == "Chats train Grok."
    assert change.select_one("meta[name=description]")["lang"] == "en"


def test_a_change_names_the_one_before_and_after_it_in_german(client, tmp_path, settings):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.de.toml").write_text(
        '[x]\n"X begins to train" = "X beginnt zu trainieren"\n'
        '"X goes on" = "X macht weiter"\n"X stops" = "X hört auf"\n',
        encoding="utf-8",
    )
    platform = make_platform("x", name="X")
    titles = ("X begins to train", "X goes on", "X stops")
    begun, goes_on, _stopped = (
        make_entry(platform, title=title, effective_on=dt.date(2024, month, 1))
        for month, title in enumerate(titles, 1)
    )
    goes_on.follows = begun
    goes_on.save()
    page = page_of(client, f"/de{goes_on.get_absolute_url()}")
    links = {each.get("rel")[0]: each for each in page.select("a[rel=prev], a[rel=next]")}
    assert links["prev"].get_text() == "X beginnt zu trainieren"
    assert links["next"].get_text() == "X hört auf"
    assert page.select_one(".course a").get_text() == "X beginnt zu trainieren"
    assert not page.main.find(string="X begins to train")


def test_a_claim_and_a_withdrawn_record_name_changes_in_german(client, tmp_path, settings):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.de.toml").write_text(
        '[x]\n"X begins to train" = "X beginnt zu trainieren"\n', encoding="utf-8"
    )
    entry = make_entry(make_platform("x", name="X"), key="x-2024", title="X begins to train")
    claim = {
        "slug": "x-trains",
        "claim": "X trains on posts.",
        "rating": "not-shown",
        "said_by": "Posts",
        "finding": "Nobody has shown it.",
        "entries": ["x-2024"],
        "revisions": [{"on": "2026-11-29", "what": "First published"}],
    }
    (tmp_path / "_claims.yaml").write_text(yaml.safe_dump({"claims": [claim]}))
    rests_on = page_of(client, "/de/claims/x-trains").select_one("[aria-labelledby=rests-on] a")
    assert (rests_on.get_text(), rests_on.get("lang")) == ("X beginnt zu trainieren", None)

    entry.status = PublicationStatus.RETRACTED
    entry.save()
    withdrawn = BeautifulSoup(client.get(f"/de{entry.get_absolute_url()}").text, "lxml")
    assert withdrawn.select_one(".lead s").get_text() == "X beginnt zu trainieren"
    assert withdrawn.title.get_text().startswith("Zurückgezogen: X beginnt zu trainieren")
    listed = page_of(client, "/de/corrections").select_one(f"a[href$='{entry.get_absolute_url()}']")
    assert listed.get_text() == "X beginnt zu trainieren"


def test_through_what_a_source_is_known_is_german(client, tmp_path, settings):
    settings.CATALOG_DIR = tmp_path
    words = '[_seen_via]\n"notes that quote it" = "Notizen, die es zitieren"\n'
    (tmp_path / "_words.de.toml").write_text(words, encoding="utf-8")
    entry = make_entry(make_platform("x"))
    make_source(entry, seen_via="notes that quote it")
    via = page_of(client, f"/de{entry.get_absolute_url()}").select_one(".seen-via")
    assert via.get_text().endswith("bekannt durch Notizen, die es zitieren")


def test_a_correction_is_told_in_german_and_what_is_left_in_english_is_marked(
    client, tmp_path, settings
):
    settings.CATALOG_DIR = tmp_path
    words = '[_revisions]\n"The day was wrong." = "Der Tag war falsch."\n'
    (tmp_path / "_words.de.toml").write_text(words, encoding="utf-8")
    entry = make_entry(make_platform("x"))
    changed = [{"field": "Summary", "before": "not stated", "after": "Fans were told."}]
    for reason in ("The day was wrong.", "It was a test."):
        Revision.objects.create(entry=entry, kind="correction", reason=reason, changed=changed)
    page = page_of(client, f"/de{entry.get_absolute_url()}")
    revisions = page.select_one(".revisions")
    assert "Der Tag war falsch." in revisions.get_text()
    assert revisions.select_one("del").get_text() == "nicht angegeben"
    assert not revisions.select("del [lang]")
    left = {each.get_text() for each in page.select(".revisions .untranslated[lang=en]")}
    assert left == {"It was a test.", "Fans were told."}


def test_what_curators_say_of_a_publisher_is_german_and_its_name_stays(tmp_path, settings):
    settings.CATALOG_DIR = tmp_path
    words = '[_publishers]\n"(cites TechCrunch)" = "(zitiert TechCrunch)"\n'
    (tmp_path / "_words.de.toml").write_text(words, encoding="utf-8")
    assert publisher_words("Some Site (cites TechCrunch)") == "Some Site (cites TechCrunch)"
    with translation.override("de"):
        assert publisher_words("Some Site (cites TechCrunch)") == "Some Site (zitiert TechCrunch)"
        assert publisher_words("Some Site (Ireland)") == "Some Site (Ireland)"
        assert publisher_words("TechCrunch") == "TechCrunch"


@pytest.mark.parametrize("view", ["answers", "search"])
def test_what_only_others_report_is_told_in_the_language_of_the_page(
    client, tmp_path, settings, view
):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.fr.toml").write_text(
        '[owl]\n"One watcher read of recordings." = "Un observateur a lu sur des voix."\n',
        encoding="utf-8",
    )
    use = make_use(make_platform("owl", name="Owl"), data_kinds=["voice"])
    make_state(use, "unclear", why="reports-only", note="One watcher read of recordings.")
    for language, told in (
        ("/fr", "Un observateur a lu sur des voix."),
        ("/de", "One watcher read of recordings."),
    ):
        page = page_of(client, f"{language}/{view}?q=Does+Owl+train+on+my+voice%3F")
        assert told in page.main.get_text()
