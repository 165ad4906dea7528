"""Airbyte's own package as a witness: its actions are what ours says, and send what the platforms are asked.

It is installed apart, read while the test runs, and nothing of it is copied.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from airbyte_python import airbyte_python
from airbyte_stub import airbyte_listening
from hosted_stub import CLIENT_ID, CLIENT_SECRET, ORGANIZATION
from shell import environment

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import Connector
from mcp_ads.core.carried import Execution, Operation
from mcp_ads.core.carried_actions import example_requests
from mcp_ads.errors import NotOffered

__all__ = ["airbyte_python"]
pytestmark = [pytest.mark.vendors, pytest.mark.timeout(600)]
OWN = Path(__file__).with_name("airbyte_own.py")
SENT_BY_ITSELF = {"amazon-advertising-api-clientid", "linkedin-version", "x-restli-protocol-version"}
"""Headers that each of their actions has, from the connector's own settings."""
VERSIONED = re.compile(r"^/(v[0-9]+\.[0-9]+|rest)(?=/)")
LEFT_OUT = ("limit", "fields", "accessLevel", "includeExtendedDataFields")
"""What their actions lack and a read may do without."""
KNOWN = {
    "linkedin-ads account_users.list query": "without the protocol's version a plain URN is a list of one",
    "linkedin-ads campaign_conversions.create path": "keys of two parts are spelt with =; untested, they say",
    "linkedin-ads conversion_events.create": "the example has its events in a file",
}
"""In what they ask otherwise, and why."""
UNFINISHED = ("linkedin-ads conversion_events.create",)
Row = dict[str, Any]


@pytest.fixture(scope="module")
def theirs(airbyte_python: Path) -> Path:
    """A Python that has their package."""
    return airbyte_python


def told(python: Path, mode: str, given: Any = None, **variables: str) -> list[Row]:
    """What their package answers."""
    done = subprocess.run(
        [str(python), str(OWN), mode], cwd=python.parent,
        env=environment({"AIRBYTE_TELEMETRY_MODE": "disabled", **variables}),
        input=json.dumps(given), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Row] = json.loads(done.stdout)
    return found


def ours() -> Iterator[tuple[Connector, Operation]]:
    """Each operation that we know."""
    for name in NAMES:
        known = connector(name)
        assert known.carrier
        for operation in known.carrier.operations:
            yield known, operation


def as_theirs(known: Connector, operation: Operation) -> Row:
    """An operation in the words of their specification, as far as ours says it."""
    return {
        "connector": known.slug,
        "entity": operation.entity,
        "action": operation.action,
        "method": operation.method,
        "path": operation.path,
        "query": sorted(operation.query),
        "where": dict(sorted(operation.where.items())),
        "headers": sorted([*map(str.lower, operation.headers), *map(str.lower, operation.given)]),
        "sent": {name.lower(): value for name, value in sorted(operation.headers.items())},
        "body": None if operation.body is None else sorted(operation.body),
        "adds": sorted(operation.adds),
    }


def as_ours(fact: Row) -> Row:
    """A row of their specification in the same words."""
    sent = {name.lower(): value for name, value in sorted(fact["header"].items())}
    sent = {name: value for name, value in sent.items() if name not in SENT_BY_ITSELF}
    where = {name: value for name, value in sorted(fact["query"].items()) if name in ("q", "pivot")}
    return {
        **{name: fact[name] for name in ("connector", "entity", "action", "method", "body", "adds")},
        "path": fact["path"].replace("={", ":{"),  # as campaign_conversions in KNOWN
        "query": sorted(fact["query"]),
        "where": where,
        "headers": sorted(sent),
        "sent": {name: value for name, value in sent.items() if value is not None},
    }


def test_each_operation_is_as_their_specification_has_it(theirs: Path) -> None:
    """Entity, action, method, path, parameters and their places, fixed values: every difference is known."""
    facts = told(theirs, "facts")
    spec = {(row["connector"], row["entity"], row["action"]): as_ours(row) for row in facts}
    known = {
        (row["connector"], row["entity"], row["action"]): row for row in (as_theirs(*one) for one in ours())
    }
    differences = [f"{key}: theirs alone" for key in spec.keys() - known.keys()]
    differences += [f"{key}: ours alone" for key in known.keys() - spec.keys()]
    for key in sorted(spec.keys() & known.keys()):
        differences += [
            f"{key} {name}: theirs {spec[key][name]!r}, ours {known[key][name]!r}"
            for name in spec[key]
            if spec[key][name] != known[key][name]
        ]
    assert differences == []


