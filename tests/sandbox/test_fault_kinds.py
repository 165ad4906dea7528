"""What a fault has to look like, and the answers that are none: over HTTP, as anybody asks for them."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mcp_ads.sandbox import faults
from mcp_ads.sandbox.app import Sandbox
from mcp_ads.sandbox.fault_kinds import KEYS, KINDS, PLATFORMS

pytestmark = pytest.mark.anyio
CAMPAIGNS = "https://graph.facebook.com/v26.0/act_1234567890/campaigns"
HEADERS = {"Authorization": "Bearer sandbox-token"}
Asked = dict[str, Any]


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """One sandbox for all of them."""
    return Sandbox()


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """Every host of it, without any fault."""
    transport = httpx.ASGITransport(sandbox.by_host())
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        await client.delete("/_sandbox/faults")
        yield client
        await client.delete("/_sandbox/faults")


async def test_what_is_printed_is_accepted(http: httpx.AsyncClient) -> None:
    """The page's own examples, and every field and kind that the module's docstring names."""
    page = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text("utf-8")
    told = [json.loads(one) for one in re.findall(r"\{\"kind\":[^}]*\}", page)]
    told += [{**told[0], **json.loads(f"{{{more}}}")} for more in re.findall(r'\(with `("[^`]+)`', page)]
    names = re.findall(r"^([a-z_]+(?:, [a-z_]+)*) +\w|· ([a-z_]+)  ", faults.__doc__ or "", re.MULTILINE)
    fields = {name for found in names for part in found for name in part.split(", ") if name}
    assert fields == {*KEYS}
    given = {"of": "app", "what": "page", "when": "after", "method": "GET", "platform": PLATFORMS[0]}
    some = [{"kind": "429", name: given.get(name, "1")} for name in fields - {"kind"}]
    answer = await http.post("/_sandbox/faults", json=[*told, *some, *({"kind": kind} for kind in KINDS)])
    assert (len(told) > 2, answer.status_code) == (True, 200), answer.text


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "429html"}, "no kind of fault 429html; did you mean 429-html"),
        ({"kind": "500", "pth": "/campaigns$"}, "a fault has no pth; did you mean path"),
        ({"kind": "500", "when": "later"}, "no when later; there are before, after"),
        ({"kind": "500", "method": "get"}, "no method get"),
        ({"kind": "500", "times": "two"}, "times is a whole number from 0 on, not 'two'"),
        ({"kind": "slow", "seconds": "nan"}, "seconds is a number from 0 on"),
        ({"kind": "500", "path": "("}, "path is no regular expression"),
        ({"kind": "mixed", "items": "0;2"}, "items are places such as 0,2"),
        ({"kind": "report-never", "platform": "linkedin_ads"}, "report-never befalls facebook_marketing, "),
        ({}, "no kind of fault None"),
        (["429"], "a fault is an object"),
    ],
)
async def test_a_fault_that_would_never_come_about_is_refused(
    http: httpx.AsyncClient, sandbox: Sandbox, fault: Any, said: str
) -> None:
    """Whoever misspells one would take what follows for proof."""
    answer = await http.post("/_sandbox/faults", json=[{"kind": "429"}, fault])
    assert answer.status_code == 400
    assert said in answer.json()["sandbox"]
    assert sandbox.store.all("sandbox.fault") == []


async def test_the_page_about_faults(http: httpx.AsyncClient) -> None:
    """It names every kind, and the fault it shows is taken as printed."""
    text = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z0-9-]+)`", text.partition("## To see a fault")[2].partition("\n## ")[0]))
    assert named == {*KINDS}
    [printed] = re.findall(r"_sandbox/faults -d '(.*)'", text)
    assert (await http.post("/_sandbox/faults", content=printed)).status_code == 200


@pytest.mark.parametrize("fault", ["50O", "500;tmes=2", "report-fails;platform=linkedin_ads"])
async def test_a_header_that_would_do_nothing_is_refused(http: httpx.AsyncClient, fault: str) -> None:
    """With the sandbox's own words, not a platform's."""
    answer = await http.get(CAMPAIGNS, headers={**HEADERS, "X-Sandbox-Fault": fault})
    assert answer.status_code == 400
    assert list(answer.json()) == ["sandbox"]


async def raw(http: httpx.AsyncClient, fault: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the campaigns under a fault, as they came."""
    headers = {**HEADERS, "X-Sandbox-Fault": fault, "Accept-Encoding": "gzip"}
    async with http.stream("GET", CAMPAIGNS, headers=headers) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
        return answer.status_code, dict(answer.headers), body


