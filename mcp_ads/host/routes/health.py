"""What load balancers ask, without a token: whether the process answers, and whether it can do its work."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import AdsError
from mcp_ads.host.parts import Host, host_of
from mcp_ads.host.store.organizations import SIGNING
from mcp_ads.host.store.tables import signing_keys

router = APIRouter()
LOG = logging.getLogger("mcp_ads.host")
PATIENCE = 3.0
"""Seconds that the database has for its answer."""
UNAVAILABLE = 503


@router.get("/healthz", include_in_schema=False)
async def healthz() -> dict[str, str]:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@router.get("/readyz", include_in_schema=False)
async def readyz(request: Request) -> JSONResponse:
    """Whether the database answers, has its tables, and is opened by the key: 503 names what is not so."""
    checks = await _checks(host_of(request))
    ready = all(said == "ok" for said in checks.values())
    body = {"status": "ok" if ready else "unavailable", "checks": checks}
    return JSONResponse(body, status_code=200 if ready else UNAVAILABLE)


async def _checks(host: Host) -> dict[str, str]:
    checks: dict[str, str] = {"database": "unreachable"}
    try:
        async with asyncio.timeout(PATIENCE):
            await host.database.run(_answers)
            checks = {"database": "ok", "migrations": "missing"}
            sealed = await host.database.run(_sealed)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        LOG.warning("not ready: %s (%s)", next(iter(checks)), type(error).__name__)
        return checks
    checks["migrations"] = "ok"
    try:
        for row in sealed:
            host.keys.open(row.sealed, SIGNING, row.id)
    except AdsError:
        return {**checks, "key": "does not open what is kept"}
    return {**checks, "key": "ok"}


async def _answers(connection: AsyncConnection) -> None:
    await connection.execute(select(literal(1)))


async def _sealed(connection: AsyncConnection) -> Any:
    return (await connection.execute(select(signing_keys.c.id, signing_keys.c.sealed).limit(1))).all()
