"""What stands beside the answers of a platform: its clock, its warning of an old version, the last status."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from . import findings
from .findings import Finding

if TYPE_CHECKING:
    import httpx

    from mcp_ads.engine.session.session import Session

MOST_SKEW = 60.0
"""Seconds by which clocks may differ before it is said."""


class Watch:
    """Hears every answer that one session gets. Raises NotConfigured where there are no credentials."""

    def __init__(self, session: Session) -> None:
        self.requests, self.status = 0, 0
        self.version_warning = ""
        self._skews: list[float] = []
        hooks = session.transport.client.event_hooks
        session.transport.client.event_hooks = {**hooks, "response": [*hooks.get("response", []), self._hear]}

    async def _hear(self, response: httpx.Response) -> None:
        self.requests, self.status = self.requests + 1, response.status_code
        self.version_warning = response.headers.get("x-ad-api-version-warning") or self.version_warning
        try:
            told = parsedate_to_datetime(response.headers.get("date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        self._skews.append(told - findings.now())

    def clock(self, name: str) -> Iterator[Finding]:
        """Whether this machine's clock is the platform's, by the answer that was fastest."""
        skew = min(self._skews, key=abs, default=0.0)
        if abs(skew) <= MOST_SKEW:
            return
        side = "behind" if skew > 0 else "ahead of"
        text = f"this machine's clock is {abs(skew):.0f} s {side} the platform's: tokens are renewed at the"
        more = "wrong time, plans expire too early or too late, and `yesterday` may be another day"
        yield Finding(
            "note", f"{name} clock", f"{text} {more}", "set the clock, or switch on its setting by NTP"
        )
