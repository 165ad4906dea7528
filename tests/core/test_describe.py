"""What agents are told about actions: short, complete, and true."""

from __future__ import annotations

import importlib.util
import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from mcp_ads import connectors
from mcp_ads.core import GET, Action, Amount, Cursor, Read, Span, Write, describe, validate
from mcp_ads.core.marks import is_found
from mcp_ads.errors import InvalidParams


class ListThings(Read):
    """List things. The second sentence.

    Not in the summary.
    """

    account_id: Annotated[str, Field(examples=["12"], description="The account.")]
    state: Literal["ON", "OFF"] | None = None
    kind: Literal["only"] = "only"
    days: Span = Span(preset="last_30d")

    http = GET("/{account_id}/things")
    pages, records, lean = Cursor("next", "token", size="limit"), "data", ("id", "name")


def _all() -> list[tuple[str, str]]:
    names = [n for n in connectors.NAMES if importlib.util.find_spec(f"mcp_ads.connectors.{n}.__init__")]
    return [(name, entity) for name in names for entity in connectors.connector(name).names()]


EVERY = pytest.mark.parametrize(("connector", "entity"), _all())


def actions(connector: str, entity: str) -> dict[str, type[Action]]:
    """The actions of an entity, whose module is read when its test runs."""
    return connectors.connector(connector).entity(entity).actions


def test_summary_is_the_first_line() -> None:
    """Long docstrings cost tokens in every search."""
    assert describe.summary(ListThings) == "List things. The second sentence."


def test_signature() -> None:
    """Required ones first and starred, fixed ones left out, paging at the end."""
    assert describe.signature("things", "list", ListThings) == (
        "things.list(account_id*, fields, state, days, "
        "limit, cursor, where, sort, top, group_by, accounts, from, save_to)"
    )


def test_page() -> None:
    """Types, defaults, descriptions, columns, and an example."""
    text = describe.page("x_ads", "things", "list", ListThings)
    assert (
        text.splitlines()[0]
        == "x_ads things.list (read): List things. The second sentence. Not in the summary."
    )
    assert "- account_id* (text): The account." in text
    assert "- state (ON|OFF)" in text
    assert "- days (dates, default last_30d)" in text
    assert "- limit (integer, default 25): Most rows" in text
    assert "kind" not in text
    assert text.endswith('Default columns: id, name\n\nExample params: {"account_id": "12"}')


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (str, "text"),
        (int | None, "integer"),
        (bool, "true|false"),
        (list[str] | None, "[text]"),
        (list[dict[str, Any]], "[object]"),
        (dict[str, Any], "object"),
        (Annotated[Amount | None, "mark"], "money"),
        (Span, "dates"),
        (int | Literal["all"] | None, "integer|all"),
        (list[Literal["A", "B"]], "[A|B]"),
        (Literal[1, 2], "1|2"),
    ],
)
def test_type_text(annotation: Any, text: str) -> None:
    """Types as an agent reads them."""
    assert describe.type_text(annotation) == text


def test_long_choices_are_cut() -> None:
    """Thirty values would drown the rest; the page of a refused call names them."""
    goal = (
        connectors.connector("facebook_marketing")
        .action("ad_sets", "create")
        .model_fields["optimization_goal"]
    )
    shown = describe.type_text(goal.annotation)
    assert shown.endswith("|…|text")
    assert shown.count("|") == describe.SHOWN_CHOICES + 1


@EVERY
def test_examples_are_valid_calls(connector: str, entity: str) -> None:
    """An example that is refused teaches the wrong thing."""
    for name, cls in actions(connector, entity).items():
        validate.call(entity, name, cls, json.loads(describe.example(cls)))


@EVERY
def test_pages_are_short_and_single_spaced(connector: str, entity: str) -> None:
    """A page fits beside a conversation, and its summary in a search result."""
    for name, cls in actions(connector, entity).items():
        text = describe.page(connector, entity, name, cls)
        assert len(text) < 6000
        assert len(describe.summary(cls)) < 160
        assert "None" not in text
        assert "typing." not in text


@EVERY
def test_signatures_name_every_required_parameter(connector: str, entity: str) -> None:
    """A refused call is answered with the signature alone."""
    for name, cls in actions(connector, entity).items():
        text = describe.signature(entity, name, cls)
        required = [param for param, field in cls.model_fields.items() if field.is_required()]
        assert all(f"{param}*" in text for param in required)
        assert ("append_to" in text) == issubclass(cls, Write)


@EVERY
def test_schemas_are_json(connector: str, entity: str) -> None:
    """Complete, without titles, and without references to elsewhere."""
    for cls in actions(connector, entity).values():
        made = describe.schema(cls)
        text = json.dumps(made)
        assert made["type"] == "object"
        given = {param for param, field in cls.model_fields.items() if not is_found(field)}
        assert given == made["properties"].keys() & cls.model_fields.keys()
        assert '"$ref"' not in text
        assert '"title": "' not in text
        assert ("items" in made["properties"]) == issubclass(cls, Write)


@EVERY
def test_lists_have_default_columns(connector: str, entity: str) -> None:
    """Graph answers with ids alone, others with everything, unless columns are named."""
    for name, cls in actions(connector, entity).items():
        call = validate.call(entity, name, cls, json.loads(describe.example(cls)))
        assert not cls.pages or call.columns()


@EVERY
def test_misspelt_parameters_are_answered(connector: str, entity: str) -> None:
    """Whatever the action, an unknown name is refused and never dropped."""
    for name, cls in actions(connector, entity).items():
        with pytest.raises(InvalidParams, match="zzzz_unknown: no such parameter"):
            validate.call(entity, name, cls, {"zzzz_unknown": 1})
