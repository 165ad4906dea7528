"""The host as one ASGI app: the REST API under both of its prefixes, and what failed in words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mcp_ads import __version__
from mcp_ads.errors import AdsError

from . import faults
from .bodies import Refusal
from .guard import Guard
from .mcp import McpServers
from .named import Names
from .parts import Host
from .refusals import Refused
from .routes import (
    connectors,
    consents,
    definitions,
    docs,
    execution,
    health,
    mcp,
    oauth,
    reference,
    tokens,
    unserved,
    workspaces,
)

PREFIXES = ("/api/v1", "/v1")
ROUTERS: tuple[APIRouter, ...] = (
    tokens.router,
    oauth.router,
    consents.alias,
    connectors.router,
    execution.router,
    definitions.router,
    docs.router,
    workspaces.router,
    unserved.router,
)


def app_of(host: Host) -> FastAPI:
    """The app; its lifespan closes the host's parts."""
    servers = McpServers(host.settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await servers.close()
        await host.desks.close()
        host.database.close()

    app = FastAPI(
        title="mcp-ads host", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None,
        servers=[{"url": "/"}], redirect_slashes=False,
        responses={422: {"model": Refusal, "description": "Refused"}},
    )  # fmt: skip
    app.state.host, app.state.mcp = host, servers
    for prefix in PREFIXES:
        for router in ROUTERS:
            app.include_router(router, prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    app.include_router(health.router)
    app.include_router(consents.router)
    app.include_router(reference.router)
    app.include_router(mcp.router)
    app.openapi = lambda: reference.describe(app)  # type: ignore[method-assign]  # FastAPI's own way
    for kind, said in FAULTS.items():
        app.add_exception_handler(kind, _answered(said))
    app.add_middleware(Guard, prefixes=PREFIXES, names=Names(host.settings))
    return app


FAULTS: dict[type[Exception], Callable[[Any], Refused]] = {
    Refused: lambda error: error,
    AdsError: faults.of_ads,
    RequestValidationError: faults.of_validation,
    HTTPException: faults.of_http,
}


def _answered(said: Callable[[Any], Refused]) -> Callable[[Request, Exception], JSONResponse]:
    def handler(_: Request, error: Exception) -> JSONResponse:
        refused = said(error)
        return JSONResponse(refused.body, refused.status, refused.headers)

    return handler
