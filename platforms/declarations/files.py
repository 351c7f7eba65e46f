"""Reads and writes YAML safely: without tags, aliases and duplicate keys, and limited in size.

The line of each value is kept, so that an error found later, by a model or between two files, is
reported with its place in the file.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 16
_WIDTH = 94
_LONG = 72  # longer texts are written as folded blocks; chosen

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

# The parser of libyaml is ten times as fast, and yields the same events.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"0|[1-9][0-9]{0,8}")
_NOTHING = {"", "~", "null"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: where it is, what is wrong, what to do."""

    file: str
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class CatalogError(Exception):
    """The catalog has errors; nothing was loaded."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class YamlSource:
    """The plain data of one file, with the line on which each value begins.

    left_out: locations that are only in the data, not in the file → where the file has their keys.
    """

    file: str
    data: Any
    lines: Mapping[Location, int] = field(default_factory=dict)
    left_out: Mapping[Location, Location] = field(default_factory=dict)

    def problem(self, location: Location, message: str) -> Problem:
        """Return a problem at the nearest place that the file has."""
        location = self._file_location(location)
        known = _nearest(location, self.lines)
        return Problem(self.file, self.lines.get(known), _path_text(location), message)

    def _file_location(self, location: Location) -> Location:
        for length in range(1, len(location) + 1):
            if (place := self.left_out.get(location[:length])) is not None:
                return (*place, *location[length:])
        return location

    def validated(self, model: type[Model]) -> Model:
        """Return the data as a strictly validated declaration.

        Raises CatalogError with all errors, not only the first.
        """
        try:
            # As JSON, because strict validation then accepts lists for tuples and texts for enums.
            return TypeAdapter(model).validate_json(json.dumps(self.data), strict=True)
        except ValidationError as invalid:
            errors = _without_follow_ups(invalid.errors())
            raise CatalogError(self._to_problem(model, error) for error in errors) from None

    def _to_problem(self, model: type[BaseModel], error: Any) -> Problem:
        location = tuple(error["loc"])
        in_file = self._file_location(location)
        if in_file in self.lines or error["type"] == "missing":
            return self.problem(in_file, _message(model, location, error))
        # The location also contains the names of the forms that a value may have, which are not
        # in the file.
        place = _nearest(in_file, self.lines)
        return self.problem(place, _message(model, place, error))


def read_yaml(text: str, file: str) -> YamlSource:
    """Return the plain data of a YAML text: mappings, lists, texts, whole numbers, booleans.

    Dates are texts, and so are `on`, `off`, `yes` and `no`. Raises CatalogError.
    """
    if len(text) > MAX_CHARACTERS:
        raise CatalogError([Problem(file, None, "", f"longer than {MAX_CHARACTERS:,} characters")])
    try:
        _refuse_unsafe(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, [error.context, error.problem]))
        raise CatalogError(
            [Problem(file, mark.line + 1 if mark else None, "", f"is not valid YAML: {what}")]
        ) from None
    except yaml.YAMLError as error:
        raise CatalogError([Problem(file, None, "", f"is not valid YAML: {error}")]) from None
    builder = _Builder(file)
    data = builder.build(node, ()) if node is not None else None
    if builder.problems:
        raise CatalogError(builder.problems)
    return YamlSource(file, data, builder.lines)


def write_yaml(data: Any) -> str:
    """Return plain data as YAML for people: keys in order, long texts folded, no anchors."""
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, indent=2
    )
    # For readability: a blank line before each part of a file, and between its items.
    apart = re.sub(r"(?m)^(?=\w+:$|- \w+:)", "\n", text)
    return re.sub(r"(?m)^(\w+:)\n\n(?=- )", r"\1\n", apart).lstrip("\n")


def _refuse_unsafe(text: str, file: str) -> None:
    """Raise CatalogError at the first tag, anchor, alias or level too deep; build no data."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        message = None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "anchors and aliases are not allowed; write the value out"
        elif tag := getattr(event, "tag", None):
            message = f"the tag {tag} is not allowed; leave it out"
        elif depth > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
        if message:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise CatalogError([Problem(file, line, "", message)])


class _Builder:
    """Turns composed nodes into plain data; collects lines and errors."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node, location: Location) -> Any:
        self.lines[location] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*location, place)) for place, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in built:
                line, path = key_node.start_mark.line + 1, _path_text((*location, key))
                self.problems.append(Problem(self.file, line, path, "is written twice; keep one"))
            built[key] = self.build(value_node, (*location, key))
            self.lines[(*location, key)] = key_node.start_mark.line + 1
        return built

    def _scalar(self, node: yaml.Node) -> Any:
        text = str(node.value)
        if getattr(node, "style", None):  # quotes or a block: always a text
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in _NOTHING:
            return None
        return int(text) if _INTEGER.fullmatch(text) else text


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, and writes long texts as folded blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = ">" if len(text) > _LONG and " " in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_list(dumper: _Dumper, items: list[Any]) -> yaml.SequenceNode:
    words = all(isinstance(item, str) and "://" not in item for item in items)
    flow = words and len(", ".join(items)) <= _LONG
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flow)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)


def _path_text(location: Location) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _nearest(location: Location, lines: Mapping[Location, int]) -> Location:
    """Return the location without the parts that the file does not have."""
    known: Location = ()
    for part in location:
        if (*known, part) in lines:
            known = (*known, part)
    return known


def _without_follow_ups(errors: list[Any]) -> list[Any]:
    """Return the errors, without lists that are too short only because items have errors."""
    locations = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(loc[: len(error["loc"])] == error["loc"] != loc for loc in locations)
    ]


def _message(model: type[BaseModel], location: Location, error: Any) -> str:
    """Return a message that explains what is wrong and what to do."""
    kind, given = error["type"], error.get("input")
    if kind == "extra_forbidden":
        allowed = sorted(_keys_at(model, location[:-1]))
        close = difflib.get_close_matches(str(location[-1]), allowed, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"allowed here: {', '.join(allowed)}"
        return f"unknown key; {hint}"
    if kind == "missing":
        return "is missing; add it"
    if kind == "enum":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        close = difflib.get_close_matches(str(given), allowed, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        return f"{given!r} is not in the list; {hint}allowed: {', '.join(allowed)}"
    if kind == "too_short":
        return "is empty; add an item"
    if kind == "string_too_long":
        limit = error["ctx"]["max_length"]
        return f"has {len(given)} characters, at most {limit} are allowed; shorten it"
    if kind == "string_pattern_mismatch":
        if "\n" in given:
            return "must be one line; join the lines or fold them with '>-'"
        return f"{given!r} does not match {error['ctx']['pattern']}"
    message = error["msg"].removeprefix("Value error, ")
    return message if kind == "value_error" else f"{message}, not {given!r}"


def _keys_at(model: type[BaseModel], location: Location) -> set[str]:
    """Return the keys that a model allows at a location."""
    current: Any = model
    for part in location:
        if isinstance(part, str) and isinstance(current, type) and issubclass(current, BaseModel):
            found = _fields_as_written(current).get(part)
            current = _model_in(found.annotation) if found else None
    return (
        {*_fields_as_written(current), *getattr(current, "also_written", ())} if current else set()
    )


def _fields_as_written(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by their names in files."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    inner = (_model_in(argument) for argument in typing.get_args(annotation))
    return next((model for model in inner if model), None)
