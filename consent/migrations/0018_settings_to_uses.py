"""Each setting is a use now, with one branch, its states and, if there is a way out, a control.

No rule can write a title: a label may be read backwards. A use that was loaded from a file and not
edited since is marked, so that the next `load_catalog` takes the file of format 2. One that was
written or edited here becomes a draft until somebody writes what happens.

There is no way back: several settings may be one use after that. Keep a backup (docs/operating.md).
"""

import hashlib

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from consent.migrations import _format1
from platforms.migrations._format1 import (
    CONVERTED,
    code_of,
    digest,
    read,
    read_list,
    with_phrase,
)


def convert(apps, schema_editor):
    def rows(model, *related):
        found = apps.get_model("consent", model).objects
        return list(found.order_by("pk").prefetch_related(*related))

    sources = ("sources__snapshot",)
    uses = rows("Use", "platform", "pages", "states__opened_by", "states__closed_by")
    entries = rows("Entry", "platforms", "uses__platform", "references", *sources)
    guides = rows("Guide", "pages", "settings__platform", "surfaces__steps", *sources)
    references = rows("Reference")
    # All are compared before any is changed: they name each other.
    for one, said in (
        *((use, _format1.setting(use)) for use in uses),
        *((entry, _format1.entry(entry)) for entry in entries),
        *((guide, _format1.guide(guide)) for guide in guides),
        *((reference, _format1.reference(reference)) for reference in references),
    ):
        unedited = bool(one.declared_digest) and one.declared_digest == digest(said)
        one.declared_digest = CONVERTED if unedited else ""
    _convert_references(apps, references)
    controls = _convert_settings(apps, uses, guides)
    _convert_guides(apps, guides, controls)
    _convert_entries(apps, entries)
    _convert_quotes(apps)


def _convert_references(apps, references):
    for reference in references:
        code = code_of(reference.place)
        if not code:
            reference.name = f"{reference.name} ({reference.place})"[:160]
        reference.place = code
        reference.save()


def _convert_settings(apps, uses, guides):
    """Make the use, its branch and states and its control; return controls by their use."""
    Branch, Control, ControlSurface, State = (
        apps.get_model("consent", name)
        for name in ("Branch", "Control", "ControlSurface", "State")
    )
    described = {}
    for guide in guides:
        for setting in guide.settings.all():
            described.setdefault(setting.pk, []).append(guide)
    taken = {}
    for use in uses:
        taken.setdefault(use.platform_id, set()).update([use.slug, *use.former_slugs])
    places = {}
    controls = {}
    for use in uses:
        use.position = places[use.platform_id] = places.get(use.platform_id, -1) + 1
        use.title, use.title_if_not = _format1.titles(use.data_kinds)
        use.purpose = "training"
        use.status = "published"
        if use.declared_digest != CONVERTED:
            use.status = "draft"
            use.status_reason = f"Converted from “{use.label[:240]}”: write what happens."
        elif use.route == "none":
            kept = f"Until format 2 of the catalog: “{use.label}”."
            use.note = f"{use.note}\n\n{kept}" if use.note else kept
        use.save()
        where = read(use.region)
        people, plans, who = _format1.people_of(use.audience)
        branch = Branch(use=use, people=people, plans=plans, who=who)
        if where is None:
            branch.note = with_phrase("", use.region)
        else:
            branch.places, branch.except_places, branch.some_of = where
        branch.save()
        _convert_states(State, branch, _format1.in_order(use.states.all()))
        if use.route == "none":
            continue
        slug = _format1.control_slug(use.slug, taken[use.platform_id])
        taken[use.platform_id].add(slug)
        control = Control.objects.create(
            platform_id=use.platform_id,
            slug=slug,
            label=use.label,
            position=use.position,
            status=use.status,
            status_reason=use.status_reason,
            origin=use.origin,
            declared_digest=use.declared_digest,
            source_changed_at=use.source_changed_at,
            source_change_id=use.source_change_id,
            **_format1.control_of(use.route, use.reach, use.label),
        )
        control.uses.add(use)
        control.pages.set(use.pages.all())
        telling = described.get(use.pk, [])
        links = [use.deep_link, *(guide.deep_link for guide in telling)]
        ControlSurface.objects.bulk_create(
            ControlSurface(control=control, surface=surface, path=path, deep_link=deep_link)
            for surface, path, deep_link in _format1.surfaces_of(
                use.path,
                next(filter(None, links), ""),
                {surface.surface for guide in telling for surface in guide.surfaces.all()},
            )
        )
        controls[use.pk] = control
    return controls


