"""A make-believe api.linkedin.com, with the token endpoints of www.linkedin.com.

`routes` finds what answers a call; each family has a table of its resources and their rules, in the
vocabulary of `state`. All of it is written from the platform's documentation.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mcp_ads.sandbox.store import Store

from . import consent, creatives, routes, tokens
from .agency.source import attach
from .errors import fault
from .uploads import PATH

__all__ = ["app", "fault"]

UPLOADS_URL = "https://www.linkedin.com"
VERBS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def app(store: Store, uploads: str = UPLOADS_URL) -> ASGIApp:
    """The platform over a store, which is filled when first asked; files are sent to `uploads`."""
    if store.world:
        attach(store)

    async def rest(request: Request) -> Response:
        return await routes.rest(store, request, uploads)

    async def authorization(request: Request) -> Response:
        return await consent.authorization(store, request)

    async def nowhere(request: Request) -> Response:
        return routes.unknown(request.method, request.url.path).response()

    return Starlette(
        routes=[
            Route("/rest/{path:path}", rest, methods=VERBS),
            Route(
                PATH + "/{key}/uploaded-{what}/{number:int}",
                tokens.guarded(store, creatives.receive),
                methods=["PUT"],
            ),
            Route("/oauth/v2/authorization", authorization, methods=["GET", "POST"]),
            Route("/oauth/v2/accessToken", tokens.guarded(store, tokens.access_token), methods=["POST"]),
            Route("/oauth/v2/introspectToken", tokens.guarded(store, tokens.introspect), methods=["POST"]),
            Route("/{path:path}", nowhere, methods=VERBS),
        ]
    )
