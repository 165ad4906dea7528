"""Environment and env files -> Settings, read once.

The process environment wins, then `--env-file` or MCP_ADS_ENV_FILE, then `.env` in MCP_ADS_HOME. A `.env`
in the working directory is read by interactive commands only, and only for a platform that has no
credentials from elsewhere: a server started inside a cloned project must not take its orders.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from .clients import Clients
from .connectors import NAMES, canonical
from .errors import BadSettings
from .platforms import CREDENTIALS, FROM_FOLDER, PLATFORMS, SHORT, Platform
from .settings_airbyte import one_each, over_airbyte, unused
from .settings_connections import Further, connections, further, notes, strangers
from .settings_files import with_clients
from .settings_hosted import Hosted, hosted
from .settings_http import allowed_hosts
from .settings_lists import misnamed
from .settings_platforms import platform, unread
from .settings_values import WORLDS, Values, path_of, sandbox_home, shown
from .variables import VARIABLES, not_read
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
    """By connector, the connection that is meant when none is named; with several and none that is the first
    of its platform, the first that was written down. `default` says whether there is one."""
    connections: Mapping[str, tuple[Platform, ...]] = field(default_factory=dict)
    """By connector, every connection there is; `of` has them as they are used."""
    writes: Writes = "plan"
    writes_by: Literal["MCP_ADS_WRITES", "connect"] = "MCP_ADS_WRITES"
    """Whether the environment or the program's own call decided about writes, for errors to say."""
    caps: Caps = field(default_factory=Caps)
    unscoped_writes: bool = False
    raw_writes: bool = False
    sandbox: bool = False
    sandbox_world: Literal["", "agency"] = ""
    """Which invented world it is: the usual one, or the agency's."""
    sandbox_report_delay: float = 0.0
    """Seconds of the sandbox's clock that a report takes there."""
    keyring: Literal["auto", "on", "off"] = "auto"
    sign_in_page: bool = True
    """Whether a server may show a page to sign in at, on this machine."""
    home: Path = field(default_factory=lambda: Path.home() / ".mcp-ads")
    files: Path | None = None
    audit_log: Path | None = None
    http_token: str = field(default="", repr=False)
    http_tokens: Path | None = None
    http_allowed_hosts: tuple[str, ...] = ()
    log_level: str = "WARNING"
    ignored: tuple[str, ...] = ()
    """What a working-directory .env tried to set and may not; `mcp-ads doctor` says it."""
    unknown: tuple[str, ...] = ()
    """Variables and sign-ins that are there and not used, a line each with what may be meant."""

    hosted: Hosted = field(default_factory=Hosted)
    clients: Clients = field(default_factory=Clients)
    closed: str = ""
    """Why nobody may change anything for the time being."""

    def __post_init__(self) -> None:
        write_mode(self.writes)

    @property
    def records(self) -> Path:
        """Where plans, the audit log and everything else is kept: those of each invented world apart."""
        return sandbox_home(self.home, self.sandbox_world) if self.sandbox else self.home

    @property
    def audit_path(self) -> Path:
        """The audit log; invented changes never stand in the one the user named for real ones."""
        return (None if self.sandbox else self.audit_log) or self.records / "audit.jsonl"

    @property
    def served(self) -> list[str]:
        """The connectors to offer: those with credentials, or all when none has any."""
        offered = [name for name in self.platforms if any(p.configured for p in self.of(name))]
        return offered or list(self.platforms)

    def of(self, connector: str) -> tuple[Platform, ...]:
        """Every connection of a connector, the one that is meant when none is named first."""
        chosen = self.platforms[connector]
        others = self.connections.get(connector, ())[1:]
        return (chosen, *others)

    def connection(self, connector: str, label: str) -> Platform | None:
        """The connection of that label; without one the default. None where there is no such."""
        if not label:
            return self.default(connector)
        return next((platform for platform in self.of(connector) if platform.label == label), None)

    def default(self, connector: str) -> Platform | None:
        """The connection that is meant when none is named; None where one has to be."""
        several = self.of(connector)
        first = several[0].label == SHORT.get(connector, several[0].label)
        return several[0] if first or len(several) == 1 else None


