"""Environment and env files -> Settings, read once.

The process environment wins, then `--env-file` or MCP_ADS_ENV_FILE, then `.env` in MCP_ADS_HOME. A `.env`
in the working directory is read by interactive commands only, and only for a platform that has no
credentials from elsewhere: a server started inside a cloned project must not take its orders.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .connectors import canonical
from .errors import BadSettings
from .platforms import (
    AMAZON_HOSTS,
    CREDENTIALS,
    FROM_FOLDER,
    HOSTS,
    LOOPBACK,
    PLATFORMS,
    SANDBOX_CREDENTIALS,
    TOKEN_URLS,
    Platform,
)
from .write_modes import WRITE_MODES, Writes, write_mode


@dataclass(frozen=True)
class Caps:
    """Most a budget may be, in major units by currency, and most it may rise in a day, in percent."""

    daily: Mapping[str, Decimal] = field(default_factory=dict)
    lifetime: Mapping[str, Decimal] = field(default_factory=dict)
    increase_pct: Decimal | None = None

    def __bool__(self) -> bool:
        return bool(self.daily or self.lifetime or self.increase_pct is not None)


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides."""

    platforms: Mapping[str, Platform] = field(default_factory=dict)
    writes: Writes = "plan"
    caps: Caps = field(default_factory=Caps)
    unscoped_writes: bool = False
    sandbox: bool = False
    home: Path = field(default_factory=lambda: Path.home() / ".mcp-ads")
    files: Path | None = None
    audit_log: Path | None = None
    http_token: str = field(default="", repr=False)
    http_allowed_hosts: tuple[str, ...] = ()
    log_level: str = "WARNING"
    ignored: tuple[str, ...] = ()
    """What a working-directory .env tried to set and may not; `mcp-ads doctor` says it."""

    def __post_init__(self) -> None:
        write_mode(self.writes)

    @property
    def served(self) -> list[str]:
        """The connectors to offer: those with credentials, or all when none has any."""
        return [n for n, p in self.platforms.items() if p.configured] or list(self.platforms)


