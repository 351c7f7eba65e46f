"""A new database is made quickly: no table is rebuilt for what it could have been made with."""

from importlib import import_module

import pytest
from django.db import migrations, models

from consent.management.commands.makemigrations import with_their_tables

HAS_NAME = models.CheckConstraint(condition=~models.Q(name=""), name="has_name")
HAS_BIRD = models.CheckConstraint(condition=models.Q(bird__isnull=False), name="has_bird")
BY_NAME = models.Index(fields=["name"], name="by_name")


def test_what_names_no_later_field_is_made_with_its_table():
    nest = migrations.CreateModel("Nest", [("name", models.TextField())])
    bird = migrations.CreateModel("Bird", [("name", models.TextField())])
    field = migrations.AddField("nest", "bird", models.ForeignKey("Bird", models.CASCADE))
    late = migrations.AddConstraint("nest", HAS_BIRD)
    early = [migrations.AddConstraint("nest", HAS_NAME), migrations.AddIndex("nest", BY_NAME)]

    assert with_their_tables([nest, bird, field, *early, late]) == [nest, bird, field, late]
    assert nest.options == {"constraints": [HAS_NAME], "indexes": [BY_NAME]}
    assert bird.options == {}


def test_what_is_added_to_an_older_table_is_added():
    operations = [migrations.AddConstraint("nest", HAS_NAME), migrations.AddIndex("nest", BY_NAME)]

    assert with_their_tables(operations) == operations


@pytest.mark.parametrize("app", ["platforms", "consent"])
def test_no_table_of_the_first_version_is_rebuilt_for_what_it_could_be_made_with(app):
    first = import_module(f"{app}.migrations.0001_version_1").Migration.operations

    assert with_their_tables(first) == first
