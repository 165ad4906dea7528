"""With which statuses each operation of the API refuses, for its OpenAPI document."""

from __future__ import annotations

from typing import Any

SAID = {
    400: "What was sent cannot be read",
    401: "No such client or token",
    403: "Not allowed",
    404: "There is none, or none for this caller",
    409: "Conflict",
    424: "platform_auth: the platform refuses the connector's credentials",
    429: "rate_limited: Retry-After says how many seconds to wait",
    501: "not_implemented",
    502: "outcome_unknown or platform_down: look before sending a write again",
}
PLANNED = "plan_required: the write waits as a plan; details has plan_id, plan and apply"
CALLS = (424, 429, 501, 502)
"""Statuses of what asks a platform."""


def declared(method: str, path: str) -> dict[str, Any]:
    """The refusals of an operation, by status."""
    statuses = [400, 401, 403]
    if "{" in path or "connectors" in path or "workspaces" in path:
        statuses.append(404)
    if path.endswith(("/execute", "/apply", "/check")):
        statuses += [409, *CALLS] if not path.endswith("/check") else CALLS
    elif method in ("POST", "PUT"):
        statuses.append(409)
    if path.endswith("/token"):
        statuses.append(429)
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    said = SAID | ({409: PLANNED} if path.endswith(("/execute", "/apply")) else {})
    return {str(status): {"description": said[status], "content": content} for status in sorted({*statuses})}
