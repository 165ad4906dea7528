"""How `mcp-ads clients` is spelled on the command line."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

clients = App(name="clients", help="An agency's clients, in clients.toml.")


@clients.command
def init(
    *,
    print: Annotated[bool, Parameter(negative="", help="Print the proposal; write nothing.")] = False,
) -> int:
    """Propose clients from the names of the accounts there are. Never overwrites the file."""
    from .clients import init as proposed

    return proposed(only_print=print)


@clients.command
def check() -> int:
    """Say what is wrong in the file, also by what the platforms have. Exit code 1 when something is."""
    from .clients import check as checked

    return checked()


@clients.command
def forget() -> int:
    """Have there been no clients: without it nothing can be changed once clients.toml is gone."""
    from .clients import forget as forgotten

    return forgotten()


@clients.command(name="list")
def list_clients(
    *,
    format: Annotated[
        Literal["table", "json"], Parameter(help="table (CSV under a meta line) or json.")
    ] = "table",
) -> int:
    """List the clients: accounts, budgets, targets, what is protected."""
    from .clients import listing

    return listing(format)
