"""No secret is anywhere in clear: not in the database, on the disk, in the log, in an answer or a command."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest
from serving import KEPT, TOKEN, Served, command, served

MARKER = "S3CR3T-q8Zr-marker"
FIELDS: dict[str, dict[str, Any]] = {
    "facebook-marketing": {
        "credentials": {"access_token": f"{MARKER}1", "client_id": "app", "client_secret": f"{MARKER}2"}
    },
    "linkedin-ads": {
        "credentials": {"refresh_token": f"{MARKER}3", "client_id": "app", "client_secret": f"{MARKER}4"}
    },
    "amazon-ads": {
        "credentials": {"refresh_token": f"{MARKER}5", "client_id": "app", "client_secret": f"{MARKER}6"}
    },
}
SANDBOX = ("sandbox-refresh", "sandbox-token", "sandbox-access")
"""Beginnings of the tokens that the sandbox's consents give."""
SERVICE = {"credentials": {"account_key": f"{MARKER}7"}}
LISTS = {"facebook-marketing": "ad_accounts", "linkedin-ads": "accounts", "amazon-ads": "profiles"}
MOVED = {"workspace_name": "w", "connector_type": "amazon-ads", "refresh_token": f"{MARKER}8", "name": "x"}
"""Where a secret stands in a place that is not its own."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A process with everything that it keeps in a folder of its own."""
    with served(tmp_path_factory.mktemp("secrets")) as found:
        yield found


def spelt(secret: str) -> list[bytes]:
    """A secret as it could stand somewhere."""
    plain = secret.encode()
    whole = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in (0, 1, 2)]
    return [plain, plain.hex().encode(), *whole]


def places(host: Served) -> dict[str, bytes]:
    """Everything that the process wrote, and how it was started."""
    found = {
        str(path.relative_to(host.home)): path.read_bytes()
        for path in host.home.rglob("*")
        if path.is_file() and path.name != "host.key"
    }
    assert {"host.sqlite3", host.log.name} <= {Path(name).name for name in found}
    return found | {"command": Path(f"/proc/{host.running.pid}/cmdline").read_bytes()}


def where(host: Served, *secrets: str) -> list[tuple[str, str]]:
    """The places in which a secret stands in clear."""
    return [
        (name, secret)
        for name, content in places(host).items()
        for secret in secrets
        if any(text in content for text in spelt(secret))
    ]


def followed(url: str) -> Iterator[httpx.Response]:
    """What a browser is answered from the consent page until it comes back."""
    while not url.startswith("https://example.com"):
        answer = httpx.get(url, headers={"Accept": "application/json"}, trust_env=False)
        yield answer
        url = urljoin(url, answer.headers["location"])


def asked(host: Served) -> Iterator[httpx.Response]:
    """Requests of every kind with secrets in them, right and wrong, and what they are answered."""
    token = host.token()
    yield httpx.post(host.url + TOKEN, json={"client_id": f"{MARKER}9", "client_secret": f"{MARKER}a"})
    yield host.asked("GET", f"{KEPT}?workspace_name=w", token=f"{MARKER}b")
    yield host.asked("GET", f"{KEPT}?workspace_name=w&access_token={MARKER}c", token=token)
    yield host.asked("GET", f"/connector/callback?state={MARKER}d&code={MARKER}e", token=token)
    yield host.asked("POST", KEPT, MOVED, token)
    yield host.asked("POST", KEPT, {**MOVED, **SERVICE}, token)
    for slug, fields in FIELDS.items():
        made = host.created(slug, "w", token, **fields)
        yield host.asked("GET", f"{KEPT}/{made}", token=token)
        yield host.asked("GET", f"{KEPT}/{made}/inspect", token=token)
        yield host.executed(made, LISTS[slug], "list", token)
        yield host.executed(made, LISTS[slug], "list", token, access_token=f"{MARKER}f")
        body = {"connector_type": slug, "configuration": {"client_id": "x", "client_secret": f"{MARKER}g"}}
        yield host.asked("PUT", "/api/v1/oauth/credentials", body, token)
        start = {"workspace_name": "w", "connector_type": slug, "redirect_url": "https://example.com/back"}
        begun = host.asked("POST", f"{KEPT}/oauth/initiate", start, token)
        yield begun
        yield from followed(begun.json()["consent_url"])
    made = host.created(
        "facebook-marketing", "refused", token, credentials={"access_token": f"expired-{MARKER}h"}
    )
    yield host.executed(made, "ad_accounts", "list", token)
    yield host.asked("GET", f"{KEPT}?workspace_name=w", token=token)


@pytest.mark.slow
def test_no_secret_is_in_clear(host: Served) -> None:
    """Markers in every field, client secrets and tokens: none in a file, the log, an answer or a command."""
    answers = [*asked(host)]
    assert {answer.status_code for answer in answers} >= {200, 401, 422}
    token, secret = host.token(), host.client.client_secret
    lasting = command(host.home, "token", "add", "agent", "--workspace", "w", "--scope", "read").split()
    lasting = [word for word in lasting if word.startswith("mcpads_")]
    assert len(lasting) == 1
    passed = [dict(parse_qsl(urlsplit(one.headers.get("location", "")).query)) for one in answers]
    once = [query[name] for query in passed for name in ("code", "secret_id", "state") if name in query]
    assert len(once) >= 6
    assert where(host, MARKER, token, secret, *lasting, *once, *SANDBOX) == []
    told = [answer.request.url.path for answer in answers if MARKER in answer.text + str(answer.headers)]
    assert told == []


def test_what_is_deleted_is_gone_from_the_disk(host: Served) -> None:
    """The ciphertext of a deleted connector stands in no file of the database any more."""
    made = host.created("amazon-ads", "gone", **FIELDS["amazon-ads"])
    with sqlite3.connect(next(host.home.rglob("host.sqlite3"))) as database:
        ((sealed,),) = database.execute("select sealed from connectors where id = ?", (made,)).fetchall()
    kept = [name for name, content in places(host).items() if sealed in content]
    assert kept
    assert host.asked("DELETE", f"{KEPT}/{made}").status_code == 202
    assert [name for name, content in places(host).items() if sealed in content] == []
    assert [name for name, content in places(host).items() if sealed[16:48] in content] == []


def test_the_search_finds_what_is_there(host: Served) -> None:
    """So that the tests above could fail."""
    (host.home / "leak").write_text(json.dumps({"key": base64.b64encode(f"ab{MARKER}".encode()).decode()}))
    assert where(host, MARKER) == [("leak", MARKER)]
    (host.home / "leak").unlink()