def load(
    *,
    env_file: str = "",
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    named_by: str = "--env-file",
) -> Settings:
    """Read the settings; `folder` is a working directory whose .env may give credentials.

    `named_by` is what the caller calls `env_file`. Raises BadSettings with one line per mistake.
    """
    values = dict(os.environ if environ is None else environ)
    mistakes: list[str] = []
    sources: dict[str, str] = {}
    if named := env_file or values.get("MCP_ADS_ENV_FILE", ""):
        who = named_by if env_file else "MCP_ADS_ENV_FILE"
        values = _over(_file(path_of(who, named), mistakes, who), values, sources, named)
    own = _home(values) / ".env"
    if own.is_file():
        values = _over(_file(own, mistakes, "MCP_ADS_HOME"), values, sources, str(own))
    mistakes += not_read(values, sources, own=True)
    unknown = not_read(values, sources, own=False)
    known = _further(values, mistakes, sources)
    unknown += strangers(values)
    values, ignored, beside = _from_folder(values, folder, known)
    settings = _Reader(values, mistakes, sources).settings(ignored, [*unknown, *beside], known)
    settings = with_clients(settings, mistakes)
    if mistakes:
        raise BadSettings("\n".join(dict.fromkeys(mistakes)))
    return settings


def warn_of(settings: Settings) -> None:
    """Log what is set under a platform's prefix and read by nothing; a command or a server says it itself."""
    for line in settings.unknown:
        logging.getLogger("mcp_ads").warning("%s", line)


def _home(values: Mapping[str, str]) -> Path:
    """One folder for as long as the process runs, whichever one it works in."""
    return path_of("MCP_ADS_HOME", values.get("MCP_ADS_HOME") or "~/.mcp-ads").absolute()


def _over(
    found: Mapping[str, str], values: Mapping[str, str], sources: dict[str, str], name: str
) -> dict[str, str]:
    """What a file says where nothing else does; `sources` then names the file."""
    sources |= {key: f" (in {name})" for key in found if key not in values}
    return {**found, **values}


def _file(path: Path, mistakes: list[str], who: str) -> dict[str, str]:
    """A settings file's variables; a line that is none is a mistake, not a setting less."""
    if not path.is_file():
        mistakes.append(f"{who}: there is no file {path}")
        return {}
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8-sig") as file:
            found = list(parse_stream(file))
    except (OSError, UnicodeDecodeError):
        mistakes.append(f"{who}: {path} cannot be read as text")
        return {}
    broken = [binding.original.line for binding in found if binding.error]
    mistakes += [f"{who}: line {number} of {path} is not NAME=value" for number in broken]
    return {binding.key: binding.value or "" for binding in found if binding.key and not binding.error}


def _further(values: Mapping[str, str], mistakes: list[str], sources: Mapping[str, str]) -> Further:
    """Connections beside those of the base variables; none in the sandbox, which has its own."""
    reader = Values(values, mistakes, sources)
    sandbox = Values(values, []).world()[0]
    if sandbox:
        return Further()
    misnamed(reader)
    return one_each(reader, further(reader, _home(values)))


def _from_folder(
    values: dict[str, str], folder: Path | None, known: Further
) -> tuple[dict[str, str], tuple[str, ...], list[str]]:
    """The values with what a working directory's .env may add, what it may not, and what nothing reads."""
    path = folder / ".env" if folder else None
    found = _file(path, [], "") if path and path.is_file() else {}
    allowed = {
        f"{prefix}_{name}": prefix
        for connector, prefix in PLATFORMS.items()
        if not (known.names(connector) or over_airbyte(Values(values, [])))
        and not any(values.get(f"{prefix}_{credential}") for credential in CREDENTIALS)
        for name in FROM_FOLDER
    }
    added = {name: value for name, value in found.items() if name in allowed and name not in values}
    ours = ("MCP_ADS_", "FASTMCP_", "AIRBYTE_", "SDK_DEV_ADP_", *PLATFORMS.values())
    ignored = sorted(name for name in found if name not in added and name.startswith(ours))
    beside = not_read(found, dict.fromkeys(found, f" (in {path})"), own=False)
    return {**added, **values}, tuple(ignored), beside


