"""Parameters as agents write them: understood where the meaning is certain, else refused with a lesson."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import Field

from mcp_ads.core import GET, POST, Amount, Read, Span, Spend, Write, money, validate
from mcp_ads.core.view import split
from mcp_ads.errors import InvalidParams


class ListThings(Read):
    """List things."""

    account_id: Annotated[str, Field(pattern=r"^[0-9]+$", examples=["12"])]
    states: list[Literal["ON", "OFF"]] | None = None
    tags: list[str] | None = None
    filtering: list[dict[str, Any]] | None = None
    spec: dict[str, Any] | None = None
    days: Span = Span(preset="last_30d")
    size: Annotated[int, Field(ge=1, le=9)] | Literal["all"] | None = None
    note: str | None = None

    http = GET("/{account_id}/things")
    records = "data"
    aliases: ClassVar = {"ad_account": "account_id", "date_preset": "days"}


class SetThing(Write):
    """Change a thing."""

    thing_id: str
    state: Annotated[Literal["ON", "OFF"] | None, Field(alias="stateName")] = None
    budget: Annotated[Amount | None, Spend("day", "minor")] = None
    active: int | None = None

    http, subject = POST("/{thing_id}"), "thing_id"


def _list(**params: Any) -> ListThings:
    made = validate.call("things", "list", ListThings, params)
    assert isinstance(made, ListThings)
    return made


def _set(**params: Any) -> SetThing:
    made = validate.call("things", "set", SetThing, params)
    assert isinstance(made, SetThing)
    return made


def _mistakes(action: type[Read | Write], **params: Any) -> list[str]:
    with pytest.raises(InvalidParams) as refused:
        validate.call("things", "do", action, params)
    assert refused.value.sent == "no"
    assert refused.value.signature.startswith("things.do(")
    return list(refused.value.lines)


@pytest.mark.parametrize(
    "name", ["account_id", "accountId", "AccountId", "accountID", "ad_account", "adAccount"]
)
def test_names(name: str) -> None:
    """Ours, the vendor's camelCase, and declared other names."""
    assert _list(**{name: "12"}).account_id == "12"


@pytest.mark.parametrize("name", ["thing_id", "thingId", "id", "ids", "thing_ids", "thingIds"])
def test_names_of_the_subject(name: str) -> None:
    """The object acted on is also called id."""
    assert _set(**{name: "7", "state": "ON"}).thing_id == "7"


def test_names_on_the_wire() -> None:
    """An alias is understood and is what is sent."""
    for name in ("state", "stateName", "state_name"):
        assert _set(id="7", **{name: "ON"}).sent() == {"stateName": "ON"}


def test_id_is_no_parameter_without_a_subject() -> None:
    """A list has no object to name."""
    assert "id: no such parameter" in _mistakes(ListThings, id="1", account_id="12")[0]


@pytest.mark.parametrize(
    ("tags", "read"),
    [
        (["a", "b"], ["a", "b"]),
        ("a", ["a"]),
        ("a, b ,c", ["a", "b", "c"]),
        ("a,,b,", ["a", "b"]),
        ('["a,b", "c"]', ["a,b", "c"]),
        ("id,creative{id,name},x(1,2){y}", ["id", "creative{id,name}", "x(1,2){y}"]),
        ("a}b,c", ["a}b,c"]),
        ("", []),
        ([], []),
        (5, ["5"]),
    ],
)
def test_lists_of_texts(tags: Any, read: list[str]) -> None:
    """JSON text, or commas that are in no brackets."""
    assert _list(account_id="1", tags=tags).tags == read


@pytest.mark.parametrize("value", [[{"a": 1}], '[{"a": 1}]', {"a": 1}, ' [ {"a": 1} ] '])
def test_lists_of_objects(value: Any) -> None:
    """One object is a list of one; JSON text is what it stands for."""
    assert _list(account_id="1", filtering=value).filtering == [{"a": 1}]


@pytest.mark.parametrize("value", [{"a": [1, "ü"]}, '{"a": [1, "ü"]}', '  {"a": [1, "\\u00fc"]}\n'])
def test_objects(value: Any) -> None:
    """Nested values pass as they are."""
    assert _list(account_id="1", spec=value).spec == {"a": [1, "ü"]}


@pytest.mark.parametrize("value", ['{"a": 1', "{not json}", "text", "[1]", [1], 5])
def test_malformed_objects(value: Any) -> None:
    """What is no object is quoted back, not sent as text."""
    lines = _mistakes(ListThings, account_id="1", spec=value)
    assert len(lines) == 1
    assert lines[0].startswith("spec: ")


