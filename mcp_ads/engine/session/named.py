"""What a call names: a connection that there is or is not, an object of another kind than is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_ads.core.synonyms import closest, cut
from mcp_ads.errors import ApiError


def no_connection(labels: Sequence[str], wanted: str) -> str:
    """That none of these connections is meant, or that one has to be named, in a line."""
    if not wanted:
        return f"connection: missing; name one of {', '.join(labels)}"
    near = closest(wanted, labels)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"connection: {cut(wanted)!r} is none of {', '.join(labels)}{meant}"


def of_another_kind(error: ApiError, params: Mapping[str, Any]) -> ApiError:
    """The error, with the parameter first that names the object of which the platform says what it is."""
    told = error.details
    for name, value in params.items():
        if "kind" in told and value and str(value) == told.get("id"):
            error.args = (f"{name}: {value} is {told['kind']}",)
    return error
