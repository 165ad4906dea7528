"""What the engine says, in the words of a program: calls of a connector class instead of tools."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from mcp_ads.core.view import ListView, TableView
from mcp_ads.engine.answers.plan_text import CARRIES_OUT
from mcp_ads.platforms import PLATFORMS
from mcp_ads.settings import Settings
from mcp_ads.situation import program

LOOKS = tuple(
    field.alias or name for name, field in TableView.model_fields.items() if name not in ListView.model_fields
)
"""Parameters of reads that are about shown rows, which records are not."""
_TAIL = f", {', '.join(LOOKS)}"
_LOOK = re.compile(rf"- (?:{'|'.join(LOOKS)}) \(.*\n?|\nDefault columns: .*\n", re.MULTILINE)
_APPLY = re.compile(r"\bads_apply\(([^()]*)\)")
_DESCRIBE = re.compile(r"\bads_describe\(([^()]*)\)")
_EXECUTE = re.compile(rf"\b(?:{'|'.join(PLATFORMS)})_execute\b")
_QUERY = re.compile(r"query=(.+)")


def of_records(text: str) -> str:
    """A description without what is about shown rows, in the words of a program."""
    return in_python(_LOOK.sub("", text.replace(_TAIL, "")))


def in_python(text: str) -> str:
    """A text with calls of a connector in place of those of tools."""
    called = _DESCRIBE.sub(lambda found: _described(found[1]), _EXECUTE.sub("connector.execute", text))
    return _APPLY.sub(lambda found: f"connector.apply({_quoted(found[1])})", called)


def plan_in_python(text: str, plan_id: str) -> str:
    """A plan's text with the calls it names; what advertisers wrote in it stays letter by letter."""
    said = text.replace(CARRIES_OUT, CARRIES_OUT.replace("ads_apply", "connector.apply"), 1)
    page = re.compile(rf'ads_describe\((query="{re.escape(plan_id)}(?: \d+)?")\)')
    return page.sub(lambda found: _described(found[1]), said)


def how_to_apply(plan_id: str, settings: Settings, *, env_file: str = "", own: bool = False) -> str:
    """How a person carries a plan out: in a shell only where the credentials are not the program's `own`."""
    by_program = f'the program with `await connector.apply("{plan_id}")`'
    if own and not settings.sandbox:
        return f"a person has {by_program} carry it out"
    given = {
        "MCP_ADS_HOME": "" if settings.home == Path.home() / ".mcp-ads" else str(settings.home),
        "MCP_ADS_ENV_FILE": str(Path(env_file).expanduser().absolute()) if env_file else "",
        "MCP_ADS_SANDBOX": (settings.sandbox_world or "1") if settings.sandbox else "",
    }
    variables = [f"{name}={shlex.quote(value)}" for name, value in given.items() if value]
    started, *more = shlex.split(program())
    if os.sep in started:  # a person's shell may be in another folder than this process
        started = str(Path.cwd() / started)
    command = " ".join([*variables, shlex.join([started, *more, "apply", plan_id])])
    return f"a person carries it out with `{command}` in a shell, or {by_program}"


def _quoted(word: str) -> str:
    plain = word.strip().removeprefix("plan_id=").strip("\"'")
    return plain if plain in ("plan_id", "") else f'"{plain}"'


def _described(arguments: str) -> str:
    """The call that describes what a tool's arguments ask for."""
    if query := _QUERY.fullmatch(arguments.strip()):
        return f'connector.execute("", "describe", {{"query": {_quoted(query[1])}}})'
    return 'connector.execute(entity, "describe", {"action": action})'
