"""`clients.toml`: an agency's clients as a person wrote them down; what it says is never taken for less.

An entry that guards nothing, such as an empty pattern or an id on an unknown platform, is a mistake.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from .clients import FILE, Client, Clients, Rates, odd_character
from .clients_known import remember
from .clients_words import CLIENT, NAME, account, campaign, currency, money, near, percent, quotient
from .errors import BadSettings
from .platforms import SHORT

MOST_BYTES = 1_000_000
TOP = ("clients", "rates")
KEYS = (
    "title", "accounts", "monthly_budget", "target_cpa", "target_roas", "target_acos", "protected", "naming",
)  # fmt: skip


def read(folder: Path) -> Clients:
    """The clients of the file in a folder, in its order; none where there is no file. That there are some is
    kept, so that they are missed where the file is gone.

    Raises BadSettings with a line per mistake.
    """
    path = folder / FILE
    if path.exists() and not path.is_file():
        raise BadSettings(f"{path} is no file")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        if path.is_symlink():
            raise BadSettings(f"{path} is a link to nothing; without its file nothing is protected") from None
        return Clients()
    except OSError as error:
        raise BadSettings(f"{path} cannot be read ({error.strerror})") from None
    if len(content) > MOST_BYTES:
        raise BadSettings(f"{path} has more than {MOST_BYTES} bytes")
    try:
        clients = parsed(content)
    except BadSettings as error:
        raise BadSettings("\n".join(f"{path}: {line}" for line in error.lines)) from None
    remember(folder, clients)
    return clients


def parsed(content: bytes) -> Clients:
    """The clients of a file's content. Raises BadSettings with a line per mistake."""
    try:
        document = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise BadSettings("is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        said = next(iter(str(error).splitlines()), type(error).__name__)
        raise BadSettings(f"is no TOML: {said[:200]}") from None
    mistakes: list[str] = []
    for key in (key for key in document if key not in TOP):
        meant = f"[clients.{key}]" if isinstance(document[key], Mapping) and NAME.fullmatch(key) else ""
        mistakes.append(f"{key[:40]!r}: no such table{near(key, TOP) or f'; write {meant or CLIENT}'}")
    tables = _mapping(document, "clients", mistakes)
    found = {name: _Table(name, table, mistakes).client() for name, table in tables.items()}
    mistakes += _shared(found.values())
    rates = _rates(document, mistakes) if "rates" in document else None
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return Clients(found, rates)


def _mapping(document: Mapping[str, Any], key: str, mistakes: list[str]) -> Mapping[str, Any]:
    table = document.get(key, {})
    if isinstance(table, Mapping):
        return table
    mistakes.append(f"{key}: is no table; write {CLIENT if key == 'clients' else '[rates]'}")
    return {}


def _shared(clients: Iterable[Client]) -> list[str]:
    """A line for each account that several clients have."""
    owners: dict[str, list[str]] = {}
    for client in clients:
        for shown in client.ids:
            owners.setdefault(shown, []).append(client.name)
    return [
        f"{shown} is an account of {' and of '.join(names)}; an account is of one client"
        for shown, names in owners.items()
        if len(names) > 1
    ]


def _rates(document: Mapping[str, Any], mistakes: list[str]) -> Rates | None:
    """What the table of rates says; None where it is none."""
    table, worth = dict(_mapping(document, "rates", mistakes)), dict[str, Decimal]()
    try:
        base = currency(table.pop("base", None))
    except ValueError as error:
        mistakes.append(f"[rates] base: {error}")
        base = ""
    as_of = table.pop("as_of", None)
    if as_of is not None and (not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime)):
        mistakes.append("[rates] as_of: write a date without quotes, such as 2026-11-01")
        as_of = None
    for key, value in table.items():
        try:
            code = currency(key, ("base", "as_of"))
            worth[code] = quotient(value, "0.92")
        except ValueError as error:
            mistakes.append(f"[rates] {key[:40]}: {error}")
    if worth.get(base, 1) != 1:
        mistakes.append(f"[rates] {base}: is the base, and worth 1")
    return Rates(base, {base: Decimal(1), **worth}, as_of)


