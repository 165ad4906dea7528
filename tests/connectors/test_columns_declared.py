"""Columns as they are declared, on every platform: names that exist, ratios of columns that exist."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import Action, Write, describe
from mcp_ads.core.marks import is_found
from mcp_ads.core.record_fields import KnownRead, has

ENTITIES = [(name, entity) for name in NAMES for entity in connector(name).names()]
of_every_entity = pytest.mark.parametrize(("name", "entity"), ENTITIES)


def _reads(name: str, entity: str) -> list[type[KnownRead]]:
    return [kind for kind in connector(name).entity(entity).actions.values() if issubclass(kind, KnownRead)]


def _example(kind: type[Action]) -> Any:
    return kind.model_validate(json.loads(describe.example(kind)))


@of_every_entity
def test_default_columns_exist(name: str, entity: str) -> None:
    """What is shown unless told otherwise can be asked for by name too."""
    for kind in _reads(name, entity):
        call = _example(kind)
        if call.names():
            assert [column for column in call.columns() if not has(column, call.names())] == [], kind


@of_every_entity
def test_other_words_stand_for_columns_and_hide_none(name: str, entity: str) -> None:
    """No word for a column is a column itself, and none leads nowhere."""
    for kind in _reads(name, entity):
        call = _example(kind)
        if kind.known:
            hidden = [word for word in kind.alike if word in kind.known and kind.alike[word] != word]
            assert hidden == [], kind
        if call.kinds():
            there = {*call.kinds(), *call.names()}
            assert [column for column in kind.alike.values() if column not in there] == [], kind


@of_every_entity
def test_ratios_are_made_of_columns_that_add_up_or_are_counted(name: str, entity: str) -> None:
    """A quotient's parts are declared, and no part is a quotient itself; what is divided never adds up."""
    every = [(kind, _example(kind).kinds()) for kind in _reads(name, entity)]
    for kind, kinds in every:
        for column, declared in kinds.items():
            for part in declared.of[:2] if declared.of else ():
                assert part in kinds, (kind, column, part)
                assert kinds[part].of is None, (kind, column, part)
            assert not (declared.adds and declared.kind in ("percent", "ratio")), (kind, column)


@of_every_entity
def test_what_a_change_sets_can_be_read_back_by_name(name: str, entity: str) -> None:
    """The call that checks a lost change names these fields, and has to work as it is written."""
    actions = connector(name).entity(entity).actions
    get: Any = actions.get("get")
    if not (get and issubclass(get, KnownRead)):
        return
    for kind in actions.values():
        if issubclass(kind, Write):
            assert [field for field in _set_or_watched(kind) if not has(field, get.known)] == [], kind


def _set_or_watched(kind: type[Write]) -> list[str]:
    if kind.outline is not Write.outline:  # what it sends is not what its record has
        return list(_example(kind).sets())
    in_path = re.findall(r"\{(\w+)\}", kind.http.path)
    skipped = {"clear", "patch", kind.subject, "profile_id", "account_id", *in_path}
    fields = kind.model_fields.items()
    sent = {name: field for name, field in fields if not field.exclude and not is_found(field)}
    wire = [field.alias or name for name, field in sent.items() if name not in skipped]
    return [*wire, *(kind.watch if kind.subject else ())]
