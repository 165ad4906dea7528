"""The type stubs say of every action what its declaration says; no wheel is built here."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from mcp_ads import AdsError, AmazonAdsConnector, FacebookMarketingConnector, LinkedinAdsConnector
from mcp_ads.across import offer
from mcp_ads.core import Action, Connector, Write, describe
from mcp_ads.core.marks import is_found
from mcp_ads.core.view import ListView
from mcp_ads.engine.reads.ask import paging_names
from mcp_ads.sdk.classes.base import AdsConnector
from typing_stubs.calls import called, classes, members, ways
from typing_stubs.hook import TypeStubs
from typing_stubs.package import FOLDER, MODULES
from typing_stubs.parameters import DAYS

KEYWORDS = ("select_fields", "exclude_fields", "skip_truncation", "progress")
BESIDE = {"items", "append_to", "steps"}
CONDITION = {"where", "over"}


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The make-believe platforms, with a home of their own."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")


def connector_of(slug: str) -> Connector:
    """The platform's connector."""
    connector = offer(slug)
    assert isinstance(connector, Connector)
    return connector


def ways_of(stub: ast.ClassDef, method: str = "__call__") -> list[dict[str, bool]]:
    """The parameters of each signature of a method -> whether they may be left out."""
    found = []
    for one in stub.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == method:
            given = zip(one.args.kwonlyargs, one.args.kw_defaults, strict=True)
            found.append({arg.arg: default is not None for arg, default in given})
    return found


@pytest.mark.slow
@pytest.mark.parametrize("slug", MODULES)
def test_a_stub_has_what_is_declared_and_demands_what_a_call_needs(slug: str) -> None:
    """Every entity, action and parameter is there, none besides; each example is one of the ways to call."""
    connector = connector_of(slug)
    tree = ast.parse(classes(connector, []))
    stubs = {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}
    held = {one.name for one in ast.parse(members(connector)).body if isinstance(one, ast.FunctionDef)}
    assert held == {*connector.names()}
    expected = [called(name) for name in connector.names()]
    for entity in connector.names():
        actions = connector.entity(entity).actions
        fields = [one for one in stubs[called(entity)].body if isinstance(one, ast.AnnAssign)]
        assert [ast.unparse(one.target) for one in fields] == [*actions]
        expected += [called(entity, name) for name in actions]
        for name, kind in actions.items():
            check_action(kind, ways_of(stubs[called(entity, name)]), f"{entity}.{name}")
    assert {*stubs} == {*expected}
    assert len(stubs) == len(tree.body) == len(expected)


def check_action(kind: type[Action], found: list[dict[str, bool]], named: str) -> None:
    """The ways to call one action are what it declares."""
    there = {param for way in found for param in way}
    own = {param for param, field in kind.model_fields.items() if not is_found(field)}
    more = {*BESIDE, *CONDITION, "bid_to"} if issubclass(kind, Write) else {*ListView.model_fields}
    assert own <= there, named
    tokens, sizes = paging_names(kind)
    assert there - own - {*kind.aliases, *DAYS, *tokens, *sizes} <= more, named
    assert not own & {*KEYWORDS}, named
    given = json.loads(describe.example(kind)).keys()
    assert any(given <= {*way} and all(way[one] or one in given for one in way) for way in found), named
    if kind.subject and kind.model_fields[kind.subject].is_required():
        assert not any(all(way.values()) for way in found), named


@pytest.mark.parametrize(
    ("slug", "entity", "action", "name", "kind"),
    [
        ("facebook-marketing", "campaigns", "list", "after", "str | int | None"),
        ("amazon-ads", "sponsored_product_campaigns", "list", "next_token", "str | int | None"),
        ("linkedin-ads", "campaigns", "list", "page_token", "str | int | None"),
        ("amazon-ads", "reports", "run", "since", "str | None"),
        ("amazon-ads", "reports", "run", "columns", "Sequence[str]"),
        ("facebook-marketing", "ads_insights", "list", "date_preset", "str | None"),
        ("amazon-ads", "sponsored_display_campaigns", "update", "status", "'PAUSED'"),
        ("amazon-ads", "sponsored_product_campaigns", "list", "status", "Literal["),
    ],
)
def test_a_stub_has_the_other_names_that_calls_understand(
    slug: str, entity: str, action: str, name: str, kind: str
) -> None:
    """The platform's own paging, days, columns and states: what docs teach is no error of types."""
    (found, *_), *_ = ways(connector_of(slug), entity, action)
    typed = {one.name: one for one in found}
    assert kind in typed[name].type
    assert not typed[name].needed


def test_a_build_whose_stubs_cannot_be_made_fails_and_says_why(tmp_path: Path) -> None:
    """A changed source ends the build with a line that names what is missing; editing goes on."""
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "base.py").write_text("class Renamed:\n    pass\n")
    hook = TypeStubs(str(tmp_path), {}, None, None, str(tmp_path), "wheel")  # type: ignore[arg-type]  # unused
    build: dict[str, Any] = {"force_include": {}}
    hook.initialize("editable", build)
    assert build == {"force_include": {}}
    with pytest.raises(RuntimeError) as failed:
        hook.initialize("standard", build)
    assert str(failed.value).startswith("the type stubs cannot be made: SourceChanged: 0 classes whose names")
    assert str(tmp_path) not in sys.path


async def answered(connector: AdsConnector, entity: str, action: str, params: dict[str, Any]) -> str:
    """What a call answers with, by its name; empty where the sandbox has nothing to answer with."""
    try:
        return type(await connector.execute(entity, action, params)).__name__
    except AdsError:
        return ""


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "entity", "action", "params"),
    [
        (FacebookMarketingConnector, "images", "get", {"account_id": "1234567890", "hash": "0" * 32}),
        (FacebookMarketingConnector, "delivery_issues", "list", {"account_id": "1234567890"}),
        (LinkedinAdsConnector, "token", "introspect", {}),
        (AmazonAdsConnector, "portfolios", "usage", {"profile_id": "3312345678901234", "portfolio_id": "1"}),
    ],
)
async def test_odd_answers_are_as_typed(
    sandbox: None, kind: type[AdsConnector], entity: str, action: str, params: dict[str, Any]
) -> None:
    """What is no plain list or get is typed by what it answers with, too."""
    async with kind() as connector:
        (typed,) = (answer for _, answer in ways(kind.offer(), entity, action))
        assert await answered(connector, entity, action, params) == typed


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("kind", [FacebookMarketingConnector, LinkedinAdsConnector, AmazonAdsConnector])
async def test_answers_are_as_typed(sandbox: None, kind: type[AdsConnector]) -> None:
    """Every read's example answers with a record or a list as its stub says, for one id and for several."""
    offered, seen = kind.offer(), 0
    async with kind() as connector:
        for entity in offered.names():
            for name, action in offered.entity(entity).actions.items():
                found = [answer for _, answer in ways(offered, entity, name)]
                if issubclass(action, Write) or found == ["Any"]:
                    continue
                params = json.loads(describe.example(action))
                one = params.get(action.subject)
                one = one[0] if isinstance(one, list) else one
                for answer in found:
                    of = (
                        {action.subject: [one] if answer == "ExecuteResult" else one}
                        if len(found) > 1
                        else {}
                    )
                    came = await answered(connector, entity, name, params | of)
                    assert came in ("", answer), (entity, name, params | of)
                    seen += bool(came)
    assert seen > 30
