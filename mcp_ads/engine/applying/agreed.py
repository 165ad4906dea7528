"""Whether a step is sent with the credentials it was agreed to with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mcp_ads.engine.changes.steps import Step, quoted, shown_id
from mcp_ads.errors import StalePlan

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


def check_credentials(session: Session, step: Step) -> None:
    """Raise StalePlan where what would send it now is not what a person agreed to."""
    kept = session.signed_in_as
    if any(kept.get(name, "") != text for name, text in step.signed_in.items()):  # older plans have less
        was, now = _said(step.signed_in), _said(kept)
        raise StalePlan(
            f"the plan was made with other credentials of {session.platform.label}: {was}; "
            f"now they are {now}{', but not the same' if was == now else ''}",
            fix="make the plan again",
        )


def _said(signed_in: Mapping[str, str]) -> str:
    """Whose credentials, in words; the name is one that somebody chose."""
    if signed_in.get("kind") == "variables":
        return "those of variables"
    if signed_in.get("kind") == "airbyte":
        found = signed_in.get("connector_id")
        return f"those of {f'the connector {shown_id(found)}' if found else 'a connector'} at Airbyte"
    who = quoted(signed_in["who"]) if signed_in.get("who") else "somebody"
    return f"a sign-in of {who} with the app {shown_id(signed_in.get('client_id') or '?')}"
