"""Files of format 1 → files of format 2, as far as a rule can say it (docs/catalog.md).

What only a person can decide becomes a placeholder that `check_catalog` refuses, or a question.
Keys that this does not know are left as they are: reading the new file complains about them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from consent.declarations.catalog import REFERENCES
from consent.declarations.schema import FORMAT
from consent.migrations import _format1 as rules
from platforms.declarations import CatalogError, Problem, read_yaml, write_yaml
from platforms.migrations import _format1 as places

#: What `check_catalog` refuses (consent.declarations.author_help.PLACEHOLDERS).
TITLE = "YOUR DATA KIND trains PRODUCT's models"
#: No word of the list of purposes: reading the file already refuses it.
PURPOSE = "PURPOSE"

_Data = dict[str, Any]
_TO_OBJECT = {"submit", "write"}


def convert_catalog(source: Path, target: Path) -> dict[str, list[str]]:
    """Write the files of a folder anew, into another; return per file what a person must decide.

    Raises CatalogError, and then nothing was written, for files that cannot be read or are of
    format 2 already.
    """
    files: dict[str, _Data] = {}
    problems: list[Problem] = []
    for path in sorted(source.glob("*.yaml")):
        try:
            read = read_yaml(path.read_text(encoding="utf-8"), path.name)
            if not isinstance(read.data, dict) or "format" in read.data:
                raise CatalogError([read.problem((), "is not of format 1")])
        except CatalogError as error:
            problems += error.problems
        else:
            files[path.stem] = read.data
    if not files and not problems:
        problems.append(Problem(str(source), None, "", "has no catalog files (*.yaml)"))
    if problems:
        raise CatalogError(problems)
    target.mkdir(parents=True, exist_ok=True)
    questions = {}
    for name, data in files.items():
        new, questions[name] = _references(data) if name == REFERENCES else _File(data).converted()
        (target / f"{name}.yaml").write_text(write_yaml(new), encoding="utf-8")
    return questions


def _references(data: _Data) -> tuple[_Data, list[str]]:
    questions = []
    references = []
    for reference in data.get("references", []):
        country = reference.get("country", "")
        code = places.code_of(country)
        if not code:
            questions.append(f"reference {reference.get('slug')}: place, which was “{country}”")
        references.append(_renamed(reference, "country", {"place": code or country}))
    return {"references": references}, questions


@dataclass
class _File:
    """The conversion of one platform's file."""

    data: _Data
    questions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings: list[_Data] = self.data.get("settings", [])
        self.guides: list[_Data] = self.data.get("guides", [])
        self.control_slugs: dict[str, str] = {}
        taken = {str(slug) for item in self.settings for slug in _slugs(item)}
        for setting in self.settings:
            if setting["route"] != "none":
                slug = rules.control_slug(setting["slug"], taken)
                self.control_slugs[setting["slug"]] = slug
                taken.add(slug)

    def converted(self) -> tuple[_Data, list[str]]:
        new: _Data = {"format": FORMAT}
        for key, value in self.data.items():
            if key == "pages":
                new[key] = [self._page(page) for page in value]
            elif key == "settings":
                self._ask_of_all()
                new["uses"] = [self._use(setting) for setting in value]
                controls = [self._control(setting) for setting in value]
                new["controls"] = [control for control in controls if control]
            elif key == "entries":
                new[key] = [self._entry(entry) for entry in value]
                topic = [entry["key"] for entry in new[key] if "topic" not in entry]
                if topic:
                    self._ask("topic", f"what is not about training of {', '.join(topic)}")
            elif key == "guides":
                new[key] = [self._guide(guide) for guide in value]
            else:
                new[key] = value
        return {key: value for key, value in new.items() if value != []}, self.questions

    def _ask(self, what: str, question: str) -> None:
        self.questions.append(f"{what}: {question}")

    def _ask_of_all(self) -> None:
        if len(self.settings) > 1:
            self._ask("uses", "which matters most to most people; put it first")
        by_label = defaultdict(list)
        for setting in self.settings:
            by_label[setting["label"]].append(setting["slug"])
        for label, slugs in by_label.items():
            if len(slugs) > 1:
                self._ask("uses", f"{', '.join(slugs)} are perhaps one use, all are “{label}”")

    def _page(self, page: _Data) -> _Data:
        where, note = self._where(f"page {page['url']}", [page.get("region", "")])
        return _with_note(_renamed(page, "region", where), note)

    def _use(self, setting: _Data) -> _Data:
        slug = setting["slug"]
        self._ask(f"use {slug}", f"title and purpose; it was “{setting['label']}”")
        if not setting.get("data_kinds"):
            self._ask(f"use {slug}", "which kinds of data")
        states = list(self._states(slug, setting.get("states", [])))
        values = [state["value"] for state in states]
        where, note = self._where(f"use {slug}", [setting.get("region", "")])
        new = {
            **_some(setting, "slug", "former_slugs"),
            "title": TITLE,
            **({"title_if_not": TITLE} if "not-used" in values else {}),
            "purpose": PURPOSE,
            **_some(setting, "covers", "data_kinds"),
            **where,
            **self._people(f"use {slug}", setting.get("audience", "everyone")),
            "states": states,
            **_some(setting, "pages", "note"),
        }
        if new.get("people") == ["personal"]:
            del new["people"]
        if values[-1:] == ["unless-refused"] and setting["route"] == "none":
            self._ask(f"use {slug}", "people can refuse, but there is no control")
        gone = ("label", "region", "audience", "path", "route", "reach", "deep_link", *new)
        return _with_note(new, note) | _left(setting, gone)

    def _states(self, slug: str, states: Sequence[_Data]) -> Iterator[_Data]:
        for state, following in zip_longest(states, states[1:]):
            value = rules.VALUES.get(state["value"], state["value"])
            yield _left(state, ("until", "closed_by")) | {"value": value}
            until = state.get("until")
            if until and (following is None or following.get("since") != until):
                self._ask(f"use {slug}", f"what holds from {until} on; no state said so")
                entry = {"opened_by": state["closed_by"]} if "closed_by" in state else {}
                yield {"value": "unclear", "since": until, **entry}

    def _control(self, setting: _Data) -> _Data | None:
        slug = self.control_slugs.get(setting["slug"])
        if slug is None:
            return None
        label = setting["label"]
        act = rules.control_of(setting["route"], setting.get("reach", "unstated"), label)
        refuse = act["refuse"]
        self._ask(f"control {slug}", f"is it “{refuse}” that refuses “{label}”")
        if refuse in _TO_OBJECT:
            self._ask(f"control {slug}", "is it binding")
        if refuse == "write":
            self._ask(f"control {slug}", "to which address")
        telling = [
            guide for guide in self.guides if setting["slug"] in self._own(guide.get("settings"))
        ]
        links = [setting.get("deep_link"), *(guide.get("deep_link") for guide in telling)]
        defaults = {"by": "person", "scope": "everything", "reach": "unstated"}
        return {
            "slug": slug,
            "label": label,
            "uses": [setting["slug"]],
            **{key: value for key, value in act.items() if value != defaults.get(key)},
            **_filled(
                surfaces=[
                    _filled(surface=surface, path=path, deep_link=deep_link)
                    for surface, path, deep_link in rules.surfaces_of(
                        setting.get("path", ""),
                        next(filter(None, links), ""),
                        {part["surface"] for guide in telling for part in guide["surfaces"]},
                    )
                ]
            ),
            **_some(setting, "pages"),
        }

    def _entry(self, entry: _Data) -> _Data:
        what = f"entry {entry['key']}"
        where, note = self._where(what, entry.get("regions", []))
        of_people = self._people(what, entry.get("audience", "everyone"), of_entry=True)
        new = {
            ("uses" if key == "settings" else key): value
            for key, value in entry.items()
            if key not in ("regions", "audience")
        }
        new |= where | of_people
        effects = set(entry["effects"])
        if effects == {"regulator-action"}:
            new["topic"] = "enforcement"
            self._ask(
                what, "is it a regulator's action, a court's ruling, a lawsuit or a complaint"
            )
            if "effective" in new:
                new = _renamed(new, "effective", {"decided": new["effective"]})
        if "announced" in effects:
            self._ask(what, "due, and outcome once another entry settled it")
        return _with_note(self._with_sources(what, new), note)

    def _guide(self, guide: _Data) -> _Data:
        what = f"guide {guide['slug']}"
        named = self._own(guide.get("settings"))
        controls = [self.control_slugs[slug] for slug in named if slug in self.control_slugs]
        if lost := [slug for slug in named if slug not in self.control_slugs]:
            self._ask(what, f"no control is left of {', '.join(lost)}")
        if "deep_link" in guide and not controls:
            self._ask(what, f"where to keep its address {guide['deep_link']}")
        new = _renamed(guide, "settings", {"controls": controls} if controls else {})
        who = rules.who_of_guide(guide.get("applies_to", "everyone"))
        new = _renamed(new, "applies_to", _filled(who=who))
        return self._with_sources(what, _renamed(new, "deep_link", {}))

    def _own(self, names: Iterable[str] | None) -> list[str]:
        slugs = {setting["slug"] for setting in self.settings}
        return [name for name in (each.rpartition("/")[2] for each in names or []) if name in slugs]

    def _with_sources(self, what: str, data: _Data) -> _Data:
        sources = data.get("sources")
        if not sources:
            return data
        for source in sources:
            if "quote" in source:
                self._ask(what, f"where its source has the words “{source['quote']}”")
        return data | {"sources": [_renamed(source, "quote", {}) for source in sources]}

    def _where(self, what: str, regions: Sequence[str]) -> tuple[_Data, str]:
        where = places.read_list(regions) if regions else ([], [], [])
        if where is None:
            words = ", ".join(regions)
            self._ask(what, f"places, which were “{words}”")
            return {}, words
        found = dict(zip(("places", "except", "some_of"), where, strict=True))
        return _filled(**found), ""

    def _people(self, what: str, audience: str, *, of_entry: bool = False) -> _Data:
        if not rules.knows_audience(audience):
            self._ask(what, f"people, who were “{audience}”")
        people, plans, who = rules.people_of(audience, of_entry=of_entry)
        return _filled(people=people, plans=plans, who=who)


def _slugs(item: Mapping[str, Any]) -> list[str]:
    return [item["slug"], *item.get("former_slugs", [])]


def _filled(**values: Any) -> _Data:
    return {key: value for key, value in values.items() if value}


def _some(data: Mapping[str, Any], *keys: str) -> _Data:
    return {key: data[key] for key in keys if key in data}


def _left(data: Mapping[str, Any], known: Iterable[str]) -> _Data:
    return {key: value for key, value in data.items() if key not in set(known)}


def _renamed(data: Mapping[str, Any], key: str, instead: Mapping[str, Any]) -> _Data:
    """Return data with other keys in the place of one; at the end, if it is not there."""
    new: _Data = {}
    for name, value in data.items():
        if name == key:
            new |= instead
        else:
            new[name] = value
    return new | dict(instead)


def _with_note(data: _Data, region: str) -> _Data:
    return data | {"note": places.with_phrase(data.get("note", ""), region)} if region else data
