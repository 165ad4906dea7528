"""Which parts of records are answered with: fields chosen or left out, long texts cut. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from typing import Any

from mcp_ads.core import Connector
from mcp_ads.core.synonyms import closest_of, cut
from mcp_ads.engine.reads.as_sent import askable
from mcp_ads.errors import InvalidParams

from .backend import Answered, Shape

MOST_TEXT = 200
"""Characters of a text in a list that is not whole."""
MOST_SAID = 5
Path = tuple[str, ...]


def shape_of(select: Any, exclude: Any, *, skip_truncation: bool) -> Shape:
    """The shape that a program asks for; one field may be text alone, or several with commas."""
    return Shape(_listed(select), _listed(exclude), skip_truncation)


def _listed(fields: Any) -> Any:
    return [field.strip() for field in fields.split(",")] if isinstance(fields, str) else fields


def check_shape(shape: Shape) -> None:
    """Raise InvalidParams with a line for each list of fields that is none, or empty."""
    mistakes = []
    for name in ("select_fields", "exclude_fields"):
        fields = getattr(shape, name)
        if fields is None:
            continue
        listed = isinstance(fields, Sequence | set) and not isinstance(fields, str | bytes)
        if not listed or not fields or not all(isinstance(it, str) and it.strip(". ") for it in fields):
            mistakes.append(f'{name}: a list of names, as ["id", "budget.amount"]; leave it out for all')
    if not isinstance(shape.skip_truncation, bool):
        mistakes.append("skip_truncation: True or False")
    if mistakes:
        raise InvalidParams("\n".join(mistakes))


def check_shapeless(shape: Shape, what: str) -> None:
    """Raise InvalidParams with a line for each part of records asked for of what has none."""
    usual = Shape()
    given = [part.name for part in fields_of(Shape) if getattr(shape, part.name) != getattr(usual, part.name)]
    if given:
        raise InvalidParams("\n".join(f"{name}: not of {what}; leave it out" for name in given))


def fields_asked(
    connector: Connector, entity: str, action: str, params: Mapping[str, Any], shape: Shape
) -> dict[str, list[str]]:
    """What the platform is asked for where only some fields are wanted, and `params` name none."""
    name = connector.meant(entity, action, params)
    if shape.select_fields is None or params.get("fields") or connector.action(entity, name).private:
        return {}  # what is named in `fields` of people is shown: that is for the caller to write
    names = dict.fromkeys(field.strip().partition(".")[0] for field in shape.select_fields)
    asked = askable(connector, entity, name, names)
    return {"fields": asked} if asked else {}


def shaped(answered: Answered, shape: Shape, *, has_get: bool = True) -> Answered:
    """The answer with these parts of its records; a name that no record has is said in `meta`.

    `has_get` says whether a get has a cut text whole. Raises InvalidParams where one record has none of the
    names.
    """
    data, warnings = answered.data, list[str]()
    rows = data if isinstance(data, list) else [data]
    name, fields = ("select_fields", shape.select_fields)
    if fields is None:
        name, fields = ("exclude_fields", shape.exclude_fields)
    if fields is not None:
        paths = [_path(field) for field in fields]
        warnings = _not_there(name, paths, rows)
        keep = name == "select_fields"
        whole = rows
        rows = [_selected(row, paths) if keep else _without(row, paths) for row in rows]
        if warnings and whole is not data and whole[0] and not rows[0]:
            raise InvalidParams(warnings[0])
    if isinstance(data, list) and not shape.skip_truncation:
        rows = [shortened(row, has_get=has_get) for row in rows]
    meta = answered.meta
    if warnings:
        meta = {**meta, "warnings": [*meta.get("warnings", ()), *warnings]}
    return Answered(rows if isinstance(data, list) else rows[0], meta, answered.planned)


def shortened(value: Any, *, has_get: bool = True) -> Any:
    """The value with every text in it cut to `MOST_TEXT` characters, and where to read it whole."""
    if isinstance(value, str) and len(value) > MOST_TEXT:
        whole = "get has it whole" if has_get else "skip_truncation=True has it whole"
        return f"{value[:MOST_TEXT]}… [+{len(value) - MOST_TEXT} characters; {whole}]"
    if isinstance(value, Mapping):
        return {name: shortened(part, has_get=has_get) for name, part in value.items()}
    return [shortened(part, has_get=has_get) for part in value] if isinstance(value, list) else value


def _path(field: str) -> Path:
    return tuple(field.strip().split("."))


def _rests(name: str, paths: Iterable[Path]) -> list[Path]:
    """What is left of the paths that begin with a name, which may have dots in it."""
    parts = tuple(name.split("."))
    return [path[len(parts) :] for path in paths if path[: len(parts)] == parts]


def _selected(value: Any, paths: Sequence[Path]) -> Any:
    """The parts of a value that paths lead to; those of each object of a list."""
    if isinstance(value, list):
        return [_selected(part, paths) for part in value]
    if not isinstance(value, Mapping):
        return value
    found = {name: (part, _rests(name, paths)) for name, part in value.items()}
    return {
        name: part if () in rests else _selected(part, rests)
        for name, (part, rests) in found.items()
        if () in rests or any(_leads(part, rest) for rest in rests)
    }


def _without(value: Any, paths: Sequence[Path]) -> Any:
    """A value without the parts that paths lead to."""
    if isinstance(value, list):
        return [_without(part, paths) for part in value]
    if not isinstance(value, Mapping) or not paths:
        return value
    found = {name: (part, _rests(name, paths)) for name, part in value.items()}
    return {name: _without(part, rests) for name, (part, rests) in found.items() if () not in rests}


def _leads(value: Any, path: Path) -> bool:
    """Whether there is something where a path leads."""
    if not path:
        return True
    if isinstance(value, list):
        return any(_leads(part, path) for part in value)
    return isinstance(value, Mapping) and any(
        _leads(part, rest) for name, part in value.items() for rest in _rests(name, [path])
    )


def _not_there(what: str, paths: Sequence[Path], rows: Sequence[Any]) -> list[str]:
    """A line for names that no record has; none where there is no record."""
    records = [row for row in rows if isinstance(row, Mapping)]
    missing = [path for path in paths if records and not any(_leads(row, path) for row in records)]
    if not missing:
        return []
    known = list(dict.fromkeys(name for row in records for name in row))
    said = [f"{cut('.'.join(path))}{closest_of('.'.join(path), known)}" for path in missing[:MOST_SAID]]
    more = len(missing) - len(said)
    return [f"{what}: no record here has {', '.join(said)}{f' and {more} more' if more else ''}"]
