"""Databases with the tables of an earlier version, made without its dozens of migrations.

schema_of_0016.sqlite.sql and its like contain what those migrations make: tables, indexes and the
rows of django_migrations. Running the migrations instead takes seven seconds of processor time for
each test, nearly all of it for the models of each step. The code of that time (commit 11c758b2)
makes the same tables.

The migrations are not to be edited. If one must be, say to add a line that says its kind, write
the files anew for both databases. `make drills` compares them with what the migrations make.

    python -m tests.consent.models.old_databases
    python -m tests.services python -m tests.consent.models.old_databases
"""

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.utils import load_backend

from tests.services import postgresql_program

HERE = Path(__file__).parent
#: The last migrations of other packages, the same in both versions.
_OTHERS = {
    "admin": "0003_logentry_add_action_flag_choices",
    "auth": "0012_alter_user_first_name_max_length",
    "axes": "0010_accessattemptexpiration",
    "contenttypes": "0002_remove_content_type_name",
    "otp_static": "0003_add_timestamps",
    "otp_totp": "0003_add_timestamps",
    "sessions": "0001_initial",
}
#: The last migrations of each version.
VERSIONS = {
    "0016": {
        "consent": "0016_drafts_of_reopened_changes",
        "platforms": "0008_public_changes",
        **_OTHERS,
    },
    "0031": {
        "consent": "0031_list_changes",
        "platforms": "0013_plain_help_texts",
        **_OTHERS,
    },
}


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Put an empty database in the place of the one of tests."""
    usual = connections["default"]
    name = str(folder / "before.sqlite3")
    if usual.vendor == "postgresql":
        name = f"version_before_{os.getpid()}"  # several processes of tests share the server
        with usual._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
    there = usual.settings_dict | {"NAME": name}
    connections["default"] = load_backend(there["ENGINE"]).DatabaseWrapper(there, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual
        if usual.vendor == "postgresql":
            with usual._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


@contextmanager
def old_database(version: str, folder: Path) -> Iterator[Apps]:
    """Put a database of an earlier version in the place of the one of tests. Yield its models."""
    with empty_database(folder):
        script = stored_schema(version)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                connection.connection.executescript(f"BEGIN; {script} COMMIT;")
            else:
                cursor.execute(script)
        loader = MigrationLoader(connection, replace_migrations=False)
        yield loader.project_state(list(loader.applied_migrations)).apps


def fill(apps: Apps, rows: list[dict[str, Any]]) -> None:
    """Write serialized rows through the models of a state of migrations."""
    many = []
    with connection.constraint_checks_disabled() if connection.vendor == "sqlite" else _deferred():
        for row in rows:
            model = apps.get_model(row["model"])
            values = {"pk": row["pk"]}
            for name, value in row["fields"].items():
                field = model._meta.get_field(name)
                if field.many_to_many:
                    many.append((model, row["pk"], name, value))
                elif field.is_relation:
                    values[field.attname] = value
                else:
                    values[name] = field.to_python(value) if not isinstance(value, list) else value
            model.objects.bulk_create([model(**values)])
        for model, pk, name, values in many:
            getattr(model.objects.get(pk=pk), name).set(values)
    if connection.vendor == "postgresql":
        _set_sequences()


@contextmanager
def _deferred() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def _set_sequences() -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            for sequence in connection.introspection.get_sequences(cursor, table):
                cursor.execute(
                    f"SELECT setval(%s, (SELECT COALESCE(MAX(id), 1) FROM {table}))",
                    [sequence["name"]],
                )


def stored_schema(version: str) -> str:
    return path_of(version).read_text(encoding="utf-8")


def path_of(version: str) -> Path:
    return HERE / f"schema_of_{version}.{connection.vendor}.sql"


def migrate_to(version: str) -> None:
    """Make the tables of an earlier version in an empty database by its migrations."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.migrate(list(VERSIONS[version].items()))


def digest_of_migrations(version: str) -> str:
    """Return a digest of our migrations that led to an earlier version."""
    digest = hashlib.sha256()
    for app in ("consent", "platforms"):
        for path in sorted((settings.BASE_DIR / app / "migrations").glob("0*.py")):
            if path.stem <= VERSIONS[version][app] and "squashed" not in path.stem:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def dump(version: str) -> str:
    """Return a script that makes the tables of the database again, and notes their migrations."""
    command = _postgresql_tables if connection.vendor == "postgresql" else _sqlite_tables
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in {*tables} - {"django_migrations"}:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), f"{table} has rows: dump those too"
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        applied = ",\n".join(
            f"('{app}', '{name}', '2026-11-26 00:00:00+00:00')" for app, name in cursor.fetchall()
        )
    return (
        f"-- Written by tests/consent/models/old_databases.py, which says when to do it again.\n"
        f"-- Digest of the migrations: {digest_of_migrations(version)}\n"
        f"{command()}\nINSERT INTO django_migrations (app, name, applied) VALUES\n{applied};\n"
    )


def _sqlite_tables() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'"
            " ORDER BY type DESC, name"  # tables before their indexes
        )
        return "\n".join(f"{sql};" for (sql,) in cursor.fetchall())


def _postgresql_tables() -> str:
    """Return what pg_dump writes, without what changes with its version and without comments."""
    there = connection.settings_dict
    done = subprocess.run(
        [
            *(postgresql_program("pg_dump"), "--schema-only", "--no-owner", "--no-privileges"),
            *("--no-comments", "--host", there["HOST"], "--port", str(there["PORT"])),
            *("--username", there["USER"], there["NAME"]),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    script = re.sub(r"^(--|\\|SET |SELECT pg_catalog\.set_config).*\n", "", done.stdout, flags=re.M)
    script = re.sub(r"IDENTITY \(\s+(SEQUENCE NAME \S+)[^)]*\)", r"IDENTITY (\1)", script)
    script = re.sub(r"\(\w+\)::text = ANY \(\(ARRAY\[.*?\]\)::text\[\]\)", _as_written, script)
    return re.sub(r"\n\n+", "\n", script).strip()


def _as_written(condition: re.Match[str]) -> str:
    """Write `column IN (…)` as it was. PostgreSQL changes how it shows it each time it reads it."""
    column, values = re.split(r"\)::text = ANY \(\(ARRAY\[", condition[0].strip("("))
    values = values.removesuffix("])::text[])").replace("::character varying", "")
    return f"{column} IN ({values})"


def main() -> None:
    for version in VERSIONS:
        with tempfile.TemporaryDirectory() as folder, empty_database(Path(folder)):
            migrate_to(version)
            path_of(version).write_text(dump(version), encoding="utf-8")


if __name__ == "__main__":
    import django

    import config  # noqa: F401  (names the settings)

    django.setup()
    main()
