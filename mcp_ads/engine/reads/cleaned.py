"""Records before any of them is kept for a cursor: without what opens something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.cells import compact
from mcp_ads.core.raw_values import without_credentials
from mcp_ads.engine.wire.redaction import mapped

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace


def cleaned(workspace: Workspace, call: Action, value: Any) -> Any:
    """What a call answers, or one row of it: of records without tokens and signed addresses, at any depth.

    Shown rows have columns that were chosen, and stay as they are.
    """
    if not isinstance(call, AsSent):
        return value
    clean = without_credentials(value)
    if workspace.trace.secrets.suspect(compact(clean)):
        return mapped(clean, workspace.trace.without_secrets)
    return clean
