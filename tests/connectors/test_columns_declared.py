"""Columns as they are declared, on every platform: names that exist, ratios of columns that exist."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import Action, Write, describe
from mcp_ads.core.record_fields import KnownRead, has

READS = [
    pytest.param(kind, id=f"{name}-{entity}-{action}")
    for name in NAMES
    for entity in connector(name).names()
    for action, kind in connector(name).entity(entity).actions.items()
    if issubclass(kind, KnownRead)
]
CHANGES = [
    pytest.param(name, entity, kind, id=f"{name}-{entity}-{action}")
    for name in NAMES
    for entity in connector(name).names()
    for action, kind in connector(name).entity(entity).actions.items()
    if issubclass(kind, Write)
    and issubclass(connector(name).entity(entity).actions.get("get", kind), KnownRead)
]


def _example(kind: type[Action]) -> Any:
    return kind.model_validate(json.loads(describe.example(kind)))


@pytest.mark.parametrize("kind", READS)
def test_default_columns_exist(kind: type[KnownRead]) -> None:
    """What is shown unless told otherwise can be asked for by name too."""
    call = _example(kind)
    if call.names():
        assert [name for name in call.columns() if not has(name, call.names())] == []


@pytest.mark.parametrize("kind", READS)
def test_other_words_stand_for_columns_and_hide_none(kind: type[KnownRead]) -> None:
    """No word for a column is a column itself, and none leads nowhere."""
    call = _example(kind)
    if kind.known:
        assert [word for word in kind.alike if word in kind.known and kind.alike[word] != word] == []
    if call.kinds():
        there = {*call.kinds(), *call.names()}
        assert [name for name in kind.alike.values() if name not in there] == []


@pytest.mark.parametrize("kind", READS)
def test_ratios_are_made_of_columns_that_add_up_or_are_counted(kind: type[KnownRead]) -> None:
    """A quotient's parts are declared, and no part is a quotient itself; what is divided never adds up."""
    kinds = _example(kind).kinds()
    for name, column in kinds.items():
        for part in column.of[:2] if column.of else ():
            assert part in kinds, (name, part)
            assert kinds[part].of is None
        assert not (column.adds and column.kind in ("percent", "ratio"))


@pytest.mark.parametrize(("name", "entity", "kind"), CHANGES)
def test_what_a_change_sets_can_be_read_back_by_name(name: str, entity: str, kind: type[Write]) -> None:
    """The call that checks a lost change names these fields, and has to work as it is written."""
    known = connector(name).entity(entity).actions["get"].known  # type: ignore[attr-defined]
    skipped = {"clear", "patch", kind.subject, *("profile_id", "account_id")}
    fields = kind.model_fields.items()
    wire = [field.alias or each for each, field in fields if each not in skipped]
    if kind.outline is not Write.outline:  # what it sends is not what its record has
        wire = list(_example(kind).sets())
    watched = kind.watch if kind.subject else ()
    assert [each for each in (*wire, *watched) if not has(each, known)] == []
