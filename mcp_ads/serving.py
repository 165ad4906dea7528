"""`mcp-ads serve`: stdio, or HTTP and SSE behind a guard."""

from __future__ import annotations

import contextlib
import errno
import gc
import ipaddress
import logging
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from . import __version__
from .errors import AdsError, BadSettings
from .settings import Settings, load
from .sign_ins import SignIns
from .situation import program

if TYPE_CHECKING:
    from fastmcp import FastMCP
    from fastmcp.server.http import StarletteWithLifespan
    from starlette.types import ASGIApp, Receive, Scope, Send

    from mcp_ads.engine.door import Engine

TRANSPORTS = ("stdio", "http", "sse")
USAGE = "mcp-ads serve [--transport stdio|http|sse] [--host 127.0.0.1] [--port 8000] [--env-file FILE]"
FAILED, BAD_USAGE = 1, 2
MOST_PORT = 65535
ONE_OWNER = (
    "all clients are one owner, with one token or none: each sees and may apply the plans of the others"
)
OWNERS = "each token's name is an owner of its own: its plans are nobody else's"
WAITING = "serving MCP over stdio: waits for a client, Ctrl-C ends it; `{program} demo` shows what it does"
DATABASES = ("aiosqlite", "sqlalchemy", "psycopg", "alembic")
"""What logs every statement, with what is written."""
TALKATIVE = (
    "mcp",
    "httpx",
    "httpcore",
    "httpx2",
    "httpcore2",
    "hpack",
    "asyncio",
    "sse_starlette",
    *DATABASES,
)


def serve(words: list[str]) -> int:
    """Serve until stopped; returns the exit code. Mistakes go to stderr, one line each."""
    try:
        options = parse(words)
        settings = load(env_file=options["env-file"])
        check_public(options, settings)
        if why := cannot_listen(options):
            _say([why])
            return FAILED
        quiet_fastmcp(settings.log_level)
        auth = _auth(settings, options)
        _say(notices(options, settings))
        logging.getLogger("mcp_ads").debug("serving %s over %s", __version__, options["transport"])
    except AdsError as error:
        _say(error.lines)
        return BAD_USAGE
    # What imports make stays for good: looking through it for garbage would cost a tenth of the start.
    gc.disable()
    from mcp_ads.across.desk import Desk

    from .server import build_server

    workspace = Desk(settings)
    workspace.sign_ins = SignIns(settings, options["env-file"], page=is_private(options, settings))
    workspace.notice = "" if options["transport"] == "stdio" else owners(settings)
    server = build_server(settings, workspace, **auth)
    gc.freeze()
    gc.enable()
    run(server, options, workspace)
    return 0


def is_private(options: dict[str, str], settings: Settings) -> bool:
    """Whether only programs on this machine reach the server: no other address, no proxy before it."""
    if options["transport"] == "stdio":
        return True
    return is_loopback(options["host"]) and not settings.http_allowed_hosts


def notices(options: dict[str, str], settings: Settings) -> list[str]:
    """What whoever starts the server is told: who its owner is, and what was set in vain."""
    lines = [*settings.unknown]
    if options["transport"] == "stdio":
        return [WAITING.format(program=program()), *lines] if sys.stdin and sys.stdin.isatty() else lines
    lines.insert(0, f"{url(options)}: {owners(settings)}")
    if not is_loopback(options["host"]) and not settings.http_tokens:
        lines.insert(1, f"--host {options['host']}: whoever has the one token may apply every plan made here")
    return lines


def owners(settings: Settings) -> str:
    """Whose plans are whose over HTTP."""
    return OWNERS if settings.http_tokens else ONE_OWNER


def cannot_listen(options: dict[str, str]) -> str:
    """Why nobody can be served there, in a line; empty when the address is free."""
    if options["transport"] == "stdio":
        return ""
    import socket

    host, port = options["host"].strip("[]"), int(options["port"])
    if port > MOST_PORT:
        return f"--port: {port} is none; a port is 1 to {MOST_PORT}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"--port: {port} is taken by another program; choose another port"
        return f"--host: cannot listen at {host}, port {port}: {error.strerror or error}"
    except ValueError:  # no name of a host at all, such as one with two dots in a row
        return f"--host: {host[:60]!r} is no address of this machine"
    return ""


def url(options: dict[str, str]) -> str:
    """Where the server answers."""
    host, path = options["host"].strip("[]"), "sse" if options["transport"] == "sse" else "mcp"
    return f"http://{f'[{host}]' if ':' in host else host}:{options['port']}/{path}"


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        print(f"mcp-ads: {line}", file=sys.stderr)  # noqa: T201 - the shell user's channel


