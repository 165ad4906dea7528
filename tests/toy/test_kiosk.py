"""A platform the engine has never heard of goes through it unchanged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import Table
from planning import undo_of

from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.errors import (
    AdsError,
    ApiError,
    InvalidParams,
    NotFound,
    OutOfScope,
    OverCap,
    PlatformDown,
    UnknownAction,
)
from mcp_ads.platforms import Platform
from mcp_ads.settings import Caps, Settings
from toy import kiosk
from toy.town import MILLION, Town

pytestmark = pytest.mark.anyio
LIT, DARK, UNSEEN, FOREIGN = "no.1", "no.2", "no.7", "no.10"


class Street(Desk):
    """The engine with one more connector, and the make-believe town as its network."""

    def __init__(self, home: Path, town: Town, allowed: tuple[str, ...], **more: Any) -> None:
        platform = Platform("kiosk", {"ACCESS_TOKEN": "sesame"}, allowed, hosts=kiosk.hosts)
        settings = Settings(platforms={"kiosk": platform}, sandbox=True, home=home, **more)
        super().__init__(settings, connectors={"kiosk": replace(kiosk, loaded={})})
        self.town = town

    def _sandbox(self) -> httpx.ASGITransport:
        return httpx.ASGITransport(self.town.app())

    async def do(self, entity: str, action: str, **params: Any) -> Result:
        """The result of a call. Raises AdsError."""
        return await self.execute("kiosk", entity, action, params)

    async def table(self, entity: str, action: str, **params: Any) -> Table:
        """What an agent reads."""
        return Table(self.text(await self.do(entity, action, **params)))

    async def planned(self, entity: str, action: str, **params: Any) -> str:
        """The id of a new plan."""
        return str((await self.do(entity, action, **params)).data["plan_id"])


Streets = Callable[..., Street]


@pytest.fixture
async def street_with(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Streets]:
    """Makes engines over one town, with an allow-list and settings of their own."""
    town = Town()
    async with AsyncExitStack() as stack:

        def make(*allowed: str, **more: Any) -> Street:
            street = Street(tmp_path / "home", town, allowed, **more)
            stack.push_async_callback(street.close)
            return street

        yield make


@pytest.fixture
async def street(street_with: Streets) -> Street:
    """One with nothing else set."""
    return street_with()


async def test_lists_and_cursors(street: Street) -> None:
    """Every row once, page after page and answer after answer."""
    first = await street.table("posters", "list", stall_id="12", limit=5)
    assert [row["ref"] for row in first.rows] == [f"no.{number}" for number in range(1, 6)]
    rest = await street.table("posters", "list", stall_id="12", limit=5, cursor=first.meta["cursor"])
    assert [row["ref"] for row in rest.rows] == ["no.6", "no.7", "no.8"]
    assert "cursor" not in rest.meta
    assert rest.meta["account"] == "12"


async def test_the_account_is_asked_for_where_there_are_several(street: Street) -> None:
    """By the platform's own name for one."""
    with pytest.raises(InvalidParams, match=r"stall_id: missing, required; the accounts are 12 \("):
        await street.do("posters", "list")


@pytest.mark.parametrize("allowed", [("12",), ()])
async def test_an_allow_list(street_with: Streets, allowed: tuple[str, ...]) -> None:
    """Foreign accounts are hidden, foreign accounts and objects refused; without a list nothing is."""
    street = street_with(*allowed)
    rows = (await street.table("stalls", "list")).rows
    assert [row["stall"] for row in rows] == (["12"] if allowed else ["12", "34"])
    calls: list[tuple[str, str, dict[str, str]]] = [
        ("posters", "list", {"stall_id": "34"}),
        ("posters", "get", {"poster_id": FOREIGN}),
        ("posters", "pause", {"poster_id": FOREIGN}),
    ]
    for entity, action, params in calls:
        if allowed:
            with pytest.raises(OutOfScope):
                await street.do(entity, action, **params)
        else:
            await street.do(entity, action, **params)


async def test_what_no_account_owns(street_with: Streets) -> None:
    """It is read, and changed only where the user allows it; who has it is said."""
    street = street_with("12")
    assert (await street.do("walls", "get", wall_id="wall")).data["color"] == "white"
    with pytest.raises(OutOfScope, match="belongs to a town and no ad account"):
        await street.do("walls", "update", wall_id="wall", color="green")
    free = street_with("12", unscoped_writes=True)
    plan_id = await free.planned("walls", "update", wall_id="wall", color="green")
    assert plan_id.startswith("update-color.wall.kiosk.")
    assert (await free.apply(plan_id)).text.splitlines()[1].startswith("APPLIED")
    with pytest.raises(OutOfScope):
        await street.apply(await free.planned("walls", "update", wall_id="wall", color="white"))


