"""`clients list`, `init` and `check`: who an agency's clients are, as a person wrote it in clients.toml."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

from mcp_ads.clients import FILE, Client
from mcp_ads.clients_file import parsed
from mcp_ads.core import Result
from mcp_ads.engine.answers.shape import render
from mcp_ads.errors import BadSettings
from mcp_ads.files.private_files import added
from mcp_ads.platforms import SHORT
from mcp_ads.settings import Settings, load

from .accounts import all_seen
from .answers import show
from .clients_proposed import Known, proposal
from .streams import FAILED, complain, note, say, settings_here

COLUMNS = ("client", "title", "accounts", "monthly_budget", "targets", "protected", "naming")
NONE = "no clients; `mcp-ads clients init` proposes them from the accounts there are"


def listing(style: str) -> int:
    """Print every client of the file."""
    settings = settings_here()
    rows = [_row(client) for client in settings.clients]
    result = Result(rows, columns=COLUMNS)
    show(result, render(result, style), style)
    if not rows:
        note(NONE)
    return 0


def _row(client: Client) -> dict[str, object]:
    targets = [f"CPA {amount:f} {currency}" for currency, amount in client.target_cpa.items()]
    targets += [f"ROAS {client.target_roas:f}"] if client.target_roas is not None else []
    targets += [f"ACOS {client.target_acos:f} %"] if client.target_acos is not None else []
    budgets: list[tuple[str, Decimal]] = [*client.monthly_budget.items()]
    return {
        "client": client.name,
        "title": client.title or None,
        "accounts": ", ".join(client.ids),
        "monthly_budget": ", ".join(f"{amount:f} {currency}" for currency, amount in budgets) or None,
        "targets": ", ".join(targets) or None,
        "protected": ", ".join(client.protected) or None,
        "naming": client.naming or None,
    }


def init(*, only_print: bool) -> int:
    """Propose a file; it is written where there is none and every connection said what it has, else not."""
    settings = load(folder=Path.cwd())
    path = settings.records / FILE
    if not only_print and (path.exists() or path.is_symlink()):
        complain(f"{path} is there, and stays as it is; `mcp-ads clients init --print` prints a proposal")
        return FAILED
    seen = asyncio.run(all_seen(settings))
    missing = [f"{one.platform.label}: {text}" for one in seen for text in (one.why, *one.gaps) if text]
    complain("\n".join(missing))
    known = [
        Known(f"{SHORT[one.platform.name]}:{account.id}", account.name, account.currency)
        for one in seen
        for account in one.accounts
        if account.id in one.allowed
    ]
    text = proposal({account.id: account for account in known}.values())
    if not known:
        complain("no account is seen; `mcp-ads accounts` says why")
        return FAILED
    try:
        parsed(text.encode())
    except BadSettings as error:
        complain("\n".join(error.lines))
        complain("nothing was written: nothing would start with this proposal")
        return FAILED
    if only_print:
        say(text.rstrip())
        return FAILED if missing else 0
    if missing:
        complain("nothing was written: accounts would be missing; --print prints what is known")
        return FAILED
    if not added(path, text.encode()):
        complain(f"{path} cannot be written")
        return FAILED
    note(f"{path} proposes clients for {len(known)} accounts; look through it, then `mcp-ads clients check`")
    return 0


def check() -> int:
    """Print what is wrong in the file, by itself and by what the platforms have. 1 when something is."""
    from .clients_check import findings

    try:
        settings = settings_here()
    except BadSettings as error:
        if not any(FILE in line for line in error.lines):
            raise
        complain("\n".join(error.lines))
        return FAILED
    if not settings.clients:
        complain(NONE)
        return FAILED
    found = asyncio.run(findings(settings))
    for finding in found:
        say(f"{'wrong' if finding.wrong else 'note'}: {finding.text}")
    wrong = sum(finding.wrong for finding in found)
    note(f"{_where(settings)}: {f'{wrong} wrong' if wrong else 'nothing wrong'}")
    return FAILED if wrong else 0


def _where(settings: Settings) -> str:
    count = len(settings.clients.named)
    return f"{settings.records / FILE}, {count} client{'' if count == 1 else 's'}"
