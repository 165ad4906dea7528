"""What a create was answered with is looked at before a later step builds on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from between import between, changed
from engine_client import EngineClient
from launching import LAUNCHES, answering, launch
from planning import DRYBAGS, NEW, applied, planned, writes

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("connector", "steps", "path", "foreign"),
    [LAUNCHES[1], *(pytest.param(*launch, marks=pytest.mark.slow) for launch in LAUNCHES[::2])],
)
async def test_nothing_is_made_inside_another_object(
    engine_client: EngineClient, connector: str, steps: list[Any], path: str, foreign: str
) -> None:
    """A create answered with the id of what is there already: of unknown outcome, and what follows waits."""
    answering(engine_client, path, foreign)
    plan_id = await launch(engine_client, connector, steps)
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "ready"]
    assert f"answered {foreign}, which reads as something else" in result.text
    found = result.text.split("looking now: there is")[1].split(", id ")[1].split()[0]
    left = f"plan anew 2 (not sent); {found} for @1.id if that is what 1 made"
    assert f"next: nothing more of this plan is sent; {left}" in result.text
    assert len(writes(engine_client)) == 1
    assert (await applied(engine_client, plan_id)).data["steps"][1]["state"] == "ready"
    assert len(writes(engine_client)) == 1


async def test_an_older_twin_is_told_by_its_time(engine_client: EngineClient) -> None:
    """The answered object reads like the new one and was there before: nothing is made in it."""
    connector, steps, path, foreign = LAUNCHES[0]
    answering(engine_client, path, foreign, name="Launch")
    plan_id = await launch(engine_client, connector, steps)
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "ready"]
    assert re.search(r"something else: made 20.* UTC, before this; nothing was built on it", result.text)


def dated(
    engine_client: EngineClient, seconds: float | None, instead: str = "", odd: int = -1, unread: int = 0
) -> None:
    """Platforms whose clocks are so far ahead, and whose answers have no Date where that is None; one of the
    Dates, the `odd`, is of two hours later. What is made is answered as `instead`, made two hours before;
    that cannot be read so many times.
    """
    now, told, refused = (
        datetime.now(UTC) + timedelta(seconds=seconds or 0),
        iter(range(99)),
        iter(range(unread)),
    )

    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        content = response.content
        kept = {
            name: text for name, text in response.headers.items() if name not in ("content-length", "date")
        }
        if seconds is not None:
            later = timedelta(hours=2 if next(told) == odd else 0)
            kept["date"] = format_datetime(now + later, usegmt=True)
        if request.method == "POST" and instead:
            content = re.sub(rb'"id":\s*"\d+"', b'"id":"%b"' % instead.encode(), content)
        if request.method == "GET" and re.search("/12\\d+$", request.url.path):
            if next(refused, None) is not None:
                return httpx.Response(500, headers=kept, json={"error": {"message": "x", "code": 2}})
            if instead:
                content = re.sub(rb'"name":\s*"[^"]*"', b'"name":"Launch"', content)
        at = f"{now - timedelta(hours=2 if instead else 0):%Y-%m-%dT%H:%M:%S+0000}".encode()
        content = re.sub(rb'(created_time\\*":\s*\\*")[^"\\]*', rb"\g<1>" + at, content)
        return httpx.Response(response.status_code, headers=kept, content=content)

    changed(engine_client, change)


@pytest.mark.parametrize(("seconds", "odd"), [(None, -1), (0.0, 1), (0.0, 3)])
async def test_an_older_twin_is_told_by_clocks_that_are_not_sure(
    engine_client: EngineClient, seconds: float | None, odd: int
) -> None:
    """Answers without a Date, or one with another: what is hours older than the plan is not built upon."""
    connector, steps, _, foreign = LAUNCHES[0]
    dated(engine_client, seconds, foreign, odd)
    result = await applied(engine_client, await launch(engine_client, connector, steps))
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "ready"]
    assert "UTC, before this; nothing was built on it" in result.text
    assert len(writes(engine_client)) == 1


OTHER_PROCESS = [
    (0.0, DRYBAGS, True), (0.0, DRYBAGS, False), (1200.0, "", True),
    *(pytest.param(*one, marks=pytest.mark.slow) for one in [
        (None, DRYBAGS, True), (None, DRYBAGS, False), (-1200.0, "", True), (-1200.0, "", False),
        (1200.0, "", False), (None, "", True), (None, "", False),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "foreign", "kept"), OTHER_PROCESS)
async def test_another_process_knows_an_older_twin(
    engine_client_with: Callable[[], EngineClient], seconds: float | None, foreign: str, kept: bool
) -> None:
    """The read after a create fails, and another process goes on: it builds on what was made then, whatever
    this machine's clock shows, and not on what was there before; also where a journal of an older version
    does not tell when the create was sent.
    """
    connector, steps, *_ = LAUNCHES[0]
    first, second = engine_client_with(), engine_client_with()
    dated(first, seconds, foreign, unread=99)
    dated(second, seconds, foreign)
    plan_id = await launch(first, connector, steps)
    assert [step["state"] for step in (await applied(first, plan_id)).data["steps"]] == ["done", "ready"]
    (journal,) = (first.home / "plans").glob("*.journal")
    if not kept:
        assert '"left"' in journal.read_text()
        journal.write_text(re.sub(r', "left": \{[^}]*\}', "", journal.read_text()))
    result = await applied(second, plan_id)
    states = ["unknown", "ready"] if foreign else ["done", "done"]
    assert [step["state"] for step in result.data["steps"]] == states
    assert len(writes(second)) == (1 if foreign else 2)


@pytest.mark.parametrize("name", ["Launch", "Autumn Dry Bags"])
async def test_what_could_not_be_read_is_read_by_the_next_call(
    engine_client: EngineClient, name: str
) -> None:
    """The read after a create fails: the next call reads before it builds, and knows another object by its
    name, or by its time; it is not told as done, and the new one is looked for by its name.
    """
    connector, steps, path, foreign = LAUNCHES[0]
    answering(engine_client, path, foreign, unread=1, name=name)
    plan_id = await launch(engine_client, connector, steps)
    first = await applied(engine_client, plan_id)
    assert "NOT DONE YET: create ad set" in first.text
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "ready"]
    assert "UNKNOWN: 0 of 2 done" in result.text
    assert f"answered {foreign}, which reads as something else" in result.text
    assert 'looking now: there is campaign "Launch", id 12029' in result.text
    assert len(writes(engine_client)) == 1
    assert (await applied(engine_client, plan_id)).data["steps"][1]["state"] == "ready"
    assert len(writes(engine_client)) == 1


async def test_what_was_proven_may_change_before_the_rest_is_made(engine_client: EngineClient) -> None:
    """The new object was read and is renamed before the next call: that is told, and nothing is in doubt."""
    connector, steps, *_ = LAUNCHES[0]
    reached = False

    def unreached(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path.endswith("/adsets") and not reached:
            raise httpx.ConnectError("refused")

    between(engine_client, unreached)
    plan_id = await launch(engine_client, connector, steps)
    first = await applied(engine_client, plan_id)
    assert [step["state"] for step in first.data["steps"]] == ["done", "ready"]
    made = str(first.data["steps"][0]["id"])
    kept = engine_client.store.get("facebook.campaign", made)
    engine_client.store.put("facebook.campaign", made, {**(kept or {}), "name": "Launch 2"})
    reached = True
    again = await applied(engine_client, plan_id)
    assert 'this plan made it "Launch"' in again.text
    assert "UNKNOWN" not in again.text


async def test_what_a_rule_has_switched_is_still_the_one(engine_client: EngineClient) -> None:
    """The new campaign has its name, and a rule has paused it meanwhile: what follows is made in it."""
    connector, steps, *_ = LAUNCHES[0]
    active = [(steps[0][0], {**steps[0][1], "status": "ACTIVE"}), *steps[1:]]

    def paused(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        headers = {name: text for name, text in response.headers.items() if name != "content-length"}
        content = response.content
        if request.method == "GET":
            content = re.sub(rb'"status":\s*"ACTIVE"', b'"status":"PAUSED"', content)
        return httpx.Response(response.status_code, headers=headers, content=content)

    changed(engine_client, paused)
    plan_id = await launch(engine_client, connector, active)
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["done", "done"]
    assert "status PAUSED" in result.text


async def test_what_cannot_be_read_is_waited_for(engine_client: EngineClient) -> None:
    """The new object cannot be read: what follows is not sent, says why, and is made by the next call."""
    connector, steps, *_ = LAUNCHES[0]
    plan_id = await launch(engine_client, connector, steps)
    engine_client.fault("500", method="GET", path="/12029[0-9]+$", times=4)
    first = await applied(engine_client, plan_id)
    assert [step["state"] for step in first.data["steps"]] == ["done", "ready"]
    assert "IN PROGRESS" in first.text
    assert "NOT DONE YET: create ad set" in first.text
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text
    assert len(writes(engine_client)) == 2


@pytest.mark.parametrize(("when", "found"), [("after", "there is"), ("before", "only an older one")])
@pytest.mark.parametrize("minutes", [-20, 20, None, "twice"])
async def test_a_clock_that_is_wrong_decides_nothing(
    engine_client: EngineClient, when: str, found: str, minutes: int | str | None
) -> None:
    """Whether the create of unknown outcome is the one that is listed goes by the platform's clock, and by
    nothing where its answers have no Date, or Dates that contradict each other.
    """
    apart = timedelta(minutes=minutes if isinstance(minutes, int) else 0)
    odd = iter([timedelta(hours=2)] * 2 if minutes == "twice" else [])
    old = f"{datetime.now(UTC) - timedelta(minutes=10) + apart:%Y-%m-%dT%H:%M:%S+0000}"
    kept = engine_client.store.get("facebook.campaign", DRYBAGS)
    engine_client.store.put("facebook.campaign", DRYBAGS, {**(kept or {}), "name": "Launch"})

    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        headers = {name: text for name, text in response.headers.items() if name != "content-length"}
        headers["date"] = format_datetime(datetime.now(UTC) + next(odd, apart), usegmt=True)
        if minutes is None:
            del headers["date"]
        body = response.json()
        for row in body.get("data", []) if request.method == "GET" else ():
            if "created_time" in row:
                new = f"{datetime.now(UTC) + apart:%Y-%m-%dT%H:%M:%S+0000}"
                row["created_time"] = old if row["id"] == DRYBAGS else new
        return httpx.Response(response.status_code, headers=headers, json=body)

    changed(engine_client, change)
    plan_id = await planned(engine_client, "campaigns", "create", **NEW)
    engine_client.fault("500", method="POST", path="/campaigns$", when=when)
    text = (await applied(engine_client, plan_id)).text
    if not isinstance(minutes, int):
        assert "it may be an older one: look when it was made" in text
    else:
        assert found in text
        assert (DRYBAGS in text) == (when == "before")
