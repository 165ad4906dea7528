"""The platform's own refusal of an access token, as its dialect reads it."""

from __future__ import annotations

from collections.abc import Mapping

from mcp_ads.core import Reply, Request
from mcp_ads.core.bundles import ABSURD
from mcp_ads.core.connector import Dialect
from mcp_ads.errors import ApiError, AuthError


def own_refusal_of_token(
    dialect: Dialect, request: Request, status: int, headers: Mapping[str, str], content: bytes
) -> bool:
    """Whether an answer refuses the credentials in a shape and with a code that the platform documents."""
    try:
        dialect.decode(Reply(status, headers, content, asked=request))
    except AuthError as error:
        return error.own
    except (ApiError, *ABSURD):
        return False
    return False
