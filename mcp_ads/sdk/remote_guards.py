"""What this process says of writes at a host, which knows nothing of it: a write mode, and guards."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.auth.hosted import Host
from mcp_ads.clients_edited import Guard
from mcp_ads.clients_file import read
from mcp_ads.clients_known import FORGET, gone
from mcp_ads.errors import PolicyError, WritesOff
from mcp_ads.platforms import SHORT, Platform
from mcp_ads.settings import Settings
from mcp_ads.write_modes import Writes, write_mode

STRICTEST: tuple[Writes, ...] = ("off", "plan", "direct")
UNKNOWN_HERE = "is of this process, and {host} does not know it"


class Guards:
    """What decides here whether a write may be sent to a host: "off", "plan" (the host says that it plans
    writes) or "direct" (it may carry them out at once), and which guards only this process could hold.
    """

    def __init__(self, settings: Settings, connector: str = "", writes: str | bool | None = None) -> None:
        """`writes` and MCP_ADS_WRITES both hold. `connector` "" is one of a kind that is not known.

        Raises BadSettings for what is no write mode.
        """
        said = [] if writes is None else [write_mode(writes)]
        if settings.hosted.writes_said:
            said.append(settings.writes)
        self.mode: Writes = min(said, key=STRICTEST.index, default="plan")
        self._by_variable = settings.hosted.writes_said and settings.writes == self.mode
        self._settings, self._connector = settings, connector
        self._clients = Guard(settings.clients, settings.records)

    def check(self, what: str, host: Host) -> None:
        """Raise PolicyError where `what` may not be sent, whatever the host does with writes."""
        if self.mode == "off":
            fix = 'connect without writes="off", and check MCP_ADS_WRITES'
            raise WritesOff(f"{what} may change something, and writes are off in this program", fix=fix)
        known = UNKNOWN_HERE.format(host=host.name)
        held = [*self._caps(), *self._lists(), *self._protected()]
        if lines := [f"{name}: {known}; {what} was not sent" for name in held]:
            fix = "set each at the host, and not for this program"
            raise PolicyError("\n".join(dict.fromkeys(lines)), fix=fix)

    def check_stated(self, what: str, host: Host, stated: object) -> None:
        """Raise WritesOff where what the host states of writes does not let `what` be sent."""
        if stated == "off":
            raise WritesOff(f"{what} was not sent: {host.name} states that writes are off there")
        if stated == "plan" or self.mode == "direct":
            return
        does = "carries writes out at once" if stated == "direct" else "does not say that it plans writes"
        fix = 'writes="direct" has it carry them out at once'
        if self._by_variable:
            fix = f"{fix}, where MCP_ADS_WRITES does not say plan"
        raise WritesOff(f"{what} was not sent: {host.name} {does}", fix=fix)

    def unheld(self, host: Host) -> list[str]:
        """A warning for each allow-list of this process, which no read at a host is held against."""
        known = f"{UNKNOWN_HERE.format(host=host.name)}: what is read may be of other accounts"
        return [f"{name}: {known}" for name in dict.fromkeys(self._lists())]

    def _caps(self) -> Iterator[str]:
        caps = self._settings.caps
        if caps.daily:
            yield "MCP_ADS_MAX_DAILY_BUDGET"
        if caps.lifetime:
            yield "MCP_ADS_MAX_LIFETIME_BUDGET"
        if caps.increase_pct is not None:
            yield "MCP_ADS_MAX_BUDGET_INCREASE_PCT"

    def _protected(self) -> list[str]:
        """That clients protect something, as a person has written it down by now. Raises PolicyError."""
        folder, name = self._settings.records, self._connector
        clients = read(folder)
        self._clients.check(clients)
        for place in (folder, self._settings.clients.missed_in):
            if not clients and place and (lost := gone(place)):
                raise PolicyError(lost, fix=f"a person puts it back, or runs `{FORGET}`")
        held = any(client.guards(name) if name else client.protected for client in clients)
        return ["protected in clients.toml"] if held else []

    def _lists(self) -> Iterator[str]:
        """The allow-lists of this process, each by its name."""
        for platform in self._platforms():
            own = platform.label == SHORT.get(platform.name, platform.label)
            if platform.account_ids:
                only = platform.account_ids == (platform.default_account,)
                listed = f"{platform.prefix}_{'PROFILE_ID' if only else 'ACCOUNT_IDS'}"
                yield listed if own else f"the accounts of the connection {platform.label}"

    def _platforms(self) -> list[Platform]:
        settings = self._settings
        names = [self._connector] if self._connector in settings.platforms else settings.platforms
        return [platform for name in names for platform in settings.of(name)]
