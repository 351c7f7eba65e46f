"""Catalog files: which are valid, their errors, and how they are loaded."""

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.declarations import (
    CatalogError,
    PageDeclaration,
    PlatformDeclaration,
    Report,
    read_yaml,
    reconcile_pages,
    reconcile_platforms,
    stored_platforms,
    write_yaml,
)
from platforms.models import Page, Platform
from tests.arranging import arranged

PLATFORM = {
    "name": "Chirp",
    "operator": "Chirp Ltd.",
    "category": "social",
    "homepage": "https://chirp.example",
}


def read(text, model=PlatformDeclaration):
    return read_yaml(textwrap.dedent(text), "chirp.yaml").validated(model)


def problems_of(text, model=PlatformDeclaration):
    """Return the errors of a file as texts."""
    with pytest.raises(CatalogError) as caught:
        read(text, model)
    return [str(problem) for problem in caught.value.problems]


def declared(**changes):
    return PlatformDeclaration.model_validate_json(json.dumps(PLATFORM | changes), strict=True)


def test_dates_and_words_like_on_and_no_stay_texts():
    source = read_yaml("{a: 2024-07-16, b: 2024-07, c: on, d: no, e: 'true', f: 012}", "chirp.yaml")

    assert source.data == {
        "a": "2024-07-16",
        "b": "2024-07",
        "c": "on",
        "d": "no",
        "e": "true",
        "f": "012",
    }


def test_numbers_booleans_and_null_are_read():
    assert read_yaml("{a: 7, b: true, c: null, d: }", "chirp.yaml").data == {
        "a": 7,
        "b": True,
        "c": None,
        "d": None,
    }


def test_a_key_written_twice_is_refused_with_its_line():
    assert problems_of("name: Chirp\nname: Tweet\n") == [
        "chirp.yaml:2 name: is written twice; keep one"
    ]


def test_aliases_are_refused():
    [problem] = problems_of("a: &x [1]\nb: *x\n")

    assert problem.startswith("chirp.yaml:1: anchors and aliases are not allowed")


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.getcwd", "!secret", "!!binary"])
def test_tags_are_refused_and_nothing_is_built(tag):
    [problem] = problems_of(f"name:\n- {tag} []\n")

    assert problem.startswith("chirp.yaml:2: the tag ")


def test_deep_nesting_is_refused():
    [problem] = problems_of("[" * 20)

    assert problem == "chirp.yaml:1: nested deeper than 16 levels"


def test_a_file_too_long_is_refused():
    [problem] = problems_of("#" * 1_000_001)

    assert problem == "chirp.yaml: longer than 1,000,000 characters"


def test_broken_yaml_is_refused_with_its_line():
    [problem] = problems_of("name: Chirp\nsummary: 'unclosed\n")

    assert problem.startswith("chirp.yaml:")
    assert "is not valid YAML" in problem


def test_an_unknown_key_gets_the_nearest_known_one():
    problems = problems_of(
        """\
        name: Chirp
        operater: Chirp Ltd.
        category: social
        homepage: https://chirp.example
        """
    )

    assert "chirp.yaml:2 operater: unknown key; did you mean 'operator'?" in problems


def test_all_errors_are_reported_at_once():
    problems = problems_of("name: Chirp\ncategory: socail\nhomepage: chirp.example\n")

    assert problems == [
        "chirp.yaml:1 operator: is missing; add it",
        "chirp.yaml:2 category: 'socail' is not in the list; did you mean 'social'? allowed: "
        "social, assistant, workplace, creative, media, developer, device, games, education, "
        "shopping, travel, payment, dating, vehicle, data-broker",
        "chirp.yaml:3 homepage: 'chirp.example' is not a web address; begin it with https://",
    ]


def test_a_number_is_refused_as_a_text():
    assert problems_of("name: 7\noperator: A\ncategory: social\nhomepage: https://a.example\n") == [
        "chirp.yaml:1 name: Input should be a valid string, not 7"
    ]


def test_a_day_of_an_owner_is_refused_without_its_source():
    service = "name: A\noperator: A\ncategory: social\nhomepage: https://a.example\n"
    [problem] = problems_of(f"{service}owners: [{{name: Perch, since: 2026-05}}]\n")
    assert "says that Perch owns it since 2026-05; add the source" in problem


def test_a_name_of_two_lines_is_refused_with_advice():
    [problem] = problems_of(
        "url: https://a.example\nkind: help\ntitle: |\n  A\n  B\n", PageDeclaration
    )

    assert problem == "chirp.yaml:3 title: must be one line; join the lines or fold them with '>-'"


@pytest.mark.parametrize(
    "url",
    ["ftp://chirp.example", "https://user@chirp.example", "https://", "https://[", "javascript:1"],
)
def test_other_addresses_than_of_the_web_are_refused(url):
    [problem] = problems_of(f"url: '{url}'\nkind: help\ntitle: Help\n", PageDeclaration)

    assert "is not a web address" in problem


def test_a_page_may_be_watched_by_a_range_of_selectors():
    page = read(
        """\
        url: https://chirp.example/terms
        kind: terms
        title: Terms
        select: [{startAfter: h2, endBefore: footer}]
        """,
        PageDeclaration,
    )

    assert page.select == ({"startAfter": "h2", "endBefore": "footer"},)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Zl", "Zp"]), max_size=300
)


