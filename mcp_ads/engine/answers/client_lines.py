"""An agency's clients in words, as somebody who asks what there is reads them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from decimal import Decimal

from mcp_ads.clients import Client

LISTED, MOST_NAMED, MOST_TEXT = 30, 6, 40
HEAD = 'clients, each named by accounts: "client:NAME":'


def client_lines(clients: Collection[Client], accounts: Mapping[str, Collection[str]]) -> list[str]:
    """A line for each client, with its `accounts` that may be used, as people write them; none for none."""
    lines = [f"  {_line(client, accounts[client.name])}" for client in [*clients][:LISTED]]
    more = [f"  and {len(clients) - LISTED} more clients"] if len(clients) > LISTED else []
    return [HEAD, *lines, *more] if lines else []


def _line(client: Client, accounts: Collection[str]) -> str:
    title = f" {_quoted(client.title)}" if client.title else ""
    targets = [
        *(f"CPA {money}" for money in _money(client.target_cpa)),
        *([f"ROAS {client.target_roas:f}"] if client.target_roas is not None else []),
        *([f"ACOS {client.target_acos:f} %"] if client.target_acos is not None else []),
    ]
    parts = [
        _few(accounts),
        f"a month {_few(_money(client.monthly_budget))}" if client.monthly_budget else "",
        f"targets {_few(targets)}" if targets else "",
        f"protected: {_few([*map(_quoted, client.protected)])}" if client.protected else "",
        f"names like {_quoted(client.naming)}" if client.naming else "",
    ]
    return f"{client.name}{title}: {'; '.join(filter(None, parts))}"


def _money(amounts: Mapping[str, Decimal]) -> list[str]:
    return [f"{amount:f} {currency}" for currency, amount in amounts.items()]


def _few(words: Collection[str]) -> str:
    more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
    return f"{', '.join([*words][:MOST_NAMED])}{more}"


def _quoted(text: str) -> str:
    """A text a person chose, as data."""
    return json.dumps(text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…", ensure_ascii=False)