def load(
    *, env_file: str = "", folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings; `folder` is a working directory whose .env may give credentials.

    Raises BadSettings with one line per mistake.
    """
    values = dict(os.environ if environ is None else environ)
    named = env_file or values.get("MCP_ADS_ENV_FILE", "")
    mistakes: list[str] = []
    values = {**_file(Path(named).expanduser() if named else None, mistakes), **values}
    values = {**_file(_home(values) / ".env", mistakes, required=False), **values}
    values, ignored = _from_folder(values, folder)
    settings = _Reader(values, mistakes).settings(ignored)
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return settings


def _home(values: Mapping[str, str]) -> Path:
    return Path(values.get("MCP_ADS_HOME") or Path.home() / ".mcp-ads").expanduser()


def _file(path: Path | None, mistakes: list[str], *, required: bool = True) -> dict[str, str]:
    if path is None:
        return {}
    if not path.is_file():
        if required:
            mistakes.append(f"MCP_ADS_ENV_FILE: there is no file {path}")
        return {}
    from dotenv import dotenv_values

    try:
        found = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        mistakes.append(
            f"{'MCP_ADS_ENV_FILE' if required else 'MCP_ADS_HOME'}: {path} cannot be read as text"
        )
        return {}
    return {name: value for name, value in found.items() if value is not None}


def _from_folder(values: dict[str, str], folder: Path | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """The values with what a working directory's .env may add, and what it may not."""
    found = _file(folder / ".env", [], required=False) if folder else {}
    allowed = {
        f"{prefix}_{name}": prefix
        for prefix in PLATFORMS.values()
        if not any(values.get(f"{prefix}_{each}") for each in CREDENTIALS)
        for name in FROM_FOLDER
    }
    added = {name: value for name, value in found.items() if name in allowed and name not in values}
    ours = ("MCP_ADS_", "FASTMCP_", *PLATFORMS.values())
    ignored = sorted(name for name in found if name not in added and name.startswith(ours))
    return {**added, **values}, tuple(ignored)


class _Reader:
    """Turns text into settings and collects a line per mistake."""

    def __init__(self, values: Mapping[str, str], mistakes: list[str]) -> None:
        self.values, self.mistakes = values, mistakes

    def settings(self, ignored: tuple[str, ...]) -> Settings:
        sandbox = self.flag("MCP_ADS_SANDBOX")
        return Settings(
            platforms={name: self.platform(name, sandbox=sandbox) for name in self.connectors()},
            writes=self.choice("MCP_ADS_WRITES", WRITE_MODES),
            caps=Caps(
                self.money("MCP_ADS_MAX_DAILY_BUDGET"),
                self.money("MCP_ADS_MAX_LIFETIME_BUDGET"),
                self.number("MCP_ADS_MAX_BUDGET_INCREASE_PCT"),
            ),
            unscoped_writes=self.flag("MCP_ADS_UNSCOPED_WRITES"),
            sandbox=sandbox,
            home=_home(self.values),
            files=self.folder("MCP_ADS_FILES"),
            audit_log=self.path("MCP_ADS_AUDIT_LOG"),
            http_token=self.text("MCP_ADS_HTTP_TOKEN"),
            http_allowed_hosts=self.list("MCP_ADS_HTTP_ALLOWED_HOSTS"),
            log_level=self.choice("MCP_ADS_LOG_LEVEL", ("WARNING", "DEBUG", "INFO", "ERROR")),
            ignored=ignored,
        )

    def platform(self, name: str, *, sandbox: bool) -> Platform:
        prefix = PLATFORMS[name]
        scope = self.list(f"{prefix}_ACCOUNT_IDS")
        default = self.text("AMAZON_ADS_PROFILE_ID") if name == "amazon_ads" else ""
        ids = tuple(
            dict.fromkeys(each.removeprefix("act_") for each in (*scope, *([default] if default else [])))
        )
        for each in ids:
            if not (each.isascii() and each.isdigit()):
                self.mistakes.append(f"{prefix}_ACCOUNT_IDS: account ids are digits, separated by commas")
        version = self.text(f"{prefix}_API_VERSION")
        if sandbox:
            hosts = HOSTS[name]
            return Platform(name, SANDBOX_CREDENTIALS[name], (), "", version, hosts, TOKEN_URLS.get(name, ""))
        hosts, foreign = self.hosts(name)
        credentials = {each: value for each in CREDENTIALS if (value := self.text(f"{prefix}_{each}"))}
        token_url = self.url(f"{prefix}_TOKEN_URL") if name in TOKEN_URLS else ""
        return Platform(
            name, credentials, ids, default, version, hosts, token_url or TOKEN_URLS.get(name, ""),
            foreign or bool(token_url),
        )  # fmt: skip

    def hosts(self, name: str) -> tuple[dict[str, str], bool]:
        """Base URLs by region, and whether they are someone else's than the vendor's."""
        key, known = f"{PLATFORMS[name]}_BASE_URL", HOSTS[name]
        if name == "amazon_ads":
            known = self.regions(known)
        text = self.text(key)
        if not text:
            return dict(known), False
        if name != "amazon_ads" or "=" not in text.partition("//")[0]:
            url = self.url(key)
            return dict.fromkeys(known, url), True
        given = dict(each.split("=", 1) for each in self.list(key) if "=" in each)
        if wrong := given.keys() - AMAZON_HOSTS.keys():
            self.mistakes.append(f"{key}: no such region {', '.join(sorted(wrong))}; write NA=…,EU=…,FE=…")
        checked = {region: self.check_url(key, url) for region, url in given.items()}
        if not wrong and not known.keys() & checked.keys():
            self.mistakes.append(f"{key}: gives no URL for region {', '.join(known)}")
        return {region: checked[region] for region in known if region in checked}, True

    def regions(self, known: dict[str, str]) -> dict[str, str]:
        text = self.text("AMAZON_ADS_REGION")
        if not text:
            return known
        found = next((r for r, host in known.items() if text.upper() == r or text.rstrip("/") == host), "")
        if not found:
            self.mistakes.append(
                f"AMAZON_ADS_REGION: {text!r} is not NA, EU, FE or one of their three host URLs"
            )
            return known
        return {found: known[found]}

    def url(self, key: str) -> str:
        return self.check_url(key, text) if (text := self.text(key)) else ""

    def check_url(self, key: str, text: str) -> str:
        """scheme://host:port, https unless it is this machine."""
        try:
            parts = urlsplit(text)
            _ = parts.port
        except ValueError:
            self.mistakes.append(f"{key}: write scheme://host:port")
            return ""
        path_allowed = key.endswith("TOKEN_URL")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
            self.mistakes.append(f"{key}: write scheme://host:port")
        elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self.mistakes.append(f"{key}: must be https, or this machine")
        elif not path_allowed and (parts.path.strip("/") or parts.query):
            self.mistakes.append(f"{key}: write scheme://host:port without a path")
        return text.rstrip("/")

    def connectors(self) -> list[str]:
        wanted = [canonical(each) for each in self.list("MCP_ADS_CONNECTORS")] or list(PLATFORMS)
        for each in wanted:
            if each not in PLATFORMS:
                self.mistakes.append(f"MCP_ADS_CONNECTORS: {each!r} is none of {', '.join(PLATFORMS)}")
        return [each for each in PLATFORMS if each in wanted]

    def text(self, key: str) -> str:
        return (self.values.get(key) or "").strip()

    def list(self, key: str) -> tuple[str, ...]:
        return tuple(each.strip() for each in self.text(key).split(",") if each.strip())

    def flag(self, key: str) -> bool:
        text = self.text(key).lower()
        if text not in ("", "0", "1", "true", "false", "yes", "no", "on", "off"):
            self.mistakes.append(f"{key}: {text!r} is neither 1 nor 0")
        return text in ("1", "true", "yes", "on")

    def choice(self, key: str, choices: tuple[str, ...]) -> Any:
        """One of the choices; the first is the default."""
        text = self.text(key)
        found = next((each for each in choices if each.lower() == text.lower()), None)
        if text and not found:
            self.mistakes.append(f"{key}: {text!r} is none of {', '.join(choices)}")
        return found or choices[0]

    def number(self, key: str) -> Decimal | None:
        text = self.text(key).removesuffix("%")
        return self._decimal(key, text) if text else None

    def money(self, key: str) -> dict[str, Decimal]:
        """Amounts by currency, from text such as 100 USD, 90 EUR."""
        found: dict[str, Decimal] = {}
        for each in self.list(key):
            amount, _, currency = each.partition(" ")
            currency = currency.strip().upper()
            if len(currency) != 3 or not currency.isalpha():  # noqa: PLR2004 - ISO codes have three letters
                self.mistakes.append(f'{key}: write amounts with their currency, such as "100 USD, 90 EUR"')
            elif (number := self._decimal(key, amount)) is not None:
                found[currency] = number
        return found

    def _decimal(self, key: str, text: str) -> Decimal | None:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal(-1)
        if number.is_finite() and number >= 0:
            return number
        self.mistakes.append(f"{key}: {text!r} is not a positive number")
        return None

    def path(self, key: str) -> Path | None:
        return Path(text).expanduser() if (text := self.text(key)) else None

    def folder(self, key: str) -> Path | None:
        path = self.path(key)
        if path and not path.is_dir():
            self.mistakes.append(f"{key}: there is no folder {path}")
        return path.resolve() if path else None
