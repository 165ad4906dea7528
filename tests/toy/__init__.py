"""A fourth platform in the tests: posters on kiosks, whose words are nobody else's.

Its owner field, states, ids, money unit, pages and 207 are its own, so that none can be in the engine.
"""

from __future__ import annotations

from typing import Any

from mcp_ads.core import Account, AccountSource, Connector, Ownership, Request, dig
from mcp_ads.errors import ApiError

from .dialect import KioskDialect


def _account(row: dict[str, Any]) -> Account:
    return Account(row["stall"], row["sign"], row["coin"], "Asia/Tokyo")


def _nobody(error: ApiError) -> bool:
    return error.code == "NO_KEEPER"


kiosk = Connector(
    name="kiosk",
    title="Kiosk Posters",
    package=__name__,
    hosts={"": "https://kiosk.test"},
    dialect=KioskDialect(),
    accounts=AccountSource("stalls", _account, param="stall_id", ids=("stall",)),
    owner=Ownership(
        (lambda object_id: Request("GET", f"/keeper/{object_id}"),),
        ("keeper",),
        lambda record: str(dig(record, "keeper.stall") or ""),
        _nobody,
    ),
    place="stall",
    plain_id=lambda text: text.removeprefix("no."),
    env="KIOSK",
    facts_at="facts",
    where="the kiosk's keeper hands out tokens",
    entities=(
        ("stalls", "Kiosks.", "stalls"),
        ("walls", "What posters hang on; the town's, and no stall's.", "walls"),
        ("posters", "Posters, with what each may cost a day.", "posters"),
        ("series", "Posters that are lit together.", "series"),
        ("stickers", "Stickers: stuck on, and never seen again.", "stickers"),
        ("counts", "How many people came by.", "counts"),
    ),
)