@pytest.mark.parametrize("value", ["last_7d", '{"since": "2026-10-01", "until": "2026-10-31"}'])
def test_dates_as_text_or_json(value: str) -> None:
    """Airbyte's time_range is JSON text."""
    assert str(_list(account_id="1", date_preset=value).days) in ("last_7d", "2026-10-01..2026-10-31")


def test_money_as_json() -> None:
    """LinkedIn's money object, as text too."""
    assert _set(id="1", budget='{"amount": "50", "currencyCode": "USD"}').sent() == {"budget": 5000}


@pytest.mark.parametrize("text", ['["a"]', '{"a": 1}', "a,b", "null", " x ", "true"])
def test_plain_texts_stay(text: str) -> None:
    """A name that looks like JSON or a list is still a name."""
    assert _list(account_id="1", note=text).note == text


@pytest.mark.parametrize(
    ("given", "read"), [(12, "12"), ("120210000000000001", "120210000000000001"), ("12", "12")]
)
def test_numbers_as_ids(given: Any, read: str) -> None:
    """Ids above 2^53 keep every digit."""
    assert _list(account_id=given).account_id == read


@pytest.mark.parametrize("given", [True, 1.5, 1e20, [1], {"a": 1}, "", " 1", "1\n", "abc", "\u0661\u0662"])
def test_not_an_id(given: Any) -> None:
    """One line, with an example where the pattern has one."""
    lines = _mistakes(ListThings, account_id=given)
    assert len(lines) == 1
    assert lines[0].startswith("account_id: ")


def test_null_is_not_given() -> None:
    """Clients fill optional parameters with null; a required one is still missing."""
    assert _list(account_id="1", tags=None).tags is None
    assert _mistakes(ListThings, account_id=None) == ["account_id: missing, required"]


@pytest.mark.parametrize(
    ("action", "params", "lines"),
    [
        (ListThings, {}, ["account_id: missing, required"]),
        (
            ListThings,
            {"account_id": "1", "stats": "ON"},
            ["stats: no such parameter; did you mean states or tags?"],
        ),
        (ListThings, {"zzz": 1}, ["zzz: no such parameter", "account_id: missing, required"]),
        (ListThings, {"zzz": None, "account_id": "1"}, ["zzz: no such parameter"]),
        (
            ListThings,
            {"account_id": "1", "accountId": "2"},
            ["accountId: not the same as account_id, which is given too"],
        ),
        (
            ListThings,
            {"accountId": "1", "ad_account": "2"},
            ["ad_account: not the same as accountId, which is given too"],
        ),
        (
            ListThings,
            {"account_id": "1", "states": ["ON", "of"]},
            ['states.1: "of" is not one of ON, OFF; did you mean OFF?'],
        ),
        (
            ListThings,
            {"account_id": "1", "size": "big"},
            ['size: "big" is not one of integer, all'],
        ),
        (
            SetThing,
            {"id": "1", "stateName": "gone", "active": []},
            [
                'state: "gone" is not one of ON, OFF; did you mean ON?',
                "active: should be a valid integer, got [] (wants integer)",
            ],
        ),
        (SetThing, {"id": "1", "budget": "50,00"}, [f"budget: write {money.GRAMMAR}"]),
        (SetThing, {"id": "1", "items": []}, ["items: no such parameter"]),
    ],
)
def test_one_line_per_mistake(action: type[Read | Write], params: dict[str, Any], lines: list[str]) -> None:
    """Every mistake is named once, under the name an agent knows."""
    assert _mistakes(action, **params) == lines


def test_long_values_are_cut() -> None:
    """A megabyte of nonsense is not said back."""
    assert len(_mistakes(ListThings, account_id="1", states=["x" * 10_000])[0]) < 200


def test_fields_do_not_reach_the_wire_by_themselves() -> None:
    """Columns are the platform's business to spell."""
    made = _list(account_id="1", fields="a,b", tags="x")
    assert (made.columns(), made.sent()) == (("a", "b"), {"tags": ["x"], "days": "last_30d"})


def test_a_call_cannot_be_changed() -> None:
    """A validated call is a value."""
    with pytest.raises(ValueError, match="frozen"):
        _list(account_id="1").note = "x"


def test_view_parameters_are_split_off() -> None:
    """How much to show is no parameter of the platform's."""
    given = {"limit": 5, "cursor": None, "account_id": "1"}
    assert split(ListThings, given) == ({"limit": 5}, {"account_id": "1"})
    assert split(SetThing, given) == ({}, given)


@pytest.mark.parametrize("name", ["page_size", "pageSize", "maxResults", "max_results", "per_page", "count"])
def test_other_names_of_the_limit(name: str) -> None:
    """Every platform has its own; ours wins where both are given."""
    assert split(ListThings, {name: 5}) == ({"limit": 5}, {})
    assert split(ListThings, {name: 5, "limit": 2}) == ({"limit": 2}, {})
    assert split(SetThing, {name: 5}) == ({}, {name: 5})


