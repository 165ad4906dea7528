"""Every action of every platform, as it is declared: documented, exemplified, bounded, reviewed."""

from __future__ import annotations

import inspect
import json
import os
import re
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import Action, Write, describe, validate
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.view import view_of

SCHEMAS = Path(__file__).parent / "schemas"
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
DOCUMENTED = 100
RESERVED = frozenset({
    "where", "filter", "sort", "top", "group_by", "limit", "cursor", "from", "over", "accounts", "save_to",
    "totals", "compare", "by", "connection", "items", "append_to", "steps", "propose",
})  # fmt: skip
"""What an agent asks of every list and every plan, now or later; `fields` alone is an action's own."""
STATES = frozenset({"status", "state", "effective_status", "intended_status"})
HIDES_NOTHING = frozenset({"linkedin_ads"})
"""Platforms whose lists show objects in every state unless one is asked for."""


MAKING = frozenset({"create", "create_inline", "upload", "copy", "duplicate"})
"""Names of actions after which there is an object more, and of no others."""
ANSWERS_NOTHING = frozenset({"linkedin_ads"})
"""Platforms that answer a change without a word."""


def every() -> list[Any]:
    """Each action with its place."""
    return [
        pytest.param(name, entity, action, kind, id=f"{name}-{entity}-{action}")
        for name, entity in entities()
        for action, kind in connector(name).entity(entity).actions.items()
    ]


def entities() -> list[tuple[str, str]]:
    return [(name, entity) for name in NAMES for entity in connector(name).names()]


@pytest.mark.parametrize(("platform", "entity", "action", "kind"), every())
def test_declared_as_it_should_be(platform: str, entity: str, action: str, kind: type[Action]) -> None:
    """A sentence that says what it does, names an agent can guess, a route made of its own parameters."""
    assert SNAKE.fullmatch(entity)
    assert SNAKE.fullmatch(action)
    line = describe.summary(kind)
    assert line.endswith(".")
    assert line[0].isupper()
    assert len(line) <= DOCUMENTED
    assert all(SNAKE.fullmatch(each) for each in kind.model_fields)
    if route := getattr(kind, "http", None):
        named = {each for _, each, _, _ in string.Formatter().parse(route.path) if each}
        assert named <= kind.model_fields.keys()
    assert issubclass(kind, Write) is (kind.risk != "read")
    if issubclass(kind, Write):  # a plan shows every request of a flow
        assert (kind.flow is Action.flow) is (kind.outline is Write.outline)
    assert not (kind.private and kind.spooled)  # what is about people is not kept on disk


@pytest.mark.parametrize(("platform", "entity", "action", "kind"), every())
def test_the_example_is_a_valid_call(platform: str, entity: str, action: str, kind: type[Action]) -> None:
    """What a description shows can be sent as it is."""
    required = [name for name, field in describe.visible(kind).items() if field.is_required()]
    params = json.loads(describe.example(kind))
    assert set(required) <= params.keys()
    validate.call(entity, action, kind, params)
    assert f"Example params: {describe.example(kind)}" in describe.page(platform, entity, action, kind)


@pytest.mark.parametrize(("platform", "entity", "action", "kind"), every())
def test_no_parameter_hides_another_meaning(
    platform: str, entity: str, action: str, kind: type[Action]
) -> None:
    """Names of parameters collide neither with what every action has nor with how a list is shown."""
    taken = {name for name, _ in inspect.getmembers(BaseModel)} | {
        "http",
        "risk",
        "pages",
        "records",
        "subject",
    }
    assert not taken & kind.model_fields.keys()
    view = view_of(kind).model_fields.keys()
    assert not view & kind.model_fields.keys()
    assert not {"items", "append_to"} & kind.model_fields.keys()
    assert not kind.also.keys() & view


@pytest.mark.parametrize(("platform", "entity", "action", "kind"), every())
def test_answers_are_bounded(platform: str, entity: str, action: str, kind: type[Action]) -> None:
    """A list has pages or comes whole; rows have columns of their own unless the report decides."""
    recipe = kind.flow is not Action.flow
    if action == "list":
        assert kind.pages or recipe or kind.spooled
        assert "limit" in view_of(kind).model_fields
    if kind.subject:
        assert kind.subject in kind.model_fields
    if kind.risk == "read" and not recipe:
        call = kind.model_validate(json.loads(describe.example(kind)))
        assert call.columns()


def some(wanted: Callable[[type[Action]], Any]) -> list[Any]:
    """The actions of a sort."""
    return [each for each in every() if wanted(each.values[-1])]


def shown(kind: type[Action]) -> Action:
    """The call that an action's description shows."""
    return kind.model_validate(json.loads(describe.example(kind)))


@pytest.mark.parametrize(("platform", "entity", "action", "kind"), every())
def test_no_parameter_has_a_name_of_the_view(
    platform: str, entity: str, action: str, kind: type[Action]
) -> None:
    """What is asked of every list in the same words is no parameter of one, by its name or the vendor's."""
    assert not RESERVED & kind.model_fields.keys()
    assert not RESERVED & {field.alias for field in kind.model_fields.values()}


