"""Who calls over HTTP, and what their token and their URL leave of what the settings allow."""

from __future__ import annotations

import hmac
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from fastmcp.exceptions import ToolError, ValidationError
from fastmcp.server.dependencies import get_access_token, get_http_request
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext

from mcp_ads.core.synonyms import cut
from mcp_ads.engine.wire.authority import Authority, acting, authority

from .account_names import accounts_of
from .errors import AdsError, BadSettings, OutOfScope

if TYPE_CHECKING:
    from fastmcp.server.auth import AccessToken, TokenVerifier
    from fastmcp.tools import Tool
    from starlette.types import ASGIApp, Receive, Scope, Send

    from mcp_ads.engine.wire.redaction import Secrets

    from .settings import Settings

ASKED = "mcp_ads.authority"
"""Where a request has the authority that its URL leaves."""
HELD = "authority"
"""The claim of a token that says what may be done with it."""
YES = ("", "1", "true")
KNOWN = ("readonly", "accounts")
BAD_REQUEST = 400
OVER_SSE = "over SSE calls do not carry what the URL asks for; serve with `--transport http`"
MESSAGES = "/messages"
"""Where a client over SSE sends what it asks, with the id of its session."""
NARROWS = "a URL only narrows"
APPLY = "ads_apply"
MOST_NAME = 2_000
"""Characters of a tool's name or a page's address: none of ours is nearly as long."""
MOST_TOKENS = 1_000
"""Tokens of callers that are looked for in every text; a host's run out after minutes, and new ones come."""
_PLAIN = re.compile(r"[A-Za-z_]{1,20}")
_HOST = re.compile(rb"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
"""A Host header; the guard looks at the name in it alone, whatever stands behind."""


class Callers(Middleware):
    """Everything a client asks for is on its own authority; its token is hidden wherever it may turn up."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        self._settings, self._secrets, self._hidden = settings, secrets, OrderedDict[str, None]()

    async def on_message(self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]) -> Any:
        """Answer with what the caller may do in force."""
        token = get_access_token()
        if token:
            self._hide(token.token)
        with acting(authority_here(self._settings)):
            return await call_next(context)

    def _hide(self, token: str) -> None:
        """Hide it, and forget who has not called for longest: a token that calls again is hidden again."""
        if token not in self._hidden:
            self._secrets.hide(token)
        self._hidden[token] = None
        self._hidden.move_to_end(token)
        if len(self._hidden) > MOST_TOKENS:
            self._secrets.forget(self._hidden.popitem(last=False)[0])

    async def on_call_tool(self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]) -> Any:
        """Answer a call, unless no tool can have that name: it would be repeated however long it is."""
        if len(context.message.name) > MOST_NAME:
            raise ToolError(f"Unknown tool: {cut(context.message.name)!r}")
        return await call_next(context)

    async def on_read_resource(self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]) -> Any:
        """Answer a read, unless no page can have that address."""
        if len(str(context.message.uri)) > MOST_NAME:
            raise ValidationError(f"no such page: {cut(context.message.uri)!r}", log_level=logging.DEBUG)
        return await call_next(context)

    async def on_get_prompt(self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]) -> Any:
        """Answer with a prompt, unless none can have that name."""
        if len(context.message.name) > MOST_NAME:
            raise ValidationError(f"no such prompt: {cut(context.message.name)!r}", log_level=logging.DEBUG)
        return await call_next(context)

    async def on_list_tools(
        self, context: MiddlewareContext[Any], call_next: CallNext[Any, Sequence[Tool]]
    ) -> Sequence[Tool]:
        """The tools, without the one that the caller would be refused."""
        tools = await call_next(context)
        return tools if authority().may_apply else [tool for tool in tools if tool.name != APPLY]


def authority_here(settings: Settings) -> Authority:
    """What the caller of this request may do; not over HTTP, all that the settings allow. Raises BadSettings
    for a request whose URL or token nobody has looked at.
    """
    try:
        request = get_http_request()
    except RuntimeError:
        return Authority()
    if ASKED not in request.scope:
        raise BadSettings("nobody has looked at the URL of this request")
    readonly, accounts = request.scope[ASKED]
    return _held(settings, get_access_token()).narrowed(accounts, readonly=readonly)


def _held(settings: Settings, token: AccessToken | None) -> Authority:
    """What a token's holder may do; without a token, all of it where none is needed. Raises BadSettings."""
    if token is None and not (settings.http_token or settings.http_tokens):
        return Authority()
    held = getattr(token, "claims", {}).get(HELD)
    if not isinstance(held, Authority):
        raise BadSettings("nobody has looked at the token of this request")
    return held


def verifier(settings: Settings) -> TokenVerifier:
    """What accepts MCP_ADS_HTTP_TOKEN, or the tokens of MCP_ADS_HTTP_TOKENS, and nothing else.

    Raises BadSettings for a file with a mistake in it.
    """
    from fastmcp.server.auth import AccessToken, TokenVerifier

    from .http_tokens import TokensFile

    known = TokensFile(settings.http_tokens).authority if settings.http_tokens else _one_token(settings)

    class Tokens(TokenVerifier):
        async def verify_token(self, token: str) -> AccessToken | None:
            """Who has this token; None where nobody has."""
            held = known(token)
            if held is None:
                return None
            return AccessToken(
                token=token, client_id=f"http:{held.name or 'token'}", scopes=[], claims={HELD: held}
            )

    return Tokens()


def _one_token(settings: Settings) -> Callable[[str], Authority | None]:
    right = settings.http_token.encode()
    return lambda token: Authority() if hmac.compare_digest(token.encode(), right) else None


class Urls:
    """Looks at what the URL of a request asks for beside its path: it may only narrow."""

    def __init__(self, app: ASGIApp, settings: Settings, *, sse: bool) -> None:
        self.app, self.settings, self.sse = app, settings, sse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on with what its URL leaves, or answer 400 with one line."""
        if scope["type"] == "http" and not self._stranger(scope):
            try:
                scope[ASKED] = self._asked(scope)
            except AdsError as error:
                await _refuse(error.lines[0], send)
                return
        await self.app(scope, receive, send)

    def _stranger(self, scope: Scope) -> bool:
        """Whether the request has no token where one is needed: it is refused for that alone."""
        needed = self.settings.http_token or self.settings.http_tokens
        return bool(needed) and not getattr(scope.get("user"), "is_authenticated", False)

    def _asked(self, scope: Scope) -> tuple[bool, dict[str, tuple[str, ...]] | None]:
        """Whether the URL says readonly, and which accounts it leaves. Raises BadSettings, OutOfScope."""
        if not all(_HOST.fullmatch(value) for name, value in scope["headers"] if name == b"host"):
            raise BadSettings("Host: write host:port")
        if sum(name == b"origin" for name, _ in scope["headers"]) > 1:
            raise BadSettings("Origin: given twice")
        query = scope["query_string"].decode("ascii", errors="replace")
        pairs = parse_qsl(query, keep_blank_values=True)
        if self.sse:
            message = scope["path"].startswith(MESSAGES) and all(name == "session_id" for name, _ in pairs)
            if query and not message:
                raise BadSettings(OVER_SSE)
            return False, None
        given = dict(pairs)
        for name in given:
            if name not in KNOWN:
                shown = name if _PLAIN.fullmatch(name) else "…"
                raise BadSettings(f"{shown}: no such parameter of this URL; there are {' and '.join(KNOWN)}")
        if len(given) < len(pairs):
            raise BadSettings("a parameter of the URL is given twice")
        if given.get("readonly", "") not in YES:
            raise BadSettings("readonly: only narrows: write ?readonly, or leave it out")
        accounts = self._accounts(given["accounts"], scope) if "accounts" in given else None
        return "readonly" in given, accounts

    def _accounts(self, text: str, scope: Scope) -> dict[str, tuple[str, ...]]:
        """The accounts a URL names, all of which the caller has without it."""
        try:
            accounts = accounts_of(text.split(","))
        except BadSettings as error:
            raise BadSettings(f"accounts: {error.lines[0]}") from None
        held = _held(self.settings, getattr(scope.get("user"), "access_token", None))
        for connector, ids in accounts.items():
            for account in ids:
                if not (held.covers([(connector, account)]) and self._reachable(connector, account)):
                    raise OutOfScope(f"accounts: {account} of {connector} may not be used: {NARROWS}")
        return accounts

    def _reachable(self, connector: str, account: str) -> bool:
        """Whether the settings let a connection use an account."""
        there = self.settings.of(connector) if connector in self.settings.platforms else ()
        return any(not known.account_ids or account in known.account_ids for known in there)


async def _refuse(why: str, send: Send) -> None:
    body = json.dumps({"error": "invalid_request", "error_description": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": BAD_REQUEST, "headers": headers})
    await send({"type": "http.response.body", "body": body})
