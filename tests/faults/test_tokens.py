"""Access tokens that end in the middle of a call: renewed once, and what was asked for is done once."""

from __future__ import annotations

import re

import pytest
from engine_client import AMAZON, LINKEDIN
from fault_cells import JUDGES, READ_WITHIN, Cell
from fault_clock import JumpingClock
from fault_operations import OPERATIONS, Operation
from fault_table import Fault
from fault_world import World

from mcp_ads.across.desk import Desk
from mcp_ads.errors import AuthError
from mcp_ads.sandbox.given import COUNTS, KINDS

pytestmark = pytest.mark.anyio
TOKEN_PATHS = "^/(auth/o2/token|oauth/v2/accessToken)$"
RENEWED = [
    operation
    for operation in OPERATIONS
    if operation.connector in (LINKEDIN, AMAZON)
    and operation.name in ("read", "list", "create", "update", "delete")
]
"""Facebook's tokens are what was set: nothing renews them."""


def cells() -> list[object]:
    """Two are quick."""
    found = list[object]()
    for number, operation in enumerate(RENEWED):
        marks = () if number % 5 == 0 else pytest.mark.slow
        name = f"{operation.connector.partition('_')[0]} {operation.name}"
        found.append(pytest.param(operation, marks=marks, id=name))
    return found


def renewals(world: World, connector: str) -> int:
    """How many access tokens were given for a refresh token."""
    rows = [row for row in world.store.all(COUNTS) if row["platform"] == connector and row["given"]]
    return sum(row["count"] for row in rows if row["grant"] == "refresh_token")


def end(world: World, connector: str, what: str, state: str) -> None:
    """Have the platform take what it gave out no longer."""
    kind = KINDS[connector][what]
    for own in world.store.ids(kind):
        world.store.put(kind, own, {**(world.store.get(kind, own) or {}), "state": state})


async def begun(world: World, clock: JumpingClock, operation: Operation, desk: Desk) -> Cell:
    """A change that is planned, or a read that has been made: a token is at hand."""
    cell = Cell(world, clock, operation, Fault("ended", {}, {}), desk)
    cell.plan_id = await operation.begin(desk)
    if not cell.plan_id:
        await cell.call()
    return cell


@pytest.mark.parametrize("operation", cells())
async def test_a_token_that_ended_is_renewed_once(
    world: World, clock: JumpingClock, operation: Operation
) -> None:
    """The platform no longer takes it; with the next one the call goes well, and a change is done once."""
    desk = world.desk()
    with world.undone():
        try:
            cell = await begun(world, clock, operation, desk)
            end(world, operation.connector, "access", "expired")
            before = renewals(world, operation.connector)
            outcome = await cell.call()
            assert renewals(world, operation.connector) == before + 1
            await JUDGES["right"](cell, outcome)
            cell.keeps_secrets()
        finally:
            await world.network.settled()
            await desk.close()


@pytest.mark.parametrize("operation", cells())
async def test_a_consent_that_ended_says_to_sign_in(
    world: World, clock: JumpingClock, operation: Operation
) -> None:
    """Neither token is taken: nothing is changed, and the fix is to sign in again."""
    desk = world.desk()
    with world.undone():
        try:
            cell = await begun(world, clock, operation, desk)
            end(world, operation.connector, "access", "revoked")
            end(world, operation.connector, "refresh", "revoked")
            world.breaks(kind="revoked-token", platform=operation.connector, path=TOKEN_PATHS, times=0)
            began, outcome = clock.monotonic(), await cell.call()
            assert clock.monotonic() - began <= READ_WITHIN
            assert isinstance(outcome, AuthError), outcome
            assert re.search("REFRESH_TOKEN|sign in", outcome.fix), outcome.fix
            assert cell.done() == 0
            cell.keeps_secrets()
        finally:
            world.mend()
            await world.network.settled()
            await desk.close()
