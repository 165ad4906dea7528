"""What lies on disk, on a command line or in a cursor and was edited: a line of words, or what it says."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from budget import scale
from engine_client import FACEBOOK, US, EngineClient
from hostile import TEXTS, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planning import SPRING
from shell import Shell

from mcp_ads.callers import verifier
from mcp_ads.engine.door import Engine
from mcp_ads.errors import AdsError, BadSettings
from mcp_ads.sandbox.store import Store
from mcp_ads.settings import load

EngineClients = Callable[..., EngineClient]
FEW, MANY = 4, 3_000
KEYS = [
    "accounts", "account_ids", "protected", "sha256", "scope", "platform", "app", "region", "name", "clients",
    "sign_in", "default", "label", "profiles", "a", "a.b", "x" * 99, "\u202e",
]  # fmt: skip
FILES = ["clients.toml", "connections.toml", "tokens.toml"]


def quick(examples: int) -> settings:
    """The settings of hypothesis: the same values in every run."""
    return settings(
        max_examples=examples, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def spelt(value: Any) -> str:
    """A value as TOML has it, or nearly: what TOML has not is written as JSON."""
    return "''" if value is None else json.dumps(value)


LINES = st.one_of(
    st.tuples(st.sampled_from(KEYS), values()).map(lambda pair: f"{json.dumps(pair[0])} = {spelt(pair[1])}"),
    st.sampled_from(
        ["[a]", "[clients]", "[clients.a]", "[clients.a.b]", "[[clients]]", "[a]\r", "=", "\x00"]
    ),
    st.text(max_size=30),
)


def is_settled(home: Path, file: str, content: bytes) -> None:
    """A file with this content is taken for settings, or refused in lines of bounded length that name it."""
    (home / file).write_bytes(content)
    (home / file).chmod(0o600)
    environ, said = {"MCP_ADS_HOME": str(home), "MCP_ADS_SANDBOX": "1"}, file
    if file == "tokens.toml":
        environ["MCP_ADS_HTTP_TOKENS"] = str(home / file)
    try:
        found = load(environ=environ)
        if found.http_tokens:
            verifier(found)
    except BadSettings as told:
        said = str(told)
    assert len(said) < 30_000
    assert file in said or "MCP_ADS_HTTP_TOKENS" in said, said


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("size", [FEW, pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(0)])])
def test_files_of_settings(tmp_path: Path, file: str, size: int) -> None:
    """Lines and bytes of any kind in what a person wrote."""

    @quick(size if size == FEW else scale(size, least=200))
    @given(st.one_of(st.lists(LINES, max_size=6).map("\n".join), st.text(max_size=99)))
    def check(text: str) -> None:
        is_settled(tmp_path, file, text.encode("utf-8", errors="surrogatepass"))

    check()


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a JSON value."""
    yield at
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield from places(inner, (*at, name))


def put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    """The value with another one in a place."""
    if not at:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[at[0]] = put(value[at[0]], at[1:], new)
    return changed


