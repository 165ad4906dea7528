"""`doctor`: what is set, what is missing, what answers and what is broken."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from mcp_ads import __version__
from mcp_ads.commands.console import Screen
from mcp_ads.commands.streams import FAILED, at_work, say
from mcp_ads.engine.answers.shape import visible
from mcp_ads.engine.door import Engine
from mcp_ads.situation import in_shell

from .clients import clients
from .connection import connector
from .findings import Finding
from .general import folder, general, records, tokens

COLOURS = {"ok": "green", "note": "yellow", "broken": "bold red"}


def doctor(*, as_json: bool = False) -> int:
    """Print every finding. 1 when something is broken.

    As JSON it is one object: `version`, `broken` (how many) and `findings`, each with `level` (ok, note or
    broken), `what`, `text` and `fix` (empty where there is nothing to do).
    """
    findings = at_work(examine)
    broken = sum(finding.level == "broken" for finding in findings)
    if as_json:
        rows = [{name: in_shell(text) for name, text in asdict(finding).items()} for finding in findings]
        answer = {"version": __version__, "broken": broken, "findings": rows}
        say(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _show(findings)
        say(f"{broken} broken" if broken else "nothing is broken")
    return FAILED if broken else 0


def reads(*, save: str = "", as_json: bool = False) -> int:
    """Try every read on the user's own accounts, and print a report without anything of theirs."""
    from .reading import report

    return report(save=save, as_json=as_json)


async def examine(workspace: Engine) -> list[Finding]:
    """Everything there is to say about these settings."""
    settings = workspace.settings
    looking = asyncio.to_thread(clients)
    parts = await asyncio.gather(looking, *(connector(workspace, name) for name in settings.platforms))
    findings = [*general(settings), *tokens(settings), *records(workspace), *folder(settings, Path.cwd())]
    findings += [finding for part in parts for finding in part]
    if not any(platform.configured for platform in settings.platforms.values()):
        fix = (
            "sign in: mcp-ads login facebook-marketing, linkedin-ads or amazon-ads; or set one platform's "
            "variables; MCP_ADS_SANDBOX=1 works without any"
        )
        findings.append(Finding("broken", "connectors", "none is configured", fix))
    return findings


def _show(findings: list[Finding]) -> None:
    console = Screen(soft_wrap=True)
    for finding in findings:
        said = visible(f"{finding.what}: {in_shell(finding.text)}")
        console.print(Text(f"{finding.level:<8}", COLOURS[finding.level]) + Text(said))
        if finding.fix:
            console.print(Text(visible(f"        fix: {in_shell(finding.fix)}")))
