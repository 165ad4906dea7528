"""What Facebook's actions ask for and send, held against the field and parameter lists of Meta's SDK."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from mcp_ads.connectors import connector
from mcp_ads.connectors.facebook_marketing.delivery import promoted_rules as rules
from mcp_ads.connectors.facebook_marketing.names import MAJOR
from mcp_ads.connectors.facebook_marketing.types import GraphRead, GraphWrite
from mcp_ads.core import Action, Write
from mcp_ads.core.action import in_path
from mcp_ads.core.columns import unexpanded
from mcp_ads.core.raw import Raw

TABLE = "tests/data/facebook_fields.json"
VENDOR = json.loads((Path(__file__).parents[3] / TABLE).read_text("utf-8"))
FACEBOOK = connector("facebook_marketing")
SENT_AS = {("UploadVideo", "file"): "video_file_chunk", ("UploadImage", "file"): "bytes"}
"""Files that are sent under another name; an image's part may have any, and the SDK lists only this one."""
GENERIC = {"filtering"}
"""Parameters that every list takes, though the SDK lists them only for insights."""
OPEN = {
    "buying_type": "a text in the SDK; the two values are those of the Marketing API's page on campaigns",
    "location_types": "of the platform's search, which has no class: Meta's page Targeting Search",
    "time_increment": "a text in the SDK: a number of days, monthly or all_days",
}
"""Parameters whose values the SDK does not list."""
SAME = [
    ("ad_sets", "create", "optimization_goal"),
    ("ad_sets", "create", "billing_event"),
    ("ad_sets", "create", "bid_strategy"),
    ("campaigns", "update", "bid_strategy"),
    ("campaigns", "list", "effective_status"),
    ("ad_sets", "list", "effective_status"),
    ("ads_insights", "list", "level"),
]


def _actions() -> list[tuple[str, str, type[Action]]]:
    return [(e, a, cls) for e in FACEBOOK.names() for a, cls in FACEBOOK.entity(e).actions.items()]


READS = [(e, a, cls) for e, a, cls in _actions() if issubclass(cls, GraphRead)]
WRITES = [(e, a, cls) for e, a, cls in _actions() if issubclass(cls, GraphWrite)]


def _route(cls: type[Action]) -> str:
    return f"{cls.http.method} {cls.http.path}"


