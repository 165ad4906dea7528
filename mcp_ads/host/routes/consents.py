"""What browsers see: the way back from a consent, end users' links, and the sandbox's consent pages."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mcp_ads.auth.signing_in import signing_in
from mcp_ads.auth.signing_in.pages import HEADERS, SHELL, STYLE, Page, onward, page
from mcp_ads.host.catalog import DEFINITIONS
from mcp_ads.host.oauth import worlds
from mcp_ads.host.oauth.addresses import CALLBACK, origin_of
from mcp_ads.host.oauth.beginning import Asked, consent_url, platform_of
from mcp_ads.host.oauth.finished import GONE, answered
from mcp_ads.host.parts import host_of
from mcp_ads.host.refusals import Refused, not_found
from mcp_ads.host.store import consents, links

router = APIRouter(include_in_schema=False)
alias = APIRouter(include_in_schema=False)
OURS: Mapping[str, str] = {
    **{name: text for name, text in HEADERS.items() if name not in ("Connection", "Content-Type")},
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
OF_SANDBOX = {
    **OURS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
}
OVER = page("Nothing here", "This link was used already, or is too old. Ask for a new one.", status=404)


@router.get(CALLBACK)
@alias.get("/oauth/callback")
async def callback(request: Request) -> Response:
    """The answer to a consent."""
    found = await answered(host_of(request), dict(request.query_params))
    return _shown(found) if isinstance(found, Page) else _away(found)


@router.get("/link/{token}")
async def link(request: Request, token: str) -> Response:
    """Who asks for what; a look at it uses nothing up."""
    found = await host_of(request).database.run(lambda c: links.find(c, token))
    if found is None:
        return _shown(OVER)
    title = signing_in(DEFINITIONS[found.slug].name).title
    line = f"{found.organization} asks to use your {title} ads account, for {found.workspace}."
    body = f'<p>{escape(line)}</p><form method="post"><button>Go on to {escape(title)}</button></form>'
    head = escape(f"Connect {title}")
    return _shown(Page(SHELL.format(more="", title=head, style=STYLE, body=body)))


@router.post("/link/{token}")
async def go_on(request: Request, token: str) -> Response:
    """On to the platform's page."""
    host = host_of(request)

    async def work(connection: AsyncConnection) -> Page:
        found = await links.find(connection, token)
        if found is None:
            return OVER
        definition = DEFINITIONS[found.slug]
        asked = Asked(
            found.organization_id, found.workspace_id, definition, name=found.asked["name"],
            config=found.asked["config"], link=found.token_hash,
        )  # fmt: skip
        origin = origin_of(host.settings, request.url.scheme, request.headers.get("host", ""))
        url = await consent_url(host, connection, asked, origin)
        return onward(f"On to {signing_in(definition.name).title}", url, "You agree there.")

    try:
        return _shown(await host.database.run(work))
    except Refused as error:
        return _shown(page("Not yet", str(error), status=error.status))


@router.api_route(f"{worlds.PAGES}/{{slug}}", methods=["GET", "POST"])
async def invented(request: Request, slug: str) -> Response:
    """The sandbox's consent page; who takes no HTML is taken to agree, or with deny=1 to refuse."""
    host, query = host_of(request), dict(request.query_params)
    if not host.settings.own.sandbox:
        raise not_found("page")
    deny = query.pop("deny", "")
    pending = await host.database.run(lambda c: consents.look(c, query.get("state", "")))
    if pending is None or pending.slug != slug:
        return _shown(GONE)
    platform = platform_of(host, DEFINITIONS[slug], dict(pending.asked["environment"]))
    there = signing_in(platform.name).page(platform)
    if request.method == "POST":
        form: bytes | None = await request.body()
    elif "text/html" in request.headers.get("accept", ""):
        form = None
    else:
        scopes = query.get("scope", "").replace(",", " ").split()
        form = urlencode({"answer": "refuse" if deny else "agree", "scope": scopes}, doseq=True).encode()
    answer = await worlds.visited(
        host, (pending.workspace_id, pending.callback), there, urlencode(query), form
    )
    if answer.has_redirect_location:
        return _away(answer.headers["location"])
    return HTMLResponse(answer.text, answer.status_code, OF_SANDBOX)


def _shown(shown: Page) -> Response:
    return HTMLResponse(shown.html, shown.status, OURS)


def _away(url: str) -> Response:
    return RedirectResponse(url, 302, OURS)
