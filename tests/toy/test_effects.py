"""What a write does beside setting fields, and writes that only act: planned, said, done, taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from planning import undo_of

from mcp_ads.core import POST, Entity
from mcp_ads.errors import OutcomeUnknown
from toy.dialect import KioskWrite
from toy.posters import OnePoster, posters
from toy.test_kiosk import Street
from toy.town import Town

pytestmark = pytest.mark.anyio
LIT = "no.1"


class Dust(OnePoster):
    """Dust one poster."""

    times: int = 1

    does, undone_by = "acts", "soil"

    def to_body(self) -> dict[str, str]:
        return {}

    def sets(self) -> dict[str, str]:
        return {}

    def effect(self) -> str:
        return f"dusts it {self.times:,} times"


class Soil(Dust):
    """Soil one poster."""

    undone_by = ""

    def effect(self) -> str:
        return f"soils it {self.times:,} times"


class Stamp(OnePoster):
    """Change one poster's text, and send a postcard."""

    slogan: str

    def effect(self) -> str:
        return "sends a postcard"


class Ring(KioskWrite):
    """Ring the bell of one stall."""

    stall_id: str

    http, does = POST("/stalls/{stall_id}/bell"), "acts"

    def to_body(self) -> dict[str, str]:
        return {}

    def sets(self) -> dict[str, str]:
        return {}

    def effect(self) -> str:
        return "rings the bell"

    def doubt(self, answer: object) -> str:
        return "" if isinstance(answer, dict) and "ref" in answer else "no ring"


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """A town with more to do."""
    made = Street(tmp_path, Town(), ())
    more = Entity(dust=Dust, soil=Soil, stamp=Stamp, ring=Ring)
    more.actions |= posters.actions
    made.connector("kiosk").loaded["posters"] = more.named("posters", "Posters.")
    yield made
    await made.close()


def make_old(street: Street) -> None:
    """Take what an older version did not write out of the one plan there is."""
    (path,) = (street.settings.records / "plans").glob("*.json")
    text = path.read_text().replace('"does": "changes", "effect": "", ', "")
    assert '"does"' not in text
    path.write_text(text)


async def test_an_effect_is_something_to_do(street: Street) -> None:
    """It makes a plan though nothing is set, stands in its id and text, and is not read back."""
    found = await street.do("posters", "dust", poster_id=LIT, times=1204)
    assert found.data["plan_id"].startswith("dusts-it-1204-times-poster.poster-1.stall-12.")
    assert '1. dust poster no.1 "Poster 1" in 12: dusts it 1,204 times' in found.text
    assert "cannot be undone" not in found.text
    done = await street.apply(found.data["plan_id"])
    assert street.town.changed == ["change no.1"]
    assert "read back: what it does cannot be read back" in done.text
    assert "DIFFERS" not in done.text


async def test_an_effect_is_taken_back_where_the_write_says_how(street: Street) -> None:
    """By the action it names, with the same parameters; what names none says so."""
    done = await street.apply(await street.planned("posters", "dust", poster_id=LIT, times=3))
    undo = undo_of(done)
    assert undo.startswith("soils-it-3-times-poster.")
    last = await street.apply(undo)
    assert street.town.changed == ["change no.1", "change no.1"]
    assert 'no undo for soil poster no.1 "Poster 1": there is no call that takes this back' in last.text


async def test_fields_with_an_effect_beside_them(street: Street) -> None:
    """The fields are compared, read back and set back; the effect is said to stay, and is never pointless."""
    same = await street.do("posters", "stamp", poster_id=LIT, slogan="Poster 1")
    assert 'slogan "Poster 1" → "Poster 1"; sends a postcard' in same.text
    done = await street.apply(await street.planned("posters", "stamp", poster_id=LIT, slogan="New"))
    assert 'read back: slogan "New"' in done.text
    assert "there is no call that takes this back: sends a postcard" in done.text
    await street.apply(undo_of(done))
    assert street.town.things[LIT]["slogan"] == "Poster 1"


@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_an_act_makes_nothing(street: Street, mode: str) -> None:
    """It needs no id back, and it is not called made a second time."""
    object.__setattr__(street.settings, "writes", mode)
    for _ in range(2):
        found = await street.do("posters", "ring", stall_id="12")
        assert "was made" not in str(found.meta) + found.text
        if mode == "plan":
            assert found.data["plan_id"].startswith("rings-the-bell-poster.stall-12.")
            found = await street.apply(found.data["plan_id"])
            assert "APPLIED: 1 of 1 done" in found.text
            assert "what it does cannot be read back" in found.text
        assert not found.errors


async def test_an_act_whose_answer_is_lost(street: Street) -> None:
    """It is unknown, and its check says that nothing shows it instead of a call that cannot."""
    street.town.only, street.town.answers = "POST", [(500, {"oops": "OFF_DUTY"}, {})]
    text = (await street.apply(await street.planned("posters", "ring", stall_id="12"))).text
    assert "UNKNOWN: 0 of 1 done" in text
    assert "check: what it does cannot be read back; look in the platform's own pages" in text
    street.town.answers = [(500, {"oops": "OFF_DUTY"}, {})]
    object.__setattr__(street.settings, "writes", "direct")
    with pytest.raises(OutcomeUnknown) as caught:
        await street.do("posters", "dust", poster_id=LIT)
    assert "cannot be read back" in caught.value.fix


async def test_nothing_can_be_built_upon_an_act(street: Street) -> None:
    """A reference to what it makes is refused: it makes nothing."""
    plan = await street.planned("posters", "ring", stall_id="12")
    with pytest.raises(Exception, match="that step makes nothing new"):
        await street.do("posters", "dust", poster_id="@1.id", append_to=plan)


async def test_an_old_plan_without_kinds(street: Street) -> None:
    """A plan of a version that knew no kinds is still a plan: what has an object changes it."""
    plan_id = await street.planned("posters", "update", poster_id=LIT, slogan="New")
    make_old(street)
    assert "APPLIED" in (await street.apply(plan_id)).text
