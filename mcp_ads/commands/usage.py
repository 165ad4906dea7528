"""A command line that was not understood, in our words: what is wrong, what is meant, how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from mcp_ads.core.synonyms import closest, cut
from mcp_ads.serving import USAGE as SERVE

USAGE: Mapping[str, str] = {
    "serve": SERVE,
    "demo": "mcp-ads demo",
    "call": "mcp-ads call CONNECTOR ENTITY ACTION [--params JSON|@file|-] [--format table|json]",
    "plans": "mcp-ads plans [--format table|json]",
    "apply": "mcp-ads apply PLAN_ID [--format table|json]",
    "describe": "mcp-ads describe [CONNECTOR [ENTITY [ACTION]]] [--query WORDS] [--json]",
    "login": (
        "mcp-ads login CONNECTOR|NAME [--name NAME] [--port 8765] [--redirect-uri https://…] [--no-browser] "
        "[--scopes read|all|NAMES] [--token] [--accounts facebook:123,…] [--default facebook:123] "
        "[--env-file FILE]"
    ),
    "logout": "mcp-ads logout NAME|CONNECTOR",
    "accounts": "mcp-ads accounts [--format table|json]",
    "clients": "mcp-ads clients init [--print] | check | list [--format table|json] | forget",
    "doctor": "mcp-ads doctor [--json] [--reads] [--save FILE]",
    "install": "mcp-ads install CLIENT [--env-file FILE] [--name NAME] [--project] [--print] [--dry-run]"
    " [--bundle FILE]",
    "uninstall": "mcp-ads uninstall CLIENT [--name NAME] [--project] [--dry-run]",
    "skills": "mcp-ads skills list | install [--to FOLDER] [--force] | uninstall [--from FOLDER]",
    "trace": "mcp-ads trace [ID]",
    "audit": "mcp-ads audit verify",
    "token": "mcp-ads token add NAME --scope read|plan|write [--accounts facebook:1,…] | list | remove NAME",
    "host": "mcp-ads host init | serve [--host 127.0.0.1] [--port 8780] [--env-file FILE]"
    " | client add|list|revoke | token add|list|revoke | link CONNECTOR --workspace W | rotate-key [--print]",
    "sandbox": "mcp-ads sandbox [--world agency] [--port 8600] [--reset] [--forward SECONDS] [--clients]",
}
WITHIN: Mapping[str, tuple[str, ...]] = {
    "clients": ("init", "check", "list", "forget"),
    "audit": ("verify",),
    "skills": ("list", "install", "uninstall"),
    "token": ("add", "list", "remove"),
    "host": ("init", "serve", "client", "token", "link", "rotate-key"),
    "host client": ("add", "list", "revoke"),
    "host token": ("add", "list", "revoke"),
}
"""The commands that stand behind others."""


def explained(error: CycloptsError) -> str:
    """What to say of it, and the usage of the command it is about."""
    command = next(iter(error.command_chain or ()), "")
    said = next((say for kind, say in SAID.items() if isinstance(error, kind)), _as_it_is)(error)
    usage = f"usage: {USAGE[command]}" if command in USAGE else "mcp-ads --help lists the commands"
    return f"{said}\n{usage}"


def _no_command(error: Any) -> str:
    name = next(iter(error.unused_tokens or ()), "")
    before = " ".join(error.command_chain or ())
    known = WITHIN.get(before, tuple(USAGE))
    meant = closest(name, list(known))
    within = f"{before} " if before in WITHIN else ""
    hint = f"; did you mean {within}{meant[0]}?" if meant else "; there are"
    return f"no command {cut(within + name)!r}{hint}" + ("" if meant else f" {', '.join(known)}")


def _missing(error: Any) -> str:
    return f"{_written(error)}: missing"


def _no_option(error: Any) -> str:
    name = str(error.token.keyword or error.token.value)
    known = [option for option in _options(error) if option.startswith("--")]
    meant = closest(name.strip("-"), [option.strip("-") for option in known])
    hint = f"; did you mean --{meant[0]}?" if meant else ""
    return f"no option {cut(name)}{hint}"


def _too_many(error: Any) -> str:
    return f"{' '.join(map(cut, error.unused_tokens or ()))}: too many words"


def _unfit(error: Any) -> str:
    value = cut(error.token.value) if error.token is not None else ""
    choices = getattr(error.target_type, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        meant = closest(value, list(choices))
        hint = f"; did you mean {meant[0]}?" if meant else ""
        return f"{_written(error)}: {value!r} is none of {', '.join(choices)}{hint}"
    return (
        f"{_written(error)}: {value!r} is no {'number' if 'int' in str(error.target_type) else 'such value'}"
    )


def _as_it_is(error: Any) -> str:
    return str(error)


def _written(error: Any) -> str:
    """The argument as the usage has it: an option by its name, a place in capitals."""
    name = str(error.argument.name) if error.argument is not None else "argument"
    command = next(iter(error.command_chain or ()), "")
    place = name.strip("-").replace("-", "_").upper()
    return place if place in USAGE.get(command, "") else name


def _options(error: Any) -> list[str]:
    command = next(iter(error.command_chain or ()), "")
    return USAGE.get(command, "").replace("[", " ").replace("]", " ").split()


SAID: Mapping[type[CycloptsError], Callable[[Any], str]] = {
    UnknownCommandError: _no_command,
    MissingArgumentError: _missing,
    UnknownOptionError: _no_option,
    UnusedCliTokensError: _too_many,
    CoercionError: _unfit,
}
