"""Each migration says, by its operations or in words, what it does to code of before."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from config.migration_kinds import Kind, UnstatedError, kind_of

OURS = {"consent", "platforms"}


def test_each_of_our_migrations_says_its_kind():
    loader = MigrationLoader(None, replace_migrations=False)
    state, unstated = ProjectState(), []
    for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        migration = loader.graph.nodes[key]
        if migration.replaces:
            continue
        try:
            kind_of(migration, state)
        except UnstatedError as error:
            if key[0] in OURS:
                unstated.append(str(error))
        state = migration.mutate_state(state, preserve=False)
    # In each of these write upgrade = "KIND: reason"; CONTRIBUTING.md, "Migrations", says how.
    assert unstated == []


def before():
    state = ProjectState()
    kinds = models.CheckConstraint(condition=models.Q(kind__in=["a", "b"]), name="kinds")
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("kind", models.CharField(max_length=10, help_text="before")),
        ("note", models.TextField()),
    ]
    state.add_model(ModelState("consent", "Thing", fields, options={"constraints": [kinds]}))
    return state


def migration(*operations, **attributes):
    attributes["operations"] = list(operations)
    return type("Migration", (migrations.Migration,), attributes)("9999_new", "consent")


def kinds_of_before(*values):
    return migrations.AddConstraint(
        "thing",
        models.CheckConstraint(condition=models.Q(kind__in=list(values)), name="kinds"),
    )


@pytest.mark.parametrize(
    "operations",
    [
        [migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])],
        [migrations.AddField("thing", "day", models.DateField(null=True))],
        [migrations.AddField("thing", "open", models.BooleanField(db_default=False))],
        [migrations.AddField("thing", "others", models.ManyToManyField("consent.Thing"))],
        [migrations.AddIndex("thing", models.Index(fields=["kind"], name="thing_kind"))],
        [migrations.AlterField("thing", "kind", models.CharField(max_length=20, help_text="x"))],
        [migrations.RemoveConstraint("thing", "kinds"), kinds_of_before("a", "b", "c")],
    ],
)
def test_what_only_adds_is_safe_for_code_of_before(operations):
    assert kind_of(migration(*operations), before())[0] == Kind.EXPAND


@pytest.mark.parametrize(
    "operations",
    [
        [migrations.AddField("thing", "open", models.BooleanField(default=False))],
        [migrations.RemoveField("thing", "note")],
        [migrations.RenameField("thing", "note", "remark")],
        [migrations.DeleteModel("Thing")],
        [migrations.AlterField("thing", "kind", models.CharField(max_length=5))],
        [migrations.AlterField("thing", "note", models.TextField(null=True))],
        [migrations.RunPython(migrations.RunPython.noop)],
        [migrations.RunSQL("SELECT 1")],
        [migrations.RemoveConstraint("thing", "kinds")],
        [migrations.RemoveConstraint("thing", "kinds"), kinds_of_before("a")],
        [
            migrations.AddConstraint(
                "thing", models.CheckConstraint(condition=~models.Q(note=""), name="noted")
            )
        ],
    ],
)
def test_what_may_break_code_of_before_has_to_be_stated(operations):
    with pytest.raises(UnstatedError):
        kind_of(migration(*operations), before())
    stated = migration(*operations, upgrade="expand: code of before has not used it since 0.1")
    assert kind_of(stated, before()) == (Kind.EXPAND, "code of before has not used it since 0.1")


@pytest.mark.parametrize("statement", ["safe: surely", "expand", "lock: "])
def test_a_statement_has_a_known_kind_and_a_reason(statement):
    with pytest.raises(UnstatedError):
        kind_of(migration(upgrade=statement), before())


def test_squashed_migrations_run_in_new_databases_only():
    squashed = migration(
        migrations.RunPython(migrations.RunPython.noop), replaces=[("consent", "0001_initial")]
    )
    assert kind_of(squashed, before())[0] == Kind.EXPAND