def _convert_states(State, branch, states):
    """A state lasts until the next begins: where there was none, it is unclear."""
    for state, following in zip(states, [*states[1:], None]):
        state.branch = branch
        state.value = _format1.VALUES[state.value]
        state.save()
        if state.ends_on is None:
            continue
        if following is None or following.starts_on != state.ends_on:
            State.objects.create(
                setting_id=state.setting_id,
                branch=branch,
                value="unclear",
                starts_on=state.ends_on,
                starts_precision=state.ends_precision,
                opened_by=state.closed_by,
            )
        elif following.opened_by_id is None:
            following.opened_by = state.closed_by


def _convert_guides(apps, guides, controls):
    for guide in guides:
        guide.controls.set(
            controls[setting.pk] for setting in guide.settings.all() if setting.pk in controls
        )
        guide.who = _format1.who_of_guide(guide.who)
    # Not saved one by one: that would count as an edit.
    apps.get_model("consent", "Guide").objects.bulk_update(
        guides, ["who", "declared_digest"], batch_size=100
    )


def _convert_entries(apps, entries):
    today = timezone.localdate()
    for entry in entries:
        where = read_list(entry.regions)
        if where is None:
            entry.note = with_phrase(entry.note, ", ".join(entry.regions))
        else:
            entry.places, entry.except_places, entry.some_of = where
        entry.people, entry.plans, entry.who = _format1.people_of(entry.audience, of_entry=True)
        if set(entry.effects) == {"regulator-action"}:
            entry.topic = "enforcement"
            _move_date(entry, "decided")
        elif entry.effective_on and entry.effective_on > today:
            _move_date(entry, "due")
        observed, published = entry.observed_to, entry.published_at
        entry.timeline_on = (
            entry.effective_on
            or entry.decided_on
            or entry.announced_on
            or entry.due_on
            or (observed.date() if observed else None)
            or (published.date() if published else None)
        )
    # Not saved one by one: feeds would show every entry as updated.
    apps.get_model("consent", "Entry").objects.bulk_update(
        entries,
        [
            *("places", "except_places", "some_of", "people", "plans", "who", "note", "topic"),
            *("decided_on", "decided_precision", "due_on", "due_precision"),
            *("effective_on", "effective_precision", "timeline_on", "declared_digest"),
        ],
        batch_size=50,
    )


def _move_date(entry, name):
    setattr(entry, f"{name}_on", entry.effective_on)
    setattr(entry, f"{name}_precision", entry.effective_precision)
    entry.effective_on, entry.effective_precision = None, "day"


def _convert_quotes(apps):
    Passage = apps.get_model("consent", "Passage")
    quoting = apps.get_model("consent", "Source").objects.exclude(quote="")
    Passage.objects.bulk_create(
        Passage(source=source, words=source.quote, sha256=_sha256(source.quote))
        for source in quoting.iterator()
    )


def _sha256(words):
    return hashlib.sha256(words.encode()).hexdigest()


def rename_rights(apps, schema_editor):
    """Rights on settings, and what the admin logged of them, are about uses now."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    kinds = ContentType.objects.filter(app_label="consent")
    if not kinds.filter(model="use").exists():
        kinds.filter(model="setting").update(model="use")
    for verb in ("add", "change", "delete", "view"):
        of_settings = Permission.objects.filter(
            content_type__app_label="consent", codename=f"{verb}_setting"
        )
        of_settings.update(codename=f"{verb}_use", name=f"Can {verb} use")


class Migration(migrations.Migration):
    upgrade = "rewrite: settings become uses and controls"
    dependencies = [
        ("consent", "0017_uses_and_controls"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(convert),
        migrations.RunPython(rename_rights, migrations.RunPython.noop),
    ]
