"""An engine whose connectors may be limited to some entities, for reading alone or for changing too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.core.recipe import Report
from mcp_ads.core.synonyms import bare, cut
from mcp_ads.core.view import result_in
from mcp_ads.engine.records.store import Records
from mcp_ads.engine.workspace import plan_of
from mcp_ads.errors import AdsError, OutOfScope
from mcp_ads.settings import Settings

from .catalog import DEFINITIONS
from .limited_fields import check_fields
from .store.connectors import Kept
from .words import mend_at_mcp

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

STEPS = bare("steps")


class LimitedDesk(Desk):
    """It refuses what the `entities` of a connector leave out, whoever asks and by whichever door."""

    def __init__(self, settings: Settings, records: Records, kept: Sequence[Kept]) -> None:
        super().__init__(settings, records)
        self._limits = {
            (DEFINITIONS[one.slug].name, one.label): one for one in kept if one.entities is not None
        }

        self.broken: Mapping[tuple[str, str], AdsError] = {}
        """Why connectors cannot be used whose credentials do not open, by platform and label."""

    def check_configured(self, session: Session) -> None:
        """Raise NoRecord or NotConfigured for a connector that cannot be used, naming it."""
        label = session.platform.connection
        if error := self.broken.get((session.connector.name, label)):
            raise type(error)(f"the connector {label} cannot be used: {error}", fix=error.fix)
        super().check_configured(session)

    async def _called(
        self,
        connector: str,
        entity: str,
        action: str,
        given: dict[str, Any],
        report: Report | None,
        carry_out: Callable[..., Awaitable[Result]],
    ) -> Result:
        if self._limits:
            self._check(connector, entity, action, given)
        return await super()._called(connector, entity, action, given, report, carry_out)

    def error_text(self, error: AdsError) -> str:
        """An error as an agent at /mcp reads it, who has no shell here and sets no variables."""
        mend_at_mcp(error)
        return super().error_text(error)

    async def apply(self, plan_id: str, report: Report | None = None) -> Result:
        for step in plan_of(self, plan_id).steps if self._limits else ():
            if limit := self._limits.get((step.connector, step.connection_name)):
                _check_entity(limit, step.entity, write=True)
        return await super().apply(plan_id, report)

    def _check(self, connector: str, entity: str, action: str, given: dict[str, Any]) -> None:
        """Raises OutOfScope. Where no connection is named, what any of them leaves out is refused; whichever
        is meant in the end is checked once that is known.
        """
        offer = self.offer(connector)
        if offer.name in self.beside:
            raise OutOfScope(f"{offer.name} asks all entities, and connectors of this workspace are limited")
        write = offer.action(entity, offer.meant(entity, action, given)).risk != "read"
        if write and any(bare(str(name)) == STEPS for name in given):
            raise OutOfScope("steps: connectors of this workspace are limited; make a plan of each write")
        named = "" if result_in(given) else str(given.get("connection") or "").strip()
        for (name, _), limit in self._limits.items():
            if name == offer.name and not named:
                _check_entity(limit, entity, write=write)

    async def _meant(
        self, connector: str, entity: str, action: str, params: dict[str, Any]
    ) -> tuple[Session, dict[str, Any]]:
        session, rest = await super()._meant(connector, entity, action, params)
        if limit := self._limits.get((session.connector.name, session.platform.connection)):
            write = session.connector.action(entity, action).risk != "read"
            _check_entity(limit, entity, write=write)
            if not write:
                check_fields(limit, entity, session.connector.names(), rest)
        return session, rest


def _check_entity(limit: Kept, entity: str, *, write: bool) -> None:
    if not limit.allows(entity, write=write):
        doing = "changed" if write else "read"
        raise OutOfScope(
            f"entity: {cut(entity)} may not be {doing} with the connector {limit.label}",
            fix="whoever keeps the connector decides what it may be used for; ask them",
        )
