"""`host serve`: the REST API and /mcp over HTTP, until it is stopped."""

from __future__ import annotations

import contextlib
from typing import Any

import uvicorn

from mcp_ads.commands.streams import FAILED, complain, note
from mcp_ads.errors import BadSettings
from mcp_ads.host.assembly import assembled
from mcp_ads.host.logs import log_as_json
from mcp_ads.host.serving import Served
from mcp_ads.host.settings import HostSettings, host_settings, ignored
from mcp_ads.receiving import LIMITS, Bounded
from mcp_ads.serving import cannot_listen, is_loopback, quiet_fastmcp
from mcp_ads.stopping import PatientServer

SANDBOX = "SANDBOX: the platforms are invented, and so is all of their data"


def serve(host: str, port: int, env_file: str) -> int:
    """Serve until stopped; returns the exit code. Raises BadSettings for settings that would not do."""
    settings = host_settings(env_file)
    quiet_fastmcp(settings.own.log_level)
    log_as_json(settings.own.log_level)
    check_public(host, settings)
    options = {"transport": "http", "host": host, "port": str(port)}
    if why := cannot_listen(options):
        complain(why)
        return FAILED
    app = Served(assembled(settings))
    for line in [*said(host, port, settings), *filter(None, [app.notice])]:
        note(line)
    run(app, host, port)
    return 0


def check_public(host: str, settings: HostSettings) -> None:
    """Raise BadSettings where others could reach the server, and nobody said by which name they do."""
    if is_loopback(host) or settings.public_url or settings.own.http_allowed_hosts:
        return
    raise BadSettings(
        f"--host: {host} can be reached from elsewhere; set MCP_ADS_HOST_PUBLIC_URL to the address that "
        "browsers and clients use, such as https://ads.example.com, or MCP_ADS_HTTP_ALLOWED_HOSTS, first"
    )


def said(host: str, port: int, settings: HostSettings) -> list[str]:
    """What whoever starts the server is told: where it answers, where it keeps things, what lacks."""
    shown = host.strip("[]")
    here = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    kept = settings.database.partition("///")[2] if settings.is_sqlite else "PostgreSQL (DATABASE_URL)"
    lines = [f"{here}/api/v1, {here}/mcp; its documentation: {here}/docs", f"what it keeps: {kept}"]
    if settings.own.sandbox:
        lines.append(SANDBOX)
    public = settings.public_url
    if public.startswith("http://") and not is_loopback(public.removeprefix("http://").split(":")[0]):
        lines.append(f"MCP_ADS_HOST_PUBLIC_URL: {public} has no TLS: what is sent can be read on its way")
    return [*lines, *ignored(settings.own), *settings.own.unknown]


def run(app: Served, host: str, port: int) -> None:
    """Answer until a signal; calls under way are answered first."""
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    config = uvicorn.Config(app, host=host, port=port, http=Bounded, **quiet, **LIMITS)
    with contextlib.suppress(KeyboardInterrupt):
        PatientServer(config, app.is_busy).run()