@pytest.mark.parametrize("state", ["ON", "on", "On", " on "])
def test_fixed_values_in_whatever_case(state: str) -> None:
    """A value is taken as it is declared when there is only one like it."""
    assert _set(id="7", state=state).state == "ON"
    assert _list(account_id="1", states=[state, "off"]).states == ["ON", "OFF"]


def test_values_that_are_texts_stay_as_they_are() -> None:
    """Only what has fixed values is respelt."""
    assert _list(account_id="1", note="on", tags=["On"]).note == "on"


@pytest.mark.parametrize("name", ["tag", "tags"])
def test_one_and_many(name: str) -> None:
    """The plural or singular of a name means the same parameter."""
    assert _list(account_id="1", **{name: "a"}).tags == ["a"]


@pytest.mark.parametrize(
    "given",
    [
        {"since": "2026-10-01", "until": "2026-10-03"},
        {"start_date": "2026-10-01", "end_date": "2026-10-03"},
        {"endDate": "2026-10-03", "startDate": "2026-10-01"},
        {"from": "2026-10-01", "to": "2026-10-03"},
        {"time_range": ["2026-10-01", "2026-10-03"]},
        {"date": "2026-10-01/2026-10-03"},
    ],
)
def test_ends_of_a_range(given: dict[str, Any]) -> None:
    """However the days are named, they are the one range of the action."""
    assert str(_list(account_id="1", **given).days) == "2026-10-01..2026-10-03"


def test_the_same_twice_is_no_mistake() -> None:
    """Clients that send a value under both of its names mean one thing."""
    assert _list(account_id="1", accountId="1", ad_account=1).account_id == "1"
    assert _list(account_id="1", tags="a,b", tag=["a", "b"]).tags == ["a", "b"]


@pytest.mark.parametrize(
    "params",
    [
        {"account_id": 120210000000000339},
        {"account_id": "1", "tags": ["7", 120210000000000339]},
        {"account_id": "1", "spec": {"audiences": [{"id": 120210000000000339}]}},
        {"account_id": "1", "filtering": [{"field": "id", "value": 9007199254740993}]},
        {"account_id": "1", "note": 1.2e20},
    ],
)
def test_numbers_that_lost_digits_are_no_ids(params: dict[str, Any]) -> None:
    """A client with 53-bit numbers sends another object's id: refused, at any depth."""
    assert any("as text in quotes" in line for line in _mistakes(ListThings, **params))


def test_numbers_that_keep_their_digits_are_ids() -> None:
    """Short ids may be numbers."""
    assert _list(account_id=9007199254740991).account_id == "9007199254740991"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"note": "a\ud800"}, "note: half of a character"),
        ({"tags": ["a", "\udfff"]}, "tags: half of a character"),
        ({"spec": {"\ud83d": 1}}, "spec: half of a character"),
        ({"spec": '{"name": "\\ud800"}'}, "spec: half of a character"),
        ({"spec": {"bid": float("nan")}}, "spec: NaN and Infinity"),
        ({"filtering": '[{"value": -Infinity}]'}, "filtering: NaN and Infinity"),
        ({"spec": '{"a": ' * 101 + "1" + "}" * 101}, "spec: nested more than 100"),
    ],
)
def test_what_cannot_be_sent_is_refused(params: dict[str, Any], said: str) -> None:
    """No encoding has half a character, and JSON no NaN: refused here, also inside JSON text."""
    assert _mistakes(ListThings, account_id="1", **params)[0].startswith(said)


def test_text_nested_beyond_reading_is_text() -> None:
    """JSON that no reader gets through is refused by the object's own rule, and ends nothing."""
    assert _mistakes(ListThings, account_id="1", spec='{"a":' * 90_000)[0].startswith("spec: should be a")


def test_a_mistake_is_one_line_whatever_was_given() -> None:
    """A value that could break a line is said back spelled out."""
    line = _mistakes(ListThings, account_id="1\u2028states: fine\x85\r\n")
    assert len(line) == 1
    assert line[0].isprintable()


def test_half_a_range_is_refused() -> None:
    """A first day alone goes on to yesterday; a last day alone says nothing of the first."""
    assert str(_list(account_id="1", since="2026-10-01").days) == "2026-10-01.."
    assert "until: no such parameter" in _mistakes(ListThings, account_id="1", until="2026-10-01")[0]
    both = _mistakes(ListThings, account_id="1", since="2026-10-01", until="2026-10-03", days="today")
    assert "since: no such parameter" in both[0]
