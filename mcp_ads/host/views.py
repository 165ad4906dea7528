"""What is answered of a connector: as much as Airbyte's API tells, and never a credential. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mcp_ads.auth.endings import CONSENT_SOON

from .catalog import DEFINITIONS, Definition
from .checking import Checked
from .intake import template_of
from .specs import spec
from .store.connectors import Kept


def whole(kept: Kept) -> dict[str, Any]:
    """One connector."""
    definition = DEFINITIONS[kept.slug]
    template = {
        "id": template_of(definition),
        "name": definition.title,
        "source_definition_id": definition.id,
        "user_config_spec": spec(definition),
        "partial_default_config": {},
        "mode": "direct",
    }
    return {
        "id": kept.id,
        "name": kept.name,
        "source_template": template,
        "replication_config": dict(kept.replication_config),
        "environment": dict(kept.environment),
        "entities": kept.entities,
        "workspace_id": kept.workspace_id,
        "workspace_name": kept.workspace,
        "connection": kept.label,
        **_dates(kept),
    }


def line(kept: Kept) -> dict[str, Any]:
    """One of a list."""
    return {
        "id": kept.id,
        "name": kept.name,
        "connection": kept.label,
        "summarized_source_template": template(DEFINITIONS[kept.slug]),
        **_dates(kept),
    }


def template(definition: Definition) -> dict[str, Any]:
    """The kind of a connector, in short."""
    return {
        "id": template_of(definition),
        "name": definition.title,
        "icon": None,
        "connector_name": definition.slug,
        "actor_definition_id": definition.id,
        "tags": [],
        "mode": "direct",
    }


def warnings(kept: Kept, now: float) -> list[str]:
    """What somebody should look after: credentials that were never tried, or end soon."""
    said = []
    if kept.verified_at is None:
        said.append("the platform has not yet been asked whether it accepts the credentials: check it")
    if kept.ends_at is not None and kept.ends_at - now < CONSENT_SOON:
        when = "ended" if kept.ends_at <= now else "end"
        said.append(f"the credentials {when} on {at(kept.ends_at)[:10]}: let the user consent anew")
    return said


def check(connector_id: str, found: Checked) -> dict[str, Any]:
    """What came of a check."""
    reason = "credentials" if found.is_refused else "platform"
    return {
        "id": connector_id,
        "status": "failed" if found.error else "succeeded",
        "error_message": found.error or None,
        "failure_reason": reason if found.error else None,
        "checked_entity": found.entity,
        "checked_action": found.action,
    }


def at(seconds: float) -> str:
    """A time as it is answered: 2026-11-27T01:02:03Z."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def _dates(kept: Kept) -> dict[str, str]:
    return {"created_at": at(kept.created_at), "updated_at": at(kept.updated_at)}
