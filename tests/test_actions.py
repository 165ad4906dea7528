"""Every action of every platform, as it is declared: documented, exemplified, bounded, reviewed."""

from __future__ import annotations

import inspect
import json
import os
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import POST, Action, Write, describe, validate
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.view import view_of
from mcp_ads.errors import AdsError

SCHEMAS = Path(__file__).parent / "schemas"
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
DOCUMENTED = 100
RESERVED = frozenset({
    "where", "filter", "sort", "top", "group_by", "limit", "cursor", "from", "over", "accounts", "save_to",
    "totals", "compare", "by", "connection", "items", "append_to", "steps", "propose", "bid_to",
})  # fmt: skip
"""What an agent asks of every list and every plan, now or later; `fields` alone is an action's own."""
STATES = frozenset({"status", "state", "effective_status", "intended_status"})
HIDES_NOTHING = frozenset({"linkedin_ads"})
"""Platforms whose lists show objects in every state unless one is asked for."""


MAKING = frozenset({"create", "create_inline", "upload", "copy", "duplicate"})
"""Names of actions after which there is an object more, and of no others."""
SENDS = frozenset({("conversion_events", "create")})
"""Named as where things are made, though nothing has an id after them: events that are sent."""
ANSWERS_NOTHING = frozenset({"linkedin_ads"})
"""Platforms that answer a change without a word."""


def entities() -> list[tuple[str, str]]:
    return [(name, entity) for name in NAMES for entity in connector(name).names()]


@dataclass(frozen=True)
class Declared:
    """An action in its place; each check yields what is wrong with it."""

    platform: str
    entity: str
    name: str
    kind: type[Action]

    @property
    def params(self) -> dict[str, Any]:
        """The parameters its description shows."""
        found: dict[str, Any] = json.loads(describe.example(self.kind))
        return found

    @property
    def shown(self) -> Action:
        """The call its description shows."""
        return self.kind.model_validate(self.params)

    def wrong(self) -> Iterator[str]:
        """What every check finds, each line with the action and the check."""
        for check in CHECKS:
            name = check.__name__.removeprefix("_").replace("_", " ")
            try:
                yield from (f"{self.name}, {name}: {line}" for line in check(self))
            except (AdsError, ValueError, AttributeError) as error:
                yield f"{self.name}, {name}: {error}"


def _says_what_it_does(it: Declared) -> Iterator[str]:
    """A sentence, and names an agent can guess."""
    line = describe.summary(it.kind)
    if not (line.endswith(".") and line[0].isupper() and len(line) <= DOCUMENTED):
        yield f"no sentence of at most {DOCUMENTED} characters: {line!r}"
    names = (it.entity, it.name, *it.kind.model_fields)
    yield from (f"{name!r} is not in snake case" for name in names if not SNAKE.fullmatch(name))


def _has_a_route_and_a_risk(it: Declared) -> Iterator[str]:
    """The route is made of its own parameters; what changes something is a write, and says what it sends."""
    if route := getattr(it.kind, "http", None):
        named = {name for _, name, _, _ in string.Formatter().parse(route.path) if name}
        yield from (f"{name} of the route is no parameter" for name in named - it.kind.model_fields.keys())
    if issubclass(it.kind, Write) is (it.kind.risk == "read"):
        yield f"its risk is {it.kind.risk}"
    flows = it.kind.flow is not Action.flow
    if issubclass(it.kind, Write) and flows is (it.kind.outline is Write.outline):
        yield "a plan shows every request of a flow: flow and outline go together"
    if it.kind.private and it.kind.spooled:
        yield "what is about people is not kept on disk"


def _example_is_a_valid_call(it: Declared) -> Iterator[str]:
    """What a description shows can be sent as it is."""
    required = {name for name, field in describe.visible(it.kind).items() if field.is_required()}
    yield from (f"{name} is required and not shown" for name in required - it.params.keys())
    validate.call(it.entity, it.name, it.kind, it.params)
    page = describe.page(it.platform, it.entity, it.name, it.kind)
    if f"Example params: {describe.example_text(it.kind)}" not in page:
        yield "the example is not on the page"