def parse(words: list[str]) -> dict[str, str]:
    """The options of `serve`. Raises BadSettings."""
    options = {"transport": "stdio", "host": "127.0.0.1", "port": "8000", "env-file": ""}
    given: list[str] = []
    rest = [part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])]
    while rest:
        name = rest.pop(0).removeprefix("--")
        if name not in options or not rest:
            raise BadSettings(_not_understood(name, options, last=not rest))
        options[name] = rest.pop(0)
        given.append(name)
    if options["transport"] not in TRANSPORTS:
        raise BadSettings(f"--transport: {options['transport']!r} is none of {', '.join(TRANSPORTS)}")
    if options["transport"] == "stdio" and (idle := [name for name in ("host", "port") if name in given]):
        raise BadSettings(f"--{idle[0]}: over stdio nobody listens; add --transport http")
    port = options["port"].lstrip("0") or "0"
    if not (port.isascii() and port.isdecimal()) or len(port) > len(str(MOST_PORT)) or int(port) > MOST_PORT:
        raise BadSettings(f"--port: {options['port'][:60]!r} is no port; a port is 1 to {MOST_PORT}")
    return options


def _not_understood(name: str, options: Iterable[str], *, last: bool) -> str:
    import difflib

    if name in options and last:
        return f"--{name}: missing\nusage: {USAGE}"
    near = difflib.get_close_matches(name, list(options), n=1)
    hint = f"; did you mean --{near[0]}?" if near else ""
    return f"no option --{name[:60]}{hint}\nusage: {USAGE}"


def check_public(options: dict[str, str], settings: Settings) -> None:
    """Raise BadSettings before listening to the world without a token."""
    tokens = settings.http_token or settings.http_tokens
    if options["transport"] == "stdio" or tokens or is_loopback(options["host"]):
        return
    raise BadSettings(
        f"--host: {options['host']} can be reached from elsewhere; set MCP_ADS_HTTP_TOKEN or "
        "MCP_ADS_HTTP_TOKENS first"
    )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def quiet_fastmcp(level: str) -> None:
    """Settle FastMCP before it is imported: no .env of the working directory, plain logs on stderr.

    The HTTP libraries would log addresses and headers, which carry credentials, and MCP's whole
    messages, with people in them; the trace has what may be kept.
    """
    os.environ["FASTMCP_ENV_FILE"] = os.devnull
    os.environ.setdefault("FASTMCP_LOG_ENABLED", "false")
    os.environ.setdefault("FASTMCP_CHECK_FOR_UPDATES", "off")
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _auth(settings: Settings, options: dict[str, str]) -> dict[str, Any]:
    """Who may ask, as options of the server. Raises BadSettings for a tokens file with a mistake in it."""
    if options["transport"] == "stdio" or not (settings.http_token or settings.http_tokens):
        return {}
    from .callers import verifier

    return {"auth": verifier(settings)}


def run(server: FastMCP, options: dict[str, str], workspace: Engine) -> None:
    """Serve until stopped; over HTTP, calls under way are answered first."""
    if options["transport"] == "stdio":
        from . import stopping_stdio

        stopping_stdio.run(server, lambda: workspace.under_way > 0)
        return
    import uvicorn

    from .receiving import LIMITS, Bounded
    from .stopping import PatientServer, Posts

    settings = workspace.settings
    app = Posts(http_app(server, options["transport"], settings))
    config = uvicorn.Config(
        app,
        host=options["host"],
        port=int(options["port"]),
        log_level=settings.log_level.lower(),
        access_log=False,
        http=Bounded,
        **LIMITS,
    )
    with contextlib.suppress(KeyboardInterrupt):
        PatientServer(config, lambda: workspace.under_way + app.under_way > 0).run()


def http_app(server: FastMCP, transport: str, settings: Settings) -> ASGIApp:
    """The ASGI app: /mcp or /sse behind the Host and Origin guard and the token, and /healthz before both."""
    from .refusals import in_our_words

    guarded = guarded_app(server, settings, sse=transport == "sse")
    return _with_health(in_our_words(guarded, named=bool(settings.http_tokens)))


def guarded_app(server: FastMCP, settings: Settings, *, sse: bool = False) -> StarletteWithLifespan:
    """The server behind the guard of Host and Origin, its token, and a look at what the URL asks for."""
    from starlette.middleware import Middleware

    from .callers import Urls

    way: dict[str, Any] = {"transport": "sse"} if sse else {"path": "/mcp", "stateless_http": True}
    return server.http_app(
        **way,
        host_origin_protection=True,
        allowed_hosts=list(settings.http_allowed_hosts) or None,
        middleware=[Middleware(Urls, settings=settings, sse=sse)],
    )


def _with_health(app: ASGIApp) -> ASGIApp:
    """Load balancers ask by address and without a token; all they learn is that the process answers."""
    from starlette.responses import JSONResponse

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        healthz = scope["type"] == "http" and scope["path"] == "/healthz"
        await (JSONResponse({"status": "ok"}) if healthz else app)(scope, receive, send)

    return answer
