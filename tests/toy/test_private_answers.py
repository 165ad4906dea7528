"""Answers about people: contacts hidden, written down nowhere, in full only in a file of the user's."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import people
import pytest
from engine_client import Table
from people import EMAIL, LAST, MARKS, PHONE

from mcp_ads.core import GET, OBJECT, Context, Entity, Flow, Read, Result
from mcp_ads.errors import InvalidParams, NotConfigured, NotFound, Rejected
from toy.dialect import PAGES
from toy.test_kiosk import Street
from toy.town import Town

pytestmark = pytest.mark.anyio
PLACE = "GET /stalls/12/passers"
ASKED = {"stall_id": "12"}


class Passers(Read):
    """Asks for people."""

    private, contacts, lean = True, ("email", "phone"), ("ref", "email", "phone", "seen")


class ListPassers(Passers):
    """List who came by one stall."""

    stall_id: str

    http, pages, records = GET("/stalls/{stall_id}/passers"), PAGES, "sheets"


class GetPasser(Passers):
    """Read one of them."""

    passer_id: str

    http, subject, whose = GET("/stalls/12/passers/{passer_id}"), "passer_id", OBJECT


class CountPassers(Passers):
    """Ask twice and give what came."""

    stall_id: str

    http = GET("/stalls/{stall_id}/passers")

    def flow(self, context: Context) -> Flow:
        first = yield self.to_request()
        second = yield self.to_request()
        return Result([*first["sheets"], *second["sheets"]])


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """A town where people came by, and a folder for the user's files."""
    files = tmp_path / "files"
    files.mkdir()
    made = Street(tmp_path / "home", Town(only="GET /stalls/12/passers"), (), files=files)
    passers = Entity(list=ListPassers, get=GetPasser, count=CountPassers)
    made.connector("kiosk").loaded["passers"] = passers.named("passers", "Who came by.")
    yield made
    await made.close()


def somebody(number: int) -> dict[str, Any]:
    return {
        "id": f"p{number}",
        "ref": f"p{number}",
        "email": f"{number}.{EMAIL}",
        "phone": PHONE,
        "seen": number,
        "ln": LAST,
    }


def answering(street: Street, *pages: list[dict[str, Any]]) -> None:
    """What the platform answers next, page by page."""
    last = len(pages) - 1
    street.town.answers = [
        (200, {"sheets": page, "onward": {"ticket": f"t{at + 1}"} if at < last else {}}, {})
        for at, page in enumerate(pages)
    ]


def saved(table: Table) -> tuple[list[dict[str, str]], int]:
    """The rows of the file an answer names, and who may open it."""
    path = Path(table.meta["saved"])
    return list(csv.DictReader(path.read_text("utf-8").splitlines())), path.stat().st_mode & 0o777


def written(street: Street, said: str = "") -> list[str]:
    """Where the engine wrote somebody down."""
    street.trace.flush()
    assert "private: " in (street.settings.records / "trace.jsonl").read_text()
    return people.found(said, street.settings.records, MARKS)


async def test_contacts_are_hidden_and_kept_nowhere(street: Street) -> None:
    """The answer names the way to see them; pages are asked for again, because nothing of them is kept."""
    answering(street, [somebody(1), somebody(2)], [somebody(3)])
    table = await street.table("passers", "list", **ASKED, limit=1)
    assert table.rows == [{"ref": "p1", "email": "(hidden)", "phone": "(hidden)", "seen": "1"}]
    assert 'email, phone: name them in fields to see them, or save_to="name.csv"' in table.meta["hidden"]
    answering(street, [somebody(1), somebody(2)], [somebody(3)])
    rest = await street.table("passers", "list", **ASKED, limit=5, cursor=table.meta["cursor"])
    assert [row["ref"] for row in rest.rows] == ["p2", "p3"]
    assert written(street, table.text + rest.text) == []
    assert not list((street.settings.records / "lists").glob("*"))