@pytest.mark.anyio
@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", ["plans", "results", "spool", "cache"])
async def test_edited_records(engine_client_with: EngineClients, tmp_path: Path, kind: str) -> None:
    """A plan, kept rows or a cache whose file was cut or has another value in a place: nobody fails of it."""
    client = engine_client_with()
    await client.do(FACEBOOK, "campaigns", "list", account_id=US, sort="name", limit=5)
    plan = (await client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, name="Edited")).data
    there = [one for one in (client.home / kind).rglob("*") if one.is_file()]
    before = client.store.writes()
    for path in there:
        content = path.read_bytes()
        bent = [b"", b"{", b"\xff", b"[]", content[: len(content) // 2], content + content]
        try:
            found = json.loads(content)
        except ValueError:
            found = None
        spots = [*places(found)][:: max(1, len([*places(found)]) // scale(400, least=20))] if found else []
        for number, at in enumerate(spots):
            new: Any = [None, [], {}, -1, "x", TEXTS[number % len(TEXTS)]][number % 6]
            bent.append(json.dumps(put(found, at, new)).encode())
        for changed in bent:
            path.write_bytes(changed)
            engine = Engine(client.settings)
            for call in (
                engine.execute(FACEBOOK, "campaigns", "list", {"account_id": US, "sort": "name", "limit": 5}),
                engine.apply(plan["plan_id"]),
            ):
                with suppress(AdsError):
                    await call
            await engine.close()
        path.write_bytes(content)
    assert len(client.store.writes()) - len(before) <= 1


@pytest.mark.anyio
@pytest.mark.parametrize("size", [FEW, pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(0)])])
async def test_edited_cursors(looking: EngineClient, size: int) -> None:
    """A cursor with a sign more, less or changed is refused, or one that was given."""
    calls = [
        {"account_id": US, "limit": 3}, {"account_id": US, "limit": 3, "sort": "name"},
    ]  # fmt: skip
    for params in calls if size > FEW else calls[:1]:
        first = await looking.table(FACEBOOK, "campaigns", "list", **params)
        cursor, ids = str(first.meta["cursor"]), {*first.ids}
        number = FEW if size == FEW else scale(size, least=60)
        for turn in range(number):
            at = turn * 7 % len(cursor)
            sign = "aZ9_-=. \x00é%"[turn % 11]
            bent = [cursor[:at] + sign + cursor[at + 1 :], cursor[:at], cursor[at:], sign + cursor][turn % 4]
            if bent == cursor or not bent:
                continue
            sent, more = "no", set[str]()
            try:
                more = {*(await looking.table(FACEBOOK, "campaigns", "list", cursor=bent, **params)).ids}
            except AdsError as told:
                sent = told.sent
            assert (sent, ids & more) == ("no", set()), bent


TOLD = ("trace", "{}")
WORDS = [
    ("call", "{}", "campaigns", "list"), ("call", "facebook-marketing", "{}", "list"),
    ("call", "facebook-marketing", "campaigns", "{}"),
    ("call", "ads", "performance", "list", "--params", "{}"),
    ("apply", "{}"), ("describe", "{}"), ("describe", "--query", "{}"), TOLD, ("logout", "{}"),
    ("token", "remove", "{}"), ("plans", "--format", "{}"), ("{}",), ("call", "ads", "x", "y", "--{}"),
]  # fmt: skip


@pytest.mark.parametrize("words", [TOLD, *(pytest.param(one, marks=pytest.mark.slow) for one in WORDS)])
def test_words_of_the_command_line(shell: Shell, words: tuple[str, ...]) -> None:
    """One clear line on stderr, exit code 1 or 2, whatever is written."""
    shell.set(MCP_ADS_SANDBOX="1")
    for text in TEXTS[:: 8 if words == TOLD else 1]:
        code, out, err = shell.run(*(word.replace("{}", text) for word in words))
        assert code in (0, 1, 2), (words, text[:60], err)
        assert "Traceback" not in err
        assert "mcp-ads failed" not in err
        assert len(out) + len(err) < 60_000
    home = shell.home / "sandbox" / "sandbox.sqlite"
    if home.exists():
        with closing(Store(home)) as store:
            assert not [one for one in store.writes() if one["what"] != "create report"]


LINKS = ["up", "loop", "deep/up", "file.csv", "socket.csv", "x.csv/..", "deep/../up/x.csv", "/up/x.csv"]


@pytest.mark.anyio
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes of POSIX")
@pytest.mark.parametrize(
    "name", [*LINKS[:2], *(pytest.param(one, marks=pytest.mark.slow) for one in LINKS[2:])]
)
async def test_links_in_the_folder(engine_client_with: EngineClients, tmp_path: Path, name: str) -> None:
    """A folder full of links and pipes: nothing is written outside or over another, and nothing waits."""
    inside, outside = tmp_path / "files", tmp_path / "outside"
    for folder in (inside / "deep", outside):
        folder.mkdir(parents=True)
    (outside / "mine.csv").write_text("mine")
    for link, to in (("up", outside), ("deep/up", outside), ("loop", inside / "loop"),
                     ("file.csv", outside / "mine.csv")):  # fmt: skip
        (inside / link).symlink_to(to)
    os.mkfifo(inside / "socket.csv")
    client = engine_client_with(MCP_ADS_FILES=str(inside))
    for written in {name, f"{name}/x.csv", f"./{name}"}:
        with pytest.raises(AdsError):
            await client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1, save_to=written)
    assert [one.read_text() for one in outside.iterdir()] == ["mine"]
    assert [one.name for one in inside.rglob("*") if stat.S_ISREG(one.lstat().st_mode)] == []
