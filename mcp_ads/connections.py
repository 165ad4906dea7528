"""`connections.toml`: connections by name, each with its platform, app, accounts and region; no secrets."""

from __future__ import annotations

import contextlib
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .connectors import NAMES, canonical
from .errors import BadSettings, NoRecord
from .files.lock import held, locked
from .files.private_files import FOLDER, opened, replaced
from .platforms import AMAZON_HOSTS, SHORT
from .settings_values import shown

FILE = "connections.toml"
LOCK = "connections.lock"
WAITS = 15.0
"""Seconds another process is waited for that changes the file."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
KEYS = ("connector", "client_id", "accounts", "default", "region")
PART = re.compile(r"[\w .-]{0,40}")
"""A table's or a key's name that can be repeated: a token in its place is longer."""
SECRET = re.compile(r"secret|token|password", re.IGNORECASE)


@dataclass(frozen=True)
class Connection:
    """One user's or client's way into a platform, as a person wrote it down."""

    name: str
    """Unlike that of every other connection of any platform; without one: facebook, linkedin, amazon."""
    connector: str
    client_id: str = ""
    accounts: tuple[str, ...] = ()
    """Ids without the platform's prefix; the only ones that may be used, where there are some."""
    default_account: str = ""
    region: str = ""
    """Amazon's: NA, EU or FE; empty for all."""