def _no_name_has_two_meanings(it: Declared) -> Iterator[str]:
    """Parameters collide neither with what every action has nor with how a list is shown, nor do aliases."""
    own = it.kind.model_fields.keys()
    view = view_of(it.kind).model_fields.keys() - ({"accounts"} if it.kind.private else set())
    taken = {name for name, _ in inspect.getmembers(BaseModel)}
    taken |= {"http", "risk", "pages", "records", "subject", *RESERVED, *view}
    yield from (f"{name} means something else" for name in taken & own)
    wire = {field.alias for field in it.kind.model_fields.values()}
    yield from (f"the vendor's {name} means something else" for name in RESERVED & wire)
    yield from (f"{name} is how a list is shown" for name in it.kind.aliases.keys() & view)


def _answers_are_bounded(it: Declared) -> Iterator[str]:
    """A list has pages or comes whole; rows have columns of their own unless the report decides."""
    flows = it.kind.flow is not Action.flow
    if it.name == "list" and not (it.kind.pages or flows or it.kind.spooled):
        yield "neither pages nor a table"
    if it.name == "list" and "limit" not in view_of(it.kind).model_fields:
        yield "no limit"
    if it.kind.subject and it.kind.subject not in it.kind.model_fields:
        yield f"its subject {it.kind.subject} is no parameter"
    if it.kind.risk == "read" and not flows and not it.shown.columns():
        yield "no columns"


def _columns_have_kinds(it: Declared) -> Iterator[str]:
    """A table is filtered, sorted and summed by what its columns are declared to be; none is guessed."""
    if not it.kind.spooled:
        return
    call = it.shown
    kinds = call.kinds()
    if not kinds:
        yield "none"
    columns = call.columns() or (call.names() if isinstance(call, KnownRead) else ())
    yield from (f"{name} has none" for name in columns if name not in kinds)
    for name, column in kinds.items():
        if column.of and not {*column.of[:2]} <= kinds.keys():
            yield f"{name} is made of what is not there"
        if column.adds and column.kind in ("percent", "ratio"):
            yield f"{name} does not add up"


def _write_reads_what_is_in_the_record(it: Declared) -> Iterator[str]:
    """The object is named as in the entity's get, which has all that is compared before and after."""
    if not (issubclass(it.kind, Write) and it.kind.subject):
        return
    get = connector(it.platform).entity(it.entity).actions["get"]
    if it.kind.subject != get.subject:
        yield f"get calls {it.kind.subject} {get.subject}"
    call = it.shown
    assert isinstance(call, Write)
    example = json.loads(describe.example(get))
    yield from get.model_validate({**example, "fields": [*it.kind.watch, *call.sets()]}).mistakes()


def _write_says_what_kind_it_is(it: Declared) -> Iterator[str]:
    """Making has a place for the new id, changing sets fields of an object, acting says what it does."""
    call = it.shown
    if not isinstance(call, Write):
        return
    makes = call.does == "makes" and call.new_id_at
    changes = call.does == "changes" and call.subject and call.sets()
    acts = call.does == "acts" and call.effect() and not call.sets()
    if not (makes or changes or acts) or (it.name in MAKING and (it.entity, it.name) not in SENDS) != (
        call.does == "makes"
    ):
        yield f"it {call.does} something, by its word"
    if not call.outline() or (it.kind.flow is Action.flow and len(call.outline()) > 1):
        yield "its outline is not what it sends"
    if call.undone_by and call.undone_by not in connector(it.platform).entity(it.entity).actions:
        yield f"it is undone by {call.undone_by}, which there is not"


def _write_knows_its_answers(it: Declared) -> Iterator[str]:
    """The platform's base says which answers show that it was done; an answer that says nothing is none."""
    call = it.shown
    if not isinstance(call, Write):
        return
    if it.kind.doubt is Write.doubt:  # type: ignore[attr-defined]
        yield "it believes any answer"
    answers: list[Any] = [None, "", [], "ok", {"id": None}, {"id": "none"}, {"success": False}, {}]
    one_request = type(call).outline is Write.outline  # what several come to is counted by their flow
    silence = it.platform in ANSWERS_NOTHING and (call.subject or call.raw) and one_request
    if [answer for answer in answers if not call.doubt(answer)] != ([{}] if silence else []):
        yield "it believes an answer that says nothing"


