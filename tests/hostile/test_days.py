"""Days that no calendar of ours should meet, at every place where one can be given."""

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.forms import modelform_factory

from consent.classification.dates import read_dates
from consent.desk.forms import SnoozeForm, StateForm
from consent.desk.revision_page import PostponeForm
from consent.ledger.filters import TimelineFilters
from consent.ledger.matrix import MatrixFilters
from consent.models import Entry
from consent.public.questions.day_form import DayForm
from platforms.days import EARLIEST, LATEST, read_day
from platforms.declarations import PartialDate
from platforms.importers.captures import read_timestamp
from tests.factories import make_entry, make_platform, make_use
from tests.sweeps import some

FAR = ("0001-01-01", "0999-12-31", "1969-12-31", "2101-01-01", "9999-12-31")
HUGE = "9" * 5000
NONE = ("", "0", "0000-00-00", "2024-02-30", HUGE, f"{HUGE}-01-01", "nan", "-1", "١٩٩٩-01-01")


@pytest.mark.parametrize("days", [FAR, NONE])
@pytest.mark.django_db
def test_no_day_in_an_address_breaks_a_page(client, days):
    make_entry(make_platform("x", name="X"))
    for address in (
        "/timeline?since={}",
        "/timeline?until={}",
        "/timeline?by=published&until={}",
        "/timeline?by=observed&since={}&until={}",
        "/subscribe?view=until%3D{}",
        "/de/timeline?until={}",
    ):
        for day in some(days, 2):
            answer = client.get(address.format(day, day))
            assert answer.status_code == 200, (address, day[:20])


# A form reads Arabic digits too, so that day can be asked for.
@pytest.mark.parametrize("day", some([*FAR, *(day for day in NONE if day and day.isascii())], 6))
@pytest.mark.django_db
def test_no_answer_is_given_for_a_day_that_cannot_be(client, day):
    make_entry(make_platform("x", name="X"))
    for address in ("/platforms?asof={}", "/platforms/x?asof={}", "/matrix?asof={}"):
        answer = client.get(address.format(day))
        assert answer.status_code == 400, (address, day[:20])
        assert 'name="asof"' in answer.text


@pytest.mark.parametrize("day", some(FAR, 2))
@pytest.mark.django_db
def test_a_reader_is_told_which_days_can_be_asked_for(client, day):
    make_entry(make_platform("x", name="X"))
    for address in ("/timeline?until={}", "/platforms/x?asof={}", "/matrix?asof={}"):
        assert "from 1970 to 2100" in client.get(address.format(day)).content.decode(), address
    refused = client.get(f"/matrix.csv?asof={day}")
    assert refused.status_code == 400
    assert "from 1970 to 2100" in refused.content.decode()


@pytest.mark.parametrize("day", [EARLIEST, LATEST])
@pytest.mark.django_db
def test_the_first_and_the_last_day_can_be_asked_for(client, day):
    make_entry(make_platform("x", name="X"))
    for address in (
        "/timeline?until={}",
        "/timeline?by=published&until={}",
    ):
        answer = client.get(address.format(day))
        assert answer.status_code == 200
        assert "from 1970 to 2100" not in answer.content.decode()
    # Nobody knows yet what holds on a day to come.
    for address in (f"/platforms?asof={day}", f"/matrix?asof={day}&changed=on"):
        answer = client.get(address)
        assert answer.status_code == (200 if day == EARLIEST else 400)
        assert "from 1970 to 2100" not in answer.text


def days_of_models():
    """Every field for a day that people can fill in."""
    return [
        field
        for app in ("consent", "platforms")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DateField)
        and not isinstance(field, models.DateTimeField)
        and field.editable
    ]


@pytest.mark.parametrize("field", days_of_models(), ids=str)
@pytest.mark.parametrize("day", FAR)
def test_no_model_takes_a_far_day_from_a_form(field, day):
    form = modelform_factory(field.model, fields=[field.name])({field.name: day})
    assert "from 1970 to 2100" in str(form.errors[field.name])


@pytest.mark.parametrize("day", FAR)
@pytest.mark.django_db
def test_no_form_of_the_desk_takes_a_far_day(day):
    branch = make_use(make_platform()).branches.get()
    for form, name in (
        (PostponeForm({"reason": "r", "to": day}, entry=Entry()), "to"),
        (SnoozeForm({"until": day}), "until"),
        (
            StateForm({f"branch-{branch.pk}-starts_on": day}, branch=branch),
            "starts_on",
        ),
    ):
        assert "from 1970 to 2100" in str(form.errors[name])


def test_every_field_for_a_day_is_bounded():
    """Forms for days use the field that knows the bounds."""
    forms_with_days = (DayForm({}), MatrixFilters({}), TimelineFilters({}))
    plain = [
        (type(form).__name__, name)
        for form in (*forms_with_days, SnoozeForm(), PostponeForm(entry=Entry()))
        for name, field in form.fields.items()
        if type(field) is forms.DateField
    ]
    assert plain == []


@pytest.mark.parametrize("day", FAR)
def test_no_catalog_takes_a_far_day(day):
    with pytest.raises(ValueError, match="from 1970 to 2100"):
        PartialDate.parse(day)
    with pytest.raises(ValueError, match="from 1970 to 2100"):
        PartialDate.parse(day[:4])


@pytest.mark.parametrize("day", FAR)
def test_no_capture_of_an_archive_is_of_a_far_day(day):
    with pytest.raises(ValueError, match="from 1970 to 2100"):
        read_timestamp(day.replace("-", "") + "000000")


@pytest.mark.parametrize(
    "words",
    [
        "Effective 31 September 2026, we train.",
        "Effective February 30, 2026, we train.",
        "Effective 2026-02-31, we train.",
        "Effective 0000-01-01, we train.",
        "Effective 9999-12-31, we train.",
        "Effective 31 December 9999, we train.",
        "Effective January 0000, we train.",
    ],
)
def test_a_page_gives_no_day_that_cannot_be(words):
    assert read_dates(words) == ()


@pytest.mark.parametrize("text", [*FAR, *NONE])
def test_what_is_no_day_is_read_as_none(text):
    assert read_day(text) is None
