"""The lists that the API, the files and the dumps share."""

import datetime as dt

import pytest
from pydantic import BaseModel

from consent.declarations import load_catalog
from consent.models import Entry
from consent.open_data.entries import records_of
from consent.open_data.lists.resources import RESOURCES
from consent.open_data.tables import SHAPES
from tests.arranging import version_everything
from tests.consent.declarations.conftest import Folder
from tests.factories import make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["made-up", "ours"])
def catalog(request, transactional_db, tmp_path):
    if request.param == "ours":
        request.getfixturevalue("whole_catalog")
    else:
        load_catalog(Folder(tmp_path / "catalog").path)


def names_of(shape):
    return {name: field.annotation for name, field in shape.model_fields.items()}


def require_shape(record, shape):
    """Every field is there, none besides, and each has a value of its type."""
    assert record.keys() == names_of(shape).keys()
    assert shape.model_validate(record)
    for name, kind in names_of(shape).items():
        inner = [each for each in (kind, *getattr(kind, "__args__", ())) if isinstance(each, type)]
        shapes = [each for each in inner if issubclass(each, BaseModel)]
        values = record[name] if isinstance(record[name], list) else [record[name]]
        for value in values if shapes else ():
            if value is not None:
                require_shape(value, shapes[0])


def test_every_record_has_the_fields_that_are_described(catalog):
    """Answers are not validated when they are given."""
    for name, public_list in RESOURCES.items():
        for record in public_list.all():
            require_shape(record, SHAPES[name])
    for record in records_of(Entry.objects.on_record().pks()):
        require_shape(record, SHAPES["entries"])


def test_parts_of_a_list_are_the_whole_list(client):
    """By any page size, also where ids and slugs have another order."""
    for slug in ("a", "a-b", "ab"):
        platform = make_platform(slug)
        for number in range(2):
            use = make_use(platform, slug=f"use-{number}")
            make_state(use, starts_on=dt.date(2024, 1, 1))
    for name in ("platforms", "uses", "states"):
        whole = list(RESOURCES[name].all())
        assert [each["id"] for each in whole] == sorted(each["id"] for each in whole)
        for limit in (1, 2, 100):
            walked, address = [], f"/api/v1/{name}?limit={limit}"
            while address:
                page = client.get(address).json()
                assert page["total"] == len(whole)
                walked += page["items"]
                address = page["next"]
            assert walked == whole


def test_comparing_versions_again_changes_nothing(catalog, django_assert_max_num_queries):
    with django_assert_max_num_queries(50):
        assert version_everything() == 0
