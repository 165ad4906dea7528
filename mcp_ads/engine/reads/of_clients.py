"""`client:acme` among the accounts of a call: whose they are, as the file has it or the call's cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_ads.clients import Client
from mcp_ads.core.folding import folded
from mcp_ads.core.synonyms import closest_of, cut
from mcp_ads.core.view import TableView
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.cursors import table_in
from mcp_ads.errors import InvalidParams
from mcp_ads.platforms import SHORT
from mcp_ads.settings import Settings

from .spooled import owned

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

CLIENT = "client"
NONE = "there are no clients here; a person writes clients.toml, and `mcp-ads clients init` proposes one"


def known_clients(settings: Settings) -> dict[str, Client]:
    """The clients that whoever calls may know of, by name: those with an account they may use."""
    may = authority().covers
    return {client.name: client for client in settings.clients if any(may([one]) for one in client.accounts)}


def client_named(settings: Settings, word: str) -> Client | None:
    """The client that a word such as client:acme names; None for any other word. Raises InvalidParams."""
    before, colon, name = (part.strip() for part in word.partition(":"))
    if not colon or before.lower() not in (CLIENT, f"{CLIENT}s"):
        return None
    known = known_clients(settings)
    if found := client_called(known, name):
        return found
    if not known:
        raise InvalidParams(f"accounts: {cut(word)!r}: {NONE}")
    near = closest_of(name.lower(), known) or f"; there are {_few([*known])}"
    raise InvalidParams(f"accounts: no client {cut(name)!r}{near}")


def client_called(known: dict[str, Client], name: str) -> Client | None:
    """The client of a name or a title, in any case."""
    named = (client for client in known.values() if client.title and folded(client.title) == folded(name))
    return known.get(name.lower()) or next(named, None)


def begun_with(workspace: Workspace, view: TableView) -> Any:
    """The accounts a view is about: of one that goes on with kept rows, those these rows began with.

    So an edit of the file in between changes nothing of what a cursor means.
    """
    given = view.accounts
    handle = table_in(view.cursor) if view.cursor and CLIENT in str(given).lower() else ""
    if not handle or not owned(workspace, handle):
        return given
    accounts = workspace.results.get(handle).source.accounts
    return [f"{SHORT.get(name, name)}:{account}" for name, account in accounts] or given


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 10} more" if names[10:] else ""
    return f"{', '.join(names[:10])}{more}"