def executions() -> list[tuple[Connector, str, Execution]]:
    """What the example of each action that is carried becomes, and which action that is."""
    found = list[tuple[Connector, str, Execution]]()
    for name in NAMES:
        known = connector(name)
        assert known.carrier
        for entity in known.names():
            for action, kind in known.entity(entity).actions.items():
                try:
                    made = [
                        one
                        for request in example_requests(known, entity, kind) or ()
                        for one in known.carrier.executions(request)
                    ]
                except NotOffered:
                    continue
                found += [(known, f"{known.slug} {entity}.{action}", one) for one in made]
    return found


def as_call(known: Connector, execution: Execution) -> Row:
    """An execution, as their connector is asked for it."""
    operation = execution.operation
    return {
        "connector": known.slug,
        "entity": operation.entity,
        "action": operation.action,
        "params": dict(execution.params),
    }


def spoken(url: str, content: str) -> Row:
    """A request's path, query and body, without their spelling."""
    parts = urlsplit(url)
    path, form = unquote(parts.path), not content.startswith(("{", "["))
    body: Any = dict(parse_qsl(content, keep_blank_values=True)) if form else json.loads(content)
    return {"path": path, "query": dict(parse_qsl(parts.query, keep_blank_values=True)), "body": body}


def differing(name: str, known: Connector, execution: Execution, answer: Row) -> list[str]:
    """In what the request that they send is not the one that the platform is to be asked."""
    if answer["failed"]:
        return [f"{name}: {answer['failed'].partition('Provided')[0][:90]}"]
    wire, (sent,) = known.dialect.encode(execution.request), answer["sent"]
    text = wire.content.decode() if isinstance(wire.content, bytes) else ""
    there, here = spoken(sent["url"], sent["content"]), spoken(wire.url, text)
    there["path"], here["path"] = (VERSIONED.sub("", one["path"]) for one in (there, here))
    there["method"], here["method"] = sent["method"], wire.method
    if execution.request.risk == "read":
        for part in ("query", "body"):
            both = {*LEFT_OUT} - ({*there[part]} & {*here[part]})
            for one in (there, here):
                one[part] = {key: value for key, value in one[part].items() if key not in both}
    return [
        f"{name} {part}: theirs {there[part]!r}, ours {here[part]!r}"
        for part in here
        if there[part] != here[part]
    ]


def test_what_they_send_is_what_the_platform_is_to_be_asked(theirs: Path) -> None:
    """Our parameters, carried out by their own executor, are the request that we would send ourselves."""
    made = executions()
    answers = told(theirs, "carried", {"calls": [as_call(known, one) for known, _, one in made]})
    found = [
        line
        for (known, name, one), answer in zip(made, answers, strict=True)
        for line in differing(name, known, one, answer)
    ]
    assert {line.partition(":")[0] for line in found} == {*KNOWN}, found
    assert len(made) > 60


def of_each_kind() -> list[tuple[Connector, Execution]]:
    """An execution for each platform and kind of action: a list, a get, a create, an update, a delete."""
    kinds = dict[tuple[str, str], tuple[Connector, Execution]]()
    for known, name, one in executions():
        if name not in UNFINISHED:
            kinds.setdefault((known.name, one.operation.action), (known, one))
    return [*kinds.values()]


def test_their_typed_connector_sends_what_we_send(theirs: Path, tmp_path: Path) -> None:
    """Asked by its own methods, it has our stub execute the same entity, action and parameters, by name."""
    made = of_each_kind()
    with airbyte_listening(tmp_path) as stub:
        client = {"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET}
        client["organization_id"] = ORGANIZATION
        given = {"calls": [as_call(known, one) for known, one in made], "client": client}
        answers = told(theirs, "called", given, SDK_DEV_ADP_API_HOST=stub.url)
        sent = [(body["entity"], body["action"], sorted(body["params"])) for body in stub.executed]
    assert [answer["unknown"] for answer in answers] == [[] for _ in made]
    assert sent == [(one.operation.entity, one.operation.action, sorted(one.params)) for _, one in made], (
        answers
    )
    assert len(made) >= 8
