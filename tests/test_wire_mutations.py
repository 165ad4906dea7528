"""Every action's calls, bent: what comes of one is a line that says what is wrong, or a right request."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from wire_cases import CASES, sent

from mcp_ads.connectors import connector
from mcp_ads.core import Action, Wire
from mcp_ads.core.bodies import Streamed
from mcp_ads.core.raw import Raw
from mcp_ads.core.validate import snake
from mcp_ads.errors import InvalidParams

Params = dict[str, Any]
Path = tuple[Any, ...]
ROUNDS, CHEAP = 4, 1
"""How often each kind of change is made to an action's cases: in all, and in `make test`."""
LONGEST = 4_000
"""Characters of a line: the names of all columns there are find room, and no value of a caller's."""
ANSWERED = "41"
"""What an earlier request's answer gives."""
ODD = "zz_unheard_of"
"""A name that no platform and no action has."""
OTHER_TYPES: list[Any] = [True, 0, 1.5, "text", "", [], [None], ["text", 7], {}, {"text": {"text": []}}, [[]]]
DEEP: list[Any] = []
for _ in range(150):
    DEEP = [DEEP]
EXTREMES: list[Any] = [
    DEEP,
    -1, 0, 10**9, 2**31, 2**53, 10**30, 1e308, float("nan"), float("inf"), "-1", "9" * 400, "٣", "1e999",
    "0000-99-99", "x" * 20_000, [*range(3_000)], ["1"] * 3_000,
]  # fmt: skip
HOSTILE = [
    f"a&{ODD}=1#{ODD}", f"1\r\n{ODD}: 1", f"1\n{ODD}=1", "../../me", "..", "%2e%2e%2f", f"1/{ODD}?{ODD}=1",
    "{account_id}", "{}", "{0.__class__}", "//evil.example", "https://evil.example/1", f"1),{ODD}:(1",
    f'"}}],"{ODD}":[{{"', "\x00", "\u2028", "\ud800", "😀" * 3, "' OR 1=1 --", "@evil.example", "%00",
    "\\..\\", " ", "[" * 20_000, '{"a": NaN}', '["\\ud800"]', "a,b\\", "<script>", "null", "None", "${IFS}",
]  # fmt: skip


@dataclass(frozen=True)
class Bent:
    """A case with a change made to its parameters."""

    case: Params
    params: Params


ACTIONS = sorted({(name, case["entity"], case["action"]) for name, case in CASES})


BY_ACTION: dict[tuple[str, str, str], list[Params]] = {action: [] for action in ACTIONS}
for platform, known in CASES:
    BY_ACTION[platform, known["entity"], known["action"]].append(known)


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where there is a value: each parameter, and each inside it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from _places(part, (*path, key))


def _put(params: Params, path: Path, value: Any) -> Params:
    made = deepcopy(params)
    *outer, last = path
    place: Any = made
    for key in outer:
        place = place[key]
    place[last] = value
    return made


def _bent(action: tuple[str, str, str], rounds: int) -> Iterator[Bent]:
    """The same changes in every run, one of each kind a round."""
    chance, cases = random.Random(".".join(action)), BY_ACTION[action]
    kind = connector(action[0]).action(*action[1:])
    for _ in range(rounds):
        case = chance.choice(cases)
        params: Params = case["params"]
        if not params:
            params = {chance.choice([*kind.model_fields, ODD]): "1"}
        path = chance.choice([(name,) for name in params])
        yield Bent(case, {name: value for name, value in params.items() if name != path[0]})
        yield Bent(case, {**params, ODD: chance.choice([*OTHER_TYPES, *HOSTILE])})
        for values in (OTHER_TYPES, EXTREMES, HOSTILE):
            deep = chance.choice([chance.choice([*_places(params)]), path])
            yield Bent(case, _put(params, deep, chance.choice(values)))


def _answered(url: str) -> str:
    """An address in which answers to earlier requests have filled in what they give."""
    return re.sub(r"<[\w.]+ of request \d+>", ANSWERED, url)