def _list_says_which_states_it_hides(it: Declared) -> Iterator[str]:
    """A list of some states says which it left out: always where the default is ours."""
    states = STATES & it.kind.model_fields.keys()
    if it.kind.risk != "read" or not it.kind.pages or not states:
        return
    if it.platform not in HIDES_NOTHING and it.kind.left_out is Action.left_out:
        yield "it does not say"
    defaults = [it.kind.model_fields[name].default for name in states]
    if any(default and "ARCHIVED" not in default for default in defaults) and not it.shown.left_out():
        yield "it does not say of its own default"


CHECKS: tuple[Callable[[Declared], Iterator[str]], ...] = (
    _says_what_it_does, _has_a_route_and_a_risk, _example_is_a_valid_call, _no_name_has_two_meanings,
    _answers_are_bounded, _columns_have_kinds, _write_reads_what_is_in_the_record,
    _write_says_what_kind_it_is, _write_knows_its_answers, _list_says_which_states_it_hides,
)  # fmt: skip


@pytest.mark.parametrize(("platform", "entity"), entities())
def test_declared_as_it_should_be(platform: str, entity: str) -> None:
    """Every check of every action of an entity; a failure names the action, the check and what is wrong."""
    actions = connector(platform).entity(entity).actions.items()
    wrong = [line for name, kind in actions for line in Declared(platform, entity, name, kind).wrong()]
    assert not wrong, "\n".join(wrong)


def _bad(name: str, kind: type[Action]) -> str:
    return "\n".join(Declared("facebook_marketing", "campaigns", name, kind).wrong())


def test_every_check_finds_something() -> None:
    """A declaration with a mistake of every sort fails every check, each under its own name."""
    found: dict[str, Any] = {**connector("facebook_marketing").entity("campaigns").actions}
    update, lists, get = found["update"], found["list"], found["get"]

    class Changes(update):  # type: ignore[misc,valid-type]
        """changes"""

        http = POST("/{nobody}")
        watch = ("no_such_column",)
        sort: str = ""
        doubt = Write.doubt

    class Lists(lists):  # type: ignore[misc,valid-type]
        """List them."""

        pages, lean, spooled = None, (), True

        def kinds(self) -> dict[str, Any]:
            return {}

    class Hides(lists):  # type: ignore[misc,valid-type]
        """Hide them."""

        left_out = Action.left_out

    class Wants(get):  # type: ignore[misc,valid-type]
        """Want something."""

        campaign_id: int = Field(default=..., gt=10, json_schema_extra={"example": "x"})

    wrong = "\n".join(
        _bad(*case) for case in (("Up", Changes), ("list", Lists), ("list", Hides), ("x", Wants))
    )
    unfound = [check.__name__ for check in CHECKS if check.__name__[1:].replace("_", " ") not in wrong]
    assert unfound == [], wrong


@pytest.mark.parametrize(("platform", "entity"), entities())
def test_schemas_as_they_were_reviewed(platform: str, entity: str) -> None:
    """A parameter changes only on purpose: `make snapshots` writes the files; review the diff."""
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
    kept = path.read_text() if path.exists() else ""
    assert text == kept, f"{path.relative_to(SCHEMAS.parents[1])}: run `make snapshots` and review the diff"


def test_no_snapshot_of_what_is_gone() -> None:
    """An entity that is no more leaves no file behind."""
    kept = {(path.parent.name, path.stem) for path in SCHEMAS.glob("*/*.json")}
    assert kept == set(entities()), "run `make snapshots`, and delete the file of an entity that is gone"


@pytest.mark.parametrize("platform", NAMES)
def test_the_table_of_entities_is_true(platform: str) -> None:
    """Each line of the table ends as a sentence does, and leads to an entity one can begin with."""
    for name, doc, _ in connector(platform).entities:
        found = connector(platform).entity(name)
        assert doc.endswith((".", "…"))
        assert found.actions.keys() & {"list", "get", "create", "search", "introspect"}
