"""What is wrong in clients.toml by what the platforms have: accounts, currencies, campaigns by name."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mcp_ads.across.desk import Desk
from mcp_ads.across.gathered import Row, Sought, gathered
from mcp_ads.clients import Client, fits
from mcp_ads.core import Account
from mcp_ads.core.facts import Facts, Listing
from mcp_ads.core.folding import folded_name
from mcp_ads.engine.planning.named_like import is_of_top
from mcp_ads.errors import AdsError
from mcp_ads.platforms import SHORT
from mcp_ads.settings import Settings

from .accounts import Seen, all_seen

MOST_LIKE, MOST_COMPARED = 3, 2000


@dataclass(frozen=True)
class Finding:
    """Something about the file: `wrong`, or for a person to know."""

    text: str
    wrong: bool = True


async def findings(settings: Settings) -> list[Finding]:
    """All there is to say, accounts first."""
    seen = await all_seen(settings)
    there = {(one.platform.name, account.id): account for one in seen for account in one.accounts}
    found = [*_accounts(settings, seen, there), *_currencies(settings, there)]
    desk = Desk(settings)
    try:
        for client in settings.clients:
            pairs = zip(client.ids, client.accounts, strict=True)
            ids = [shown for shown, account in pairs if account in there]
            if ids and (client.protected or client.naming):
                found += await _campaigns(desk, client, ids)
    finally:
        await desk.close()
    return found


def _accounts(
    settings: Settings, seen: Iterable[Seen], there: Mapping[tuple[str, str], Account]
) -> Iterator[Finding]:
    """Accounts that nobody sees, those that may not be used, and those of no client."""
    shut = {one.platform.name: one.why or one.gaps[0] for one in seen if one.why or one.gaps}
    allowed = {(one.platform.name, account) for one in seen for account in one.allowed}
    for client in settings.clients:
        for shown, account in zip(client.ids, client.accounts, strict=True):
            where = f"[clients.{client.name}] accounts: {shown}"
            if account not in there:
                why = f" ({shut[account[0]]})" if account[0] in shut else ""
                yield Finding(f"{where} is seen by no connection{why}")
            elif account not in allowed:
                yield Finding(f"{where} is outside the accounts that may be used")
    for connector, account_id in sorted(allowed):
        if settings.clients.of(connector, account_id) is None:
            name = _quoted(there[connector, account_id].name)
            yield Finding(f"{SHORT[connector]}:{account_id} {name} is of no client", wrong=False)


def _currencies(settings: Settings, there: Mapping[tuple[str, str], Account]) -> Iterator[Finding]:
    """Budgets and targets in currencies that no account has, accounts in one without, and rates that lack."""
    rates, used = settings.clients.rates, set[str]()
    for client in settings.clients:
        money = {there[account].currency for account in client.accounts if account in there}
        used |= money
        whole = all(account in there for account in client.accounts)
        for key, amounts in (("monthly_budget", client.monthly_budget), ("target_cpa", client.target_cpa)):
            if lacks := [currency for currency in amounts if currency not in money]:
                known = "no account of the client" if whole else "none of its accounts that are seen"
                yield Finding(f"[clients.{client.name}] {key}: {known} has {' or '.join(lacks)}")
            if amounts and (without := sorted(money - amounts.keys())):
                said = f"[clients.{client.name}] {key}: none in {', '.join(without)}, which accounts have"
                yield Finding(said, wrong=False)
    if rates and (without := sorted(used - rates.worth.keys())):
        yield Finding(f"[rates]: none for {', '.join(without)}, which accounts have", wrong=False)


async def _campaigns(desk: Desk, client: Client, ids: list[str]) -> list[Finding]:
    """What its patterns fit of the campaigns of these accounts; that not all were read is wrong, too."""
    connectors = {name: desk.connector(name) for name in desk.settings.served}

    def listings(facts: Facts) -> Iterable[Listing]:
        own = next(one for one in connectors.values() if one.facts is facts)
        return [one for one in facts.search if not one.kind or is_of_top(own, one.entity)]

    def wanted(row: Row) -> Row | None:
        connector, _, entity = str(row["object"]).partition(".")
        return row if is_of_top(connectors[connector], entity) else None

    where = f"[clients.{client.name}]"
    try:
        got = await gathered(desk, ids, Sought(listings, wanted, anew=True), None)
    except AdsError as error:
        return [Finding(f"{where}: its campaigns cannot be read: {error.lines[0]}")]
    unread = [Finding(f"{where}: not all campaigns could be read: {got.coverage}")] if got.coverage else []
    partial = bool(unread) or len(ids) < len(client.ids)
    return [*unread, *_protected(client, got.rows, partial=partial), *_naming(client, got.rows)]


def _protected(client: Client, rows: Sequence[Row], *, partial: bool) -> Iterator[Finding]:
    """What is protected and fits no campaign."""
    names = list(dict.fromkeys(str(row["name"]) for row in rows))
    ids = {one for row in rows for one in (str(row["id"]), f"{row['platform']}:{row['id']}")}
    for pattern in client.protected:
        if pattern in ids or any(fits(pattern, name) for name in names):
            continue
        is_id = pattern.rpartition(":")[2].isdigit()
        near = difflib.get_close_matches(pattern, ids, cutoff=0.9) if is_id else _near(pattern, names)
        like = f"; there is {', '.join(map(_quoted, near))}" if near else ""
        known = "that was read" if partial else f"of {len(rows)}, archived ones aside"
        yield Finding(f"[clients.{client.name}] protected: {_quoted(pattern)} fits no campaign {known}{like}")


def _naming(client: Client, rows: Sequence[Row]) -> Iterator[Finding]:
    """A pattern that most campaigns break."""
    names = [str(row["name"]) for row in rows]
    unlike = [name for name in names if not fits(client.naming, name)] if client.naming else []
    if 2 * len(unlike) > len(names):
        said = f"{len(unlike)} of {len(names)} campaigns do not fit, such as {_quoted(unlike[0])}"
        yield Finding(f"[clients.{client.name}] naming: {_quoted(client.naming)}: {said}")


def _near(pattern: str, names: Sequence[str]) -> list[str]:
    """The names most like a pattern: those with a word of it, or one like it, else those like it."""
    text = folded_name(pattern.replace("*", " ").replace("?", " "))
    plain = {folded_name(name): name for name in names[:MOST_COMPARED]}
    having = [plain[name] for name in plain if any(word in name for word in text.split())]
    words = {part for name in plain for part in re.findall(r"\w+", name)}
    meant = {near for word in text.split() for near in difflib.get_close_matches(word, words, cutoff=0.7)}
    with_these = [plain[name] for name in plain if any(word in name for word in meant)]
    alike = [plain[name] for name in difflib.get_close_matches(text, [*plain], n=MOST_LIKE, cutoff=0.4)]
    return (having or with_these or alike)[:MOST_LIKE]


def _quoted(text: str) -> str:
    return json.dumps(text[:60], ensure_ascii=False)
