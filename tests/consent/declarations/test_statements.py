"""What providers declare under a law: files, database, page; it never sets a state."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from consent.declarations import export_catalog, load_catalog, read_catalog
from consent.models import ProviderStatement, State
from platforms.declarations import CatalogError
from platforms.models import Platform

STATEMENTS = """\
statements:
- key: chirp-one-ai-act
  provider: Chirp Ltd.
  platforms: [chirp, duck]
  law: eu-ai-act-53-1-d
  model: Chirp One
  dated: '2026-07-02'
  answers:
    chats_with_this_model: 'yes'
    data_of_other_services: 'no'
    services_named: Chirp and its apps.
  document:
    url: https://chirp.example/summary.pdf
    sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  readable: by-person
  sources:
  - url: https://lab.example/chirp
    publisher: The Lab
    date: '2026-07-21'
"""


@pytest.fixture
def declaring(folder):
    folder.write("_statements", STATEMENTS)
    return folder


@pytest.mark.django_db
class TestOnAPage:
    def test_it_stands_beside_the_answer_and_sets_no_state(self, declaring, folder, client):
        load_catalog(declaring.path)

        page = client.get("/platforms/chirp").content.decode()
        section = page[page.index('id="statements"') :]
        assert "Chirp Ltd. on Chirp One" in section
        assert "EU AI Act, Article 53(1)(d)" in section
        assert "2 July 2026" in section
        assert "No program can read these answers: a person read them." in section
        assert "The Lab" in section
        assert page.index('id="answer"') < page.index('id="statements"')
        values = set(State.objects.filter(branch__use__platform__slug="chirp").values_list("value"))
        assert values == {("not-used",), ("unless-refused",), ("only-if-agreed",)}

    def test_a_platform_without_one_has_no_section(self, declaring, client):
        load_catalog(declaring.path)

        assert 'id="statements"' not in client.get("/platforms/goose").content.decode()


@pytest.mark.django_db
def test_it_comes_back_from_the_database_as_it_was(declaring, tmp_path):
    load_catalog(declaring.path)
    export_catalog(tmp_path / "out")

    assert (tmp_path / "out" / "_statements.yaml").read_text() == STATEMENTS.replace("\n- ", "\n- ")
    assert load_catalog(tmp_path / "out").touched == 0


@pytest.mark.django_db
def test_a_file_changes_it_and_other_code_does_not(declaring):
    load_catalog(declaring.path)
    declaring.replace("_statements", "chats_with_this_model: 'yes'", "chats_with_this_model: 'no'")
    load_catalog(declaring.path)
    statement = ProviderStatement.objects.get()
    assert (statement.chats_with_this_model, statement.dated_on) == ("no", dt.date(2026, 7, 2))

    for forbidden in (
        lambda: ProviderStatement.objects.update(chats_with_this_model="yes"),
        lambda: statement.platforms.set(Platform.objects.filter(slug="goose")),
        lambda: statement.sources.update(publisher="Somebody"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            forbidden()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[chirp, duck]", "[chirp, dog]", "no platform 'dog'"),
        ("'yes'", "'maybe'", "'maybe' is not in the list"),
        ("eu-ai-act-53-1-d", "eu-ai-act", "did you mean 'eu-ai-act-53-1-d'"),
        ("  readable: by-person\n", "", "readable: is missing"),
    ],
)
def test_a_mistake_is_told_with_its_place(declaring, old, new, problem):
    declaring.replace("_statements", old, new)

    with pytest.raises(CatalogError, match=problem):
        read_catalog(declaring.path)


def test_our_catalog_has_the_seven_that_are_known_and_watches_where_more_will_be():
    catalog = read_catalog(settings.BASE_DIR / "platforms" / "catalog")

    answers = {
        statement.model: (
            statement.answers.chats_with_this_model,
            statement.answers.data_of_other_services,
            statement.readable,
        )
        for statement in catalog.statements.values()
    }
    assert (
        answers.items()
        >= {
            "GPT-5.5": ("no", "yes", "by-program"),
            "Gemini 3 Pro": ("yes", "yes", "by-person"),
            "Grok 4.5": ("yes", "yes", "by-program"),
            "Muse Spark": ("yes", "yes", "by-program"),
            "Muse Image": ("yes", "yes", "by-program"),
            "MAI-Image-2": ("no", "no", "by-program"),
            "Firefly Image Model 5": ("no", "no", "by-program"),
        }.items()
    )
    watched = {url for (_, url), page in catalog.pages.items() if page.kind == "training-summary"}
    assert watched >= {
        "https://help.openai.com/en/articles/12141645-eu-ai-act",
        "https://transparency.meta.com/reports/regulatory-transparency-reports/",
        "https://media.x.ai",
        "https://microsoft.ai",
    }