def _edge(cls: type[Action]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = VENDOR["edges"].get(_route(cls), {})
    return found


def _there(part: str, name: str, what: str) -> Any:
    """What the table has under this name; where it has none, the test fails with the line to add."""
    if name not in VENDOR[part]:
        pytest.fail(f'{TABLE}: "{part}" has no {name}: add {what}', pytrace=False)
    return VENDOR[part][name]


def _node(entity: str) -> str:
    return str(_there("entities", entity, "it with the class of Meta's SDK that its records are"))


def _readable(entity: str) -> set[str]:
    node = _node(entity)
    return set(_there("nodes", node, f"it with the values of {node}.Field in Meta's SDK"))


def _routes(cls: type[Action]) -> list[str]:
    """The action's own; of a copy, also those of the change after it, and of making it anew."""
    path = cls.http.path.removesuffix("/copies")
    anew = {"/{adset_id}": "adsets", "/{ad_id}": "ads"}.get(path, "campaigns")
    others = [f"POST {path}", f"POST /act_{{account_id}}/{anew}"] if path != cls.http.path else []
    return [_route(cls), *others]


def _parameters(cls: type[Action]) -> set[str]:
    """What the edge knows."""
    what = "it with the param_types of its method in Meta's SDK, each with the values of its enum or []"
    return {name for route in _routes(cls) for name in _there("edges", route, what)}


def _on_the_wire(cls: type[Action]) -> dict[str, Any]:
    """Parameters that are sent, by their wire names, with their annotations."""
    fields = cls.model_fields.items()
    return {
        f.alias or f.serialization_alias or SENT_AS.get((cls.__name__, n), n): f.annotation
        for n, f in fields
        if not f.exclude and n not in in_path(cls)
    }


def _choices(annotation: Any) -> set[str]:
    """Every value of the Literals in an annotation."""
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    return {value for argument in get_args(annotation) for value in _choices(argument)}


@pytest.mark.parametrize(("entity", "action", "cls"), READS, ids=str)
def test_default_columns_are_readable_fields(entity: str, action: str, cls: type[Action]) -> None:
    """No default column makes Graph answer "nonexisting field"."""
    assert {column.removesuffix(MAJOR) for column in cls.lean} <= _readable(entity)


@pytest.mark.parametrize("level", ["account", "campaign", "adset", "ad"])
def test_insights_ask_for_readable_fields(level: str) -> None:
    """The fields of an insights call follow from its level."""
    call = FACEBOOK.action("ads_insights", "list").model_validate({"account_id": "1", "level": level})
    asked = set(call.to_query()["fields"].split(","))
    assert asked <= set(VENDOR["nodes"]["AdsInsights"])
    assert {"spend", "actions"} <= asked


@pytest.mark.parametrize(("entity", "action", "cls"), WRITES, ids=str)
def test_writes_send_parameters_of_their_edge(entity: str, action: str, cls: type[Action]) -> None:
    """A parameter the edge does not know would be refused, or dropped without a word."""
    assert _on_the_wire(cls).keys() <= _parameters(cls)


@pytest.mark.parametrize(("entity", "action", "cls"), WRITES, ids=str)
def test_validation_only_on_edges_that_know_it(entity: str, action: str, cls: type[GraphWrite]) -> None:
    """On an edge without execution_options the flag is ignored and the write carried out."""
    assert cls.validation is Write.validation or "validate_only" in _edge(cls).get("execution_options", ())


@pytest.mark.parametrize(("entity", "action", "cls"), WRITES, ids=str)
def test_watched_fields_are_readable(entity: str, action: str, cls: type[GraphWrite]) -> None:
    """What a plan reads before a write exists on the node."""
    watched = {unexpanded(field) for field in cls.watch} if cls.subject else set()
    edges = {name for name in watched if f"GET /{{{cls.subject}}}/{name}" in VENDOR["edges"]}
    assert watched - edges <= _readable(entity)


@pytest.mark.parametrize(
    ("entity", "action", "cls"), [action for action in _actions() if _edge(action[2])], ids=str
)
def test_choices_are_the_vendors(entity: str, action: str, cls: type[Action]) -> None:
    """Every fixed value of ours is one of Meta's."""
    for name, annotation in _on_the_wire(cls).items():
        if (ours := _choices(annotation)) and name not in OPEN:
            listed = [VENDOR["edges"].get(route, {}).get(name) for route in _routes(cls)]
            known = (
                next(filter(None, listed), None) or VENDOR["enums"][f"{name} of an {_node(entity).lower()}"]
            )
            assert ours <= set(known), name


@pytest.mark.parametrize(("entity", "action", "cls"), _actions(), ids=str)
def test_lists_send_known_parameters(entity: str, action: str, cls: type[Action]) -> None:
    """Reads too send only what their edge knows, but for those whose parameters the caller names."""
    if cls.risk == "read" and not issubclass(cls, Raw):
        sent = _on_the_wire(cls).keys() - GENERIC - {"fields"}
        assert not sent or sent <= _parameters(cls)


@pytest.mark.parametrize(("entity", "action", "name"), SAME)
def test_closed_lists_are_complete(entity: str, action: str, name: str) -> None:
    """Leaving a value out would block a call that Facebook accepts."""
    cls = FACEBOOK.action(entity, action)
    assert _choices(cls.model_fields[name].annotation) == set(_edge(cls)[name])


def test_objectives_are_the_six_of_today() -> None:
    """Legacy objectives are refused on create."""
    ours = _choices(FACEBOOK.action("campaigns", "create").model_fields["objective"].annotation)
    known = _edge(FACEBOOK.action("campaigns", "create"))["objective"]
    assert ours == {objective for objective in known if objective.startswith("OUTCOME_")}


def test_special_ad_categories_without_the_retired_one() -> None:
    """CREDIT became FINANCIAL_PRODUCTS_SERVICES in 2025."""
    cls = FACEBOOK.action("campaigns", "create")
    ours = _choices(cls.model_fields["special_ad_categories"].annotation)
    assert ours == set(_edge(cls)["special_ad_categories"]) - {"CREDIT"}


def test_events_of_a_promoted_object() -> None:
    """All conversion events, and every correction leads to one."""
    assert set(VENDOR["enums"]["custom_event_type"]) == rules.EVENTS
    assert set(rules.MISSPELT.values()) <= rules.EVENTS
    assert not rules.MISSPELT.keys() & rules.EVENTS


def test_reasons_are_given() -> None:
    """An exception without a reason is an oversight."""
    assert all(len(reason) > len("none") for reason in OPEN.values())