class _Reader(Values):
    """The variables as settings."""

    def settings(self, ignored: tuple[str, ...], unknown: list[str], known: Further) -> Settings:
        sandbox, world = self.world()
        self.check_guards()
        base = {name: platform(self, name, sandbox=sandbox) for name in self.connectors()}
        several = {name: connections(self, found, known) for name, found in base.items()}
        return Settings(
            platforms={name: found[0] for name, found in several.items()},
            connections=several,
            writes=self.choice("MCP_ADS_WRITES", WRITE_MODES),
            caps=Caps(
                self.money("MCP_ADS_MAX_DAILY_BUDGET"),
                self.money("MCP_ADS_MAX_LIFETIME_BUDGET"),
                self.number("MCP_ADS_MAX_BUDGET_INCREASE_PCT"),
            ),
            unscoped_writes=self.flag("MCP_ADS_UNSCOPED_WRITES"),
            raw_writes=self.flag("MCP_ADS_RAW_WRITES"),
            sandbox=sandbox,
            sandbox_world=world,
            sandbox_report_delay=self.seconds("MCP_ADS_SANDBOX_REPORT_DELAY", WORLDS[world]),
            sign_in_page=self.choice("MCP_ADS_SIGN_IN_PAGE", ("on", "off")) == "on",
            keyring=self.choice("MCP_ADS_KEYRING", ("auto", "on", "off")),
            home=_home(self.values),
            files=self.files(),
            audit_log=self.path("MCP_ADS_AUDIT_LOG"),
            http_token=self.text("MCP_ADS_HTTP_TOKEN"),
            http_tokens=self.tokens(),
            http_allowed_hosts=allowed_hosts(self),
            hosted=hosted(self),
            log_level=self.choice("MCP_ADS_LOG_LEVEL", ("WARNING", "DEBUG", "INFO", "ERROR")),
            ignored=ignored,
            unknown=(*unknown, *notes(known, several), *unused(self), *unread(self, sandbox=sandbox)),
        )

    def files(self) -> Path | None:
        """The folder for the user's files, apart from where plans, tokens and logs are kept."""
        files, home = self.folder("MCP_ADS_FILES"), _home(self.values).resolve()
        if files and (files.is_relative_to(home) or home.is_relative_to(files)):
            self.wrong("MCP_ADS_FILES", f"{files} and MCP_ADS_HOME ({home}) may not contain each other")
        return files

    def tokens(self) -> Path | None:
        """The file of named tokens, which no agent may write."""
        path, files = self.path("MCP_ADS_HTTP_TOKENS"), self.path("MCP_ADS_FILES")
        if path and self.text("MCP_ADS_HTTP_TOKEN"):
            self.wrong("MCP_ADS_HTTP_TOKENS", "MCP_ADS_HTTP_TOKEN is set, too; use one of them")
        if path and files and path.resolve().is_relative_to(files.resolve()):
            self.wrong("MCP_ADS_HTTP_TOKENS", "may not lie in MCP_ADS_FILES, where agents write")
        return path

    def check_guards(self) -> None:
        """An empty cap, allow-list or token is a slip: taken for none, it would open what it was to close."""
        for name, variable in VARIABLES.items():
            if variable.guard and name in self.values and not self.text(name).strip(" ,%"):
                self.wrong(name, f"is empty, which is not none: {variable.meaning}; or leave it out")

    def connectors(self) -> list[str]:
        """The connectors there are; all, with a wrong name among them: their mistakes are found too."""
        wanted = [canonical(word) for word in self.list("MCP_ADS_CONNECTORS")] or list(PLATFORMS)
        wrong = [name for name in wanted if name not in PLATFORMS]
        for name in NAMES:
            if name not in PLATFORMS:
                self.wrong(name, "PLATFORMS of platforms.py lacks it, so that it cannot be used")
        for name in wrong:
            self.wrong("MCP_ADS_CONNECTORS", f"{shown(name)} is none of {', '.join(PLATFORMS)}")
        return [platform for platform in PLATFORMS if platform in wanted or wrong]
