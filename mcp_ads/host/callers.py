"""Who calls, and what they may: a client by its bearer token, or the holder of a token of one workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mcp_ads.engine.wire.authority import Authority, Scope
from mcp_ads.settings import Caps
from mcp_ads.write_modes import Writes

CLIENT, TOKEN = "client:", "token:"
"""How the id of a client begins, and that of a token of /mcp."""
OVER_CAP = (
    "lower the amount, or ask who runs this server for a client with a higher cap (`host client add NAME "
    "--max-daily-budget`), within the caps of the server itself"
)
BY_CLIENT = (
    "A client of the organization carries plans out: GET /api/v1/integrations/connectors/{id}/plans lists "
    "them, POST …/plans/{plan_id}/apply applies one."
)


@dataclass(frozen=True)
class Caller:
    """Whoever asks, with everything that narrows what they may.

    `id` is whose plans are theirs: "client:<uuid>" or "token:<uuid>". `workspaces` are the names of those
    they may use, None for all of the organization's; a scoped token leaves one. `writes` is what becomes of
    their writes; `scope` is a token's: "plan" plans and applies nothing. `caps` come beside the host's own.
    """

    organization_id: str
    id: str
    name: str
    writes: Writes = "plan"
    scope: Scope = "write"
    workspaces: frozenset[str] | None = None
    accounts: Mapping[str, tuple[str, ...]] | None = None
    caps: Caps | None = None
    redirects: tuple[str, ...] = ()
    workspace_id: str = ""
    """The one workspace of a scoped token, or of a token of /mcp; empty for a client's own."""

    @property
    def authority(self) -> Authority:
        """What the engine holds them to."""
        return Authority(
            self.name,
            "read" if self.writes == "off" else self.scope,
            self.accounts,
            kind="client" if self.id.startswith(CLIENT) else "token",
            by_hand=BY_CLIENT,
            over_cap=OVER_CAP,
            approves=TOKEN if self.approves else "",
        )

    @property
    def approves(self) -> bool:
        """Whether they carry out what tokens planned: a client with its own token does, and no part of it."""
        return self.id.startswith(CLIENT) and not self.workspace_id and self.writes != "off"

    def may_use(self, workspace: str) -> bool:
        """Whether a workspace of that name is open to them; one that is not is as one there is not."""
        return self.workspaces is None or workspace in self.workspaces
