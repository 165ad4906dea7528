"""Answers as text: the grammar of tables, records, JSON, mixed answers and errors."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient

from mcp_ads.core import Result
from mcp_ads.core.answer import drawn
from mcp_ads.engine.answers.error_text import render_error
from mcp_ads.engine.answers.shape import MOST_CHARS, render
from mcp_ads.errors import InvalidParams, OverCap, Rejected


def table(*rows: Any, columns: tuple[str, ...] = (), **meta: Any) -> list[str]:
    """The lines of a table."""
    return render(Result(list(rows), meta, columns=columns)).split("\n")


def test_null_and_empty_text_differ() -> None:
    """Null is nothing, empty text is a pair of quotes."""
    assert table({"a": None, "b": "", "c": 0, "d": False}) == ["a,b,c,d", ',"",0,false']


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('say "hi", you', '"say ""hi"", you"'),
        ("two\nlines\r\tand\x00\x1b\x85\u2028", "two\\nlines\\r\\tand\\x00\\x1b\\x85\\u2028"),
        ("\u202eevil", "\\u202eevil"),
        ("ev\u200bil\u2060\ufeff", "ev\\u200bil\\u2060\\ufeff"),
        ("=1+1", "=1+1"),
        (" padded ", " padded "),
        (["a", {"b": 1}], '"[""a"",{""b"":1}]"'),
        ([], "[]"),
        ({}, "{}"),
        (1.5, "1.5"),
        ("x" * 305, "x" * 300 + "…(+5)"),
        ("🌊, 東京", '"🌊, 東京"'),
    ],
)
def test_cells(value: Any, shown: str) -> None:
    """RFC 4180 in one line, control characters escaped, long text cut."""
    assert table({"a": value}) == ["a", shown]


def test_a_standard_reader_reads_it() -> None:
    """What is quoted comes back as it was."""
    rows = [{"id": "1", "name": 'a "b", c'}, {"id": "2", "name": "plain"}]
    text = "\n".join(table(*rows))
    assert list(csv.DictReader(io.StringIO(text))) == rows


def test_objects_are_dotted_to_depth_two() -> None:
    """One level down has columns of its own, deeper is compact JSON."""
    assert table({"a": {"b": {"c": 1}, "d": 2}}) == ["a.b,a.d", '"{""c"":1}",2']


def test_columns_do_not_depend_on_the_page() -> None:
    """Named columns are all there, in their order, also where no row has a value."""
    assert table({"b": 1}, columns=("a", "b")) == ["a,b", ",1"]
    assert table(columns=("a", "b")) == ["a,b"]


def test_one_record() -> None:
    """A single record is a line per value, without the quoting of tables."""
    record = {
        "id": "1",
        "name": 'a, "b"',
        "none": None,
        "empty": "",
        "budget": {"amount": 5, "deep": {"x": 1}},
    }
    assert render(Result(record)).split("\n") == [
        "id: 1", 'name: a, "b"', "none: ", 'empty: ""', "budget.amount: 5", 'budget.deep: {"x":1}',
    ]  # fmt: skip


def test_json_is_one_object() -> None:
    """The other format is JSON and nothing before or after it."""
    answer = json.loads(render(Result([{"a": None}], {"rows": 1}), "json"))
    assert answer == {"data": [{"a": None}], "errors": [], "meta": {"rows": 1}}


def test_mixed_answers_say_so_first() -> None:
    """How many were read, and an error for each of the others; JSON stays JSON."""
    result = Result(
        [{"id": "1"}, {"id": "2"}], {"rows": 2}, [{"index": 1, "code": "NotFound", "message": "no"}]
    )
    lines = render(result).split("\n")
    assert lines[0] == "PARTIAL: 2 of 3 read; errors say which were not, and why"
    assert lines[-1] == 'error: {"index":1,"code":"NotFound","message":"no"}'
    assert json.loads(render(result, "json"))["meta"]["PARTIAL"].startswith("2 of 3 read")


def test_too_long_is_cut_between_rows() -> None:
    """No answer is longer than an agent's client takes; the cursor of the first row left out comes along."""
    rows = [{"id": str(n), "text": "y" * 200} for n in range(500)]
    result = Result(rows, {"rows": 500, "more": False})
    for style in ("table", "json"):
        text = drawn(result, style, lambda row: f"from-{row}").text
        assert len(text) <= MOST_CHARS
        assert f"from-{text.count('yyyy' * 50)}" in text
        assert f"cut at 20,000 characters, after {text.count('yyyy' * 50)} of 500 rows" in text
        assert len(text) > MOST_CHARS * 0.9


