"""Text of variables -> values; each mistake is one line that begins with its variable."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from .errors import BadSettings
from .platforms import LOOPBACK

PLAIN = re.compile(r"[a-z_ .-]{0,20}:?(act_)?\d{0,20}|[\d.,%-]{0,20} ?[a-z]{0,20}", re.IGNORECASE)
"""What a word or an account looks like; a token in its place has letters and digits mixed, or is longer."""
_ADDRESS = re.compile(r"[!\"$-~]+")
"""What can be seen, but #."""
_PLACE = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?")
"""A host and its port: no user, nothing that is read as a host in one place and as another elsewhere."""
LONGEST_NAME, LONGEST_PATH = 255, 4_000
"""Bytes of a name in a path, and characters of a path, that every system takes."""
DAY = 86_400
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
WORLDS: Mapping[Literal["", "agency"], float] = {"": 0.0, "agency": 600.0}
"""The invented worlds, and how many seconds of their clock a report takes in each unless it is said."""


def path_of(name: str, text: str) -> Path:
    """The path that a setting or an option names, its ~ spelt out.

    Raises BadSettings for what no system takes for one, of which asking would end in another error.
    """
    try:
        longest = max(len(os.fsencode(part)) for part in text.split("/"))
    except UnicodeEncodeError:
        longest = len(text) + LONGEST_NAME
    if longest > LONGEST_NAME or len(text) > LONGEST_PATH or "\0" in text:
        raise BadSettings(f"{name}: {shown(text)} is no path")
    if not text.strip():
        raise BadSettings(f"{name}: is empty; leave it out, or name a path")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise BadSettings(f"{name}: after ~ stands no user whose home this machine knows") from None


class Values:
    """Reads text as what it is to be, and collects a line per mistake; `sources` says where values are."""

    def __init__(
        self, values: Mapping[str, str], mistakes: list[str], sources: Mapping[str, str] | None = None
    ) -> None:
        self.values, self.mistakes, self.sources = values, mistakes, sources or {}

    def wrong(self, key: str, text: str) -> None:
        """Note a mistake in a variable."""
        self.mistakes.append(f"{key}: {text}{self.sources.get(key, '')}")

    def text(self, key: str) -> str:
        return (self.values.get(key) or "").strip()

    def list(self, key: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(key).split(",") if part.strip())

    def flag(self, key: str) -> bool:
        text = self.text(key).lower()
        if text not in (*YES, *NO):
            self.wrong(key, f"{shown(text)} is neither 1 nor 0")
        return text in YES

    def world(self) -> tuple[bool, Literal["", "agency"]]:
        """Whether MCP_ADS_SANDBOX asks for an invented world, and for which."""
        key, text = "MCP_ADS_SANDBOX", self.text("MCP_ADS_SANDBOX").lower()
        if text == "agency":
            return True, "agency"
        if text not in (*YES, *NO):
            self.wrong(key, f"{shown(text)} is none of 1 (two advertisers), agency (20 clients) and 0")
        return text in YES, ""

    def choice(self, key: str, choices: tuple[str, ...]) -> Any:
        """One of the choices; the first is the default."""
        text = self.text(key)
        found = next((choice for choice in choices if choice.lower() == text.lower()), None)
        if text and not found:
            self.wrong(key, f"{shown(text)} is none of {', '.join(choices)}")
        return found or choices[0]

    def number(self, key: str) -> Decimal | None:
        text = self.text(key).removesuffix("%")
        return self._decimal(key, text) if text else None

    def seconds(self, key: str, usual: float = 0.0) -> float:
        """At most a day; as usual where none are named."""
        found = self._decimal(key, text) if (text := self.text(key)) else None
        if found and found > DAY:
            self.wrong(key, f"{shown(text)} is more than {DAY}, a day of seconds")
        return usual if found is None else float(found)

    def money(self, key: str) -> dict[str, Decimal]:
        """Amounts by currency, from text such as 100 USD, 90 EUR."""
        from mcp_ads.core.currencies import CODES

        amounts: dict[str, Decimal] = {}
        for part in self.list(key):
            amount, _, currency = part.partition(" ")
            currency = currency.strip().upper()
            if not currency or not currency.isalpha():
                self.wrong(key, f'{shown(part)}: write amounts with currency, such as "100 USD, 90 EUR"')
            elif currency not in CODES:
                self.wrong(key, f"{shown(part)}: {currency} is no currency (CODES 4217)")
            elif currency in amounts:
                self.wrong(key, f"{shown(part)}: {currency} has two amounts")
            elif (number := self._decimal(key, amount)) is not None:
                amounts[currency] = number
        return amounts

    def _decimal(self, key: str, text: str) -> Decimal | None:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal(-1)
        if number.is_finite() and number >= 0:
            return number
        self.wrong(key, f"{shown(text)} is not a positive number")
        return None

    def path(self, key: str) -> Path | None:
        text = self.text(key)
        return path_of(key, text).absolute() if text else None

    def folder(self, key: str) -> Path | None:
        path = self.path(key)
        if path and not path.is_dir():
            self.wrong(key, f"there is no folder {path}")
        return path.resolve() if path else None

    def url(self, key: str) -> str:
        return self.check_url(key, text) if (text := self.text(key)) else ""

    def check_url(self, key: str, text: str) -> str:
        """scheme://host:port, https unless it is this machine. What is wrong is never repeated."""
        try:
            parts = urlsplit(text)
            _ = parts.port
        except ValueError:
            self.wrong(key, "write scheme://host:port")
            return ""
        path_allowed = key.endswith(("TOKEN_URL", "AUTH_URL"))
        if parts.scheme not in ("http", "https") or not _PLACE.fullmatch(parts.netloc):
            self.wrong(key, "write scheme://host:port")
        elif not _ADDRESS.fullmatch(text) or ("?" in text and not parts.query):
            self.wrong(key, "write scheme://host:port, without blanks, # or an empty ?")
        elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self.wrong(key, "must be https, or this machine")
        elif not path_allowed and (parts.path.strip("/") or parts.query):
            self.wrong(key, "write scheme://host:port without a path")
        return text.rstrip("/")


def sandbox_home(home: Path, world: str) -> Path:
    """Where an invented world has its state and records, apart from the other's and the real ones."""
    return home / (f"sandbox-{world}" if world else "sandbox")


def shown(text: str) -> str:
    """A value for an error, unless it may be a token somebody pasted into the wrong place."""
    return repr(text) if PLAIN.fullmatch(text) else "what stands there"