async def test_answers_that_are_none(http: httpx.AsyncClient) -> None:
    """Each is what it is called, in status, length and content."""
    whole = (await http.get(CAMPAIGNS, headers=HEADERS)).content
    status, headers, body = await raw(http, "truncated")
    assert (status, body, headers["content-length"]) == (200, whole[: len(whole) // 2], str(len(whole) // 2))
    assert (await raw(http, "empty"))[::2] == (200, b"")
    assert (await raw(http, "429-html"))[0] == 429
    assert (await raw(http, "429-html;retry_after=3"))[1]["retry-after"] == "3"
    status, headers, body = await raw(http, "wrong-type")
    assert (status, headers["content-type"].partition(";")[0], body[:6]) == (200, "text/html", b"<html>")
    assert (await raw(http, "wrong-type;what=text"))[2] == b"ok"
    status, headers, _ = await raw(http, "redirect")
    assert (status, headers["location"][:8]) == (302, "https://")
    status, headers, body = await raw(http, "corrupt-gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    with pytest.raises((zlib.error, gzip.BadGzipFile, EOFError)):
        gzip.decompress(body)


@pytest.mark.parametrize(("kind", "made"), [("truncated", 1), ("empty", 0), ("empty;when=after", 1)])
async def test_whether_a_change_was_carried_out(
    http: httpx.AsyncClient, sandbox: Sandbox, kind: str, made: int
) -> None:
    """Half an answer comes after it was; one without a word of the platform, before."""
    before = len(sandbox.store.writes())
    new = {"name": "x", "objective": "OUTCOME_TRAFFIC", "special_ad_categories": "[]", "status": "PAUSED"}
    new |= {"is_adset_budget_sharing_enabled": "false"}
    await http.post(CAMPAIGNS, data=new, headers={**HEADERS, "X-Sandbox-Fault": kind})
    assert len(sandbox.store.writes()) - before == made


async def pages(http: httpx.AsyncClient, most: int = 6) -> list[list[str]]:
    """Ids of page after page, as long as there are any."""
    found, after = list[list[str]](), ""
    for _ in range(most):
        params = {"limit": "60", **({"after": after} if after else {})}
        answer = await http.get(CAMPAIGNS, params=params, headers=HEADERS)
        if answer.status_code != 200:
            return [*found, [str(answer.json()["error"]["code"])]]
        found.append([row["id"] for row in answer.json()["data"]])
        paging = answer.json().get("paging", {})
        if "next" not in paging:
            return found
        after = paging["cursors"]["after"]
    return found


async def test_faults_of_pages_befall_later_pages_alone(http: httpx.AsyncClient) -> None:
    """The first page has no token: it is as ever, and uses nothing up."""
    whole = await pages(http)
    await http.post("/_sandbox/faults", json={"kind": "page-expired"})
    assert await pages(http) == [whole[0], ["2642"]]
    await http.post("/_sandbox/faults", json={"kind": "page-repeats", "times": 0})
    assert await pages(http, 4) == [whole[0]] * 4
    await http.delete("/_sandbox/faults")
    await http.post("/_sandbox/faults", json={"kind": "page-repeats", "what": "token", "times": 0})
    assert await pages(http, 4) == [whole[0], whole[1], whole[1], whole[1]]