def _shapes(action: type[Action], cases: list[Params]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Methods, and paths in which what parameters gave may be another value, and nothing but a value."""
    for case in cases:
        path, _, _ = _answered(case["url"]).partition("?")
        given = {ANSWERED, *(str(value) for value in _leaves(case["params"]))}
        fixed = set(re.split(r"[/{}]", action.http.path))
        parts = (
            "[^/?#]+"
            if part not in fixed and any(word in unquote(part) for word in given)
            else re.escape(part)
            for part in path.split("/")
        )
        yield case["method"], re.compile("/".join(parts))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    else:
        yield value


def _names_a_parameter(line: str, known: set[str]) -> bool:
    return any(snake(word).removesuffix("s") in known for word in re.findall(r"\w+", line))


def _refused(mistake: InvalidParams, action: type[Action], given: Params) -> None:
    """A line for each mistake, and each names something that somebody can find."""
    names = {*given, *action.model_fields, *action.aliases, *(_keys(given))}
    names |= {field.alias for field in action.model_fields.values() if field.alias}
    known = {snake(str(name)).removesuffix("s") for name in names}
    for line in mistake.lines:
        assert _names_a_parameter(line, known), line
        assert "pydantic" not in line, line
        assert len(line) < LONGEST, len(line)
        assert line.isprintable(), line


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        yield from value if isinstance(value, dict) else ()
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _keys(inner)


def _right(wire: Wire, action: type[Action], cases: list[Params], given: Params) -> None:
    """The action's own request: its method and route, and nothing in it but values."""
    url = _answered(wire.url)
    if url == ANSWERED:
        return
    assert url.startswith("/"), url
    assert not url.startswith("//"), url
    assert re.fullmatch(r"[!-~]+", url), url
    assert "#" not in url
    path, _, query = url.partition("?")
    assert not {".", ".."} & set(path.split("/")), path
    method = wire.headers.get("X-HTTP-Method-Override", wire.method)
    if issubclass(action, Raw):
        assert path.endswith(given["path"])
    else:
        assert any(method == verb and shape.fullmatch(path) for verb, shape in _shapes(action, cases)), path
    for name, value in wire.headers.items():
        assert re.fullmatch(r"[A-Za-z0-9-]+", name), name
        assert re.fullmatch(r"[ -~]*", value), value
    sent_names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    assert ODD not in {*sent_names, *wire.headers, *_top(wire)}
    assert len(set(sent_names)) == len(sent_names)
    if "(" in query:  # Rest.li: what is a value has its own signs escaped
        assert f"{ODD}:" not in query


def _top(wire: Wire) -> set[str]:
    """The names in the body of a request."""
    if wire.content is None or isinstance(wire.content, Streamed):
        return set()
    text = wire.content.decode()
    if "x-www-form-urlencoded" in wire.headers.get("Content-Type", ""):
        return {name for name, _ in parse_qsl(text, keep_blank_values=True)}
    body = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    return set(body) if isinstance(body, dict) else set()


@pytest.mark.parametrize(
    "rounds", [pytest.param(CHEAP, id="some"), pytest.param(ROUNDS, id="all", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("action", ACTIONS, ids=".".join)
def test_a_bent_call_is_refused_in_words_or_is_a_right_request(
    action: tuple[str, str, str], rounds: int
) -> None:
    """Dropped, unheard of, of another type, out of range, hostile: an error that says where, or a request."""
    name, entity, verb = action
    kind, cases = connector(name).action(entity, verb), BY_ACTION[action]
    for bent in _bent(action, rounds):
        try:
            wire = sent(name, {**bent.case, "params": bent.params})
        except InvalidParams as mistake:
            _refused(mistake, kind, bent.params)
        else:
            assert ODD not in bent.params
            _right(wire, kind, cases, bent.params)


def test_what_is_bent_does_both() -> None:
    """Some changes leave a call right and some do not: neither half of the test above is empty."""
    right, refused, some = 0, 0, ACTIONS[:: len(ACTIONS) // 50]
    for action in some:
        for bent in _bent(action, CHEAP):
            try:
                sent(action[0], {**bent.case, "params": bent.params})
            except InvalidParams:
                refused += 1
            else:
                right += 1
    assert right > len(some) / 2
    assert refused > 2 * len(some)