async def test_contacts_that_are_asked_for_are_shown(street: Street) -> None:
    """Named in `fields` they are in the answer, and still nowhere else."""
    answering(street, [somebody(1), somebody(2)])
    table = await street.table("passers", "list", **ASKED, fields="ref,email", limit=1)
    assert table.rows == [{"ref": "p1", "email": f"1.{EMAIL}"}]
    assert "hidden" not in table.meta
    assert written(street) == []


async def test_an_answer_that_has_no_room_keeps_nothing(street: Street) -> None:
    """What an answer leaves out is asked for again with its cursor."""
    rows = [{**somebody(number), "seen": "x" * 280} for number in range(200)]
    answering(street, rows)
    text = street.text(await street.do("passers", "list", **ASKED, limit=200))
    table = Table(text)
    assert len(table.rows) < len(rows)
    assert table.meta["more"]
    answering(street, rows)
    rest = await street.table("passers", "list", **ASKED, limit=200, cursor=table.meta["cursor"])
    assert rest.rows[0]["ref"] == f"p{len(table.rows)}"
    assert written(street, text) == []


@pytest.mark.parametrize("action", ["get", "count"])
async def test_every_way_of_asking(street: Street, action: str) -> None:
    """One of them, and a flow of several requests, are hidden and unwritten as lists are."""
    if action == "get":
        street.town.answers = [(200, somebody(1), {})]
        street.town.only = "GET /stalls/12/passers/p1"
        found = await street.do("passers", "get", passer_id="p1")
    else:
        answering(street, [somebody(1)])
        street.town.answers *= 2
        found = await street.do("passers", "count", **ASKED)
    row = found.data if action == "get" else found.data[1]
    assert (row["ref"], row["email"]) == ("p1", "(hidden)")
    assert written(street, street.text(found)) == []


async def test_a_file_has_them_in_full(street: Street) -> None:
    """Every page, every contact; the answer has the first rows, hidden, and where the file is."""
    answering(street, [somebody(1), somebody(2)], [somebody(3)])
    table = await street.table("passers", "list", **ASKED, limit=1, save_to="passers.csv")
    rows, mode = saved(table)
    assert [row["email"] for row in rows] == [f"{number}.{EMAIL}" for number in (1, 2, 3)]
    assert mode == 0o600
    assert table.rows[0]["email"] == "(hidden)"
    assert table.meta["more"]
    assert written(street, table.text) == []


async def test_a_part_in_a_file_is_said(street: Street) -> None:
    """A page that fails ends the file early, and the answer says that it is a part."""
    answering(street, [somebody(1)], [somebody(2)])
    street.town.answers[1] = (400, {"oops": "NOT_TODAY"}, {})
    table = await street.table("passers", "list", **ASKED, save_to="some.csv")
    said = " ".join(table.meta["warnings"])
    assert "the file has only the first 1 rows" in said
    assert "cut short by Rejected" in said


async def test_files_that_may_not_be_written(street: Street, tmp_path: Path) -> None:
    """Nothing is asked of the platform for a file outside the folder, over another, or without a folder."""
    (street.settings.files or tmp_path).joinpath("there.csv").write_text("mine")
    for name in ("../out.csv", ".hidden.csv", "there.csv", "no/folder.csv", "people.txt"):
        with pytest.raises(InvalidParams, match="save_to"):
            await street.do("passers", "list", **ASKED, save_to=name)
    object.__setattr__(street.settings, "files", None)
    with pytest.raises(NotConfigured, match="no folder is allowed"):
        await street.do("passers", "list", **ASKED, save_to="x.csv")
    assert "GET /stalls/12/passers" not in street.town.asked


async def test_a_refusal_that_quotes_somebody(street: Street) -> None:
    """An error about people has no address, not even as its code."""
    street.town.answers = [(400, {"oops": f"WHO_IS_{EMAIL}"}, {})]
    with pytest.raises(Rejected) as caught:
        await street.do("passers", "list", **ASKED)
    text = street.error_text(caught.value)
    street.trace.flush()
    assert people.found(text, street.settings.records, MARKS) == []
    with pytest.raises(NotFound):
        await street.do("passers", "get", passer_id="p9")