async def test_what_an_account_owns_by_the_name_of_what_none_does(street_with: Streets) -> None:
    """It is asked whose it is all the same: an id leads to whatever it is of."""
    street = street_with("12", unscoped_writes=True)
    with pytest.raises(OutOfScope, match="stall_id: 34 is not one of the allowed"):
        await street.do("walls", "get", wall_id=FOREIGN)
    with pytest.raises(OutOfScope, match="stall_id: 34 is not one of the allowed"):
        await street.do("walls", "update", wall_id=FOREIGN, color="green")
    with pytest.raises(InvalidParams, match=r"no\.1 belongs to ad account 12"):
        await street_with(unscoped_writes=True).do("walls", "update", wall_id=LIT, color="green")


async def test_that_nobody_owns_it_is_kept_for_reads_and_asked_again_for_writes(street_with: Streets) -> None:
    """An object of another kind: the platform says that it has no owner."""
    street = street_with("12")
    for _ in range(2):
        await street.do("posters", "get", poster_id="wall")
    assert street.town.asked.count("GET /keeper/wall") == 1
    with pytest.raises(OutOfScope, match="belongs to no ad account"):
        await street.do("posters", "pause", poster_id="wall")
    assert street.town.asked.count("GET /keeper/wall") == 2


async def test_a_change_is_planned_applied_and_undone(street: Street) -> None:
    """With exact money in its own unit, a read-back, and the way back."""
    plan_id = await street.planned("posters", "update", poster_id=LIT, a_day="+50%")
    assert plan_id.startswith("raise-a-day-1.00-to-1.50-USD.poster-1.stall-12.")
    assert street.town.changed == []
    applied = await street.apply(plan_id)
    assert street.town.things[LIT]["a_day"] == 1_500_000
    assert "read back: a_day 1.50 USD" in applied.text
    back = await street.apply(undo_of(applied))
    assert "APPLIED" in back.text
    assert street.town.things[LIT]["a_day"] == MILLION


@pytest.mark.parametrize(
    ("given", "sent"), [("0.755 USD", None), ("2.50 USD", 2_500_000), (2_000_000, 2 * MILLION), (3, None)]
)
async def test_amounts_in_millionths(street: Street, given: Any, sent: int | None) -> None:
    """A bare number is in the platform's unit; one that is surely meant otherwise is refused."""
    if sent is None:
        with pytest.raises(InvalidParams, match="a_day: "):
            await street.planned("posters", "update", poster_id=LIT, a_day=given)
        return
    await street.apply(await street.planned("posters", "update", poster_id=LIT, a_day=given))
    assert street.town.things[LIT]["a_day"] == sent


async def test_lighting_is_delivery(street: Street) -> None:
    """Its own word for on: what it can spend is in the id, and darkening is its undo."""
    plan_id = await street.planned("posters", "activate", poster_id=DARK)
    assert plan_id.startswith("activate-poster-2.00-USD-a-day.poster-2.stall-12.")
    applied = await street.apply(plan_id)
    assert street.town.things[DARK]["glow"] == "lit"
    assert undo_of(applied).startswith("pause-poster.minus-2.00-USD-a-day")
    await street.apply(undo_of(applied))
    assert street.town.things[DARK]["glow"] == "dark"


async def test_what_is_dark_from_above_spends_nothing(street: Street) -> None:
    """Switched on in a dark street, a poster frees no money when it is darkened."""
    assert ".minus-1.00-USD" in await street.planned("posters", "pause", poster_id=LIT)
    assert ".minus-" not in await street.planned("posters", "pause", poster_id=UNSEEN)


@pytest.mark.parametrize("action", ["delete", "update"])
async def test_tearing_is_named(street: Street, action: str) -> None:
    """By its action, or by the state that is set."""
    more = {} if action == "delete" else {"glow": "torn"}
    plan_id = await street.planned("posters", action, poster_id=[LIT, DARK], **more)
    assert plan_id.startswith("delete-2-posters")


@pytest.mark.parametrize("mode", ["plan", "direct"])
@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("update", {"poster_id": LIT, "a_day": "6 USD"}),
        ("update", {"poster_id": LIT, "at_most": "900 USD", "a_day": "6 USD"}),
        ("activate", {"poster_id": "no.8"}),
        ("create", {"stall_id": "12", "slogan": "New", "a_day": "6 USD"}),
    ],
)
async def test_caps(street_with: Streets, mode: str, action: str, params: dict[str, Any]) -> None:
    """Budgets are capped by what they are, whatever they are called."""
    street = street_with(writes=mode, caps=Caps({"USD": Decimal(5)}, {"USD": Decimal(1000)}))
    with pytest.raises(OverCap, match=r"over the cap of 5\.00 USD"):
        await street.do("posters", action, **params)
    assert street.town.changed == []