def test_too_long_without_a_cursor_says_what_to_do() -> None:
    """Records asked for by id have no next page: the others are to be asked for by themselves."""
    text = render(Result([{"text": "y" * 290} for _ in range(100)], {"rows": 100}))
    assert len(text) <= MOST_CHARS
    assert "ask for the others" in text


def test_one_record_that_is_too_long() -> None:
    """What is too long is shortened and stays what it is; the answer says where."""
    text = render(Result({"id": "1", "spec": {"x": ["y" * 50] * 1000}}), "json")
    assert MOST_CHARS * 0.9 < len(text) <= MOST_CHARS
    answer = json.loads(text)
    assert set(answer["data"]["spec"]["x"]) == {"y" * 50}
    shown = len(answer["data"]["spec"]["x"])
    assert answer["meta"]["warnings"] == [f"shortened to fit an answer: spec.x: {shown} of 1000 shown"]


def test_errors_have_a_grammar() -> None:
    """Kind, mistakes, whether anything was sent, what the platform said, who can do what."""
    error = Rejected(
        "Facebook refused this",
        status=400,
        code="100/33",
        request_id="Abc",
        platform_text='no\n"x"',
        fix="look",
    )
    error.trace = "1a2b3c4d"
    assert render_error(error).split("\n") == [
        "ERROR Rejected: Facebook refused this", "sent: no", "platform: code 100/33 HTTP 400 Abc",
        'says: "no\\n\\"x\\""', "fix: you: look", "trace=1a2b3c4d",
    ]  # fmt: skip
    wrong = InvalidParams("a: missing, required\nb: no such parameter", signature="things.list(a*)")
    assert render_error(wrong).split("\n") == [
        "ERROR InvalidParams: a: missing, required", "  b: no such parameter", "sent: no",
        "signature: things.list(a*)",
    ]  # fmt: skip
    assert "fix: the user: raise it" in render_error(OverCap("too much", fix="raise it"))


def test_what_a_platform_says_is_cut() -> None:
    """Three hundred characters are enough to know what is meant."""
    line = render_error(Rejected("no", platform_text="z" * 1000)).split("\n")[2]
    assert line == f'says: "{"z" * 300}…(+700)"'


def test_many_mistakes_are_cut() -> None:
    """A hundred items can be wrong in many ways; the answer stays readable."""
    text = render_error(InvalidParams("\n".join(f"items[{n}]: wrong" for n in range(400))))
    assert text.split("\n")[-2] == "  … and 339 more"


@pytest.mark.anyio
async def test_meta_in_order(engine_client: EngineClient) -> None:
    """First that it is the sandbox, then what there is, then of whom and when."""
    table = await engine_client.table(FACEBOOK, "ads_insights", "list", account_id=US, level="ad", limit=5)
    assert list(table.meta) == [
        "SANDBOX", "rows", "more", "cursor", "currency", "range", "basis", "account", "hidden",
    ]  # fmt: skip
    assert table.meta["range"].endswith("America/New_York")


@pytest.mark.anyio
async def test_a_field_with_its_expansion(engine_client: EngineClient) -> None:
    """creative{id,name} is the column creative, in lists and in single records."""
    fields = ["id", "creative{id,name}"]
    table = await engine_client.table(FACEBOOK, "ads", "list", account_id=US, limit=2, fields=fields)
    assert all(json.loads(row["creative"])["id"] for row in table.rows)
    one = await engine_client.table(FACEBOOK, "ads", "get", ad_id=table.ids[0], fields=fields)
    assert "creative.id: " in one.text


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("entity", "params", "most"),
    [("campaigns", {}, 120), ("ad_sets", {}, 150), ("ads_insights", {"level": "ad"}, 150)],
)
async def test_rows_are_lean(
    engine_client: EngineClient, entity: str, params: dict[str, Any], most: int
) -> None:
    """What a row costs with default columns."""
    text = (await engine_client.table(FACEBOOK, entity, "list", account_id=US, limit=100, **params)).text
    rows = text.encode().split(b"\n")[2:]
    assert len(rows) == 100
    assert sum(len(row) + 1 for row in rows) / len(rows) <= most
