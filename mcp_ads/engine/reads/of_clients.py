"""`client:acme` among the accounts of a call: whose they are, as the file has it or the call's cursor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.clients import Client
from mcp_ads.core.folding import folded_name
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
    if found := clients_called(known, name):
        if len(found) > 1:
            raise InvalidParams(f"accounts: {cut(word)!r} is several clients' title; write {either(found)}")
        return found[0]
    if not known:
        raise InvalidParams(f"accounts: {cut(word)!r}: {NONE}")
    near = closest_of(name.lower(), known) or f"; there are {_few([*known])}"
    raise InvalidParams(f"accounts: no client {cut(name)!r}{near}")


def clients_called(known: Mapping[str, Client], name: str) -> list[Client]:
    """The client of a name, or those of a title, in any case."""
    if client := known.get(name.lower()):
        return [client]
    return [client for client in known.values() if client.title and _plain(client.title) == _plain(name)]


def either(clients: Iterable[Client]) -> str:
    """The words that name these clients, one of which is meant."""
    return " or ".join(f"{CLIENT}:{client.name}" for client in clients)


def with_whole_titles(settings: Settings, words: Sequence[str]) -> list[str]:
    """The words of a list that was written with commas between them, where a title has commas of its own."""
    titles = [client.title for client in known_clients(settings).values() if "," in client.title]
    left, whole = [*words], list[str]()
    while left:
        before, colon, _ = left[0].partition(":")
        named = bool(colon) and before.strip().lower() in (CLIENT, f"{CLIENT}s")
        most = max((title.count(",") + 1 for title in titles), default=1) if named else 1
        takes = next((n for n in range(most, 1, -1) if _is_title(",".join(left[:n]), titles)), 1)
        whole.append(",".join(left[:takes]))
        del left[:takes]
    return whole


def _is_title(words: str, titles: Iterable[str]) -> bool:
    return _plain(words.partition(":")[2]) in map(_plain, titles)


def _plain(title: str) -> str:
    """A title as it is compared."""
    return ",".join(part.strip() for part in folded_name(title).split(","))


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