async def test_a_ceiling_is_no_budget(street_with: Streets) -> None:
    """A cap on spending is held against the cap of a whole run, and adds nothing to what is spent."""
    street = street_with(caps=Caps({"USD": Decimal(5)}, {"USD": Decimal(1000)}))
    with pytest.raises(OverCap, match=r"at_most 1001\.00 USD is over"):
        await street.do("posters", "update", poster_id=LIT, at_most="1001 USD")
    plan_id = await street.planned("posters", "update", poster_id=LIT, at_most="900 USD")
    assert plan_id.startswith("set-at-most-to-900.00-USD.poster-1")


async def test_what_is_below_is_counted(street_with: Streets) -> None:
    """A series spends what its lit posters cost, as an earlier step of the same plan leaves them."""
    street = street_with(caps=Caps({"USD": Decimal("5.50")}))
    plan_id = await street.planned("series", "activate", series_id="spring")
    assert plan_id.startswith("activate-series-4.00-USD-a-day.spring.stall-12.")
    dearer = await street.planned("posters", "update", poster_id=LIT, a_day="2 USD")
    both = await street.do("series", "activate", series_id="spring", append_to=dearer)
    assert "can spend 5.00 USD a day" in both.text
    assert "money: +5.00 USD a day" in both.text
    dearest = await street.planned("posters", "update", poster_id=LIT, a_day="2.60 USD")
    with pytest.raises(OverCap):
        await street.do("series", "activate", series_id="spring", append_to=dearest)


async def test_money_stands_first_whatever_it_is_called(street: Street) -> None:
    """In what a plan says of something new."""
    result = await street.do("posters", "create", stall_id="12", glow="lit", slogan="New", a_day="3 USD")
    assert ": a_day 3.00 USD a day; glow " in result.text


async def test_drift(street: Street) -> None:
    """What somebody else changed meanwhile stops a plan, and a fresh one is made."""
    plan_id = await street.planned("posters", "update", poster_id=LIT, a_day="2 USD")
    street.town.things[LIT]["glow"] = "dark"
    told = await street.apply(plan_id)
    assert "NOT APPLIED" in told.text
    assert 'poster no.1 "Poster 1": glow was "lit", is "dark"' in told.text
    assert street.town.changed == []


async def test_many_at_once_and_one_that_is_made(street: Street) -> None:
    """Items, a plan that grows, and a reference to what a step makes."""
    plan_id = await street.planned("posters", "create", stall_id="12", slogan="New", a_day="3 USD")
    items = [{"poster_id": "@1.id", "glow": "lit"}, {"poster_id": DARK, "slogan": "Old"}]
    longer = await street.planned("posters", "update", items=items, append_to=plan_id)
    applied = await street.apply(longer)
    assert "APPLIED: 3 of 3 done" in applied.text
    [new] = [thing for thing in street.town.things.values() if thing.get("slogan") == "New"]
    assert (new["glow"], new["a_day"]) == ("lit", 3 * MILLION)


async def test_direct_mode(street_with: Streets) -> None:
    """Sent at once, each thing once."""
    street = street_with(writes="direct")
    done = await street.do("posters", "pause", poster_id=[LIT, "no.3"])
    assert [row["state"] for row in done.data] == ["done", "done"]
    assert street.town.changed == [f"change {LIT}", "change no.3"]


ODD: Mapping[str, Any] = {
    "another one": {"outcomes": [{"ok": True, "ref": "no.4"}]},
    "no list": {},
    "an empty list": {"outcomes": []},
    "two outcomes": {"outcomes": [{"ok": True, "ref": LIT}, {"ok": True, "ref": LIT}]},
    "a bare list": [{"ok": True, "ref": LIT}],
    "no verdict": {"outcomes": [{"ref": LIT}]},
    "nothing": None,
    "a number": 7,
}


@pytest.mark.parametrize("what", ODD)
async def test_a_207_that_does_not_say_it_was_done(street: Street, what: str) -> None:
    """Unknown, with the call that shows it, and never sent again."""
    plan_id = await street.planned("posters", "update", poster_id=LIT, slogan="Fresh")
    street.town.only, street.town.answers = "POST", [(207, ODD[what], {})]
    told = await street.apply(plan_id)
    assert "UNKNOWN: 0 of 1 done" in told.text
    assert 'kiosk_execute("posters", "get", {' in told.text
    assert "reading it now: the change is in effect" in told.text
    await street.apply(plan_id)
    assert street.town.changed == [f"change {LIT}"]


async def test_a_207_that_refuses(street_with: Streets) -> None:
    """Refused by the word the platform has for it, with nothing changed."""
    street = street_with(writes="direct")
    street.town.only, street.town.answers = "POST", [(207, {"outcomes": [{"ok": False, "oops": "WET"}]}, {})]
    with pytest.raises(AdsError) as refused:
        await street.do("posters", "update", poster_id=LIT, slogan="Fresh")
    assert getattr(refused.value, "code", "") == "WET"


