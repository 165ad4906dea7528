"""The sandbox as one ASGI app per vendor host, behind one switch, or on real ports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import amazon_ads as amazon
from . import facebook_marketing as facebook
from . import linkedin_ads as linkedin
from .asked import asked_of
from .clock import clock_routes
from .fault_kinds import mistakes
from .faults import FaultMiddleware, ask_for
from .given import control_routes
from .store import Store, state_file

REGION_HOSTS = {
    "NA": "advertising-api.amazon.com",
    "EU": "advertising-api-eu.amazon.com",
    "FE": "advertising-api-fe.amazon.com",
}
TOKEN_HOSTS = ("api.amazon.com", "api.amazon.co.uk", "api.amazon.co.jp")
CONSENT_HOSTS = ("www.amazon.com", "eu.account.amazon.com", "apac.account.amazon.com")
DOWNLOADS_HOST = "offline-report-storage-us-east-1-prod.s3.amazonaws.com"
DOWNLOADS_URL = f"https://{DOWNLOADS_HOST}"


class Sandbox:
    """The three platforms over one store.

    `home` is the folder of the state file; None keeps everything in memory. `downloads_url` is where Amazon's
    report files are announced to be, `uploads_url` where LinkedIn's images are to be sent,
    `report_delay` how many seconds of the sandbox's clock a report takes, Amazon's or a run of Facebook's.
    `world` is "" for two advertisers of everything there is, "agency" for an agency's 20 clients, whose
    objects are made when they are asked for. Raises KeyError for another. `redirects` are redirect URIs that
    the make-believe apps have besides their own.
    """

    def __init__(
        self,
        home: Path | None = None,
        *,
        downloads_url: str = DOWNLOADS_URL,
        uploads_url: str = linkedin.UPLOADS_URL,
        report_delay: float = 0.0,
        world: str = "",
        redirects: Collection[str] = (),
    ) -> None:
        self.store = Store(home / state_file(world) if home else None, world)
        self.store.redirects = frozenset(redirects)
        self.store.clock.report_delay = report_delay
        self.control = control_app(self.store)
        self.facebook = self._faulty("facebook_marketing", facebook.app(self.store), facebook.fault)
        self.linkedin = self._faulty("linkedin_ads", linkedin.app(self.store, uploads_url), linkedin.fault)
        self.amazon = {
            region: self._faulty("amazon_ads", amazon.app(self.store, region, downloads_url), amazon.fault)
            for region in REGION_HOSTS
        }
        self.amazon_tokens = self._faulty("amazon_ads", amazon.token_app(self.store), amazon.fault)
        self.amazon_consent = self._faulty("amazon_ads", amazon.consent_app(self.store), amazon.fault)
        downloads = amazon.downloads_app(self.store)
        self.amazon_downloads = self._faulty("amazon_ads", downloads, amazon.download_fault)

    def hosts(self) -> dict[str, ASGIApp]:
        """Every vendor host the sandbox stands in for."""
        return {
            "graph.facebook.com": self.facebook,
            "graph-video.facebook.com": self.facebook,
            "www.facebook.com": self.facebook,
            "api.linkedin.com": self.linkedin,
            "www.linkedin.com": self.linkedin,
            **{host: self.amazon[region] for region, host in REGION_HOSTS.items()},
            **dict.fromkeys(TOKEN_HOSTS, self.amazon_tokens),
            **dict.fromkeys(CONSENT_HOSTS, self.amazon_consent),
            DOWNLOADS_HOST: self.amazon_downloads,
        }

    def by_host(self) -> ASGIApp:
        """One app that answers as whichever vendor the Host header names."""
        return Switch(self.hosts(), self.control, _host)

    def by_path(self) -> ASGIApp:
        """One app for one port: everything but Amazon's regional hosts and downloads, told apart by path."""
        mine = dict.fromkeys(("/rest", "/oauth", "/dms-uploads"), self.linkedin)
        prefixes = {**mine, "/auth": self.amazon_tokens, "/ap": self.amazon_consent}
        return Switch({**prefixes, "": self.facebook}, self.control, _prefix_of(prefixes))

    def _faulty(self, platform: str, app: ASGIApp, answer: Callable[..., Response]) -> ASGIApp:
        return FaultMiddleware(app, platform=platform, store=self.store, answer=answer)


class Switch:
    """Hands a request to the app its key names; the control routes are everywhere."""

    def __init__(self, apps: Mapping[str, ASGIApp], control: ASGIApp, key: Callable[[Request], str]) -> None:
        self.apps, self.control, self.key = apps, control, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.control(scope, receive, send)
        if scope["path"].startswith("/_sandbox"):
            return await self.control(scope, receive, send)
        app = self.apps.get(self.key(Request(scope)), _nobody)

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("date", format_datetime(datetime.now(UTC), usegmt=True))
            await send(message)

        return await app(scope, receive, dated)


async def _nobody(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    text = f"the sandbox is nobody at {request.method} {request.url}"
    await JSONResponse({"sandbox": text}, 404)(scope, receive, send)


def _host(request: Request) -> str:
    return request.headers.get("host", "").partition(":")[0]


def _prefix_of(prefixes: Mapping[str, Any]) -> Callable[[Request], str]:
    def key(request: Request) -> str:
        return next((prefix for prefix in prefixes if request.url.path.startswith(prefix + "/")), "")

    return key


def control_app(store: Store) -> ASGIApp:
    """What tests steer the sandbox with; the real platforms have none of it."""

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            for fault in store.all("sandbox.fault"):
                store.delete("sandbox.fault", fault["id"])
            return JSONResponse({"ok": True})
        asked = await asked_of(request)
        wanted = asked if isinstance(asked, list) else [asked]
        if wrong := [line for fault in wanted for line in mistakes(fault)]:
            text = "; ".join(wrong).encode("ascii", "backslashreplace").decode()
            return JSONResponse({"sandbox": text}, 400)
        for fault in wanted:
            ask_for(store, fault)
        return JSONResponse({"ok": True})

    async def writes(_: Request) -> Response:
        return JSONResponse(store.writes())

    async def requests(_: Request) -> Response:
        return JSONResponse(store.requests())

    async def reset(_: Request) -> Response:
        store.reset()
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/_sandbox/faults", faults, methods=["POST", "DELETE"]),
            Route("/_sandbox/writes", writes),
            Route("/_sandbox/requests", requests),
            Route("/_sandbox/reset", reset, methods=["POST"]),
            *clock_routes(store.clock),
            *control_routes(store),
        ]
    )
