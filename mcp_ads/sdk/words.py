"""What the engine says, with the calls its reader can make: those of a connector class, or of its tools."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from mcp_ads.engine.answers.plan_text import CARRIES_OUT
from mcp_ads.engine.wire.authority import BY_HAND
from mcp_ads.platforms import PLATFORMS
from mcp_ads.settings import Settings
from mcp_ads.situation import program

_APPLY = re.compile(r"\bads_apply\b(?:\(([^()]*)\))?")
_DESCRIBE = re.compile(r"\bads_describe\(([^()]*)\)")
_EXECUTE = re.compile(rf"\b(?:{'|'.join(PLATFORMS)})_execute\b")
_CALLED = re.compile(rf'{_EXECUTE.pattern}(?=\("\w+", "\w+")')
_LISTED = re.compile(rf"\b(?:{'|'.join(PLATFORMS.values())})_ACCOUNT_IDS\b(?!:)")
_ADDRESS = re.compile(r", or all at ads://plans/\S+")
_BY_CONDITION, _BY_LIST = """ with where="name ~ '…'", whose rows""", ", whose records"
_QUERY = re.compile(r"query=(.+)")
_OURS = re.compile(r"^(?:undo|each|IN PROGRESS)\b.*", re.MULTILINE)
"""Lines of an outcome that name calls; in the others, what looks like one may be an advertiser's."""


@dataclass(frozen=True)
class Words:
    """The names of the calls; without `apply` a person applies plans elsewhere, without `describe` the action
    "describe" is executed.
    """

    execute: str = "connector.execute"
    apply: str = "connector.apply"
    describe: str = ""
    account_ids: str = "account_ids= of the connector"
    """The keyword that is the list of accounts, too; empty where there is none."""

    def said(self, text: str) -> str:
        """A text with these calls."""
        called = _DESCRIBE.sub(lambda found: self._described(found[1]), _EXECUTE.sub(self.execute, text))
        return _APPLY.sub(lambda found: self._applied(found[1]), called)

    def error(self, text: str) -> str:
        """What an error says, where its calls and the list of accounts are those of this reader."""
        listed = _LISTED.sub(rf"\g<0>, or {self.account_ids}", text) if self.account_ids else text
        return self.said(_ADDRESS.sub("", listed.replace(_BY_CONDITION, _BY_LIST)))

    def plan(self, text: str, plan_id: str) -> str:
        """A plan's text with the calls it names; what advertisers wrote in it stays letter by letter."""
        carried_out = CARRIES_OUT.replace("ads_apply", self.apply) if self.apply else BY_HAND
        return self._pages(text.replace(CARRIES_OUT, carried_out, 1), plan_id)

    def outcome(self, text: str, plan_id: str) -> str:
        """The text of what became of a write, or of a plan, in the same way."""
        return self._pages(self.called(_OURS.sub(lambda line: self.said(line[0]), text)), plan_id)

    def called(self, text: str) -> str:
        """A text with its whole calls, such as one that shows whether a write was done."""
        return _CALLED.sub(self.execute, text)

    def _pages(self, text: str, plan_id: str) -> str:
        text = text.replace(f", or all at ads://plans/{plan_id}", "")
        page = re.compile(rf'ads_describe\((query="{re.escape(plan_id)}(?: \d+)?")\)')
        return page.sub(lambda found: self._described(found[1]), text)

    def _applied(self, plan_id: str | None) -> str:
        if not self.apply:
            return f"a person applies {plan_id or 'the plan'}"
        return self.apply if plan_id is None else f"{self.apply}({_quoted(plan_id)})"

    def _described(self, arguments: str) -> str:
        """The call that describes what a tool's arguments ask for."""
        query = _QUERY.fullmatch(arguments.strip())
        is_whole = arguments.strip() in ("", "connector")
        if self.describe:
            asked = f"query={_quoted(query[1])}" if query else "" if is_whole else "entity, action"
            return f"{self.describe}({asked})"
        if query:
            return f'{self.execute}("", "describe", {{"query": {_quoted(query[1])}}})'
        return (
            f'{self.execute}("", "describe")'
            if is_whole
            else f'{self.execute}(entity, "describe", {{"action": action}})'
        )


PYTHON = Words()


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