def read(home: Path) -> dict[str, Connection]:
    """The connections of the file, in its order; none where there is no file.

    Raises BadSettings with a line per mistake.
    """
    try:
        with (home / FILE).open("rb") as file:
            document = tomllib.loads(file.read().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadSettings(f"{home / FILE} cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise BadSettings(f"{home / FILE} is no TOML: {_first_line(error)}") from None
    mistakes: list[str] = []
    found = {name: _Table(name, table, mistakes).connection() for name, table in document.items()}
    if mistakes:
        raise BadSettings("\n".join(f"{home / FILE}: {mistake}" for mistake in mistakes))
    return found


def save(home: Path, connection: Connection) -> None:
    """Write one connection; the others, comments and order stay as they are.

    Raises BadSettings where the connection or the file is malformed, or another platform has the name, and
    NoRecord where the file cannot be written.
    """
    with _changing(home):
        _save(home, connection)


def _save(home: Path, connection: Connection) -> None:
    import tomlkit

    known = read(home).get(connection.name)
    table = {key: value for key, value in _written(connection).items() if value}
    mistakes: list[str] = []
    _Table(connection.name, table, mistakes).connection()
    if known and known.connector != connection.connector:
        mistakes.append(f"[{known.name}] is a connection of {known.connector}; choose another name")
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    document = _document(home)
    if connection.name not in document:
        document[connection.name] = tomlkit.table()
    kept: Any = document[connection.name]
    for key in [key for key in kept if key not in table]:
        del kept[key]
    for key, value in table.items():
        if kept.get(key) != value:
            kept[key] = value
    _replace(home, tomlkit.dumps(document))


def remove(home: Path, name: str) -> bool:
    """Take one connection out of the file; whether it was in there. Raises BadSettings, NoRecord."""
    if name not in read(home):
        return False
    import tomlkit

    with _changing(home):
        document = _document(home)
        there = document.pop(name, None) is not None
        _replace(home, tomlkit.dumps(document))
    return there


@contextlib.contextmanager
def _changing(home: Path) -> Iterator[None]:
    """Hold the file from reading to replacing it, so that no two changes lose each other. Raises NoRecord."""
    with contextlib.suppress(OSError):  # where no file can be locked, writing says why
        home.mkdir(parents=True, exist_ok=True, mode=FOLDER)
    busy = NoRecord(f"{home / FILE} is being changed by another process", fix="try again")
    with held(lambda: locked(home / LOCK), WAITS, busy):
        yield


def account_of(text: str, connector: str) -> str:
    """The id in an account as people write it, "facebook:123", for one connector. Raises ValueError."""
    place, colon, number = text.strip().partition(":")
    number = number.strip().removeprefix("act_")
    if not colon or not number.isascii() or not number.isdigit():
        raise ValueError(f"{shown(text)} is no account: write it as {SHORT.get(connector, 'facebook')}:123")
    if canonical(place) != connector:
        raise ValueError(f"{shown(text)} is an account of another platform than {connector}")
    return number


def _written(connection: Connection) -> dict[str, Any]:
    place = SHORT[connection.connector]
    default = connection.default_account
    return {
        "connector": connection.connector,
        "client_id": connection.client_id,
        "accounts": [f"{place}:{account}" for account in connection.accounts],
        "default": f"{place}:{default}" if default else "",
        "region": connection.region,
    }


class _Table:
    """One table of the file as a connection, and its mistakes, a line each."""

    def __init__(self, name: str, table: Any, mistakes: list[str]) -> None:
        self._name, self._table, self._mistakes = name, table, mistakes

    def connection(self) -> Connection:
        if not NAME.fullmatch(self._name):
            self._wrong("", "names are small letters, digits and hyphens, at most 40")
        if not isinstance(self._table, Mapping):
            self._wrong("", "is no table: begin with its name in brackets")
            return Connection(self._name, "")
        self._check_keys(self._table)
        connector = self._connector()
        accounts = self._accounts(connector)
        default = self._text("default")
        default = self._account("default", default, connector) if default else ""
        if default and accounts and default not in accounts:
            self._wrong("default", f"{default} is not among its accounts")
        region = self._text("region").upper()
        if region and (connector != "amazon_ads" or region not in AMAZON_HOSTS):
            self._wrong("region", "only Amazon has regions: NA, EU or FE")
        client_id = self._text("client_id")
        return Connection(self._name, connector, client_id, accounts, default, region)

    def _wrong(self, key: str, text: str) -> None:
        self._mistakes.append(
            f"[{self._name if PART.fullmatch(self._name) else '…'}]{f' {key}' if key else ''}: {text}"
        )

    def _check_keys(self, table: Mapping[str, Any]) -> None:
        for key in table:
            if key in KEYS:
                continue
            said = key if PART.fullmatch(key) else "…"
            if SECRET.search(key):
                self._wrong(said, "no secrets in this file; `mcp-ads login` asks for them")
                continue
            near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.6)
            self._wrong(said, f"no such key; {f'did you mean {near[0]}?' if near else ', '.join(KEYS)}")

    def _text(self, key: str) -> str:
        value = self._table.get(key, "")
        if not isinstance(value, str) or (key in self._table and not value.strip()):
            self._wrong(key, "must be a text in quotes, or be left out")
            return ""
        return value.strip()

    def _connector(self) -> str:
        text = self._text("connector")
        known = canonical(text)
        if known not in NAMES:
            said = f"{shown(text)} is none of" if text else "missing;"
            self._wrong("connector", f"{said} {', '.join(NAMES)}")
            return ""
        if SHORT.get(known) != self._name and self._name in SHORT.values():
            self._wrong("connector", f"{self._name} is the name of another platform's connection")
        return known

    def _accounts(self, connector: str) -> tuple[str, ...]:
        listed = self._table.get("accounts")
        if listed is None:
            return ()
        if not isinstance(listed, list) or not listed or not all(isinstance(text, str) for text in listed):
            self._wrong("accounts", 'a list such as ["facebook:123"]; leave it out for all accounts')
            return ()
        found = [self._account("accounts", text, connector) for text in listed]
        return tuple(dict.fromkeys(account for account in found if account))

    def _account(self, key: str, text: str, connector: str) -> str:
        if not connector:
            return ""
        try:
            return account_of(text, connector)
        except ValueError as error:
            self._wrong(key, str(error))
            return ""


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]


def _document(home: Path) -> Any:
    """The file as it is, comments and all."""
    import tomlkit

    try:
        with opened(home / FILE) as file:
            return tomlkit.parse(file.read().decode("utf-8-sig"))
    except FileNotFoundError:
        return tomlkit.document()
    except OSError:
        raise NoRecord(f"{home / FILE} is a link, or cannot be read", fix="edit it by hand") from None


def _replace(home: Path, text: str) -> None:
    if not replaced(home / FILE, text.encode(), synced=True):
        raise NoRecord(f"{home / FILE} cannot be written", fix=f"make {home} writable")
