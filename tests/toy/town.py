"""The make-believe Kiosk over HTTP. It imports nothing of ours. What is read by its id says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MILLION = 1_000_000
STALLS: tuple[dict[str, Any], ...] = (
    {"stall": "12", "sign": "Corner", "coin": "USD"},
    {"stall": "34", "sign": "Station", "coin": "JPY"},
)
FIELDS = {"slogan", "glow", "a_day", "at_most", "color"}


def _seeded() -> dict[str, dict[str, Any]]:
    hung = {
        f"no.{number}": {
            "ref": f"no.{number}",
            "slogan": f"Poster {number}",
            "glow": "lit" if number % 2 else "dark",
            "seen": "street-dark" if number == 7 else "street",
            "a_day": number * MILLION,
            "keeper": {"stall": "12" if number < 9 else "34"},
        }
        for number in range(1, 12)
    }
    for number in (1, 2, 3):
        hung[f"no.{number}"]["set"] = "spring"
    spring = {
        "ref": "spring",
        "slogan": "Spring",
        "glow": "dark",
        "keeper": {"stall": "12"},
        "kind": "series",
    }
    return hung | {"wall": {"ref": "wall", "color": "white"}, "spring": spring}


@dataclass
class Town:
    """What there is, what was asked, and what goes wrong with the next requests."""

    things: dict[str, dict[str, Any]] = field(default_factory=_seeded)
    asked: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    answers: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    """Given instead of the right answers, first in, first out, to requests that begin with `only`."""
    only: str = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST", "DELETE"])])

    async def _answer(self, request: Request) -> Response:
        line = f"{request.method} {request.url.path}"
        self.asked.append(line)
        if request.headers.get("authorization") != "Bearer sesame":
            return JSONResponse({"oops": "WHO"}, 401)
        odd = self.answers.pop(0) if self.answers and line.startswith(self.only) else None
        body = await request.json() if await request.body() else {}
        if odd and odd[0] != 207:
            return JSONResponse(odd[1], odd[0], odd[2])
        found = self._do(request, request.url.path.strip("/").split("/"), body)
        return JSONResponse(odd[1], odd[0], odd[2]) if odd else found

    def _do(self, request: Request, path: list[str], body: dict[str, Any]) -> Response:
        match request.method, path:
            case "GET", ["stalls"]:
                stalls = [("12", "Corner", "USD"), ("34", "Station", "JPY")]
                return _page(
                    request, [dict(zip(("stall", "sign", "coin"), stall, strict=True)) for stall in stalls]
                )
            case "GET", ["stalls", stall, "posters"]:
                hung = [
                    thing for thing in self.things.values() if _kept(thing) == stall and "kind" not in thing
                ]
                return _page(request, hung)
            case "GET", ["stalls", _, "counts"]:
                return JSONResponse({"slip": {"number": 5}})
            case "GET", ["counts", "5"]:
                return JSONResponse({"rows": [{"h": 9, "n": 31}, {"h": 10, "n": 44}]})
            case "GET", ["keeper", ref] if ref in self.things:
                keeper = self.things[ref].get("keeper")
                return (
                    JSONResponse({"id": ref, "keeper": keeper})
                    if keeper
                    else JSONResponse({"oops": "NO_KEEPER"}, 400)
                )
            case "GET", ["things", ref] if ref in self.things:
                return JSONResponse({"id": ref, **self.things[ref]})
            case "POST", ["stalls", stall, kind] if not body.keys() - FIELDS:
                ref = f"no.{len(self.things) + 100}"
                self.things[ref] = {"ref": ref, **body, "keeper": {"stall": stall}}
                self.things[ref] |= {"kind": kind} if kind == "stickers" else {}
                return self._changed("make", ref)
            case "POST", ["things", ref] if ref in self.things and not body.keys() - FIELDS:
                self.things[ref] |= body
                return self._changed("change", ref)
            case "DELETE", ["things", ref] if ref in self.things:
                self.things[ref]["glow"] = "torn"
                return self._changed("tear", ref)
        return JSONResponse({"oops": "NO_SUCH"}, 404)

    def _changed(self, what: str, ref: str) -> Response:
        self.changed.append(f"{what} {ref}")
        return JSONResponse({"outcomes": [{"ok": True, "ref": ref}]}, 207)


def _kept(thing: dict[str, Any]) -> str:
    return str(thing.get("keeper", {}).get("stall", ""))


def _page(request: Request, rows: list[dict[str, Any]]) -> Response:
    slogan, part = (request.query_params.get(name) for name in ("slogan", "series_id"))
    rows = [row for row in rows if not part or row.get("set") == part]
    rows = [row for row in rows if not slogan or row.get("slogan") == slogan]
    first = int(request.query_params.get("ticket", "t0")[1:])
    last = first + int(request.query_params.get("sheets", "2"))
    onward = {"ticket": f"t{last}"} if last < len(rows) else {}
    return JSONResponse({"sheets": rows[first:last], "onward": onward})