@pytest.mark.parametrize(("platform", "entity", "action", "kind"), some(lambda kind: kind.spooled))
def test_columns_have_kinds(platform: str, entity: str, action: str, kind: type[Action]) -> None:
    """A table is filtered, sorted and summed by what its columns are declared to be; none is guessed."""
    call = shown(kind)
    kinds = call.kinds()
    assert kinds
    columns = call.columns() or (call.names() if isinstance(call, KnownRead) else ())
    assert [name for name in columns if name not in kinds] == []
    unmade = [name for name, column in kinds.items() if column.of and not {*column.of[:2]} <= kinds.keys()]
    assert unmade == []
    assert [
        name for name, column in kinds.items() if column.adds and column.kind in ("percent", "ratio")
    ] == []


@pytest.mark.parametrize(
    ("platform", "entity", "action", "kind"), some(lambda kind: issubclass(kind, Write) and kind.subject)
)
def test_what_a_write_reads_is_in_the_record(
    platform: str, entity: str, action: str, kind: type[Write]
) -> None:
    """The object is named as in the entity's get, which has all that is compared before and after."""
    get = connector(platform).entity(entity).actions["get"]
    assert kind.subject == get.subject
    read = [*kind.watch, *_set_by(kind)]
    example = json.loads(describe.example(get))
    assert list(get.model_validate({**example, "fields": read}).mistakes()) == []


def _set_by(kind: type[Write]) -> list[str]:
    call = shown(kind)
    assert isinstance(call, Write)
    return list(call.sets())


@pytest.mark.parametrize(("platform", "entity"), entities())
def test_every_write_says_what_kind_it_is(platform: str, entity: str) -> None:
    """One that makes has a place for the new id, one that changes sets fields of an object, and one that acts
    says what it does; the requests of each are known beforehand.
    """
    wrong = []
    for action, kind in connector(platform).entity(entity).actions.items():
        if not issubclass(kind, Write):
            continue
        call = shown(kind)
        assert isinstance(call, Write)
        makes = kind.does == "makes" and bool(kind.made)
        changes = kind.does == "changes" and bool(kind.subject and call.sets())
        acts = kind.does == "acts" and bool(call.effect()) and not call.sets()
        if not (makes or changes or acts) or (action in MAKING) != (kind.does == "makes"):
            wrong.append(f"{action} {kind.does}")
        if not call.outline() or (kind.flow is Action.flow and len(call.outline()) > 1):
            wrong.append(f"{action}: outline")
        if kind.undone_by and kind.undone_by not in connector(platform).entity(entity).actions:
            wrong.append(f"{action}: undone by {kind.undone_by}")
    assert wrong == []


@pytest.mark.parametrize(("platform", "entity", "action", "kind"), some(lambda kind: issubclass(kind, Write)))
def test_every_write_knows_its_answers(platform: str, entity: str, action: str, kind: type[Write]) -> None:
    """The platform's base says which answers show that it was done; an answer that says nothing is none."""
    assert kind.doubt is not Write.doubt
    call = shown(kind)
    assert isinstance(call, Write)
    answers: tuple[Any, ...] = (None, "", [], "ok", {"id": None}, {"id": "none"}, {"success": False}, {})
    nothing_is_done = platform in ANSWERS_NOTHING and (call.subject or kind.raw)
    assert [each for each in answers if not call.doubt(each)] == ([{}] if nothing_is_done else [])


@pytest.mark.parametrize(
    ("platform", "entity", "action", "kind"),
    some(lambda kind: kind.risk == "read" and kind.pages and STATES & kind.model_fields.keys()),
)
def test_lists_say_which_states_they_hide(
    platform: str, entity: str, action: str, kind: type[Action]
) -> None:
    """A list of some states says which it left out: always where the default is ours."""
    assert platform in HIDES_NOTHING or kind.left_out is not Action.left_out
    ours = [name for name in STATES & kind.model_fields.keys() if kind.model_fields[name].default]
    assert not ours or shown(kind).left_out()


@pytest.mark.parametrize(("platform", "entity"), entities())
def test_schemas_as_they_were_reviewed(platform: str, entity: str) -> None:
    """A parameter changes only on purpose: MCP_ADS_UPDATE_SNAPSHOTS=1 writes the files; review the diff."""
    found = connector(platform).entity(entity)
    actions = {
        name: {
            "risk": kind.risk,
            "signature": describe.signature(entity, name, kind),
            **describe.schema(kind),
        }
        for name, kind in found.actions.items()
    }
    text = json.dumps(actions, ensure_ascii=False, indent=1) + "\n"
    path = SCHEMAS / platform / f"{entity}.json"
    if os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


def test_no_snapshot_of_what_is_gone() -> None:
    """An entity that is no more leaves no file behind."""
    kept = {(path.parent.name, path.stem) for path in SCHEMAS.glob("*/*.json")}
    assert kept == set(entities())


@pytest.mark.parametrize("platform", NAMES)
def test_the_table_of_entities_is_true(platform: str) -> None:
    """Each line of the table ends as a sentence does, and leads to an entity one can begin with."""
    for name, doc, _ in connector(platform).entities:
        found = connector(platform).entity(name)
        assert doc.endswith((".", "…"))
        assert "list" in found.actions or "get" in found.actions or "create" in found.actions
