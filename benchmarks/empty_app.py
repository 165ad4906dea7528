"""An app of FastAPI's with one empty route: the most that a process of this kind can answer."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.post("/call")
async def call(body: dict[str, Any]) -> dict[str, Any]:
    """The answer to anything."""
    return {"result": len(body)}


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """Whether it answers."""
    return {"status": "ok"}