@given(
    st.recursive(
        TEXTS | st.booleans() | st.integers(0, 10**8) | st.none(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(TEXTS.filter(lambda key: len(key) < 60), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_written_data_is_read_back_unchanged(data):
    assert read_yaml(write_yaml({"data": data}), "chirp.yaml").data == {"data": data}


def test_a_page_is_written_with_its_address_first():
    page = read(
        """\
        places: [DE]
        title: Help
        kind: help
        url: https://chirp.example/help
        """,
        PageDeclaration,
    )

    assert list(page.as_data()) == ["url", "kind", "title", "places"]


def test_writing_folds_long_texts_and_keeps_short_lists_on_one_line():
    text = write_yaml({"kinds": ["a", "b"], "summary": "word " * 30 + "end", "date": "2024-07-16"})

    assert text == (
        "kinds: [a, b]\n"
        "summary: >-\n  " + ("word " * 19).strip() + "\n  " + "word " * 11 + "end\n"
        "date: '2024-07-16'\n"
    )


@pytest.mark.django_db
class TestReconciliation:
    def load(self, declaration, take=None):
        report = Report()
        reconcile_platforms({"chirp": declaration}, report=report, take=take)
        return report

    def test_a_record_nobody_edited_follows_the_file(self):
        self.load(declared())

        report = self.load(declared(operator="Tweet Ltd."))

        assert report.changed["platform"] == 1
        assert Platform.objects.get().operator == "Tweet Ltd."

    def test_loading_the_same_twice_changes_nothing(self):
        self.load(declared())

        report = self.load(declared())

        assert (report.touched, report.left_alone["platform"]) == (0, 1)

    def test_the_address_for_objections_is_stored_and_read_back(self):
        contact = {
            "email": "privacy@chirp.example",
            "post": "1 Chirp Street",
            "source": "https://chirp.example/privacy",
        }
        self.load(declared(contact=contact))

        row = Platform.objects.get()

        assert (row.contact_email, row.contact_form, row.contact_post, row.contact_source) == (
            "privacy@chirp.example",
            "",
            "1 Chirp Street",
            "https://chirp.example/privacy",
        )
        assert stored_platforms()["chirp"].declaration.as_data()["contact"] == contact

    def test_an_edit_is_never_overwritten_and_both_values_are_listed(self):
        self.load(declared())
        with arranged():
            Platform.objects.update(operator="Edited Ltd.")

        report = self.load(declared(operator="Tweet Ltd."))

        assert Platform.objects.get().operator == "Edited Ltd."
        [conflict] = report.conflicts
        assert conflict.differences == (("operator", "Edited Ltd.", "Tweet Ltd."),)
        assert conflict.file_changed

    def test_an_edit_is_kept_if_the_file_is_unchanged(self):
        self.load(declared())
        with arranged():
            Platform.objects.update(note="Checked by hand.")

        report = self.load(declared())

        assert report.kept["platform"] == 1
        assert not report.conflicts[0].file_changed

    def test_the_file_wins_on_request(self):
        self.load(declared())
        with arranged():
            Platform.objects.update(operator="Edited Ltd.")

        self.load(declared(operator="Tweet Ltd."), take="file")

        assert Platform.objects.get().operator == "Tweet Ltd."

    def test_the_database_wins_on_request_and_the_conflict_ends(self):
        self.load(declared())
        with arranged():
            Platform.objects.update(operator="Edited Ltd.")
        self.load(declared(operator="Tweet Ltd."), take="database")

        report = self.load(declared(operator="Tweet Ltd."))

        assert Platform.objects.get().operator == "Edited Ltd."
        assert not report.conflicts[0].file_changed

    def test_an_edit_that_is_also_in_the_file_no_longer_counts_as_one(self):
        self.load(declared())
        with arranged():
            Platform.objects.update(operator="Edited Ltd.")
        self.load(declared(operator="Edited Ltd."))

        report = self.load(declared(operator="Tweet Ltd."))

        assert (report.changed["platform"], report.conflicts) == (1, [])

    def test_a_record_of_the_desk_is_not_reported_as_missing(self):
        Platform.objects.create(
            slug="desk", name="Desk", operator="D", category="social", homepage="https://d.example"
        )

        report = self.load(declared())

        assert report.missing == []

    def test_a_record_removed_from_the_files_is_reported_and_kept(self):
        self.load(declared())
        report = Report()

        reconcile_platforms({}, report=report)

        assert report.missing == ["platform chirp"]
        assert Platform.objects.count() == 1

    def test_what_workers_know_of_a_page_stays(self):
        platforms = reconcile_platforms({"chirp": declared()}, report=Report())
        page = read("{url: 'https://chirp.example/help', kind: help, title: Help}", PageDeclaration)
        reconcile_pages({("chirp", page.url): page}, platforms, report=Report())
        Page.objects.update(gaps_in_a_row=3, health="failing")
        renamed = page.model_copy(update={"title": "Help centre"})

        report = Report()
        reconcile_pages({("chirp", page.url): renamed}, platforms, report=report)

        row = Page.objects.get()
        assert (row.title, row.gaps_in_a_row, row.health) == ("Help centre", 3, "failing")
        assert report.changed["page"] == 1
