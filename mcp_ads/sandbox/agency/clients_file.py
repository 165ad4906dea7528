"""The clients of the world as `clients.toml` has them: what a person of the agency would have written."""

from __future__ import annotations

from .clients import CLIENTS, WHOLE, Client, accounts, monthly_budgets

PROTECTED = ("alder", "egret", "petra")
"""Clients whose brand campaigns nobody but a person may touch."""


def text() -> str:
    """The whole file."""
    return "\n".join(map(_client, CLIENTS))


def _client(client: Client) -> str:
    ids = ", ".join(f'"{one.platform}:{one.id}"' for one in accounts() if one.client is client)
    agreed = monthly_budgets(client).items()
    budgets = ", ".join(f'"{amount // (1 if code in WHOLE else 100)} {code}"' for code, amount in agreed)
    lines = [
        f"[clients.{client.key}]",
        f'title = "{client.name}"',
        f"accounts = [{ids}]",
        f"monthly_budget = [{budgets}]",
    ]
    if client.key in PROTECTED:
        lines.append('protected = ["*_brand_*"]')
    return "\n".join(lines) + "\n"
