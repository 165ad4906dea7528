"""Actions of several requests: driven to their result, or to what to go on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient

from mcp_ads.core import Context, Flow, Progress, Read, Request, Result, Several, Wait
from mcp_ads.engine.wire import deadline
from mcp_ads.engine.wire.flows import drive
from mcp_ads.errors import AdsError, ApiError, PlatformDown, Rejected

pytestmark = pytest.mark.anyio
ME = Request("GET", "/me", {"fields": "id"})
NOWHERE = Request("GET", "/act_999/campaigns", {"fields": "id"})


def recipe(made: Callable[[Any], Flow]) -> Any:
    """An action whose steps are these."""

    class Recipe(Read):
        """Ask several times."""

        def flow(self, context: Context) -> Flow:
            return made(context)

    return Recipe()


async def run(engine_client: EngineClient, made: Callable[[Any], Flow], **more: Any) -> Result:
    session = engine_client.workspace.session(FACEBOOK)
    return await drive(session, recipe(made), session.context(None), **more)


async def test_answers_come_back_to_the_recipe(engine_client: EngineClient) -> None:
    """A request gives its answer, progress and waiting give nothing."""
    heard: list[Progress] = []

    async def hear(progress: Progress) -> None:
        heard.append(progress)

    def made(_: Context) -> Flow:
        first = yield ME
        nothing = yield Progress(1, 2, "half")
        waited = yield Wait(0.001)
        return Result([first["id"], nothing, waited])

    result = await run(engine_client, made, report=hear)
    assert result.data[1:] == [None, None]
    assert [progress.message for progress in heard] == ["half"]


async def test_errors_are_raised_inside_the_recipe(engine_client: EngineClient) -> None:
    """A recipe that knows better goes on; one that does not ends with the error."""

    def knows(_: Context) -> Flow:
        try:
            yield NOWHERE
        except ApiError as error:
            return Result({"said": type(error).__name__})
        raise AssertionError

    def does_not(_: Context) -> Flow:
        yield NOWHERE
        raise AssertionError

    assert (await run(engine_client, knows)).data["said"] in ("NotFound", "Rejected", "AuthError")
    with pytest.raises(ApiError) as caught:
        await run(engine_client, does_not)
    assert caught.value.trace


async def test_several_at_once(engine_client: EngineClient) -> None:
    """Reads asked for together: each is answered in its place, and an error is a value among them."""

    def made(_: Context) -> Flow:
        answers = yield Several([ME, NOWHERE, ME])
        return Result(
            [answer["id"] if isinstance(answer, dict) else type(answer).__name__ for answer in answers]
        )

    first, failed, last = (await run(engine_client, made)).data
    assert first == last
    assert failed in ("NotFound", "Rejected", "AuthError")


async def test_out_of_time(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a pause that does not fit, what to go on with is the answer, and the recipe is closed."""
    monkeypatch.setattr(deadline, "DEADLINE", 0.05)
    closed: list[bool] = []

    def made(_: Context) -> Flow:
        try:
            yield Wait(0.001, {"report_id": "7"})
            yield Wait(30)
        finally:
            closed.append(True)
        return Result([])

    result = await run(engine_client, made)
    assert result.data == {"status": "PENDING", "report_id": "7"}
    assert result.meta["warnings"] == ["not finished yet; call again with report_id=7"]
    assert closed == [True]


async def test_the_platform_fails_while_a_report_is_built(engine_client: EngineClient) -> None:
    """What was ordered is not lost: the id is the answer, with why it is not more."""

    def made(_: Context) -> Flow:
        yield Wait(0.001, {"report_id": "7"})
        raise PlatformDown("no answer")

    result = await run(engine_client, made)
    assert result.data["report_id"] == "7"
    assert "PlatformDown: no answer" in result.meta["warnings"][1]


@pytest.mark.parametrize("error", [Rejected("no"), PlatformDown("no")])
async def test_nothing_was_begun(engine_client: EngineClient, error: AdsError) -> None:
    """Without something to go on with, an error is an error; so is a refusal at any time."""

    def made(_: Context) -> Flow:
        if isinstance(error, Rejected):
            yield Wait(0.001, {"report_id": "7"})
        yield Progress(0, 1, "x")
        raise error

    with pytest.raises(type(error)):
        await run(engine_client, made)


async def test_a_get_of_many_ids_is_bounded(engine_client: EngineClient) -> None:
    """A hundred objects in one call and no more."""
    with pytest.raises(AdsError, match="1 to 100 ids"):
        await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=[str(n) for n in range(101)])
    with pytest.raises(AdsError, match="1 to 100 ids"):
        await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=[])
    assert engine_client.sent() == []


async def test_ids_in_every_shape(engine_client: EngineClient) -> None:
    """A list, JSON text, or between commas; twice the same is asked once."""
    ids = (await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=2)).ids
    for shape in (ids, str(ids).replace("'", '"'), ",".join(ids), [*ids, ids[0]]):
        assert (await engine_client.table(FACEBOOK, "campaigns", "get", campaign_ids=shape)).ids == ids
