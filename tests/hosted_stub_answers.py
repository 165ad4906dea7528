"""What the host of connectors answers: its connectors as it tells of them, its refusals, records in part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hosted_stub import DEFINITIONS, Kept
from starlette.responses import JSONResponse

from mcp_ads.engine.wire.redaction import mapped
from mcp_ads.errors import (
    AdsError,
    AuthError,
    CallError,
    OutcomeUnknown,
    PlatformDown,
    PolicyError,
    RateLimited,
)


class Refused(Exception):
    """A request that is not answered as it wishes."""

    def __init__(
        self, status: int, message: str, code: str = "invalid", field: str = "", **details: Any
    ) -> None:
        error = {"field": field, "message": message, "error_code": code, "details": details}
        self.answer = JSONResponse({"message": "the request failed", "errors": [error]}, status)


def refusal_of(error: AdsError) -> Refused:
    """What the host answers where our engine raises."""
    kind, text = type(error).__name__, "\n".join(filter(None, [str(error), error.fix]))
    if isinstance(error, AuthError):
        return Refused(424, text, "platform_auth")
    if isinstance(error, RateLimited):
        refused = Refused(429, text, kind)
        refused.answer.headers["retry-after"] = str(int(error.retry_after) + 1)
        return refused
    if isinstance(error, CallError):
        return Refused(422, text, kind)
    if isinstance(error, OutcomeUnknown):
        return Refused(502, text, "outcome_unknown")
    return Refused(
        403 if isinstance(error, PolicyError) else 424 if isinstance(error, PlatformDown) else 422, text, kind
    )


def slug_of(body: Mapping[str, Any]) -> str:
    """The connector that is meant by its name in any case, or by its definition."""
    named = str(body.get("connector_type", "")).lower()
    found = [slug for slug, key in DEFINITIONS.items() if named == slug or body.get("definition_id") == key]
    if len(found) != 1:
        raise Refused(
            422, "connector_type or definition_id: exactly one that there is", field="connector_type"
        )
    return found[0]


def item(kept: Kept) -> dict[str, Any]:
    source = {"id": kept.id, "name": kept.slug.title(), "connector_name": kept.slug}
    dates = {"created_at": kept.created_at, "updated_at": kept.created_at}
    return {"id": kept.id, "name": kept.name, "summarized_source_template": source, **dates}


def whole(kept: Kept, config: Mapping[str, Any] | None = None) -> dict[str, Any]:
    template = {"id": kept.id, "name": kept.slug, "source_definition_id": DEFINITIONS[kept.slug]}
    named = {"id": kept.id, "name": kept.name, "source_template": template}
    return {**named, "replication_config": config or kept.replication_config}


def shaped(data: Any, body: Mapping[str, Any]) -> Any:
    """Records with what was asked for of them; names of the first level are enough here."""
    select, exclude = body.get("select_fields"), body.get("exclude_fields") or []
    if not body.get("skip_truncation", True) and isinstance(data, list):
        data = mapped(data, lambda text: text if len(text) <= 200 else f"{text[:200]}…(get has it whole)")

    def one(record: Any) -> Any:
        keep = [name for name in record if (name in select if select else name not in exclude)]
        return {name: record[name] for name in keep}

    return [one(record) for record in data] if isinstance(data, list) else one(data)