class _Table:
    """One client's table, and its mistakes, a line each."""

    def __init__(self, name: str, table: Any, mistakes: list[str]) -> None:
        self._name, self._mistakes = name, mistakes
        self._table: Mapping[str, Any] = table if isinstance(table, Mapping) else {}
        if not isinstance(table, Mapping):
            self._wrong("", f"is no table; write {CLIENT}")

    def client(self) -> Client:
        if not NAME.fullmatch(self._name):
            self._wrong("", "names are small letters, digits and hyphens, at most 40")
        for key in (key for key in self._table if key not in KEYS):
            self._wrong(key[:40], f"no such key{near(key, KEYS) or '; there are ' + ', '.join(KEYS)}")
        found = self._each("accounts", account, 'a list such as ["facebook:123"]')
        if "accounts" not in self._table:
            self._wrong("accounts", 'missing; a list such as ["facebook:123", "linkedin:456"]')
        accounts = tuple(dict.fromkeys(cast("list[tuple[str, str]]", found)))
        return Client(
            self._name,
            accounts,
            self._text("title"),
            self._money("monthly_budget", "5000 USD"),
            self._money("target_cpa", "40 USD"),
            self._number("target_roas", quotient, "4"),
            self._number("target_acos", percent, '"30 %"'),
            self._protected(accounts),
            self._pattern("naming"),
        )

    def _wrong(self, key: str, text: str) -> None:
        name = self._name if NAME.fullmatch(self._name) else repr(self._name[:40])
        self._mistakes.append(f"[clients.{name}]{f' {key}' if key else ''}: {text}")

    def _text(self, key: str) -> str:
        value = self._table.get(key, "")
        if isinstance(value, str) and (value.strip() or key not in self._table):
            return value.strip()
        self._wrong(key, "must be a text in quotes, or be left out")
        return ""

    def _number(self, key: str, read_as: Any, example: str) -> Decimal | None:
        if key not in self._table:
            return None
        try:
            return cast("Decimal", read_as(self._table[key], example))
        except ValueError as error:
            self._wrong(key, str(error))
            return None

    def _each(self, key: str, read_as: Any, example: str) -> list[Any]:
        """The entries of a list; one that is wrong is a line."""
        listed = self._table.get(key)
        if listed is None:
            return []
        if not isinstance(listed, list) or not listed:
            self._wrong(key, f"must be {example}, or be left out")
            return []
        found = []
        for value in listed:
            try:
                found.append(read_as(value))
            except ValueError as error:
                self._wrong(key, str(error))
        return found

    def _money(self, key: str, example: str) -> dict[str, Decimal]:
        """Amounts by currency, of a text or a list of them."""
        if isinstance(value := self._table.get(key), str):
            self._table = {**self._table, key: [value]}
        amounts: dict[str, Decimal] = {}
        for number, code in self._each(key, lambda text: money(text, example), f'such as ["{example}"]'):
            if code in amounts:
                self._wrong(key, f"{code} has two amounts")
            amounts[code] = number
        return amounts

    def _protected(self, accounts: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
        found = self._each("protected", campaign, 'a list such as ["*brand*", "facebook:120210000000001"]')
        connectors = {connector for connector, _ in accounts}
        own = {said for connector, id_ in accounts for said in (id_, f"{SHORT[connector]}:{id_}")}
        for pattern, connector in found:
            if connector and connector not in connectors and connectors:
                self._wrong("protected", f"{pattern!r} is of {connector}, where the client has no account")
            elif pattern in own:
                self._wrong("protected", f'{pattern!r} is an account: write "*" for all in it, or campaigns')
        return tuple(dict.fromkeys(pattern for pattern, _ in found))

    def _pattern(self, key: str) -> str:
        pattern = self._text(key)
        if odd := odd_character(pattern):
            self._wrong(key, f"{pattern[:60]!r} has {odd}")
        return pattern
