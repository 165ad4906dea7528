"""Run by a Python that has Airbyte's package: what its own files say, and what it sends, as JSON.

`airbyte_own.py facts` has its actions; `carried` and `called` read calls from stdin, and answer with the
requests that its connectors send for them to the platforms, or to Airbyte's API.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from importlib.resources import files
from typing import Any

import httpx

PACKAGE = "airbyte_agent_sdk"
CLASSES = {
    "facebook-marketing": ("FacebookMarketing", {"access_token": "x"}, {}),
    "linkedin-ads": ("LinkedinAds", {"access_token": "x"}, {}),
    "amazon-ads": (
        "AmazonAds",
        {"client_id": "x", "client_secret": "x", "refresh_token": "x"},
        {"region": "https://advertising-api.amazon.com"},
    ),
}
AUTH = {
    "facebook-marketing": "FacebookMarketingOauth20AuthenticationAuthConfig",
    "linkedin-ads": "LinkedinAdsAccessTokenAuthenticationAuthConfig",
    "amazon-ads": "AmazonAdsAuthConfig",
}
Row = dict[str, Any]


def facts() -> list[Row]:
    """Each action of the three connectors, as their specifications have it."""
    yaml = importlib.import_module("yaml")
    found = list[Row]()
    for slug in CLASSES:
        spec = yaml.safe_load((files(PACKAGE) / "specs" / slug / "connector.yaml").read_text("utf-8"))
        for path, item in spec["paths"].items():
            found += [_fact(slug, spec, path, method, told) for method, told in item.items()]
    return found


def _fact(slug: str, spec: Row, path: str, method: str, told: Row) -> Row:
    taken: Row = {place: {} for place in ("path", "query", "header")}
    for param in told.get("parameters", ()):
        taken[param["in"]][param["name"]] = param.get("schema", {}).get("default")
    del taken["path"]  # the path names them
    body = None
    for content in told.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        if named := schema.get("$ref"):
            schema = spec["components"]["schemas"][named.rpartition("/")[2]]
        body = sorted(schema.get("properties", {}))  # no others are sent, also where it says that it has more
    return {
        "connector": slug,
        "entity": told["x-airbyte-entity"],
        "action": told["x-airbyte-action"],
        "method": method.upper(),
        "path": told.get("x-airbyte-path-override", {}).get("path", path),
        **taken,
        "body": body,
        "record": told.get("x-airbyte-record-extractor", ""),
        "meta": told.get("x-airbyte-meta-extractor", {}),
        "adds": sorted(told.get("x-airbyte-record-transform", {})),
    }


def _connector(slug: str, hosted: Row | None = None) -> Any:
    """Theirs, which asks the platform, or Airbyte's API where `hosted` says whose client it is."""
    name, credentials, more = CLASSES[slug]
    module = f"{PACKAGE}.connectors.{slug.replace('-', '_')}"
    made = getattr(importlib.import_module(module), f"{name}Connector")
    if hosted:
        config = importlib.import_module(f"{PACKAGE}.types").AirbyteAuthConfig
        return made(auth_config=config(**hosted))
    config = getattr(importlib.import_module(f"{module}.models"), AUTH[slug])
    return made(auth_config=config(**credentials), **more)


async def carried(calls: list[Row]) -> list[Row]:
    """What each call becomes as a request to its platform; nothing leaves this process."""
    sent, found = list[Row](), list[Row]()

    async def instead(_: Any, request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "x", "expires_in": 3600}, request=request)
        content = (await request.aread()).decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        whole = {"method": request.method, "url": str(request.url), "headers": headers, "content": content}
        sent.append(whole)
        return httpx.Response(200, json={}, request=request)

    setattr(httpx.AsyncHTTPTransport, "handle_async_request", instead)  # noqa: B010 - it is another's
    made = {slug: _connector(slug) for slug in CLASSES}
    for call in calls:
        sent.clear()
        failed = ""
        try:
            await made[call["connector"]].execute(call["entity"], call["action"], call["params"])
        except Exception as error:  # noqa: BLE001 - theirs, of any kind, is what is asked for
            failed = f"{type(error).__name__}: {error}"
        found.append({"sent": sent[:1], "failed": failed if not sent else ""})
    return found


async def called(calls: list[Row], client: Row) -> list[Row]:
    """Make each call by the typed method of its entity; what of the names these do not take."""
    found = list[Row]()
    made = {slug: _connector(slug, client | {"workspace_name": "default"}) for slug in CLASSES}
    for call in calls:
        connector, entity, action = made[call["connector"]], call["entity"], call["action"]
        spelt = {theirs: ours for ours, theirs in connector._PARAM_MAP.get((entity, action), {}).items()}
        given = {spelt.get(name, name): value for name, value in call["params"].items()}
        method = getattr(getattr(connector, entity), action)
        named = {*inspect.signature(method).parameters}  # what changes something takes the fields as **kwargs
        unknown = [] if action in ("create", "update") else sorted({*given} - named)
        failed = ""
        try:
            await method(**given)
        except Exception as error:  # noqa: BLE001 - theirs, of any kind, is what is asked for
            failed = f"{type(error).__name__}: {error}"
        found.append({"unknown": unknown, "failed": failed})
    return found


def main() -> None:
    """What was asked, as JSON."""
    if sys.argv[1] == "facts":
        answer = facts()
    else:
        given = json.load(sys.stdin)
        mode: Any = {"carried": carried, "called": called}[sys.argv[1]]
        answer = asyncio.run(mode(**given))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
