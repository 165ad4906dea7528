"""Whether a 401 is the platform's refusal of a token: only then may a change go out once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

PROVES = "proves"
"""The extension of a change's request that tells whether an answer is the platform's own refusal of the
token: a function of its status, headers and content. A read has none.
"""
UNAUTHORIZED = 401


async def refuses_token(response: httpx.Response) -> bool:
    """Whether the request may be sent again: a gateway's 401 may come after a change was carried out."""
    if response.status_code != UNAUTHORIZED:
        return False
    if (proves := response.request.extensions.get(PROVES)) is None:
        return True
    await response.aread()
    return bool(proves(response.status_code, response.headers, response.content))
