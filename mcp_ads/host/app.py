"""The host as one ASGI app: the REST API under both of its prefixes, and what failed in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from mcp_ads import __version__

from .parts import Host
from .routes import health

PREFIXES = ("/api/v1", "/v1")
ROUTERS: tuple[APIRouter, ...] = ()


def app_of(host: Host) -> FastAPI:
    """The app; its lifespan closes the host's parts."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await host.desks.close()
        host.database.close()

    app = FastAPI(title="mcp-ads host", version=__version__, lifespan=lifespan)
    app.state.host = host
    for prefix in PREFIXES:
        for router in ROUTERS:
            app.include_router(router, prefix=prefix, include_in_schema=prefix == PREFIXES[0])
    app.include_router(health.router)
    return app
