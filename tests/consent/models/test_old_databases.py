"""The stored tables of earlier versions are those that their migrations make."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.consent.models.old_databases import (
    VERSIONS,
    digest_of_migrations,
    empty_database,
    migrate_to,
    old_database,
    stored_schema,
)
from tests.consent.models.schema import schema_of

pytestmark = [pytest.mark.database, pytest.mark.parametrize("version", VERSIONS)]


def test_nobody_has_edited_the_migrations_since_their_tables_were_stored(version):
    assert f"migrations: {digest_of_migrations(version)}\n" in stored_schema(version)


@pytest.mark.drill
@pytest.mark.django_db
def test_stored_tables_are_those_that_migrations_make(version, tmp_path):
    with old_database(version, tmp_path):
        stored = schema_of(connection), applied()
    (tmp_path / "migrated").mkdir()
    with empty_database(tmp_path / "migrated"):
        migrate_to(version)
        assert stored == (schema_of(connection), applied())


def applied():
    return set(MigrationRecorder(connection).applied_migrations())