async def test_a_remark_does_not_outlive_its_call(street: Street) -> None:
    """What the platform remarks is in the answer to the call that heard it, and in no other."""
    page: dict[str, Any] = {"sheets": [], "onward": {}}
    street.town.only = "GET /stalls/12/posters"
    street.town.answers = [(200, page, {"x-kiosk-remark": "closing soon"})]
    first = await street.table("posters", "list", stall_id="12")
    assert first.meta["warnings"] == ["closing soon"]
    assert "warnings" not in (await street.table("posters", "list", stall_id="12")).meta


@pytest.mark.parametrize("lost", [False, True])
async def test_what_can_be_neither_listed_nor_read(street: Street, *, lost: bool) -> None:
    """An entity without list or get: what was done is done, and what is not known is said."""
    plan_id = await street.planned("stickers", "create", stall_id="12", slogan="Gum")
    if lost:
        street.town.only, street.town.answers = "POST", [(207, {}, {})]
    told = await street.apply(plan_id)
    assert ("UNKNOWN" if lost else "APPLIED") in told.text
    assert len(street.town.changed) == 1
    again = await street.apply(plan_id)
    assert "before; nothing was sent now" in again.text
    assert len(street.town.changed) == 1


NONSENSE: tuple[Any, ...] = ([], None, 7, "x", {}, {"slip": None}, {"slip": []}, {"rows": {}})


@pytest.mark.parametrize("answer", NONSENSE, ids=str)
@pytest.mark.parametrize("part", ["GET /stalls/12/counts", "GET /counts"])
async def test_nonsense_fed_to_a_flow(street: Street, part: str, answer: Any) -> None:
    """An action of several requests that gets an answer of another shape says that the platform failed."""
    street.town.only = part
    street.town.answers = [(200, answer, {})] * 9
    if part == "GET /counts" and answer == {"rows": {}}:
        assert (await street.do("counts", "run", stall_id="12")).data == []
        return
    with pytest.raises(PlatformDown, match=r"makes no sense|no object and no list"):
        await street.do("counts", "run", stall_id="12")


@pytest.mark.parametrize(
    "answer", [[], None, 7, "x", [{"ref": LIT}], {"sheets": [7]}, {"sheets": {"a": 1}}], ids=str
)
async def test_nonsense_for_a_list(street: Street, answer: Any) -> None:
    """A page of another shape is no list without rows."""
    street.town.only = "GET /stalls/12/posters"
    street.town.answers = [(200, answer, {})] * 9
    with pytest.raises(PlatformDown):
        await street.do("posters", "list", stall_id="12")


async def test_names_that_are_not_there(street: Street) -> None:
    """Entities and actions of a connector given to the engine are known like any other's."""
    with pytest.raises(UnknownAction, match="did you mean posters"):
        await street.do("poster", "list")
    with pytest.raises(NotFound):
        await street.do("posters", "get", poster_id="no.999")


@pytest.mark.parametrize("answer", [[], None, 7, "x", {}, [7]], ids=str)
async def test_nonsense_for_a_record(street: Street, answer: Any) -> None:
    """No plan is made from a record of another shape, and what an agent reads is no made-up object."""
    street.town.only, street.town.answers = f"GET /things/{LIT}", [(200, answer, {})] * 9
    with pytest.raises(ApiError):
        await street.planned("posters", "pause", poster_id=LIT)


async def test_a_lost_answer_to_a_creation_is_looked_up(street: Street) -> None:
    """By the list's own parameter and the record's own id."""
    plan_id = await street.planned("posters", "create", stall_id="12", slogan="Lost")
    street.town.only, street.town.answers = "POST", [(207, {}, {})]
    told = await street.apply(plan_id)
    assert 'looking now: there is poster "Lost", id no.113' in told.text


async def test_a_fourth_platform_is_asked_with_the_others(street: Street) -> None:
    """What it brings is its facts: its accounts, its objects and what they cost stand in the same tables."""
    accounts = await street.execute("ads", "accounts", "list")
    assert [(row["platform"], row["account"], row["currency"]) for row in accounts.data] == [
        ("kiosk", "12", "USD"), ("kiosk", "34", "JPY"),
    ]  # fmt: skip
    found = await street.execute("ads", "objects", "search", {"query": "kiosk:no.3"})
    assert [(row["object"], row["id"], row["account"]) for row in found.data] == [
        ("kiosk.posters", "no.3", "12")
    ]
    spent = await street.execute("ads", "performance", "list", {"sort": "-spend", "top": 1})
    assert {row["campaign"]: row["spend"] for row in spent.data} == {"no.8": 8, "no.11": 11}
    assert spent.meta["totals"]["USD"]["spend"] == 36
