"""How mcp-ads is started here: what a person can paste, wherever it was installed."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path

from .platforms import PLATFORMS, SHORT, Platform

NAME = "mcp-ads"
QUOTED = re.compile(r'query="([^"…]+)"')
APPLIED_AGAIN = re.compile(r"\bads_apply with the same plan_id\b")
TOOL_CALL = re.compile(r"\b(ads_apply|ads_describe)\(([^()]*)\)")
EXECUTE = re.compile(rf"\b({'|'.join(PLATFORMS)}|ads)_execute\b")
CALL = re.compile(rf'\b({"|".join(PLATFORMS)}|ads)_execute\("(\w+)", "(\w+)", (?=\{{)')
MOST_CLOSINGS = 100
COMMANDS = (
    "serve",
    "demo",
    "call",
    "plans",
    "apply",
    "describe",
    "login",
    "logout",
    "accounts",
    "doctor",
    "install",
    "uninstall",
    "trace",
    "sandbox",
    "audit",
    "token",
    "--help",
)
BY_NAME = re.compile(rf"(?<![\w./-]){NAME} (?=(?:{'|'.join(COMMANDS)})\b)")
PLACES = ("connector", "entity", "action")
PASTED = ("system user", "developer portal")
"""Kinds of sign-in that are a pasted token."""


def program() -> str:
    """What starts this very installation: by name where the shell finds it, else by its path or by Python."""
    python = Path(sys.executable)
    ours = python.with_name(f"{NAME}.exe" if python.suffix == ".exe" else NAME)
    on_path = shutil.which(NAME)
    if on_path and (ours.exists() and Path(on_path).resolve() == ours.resolve()):
        return NAME
    if ours.exists():
        return quoted(_near(ours))
    started = Path(sys.argv[0])
    if on_path and started.stem == NAME and Path(on_path).resolve() == started.resolve():
        return NAME
    if started.stem == NAME and started.exists():
        return quoted(_near(started))
    return f"{quoted(_near(python))} -m mcp_ads"


def quoted(word: str) -> str:
    """A word as the shells here take it: those of Windows know no single quotes, and need none for a path."""
    if Path(sys.executable).suffix == ".exe":
        return f'"{word}"' if " " in word else word
    return shlex.quote(word)


def login_command(platform: Platform) -> str:
    """The command that signs in for a connection, the way it was signed in before."""
    named = "" if platform.label == SHORT.get(platform.name, platform.name) else f" --name {platform.label}"
    known = platform.signed_in
    by_hand = platform.name == "facebook_marketing" and known is not None and not known.consented
    pasted = by_hand or (known is not None and known.kind in PASTED)
    return f"{program()} login {platform.name.replace('_', '-')}{named}{' --token' if pasted else ''}"


def in_shell(text: str, plan_id: str = "PLAN_ID") -> str:
    """An answer of the engine in the words of the command line: each tool as the command that does it."""
    again = APPLIED_AGAIN.sub("`ads_apply(plan_id)`", text)
    by_name = BY_NAME.sub(lambda _: f"{program()} ", again)
    whole = _calls(by_name)
    called = EXECUTE.sub(lambda found: f"`{program()} call {found[1].replace('_', '-')}`", whole)
    return TOOL_CALL.sub(lambda found: _command(found[1], found[2], plan_id), called)


def _calls(text: str) -> str:
    """Each whole call of an execute tool as a command that can be pasted; one that was cut stays."""
    parts, at = list[str](), 0
    for found in CALL.finditer(text):
        closings = (end.end() for end in islice(re.finditer(r"\}\)", text[found.end() :]), MOST_CLOSINGS))
        for end in (found.end() + closing for closing in closings if found.start() >= at):
            with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                params = json.dumps(ast.literal_eval(text[found.end() : end - 1]), ensure_ascii=False)
                words = shlex.join(
                    ["call", found[1].replace("_", "-"), found[2], found[3], "--params", params]
                )
                parts += [text[at : found.start()], f"{program()} {words}"]
                at = end + len(": ") if text.startswith(": ", end) else end
                parts += ["\n     "] * (at > end)
                break
    return "".join([*parts, text[at:]])


def _command(tool: str, arguments: str, plan_id: str) -> str:
    given = [part.strip() for part in arguments.split(",") if part.strip()]
    if tool == "ads_apply":
        named = given[0].removeprefix("plan_id=").strip("\"'") if given else "plan_id"
        return f"{program()} apply {plan_id if named == 'plan_id' else named}"
    if given and given[0].startswith("query"):
        words = QUOTED.fullmatch(arguments.strip())
        asked = quoted(words[1]) if words else plan_id if given[0] == "query=plan_id" else "WORDS"
        return f"{program()} describe --query {asked}"
    places = [
        argument.upper() if argument in PLACES else argument.partition("=")[2] or argument
        for argument in given
    ]
    return " ".join([program(), "describe", *places])


def _near(path: Path) -> str:
    """A path as it is shortest to write from here; links are kept, for the Python of a venv is one."""
    absolute = Path.cwd() / path
    here = Path.cwd()
    inside = absolute.is_relative_to(here)
    return str(absolute.relative_to(here)) if inside and absolute != here else str(absolute)
