"""Rows of files written many at once, by column: the same as one by one, whatever a file has."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, EngineClient
from middle import in_front
from report_files import CALL, answers

from mcp_ads.errors import PlatformDown

pytestmark = pytest.mark.anyio
ODD: dict[str, tuple[str, ...]] = {
    "campaignId": (
        "900719925474099300", "9007199254740993", "123456789012345678901234567890", "18446744073709551616",
        "-5", '"007"', '"7"', "7", "null", "0", "true", "1e5",
    ),
    "campaignName": (
        '"Schuhe"', '"Gr\\u00fc\\u00dfe \\ud83d\\ude00"', '"\\"},{\\""', '"a\\n}, {b"',
        '"  "', '""', "null", '"İSTANBUL"', '"\\ud800"', "12", '{"a": [1, {"b": null}]}', '"\u2028"',
    ),
    "impressions": ("0", "-0", "12", "1e5", "9007199254740993", "null", '"12"', "3.0", "[1, 2]", "false"),
    "clicks": ("0", "1", "2", "3", "97"),
    "cost": (
        "0.0", "-0.0", "1.25", "19.99", "0.123456789", "1e-7", "NaN", "-Infinity", "1e999",
        "1234567890123.25", "5", "null", '"2.50"', "0.1",
    ),
    "sales7d": ("0.0", "12.34", "99.99", "0.07"),
    "topOfSearchImpressionShare": ("0.25", "null", "0.333333"),
}  # fmt: skip
"""Spellings of the cells of each column, the usual ones among them."""


def spelled(seed: int, count: int) -> bytes:
    """A report of so many rows: some columns of a block are usual, in others one lacks."""
    chance = random.Random(seed)
    parts, odd = list[str](), set[str]()
    for number in range(count):
        if number % 40 == 0:
            odd = {name for name in ODD if chance.random() < seed % 3 / 4}
        cells = [
            f'"{name}": {chance.choice(of if name in odd else of[:1] if name != "clicks" else of)}'
            for name, of in ODD.items()
        ]
        fate = chance.random() if seed % 2 else 1.0
        if fate < 0.01:
            del cells[chance.randrange(len(cells))]
        elif fate < 0.02:
            cells.append('"purchases7d": 1')
        elif fate < 0.03:
            cells.append('"clicks": 7')
        elif fate < 0.04:
            chance.shuffle(cells)
        parts.append(f"{{{', '.join(cells)}}}")
    between = chance.choice((",", ", ", " ,\n"))
    return f"[{between.join(parts)}]".encode()


LOOKS: tuple[dict[str, Any], ...] = (
    {"limit": 1000},
    {"sort": "-cost,campaignName", "limit": 1000},
    {"where": "cost > 1 and campaignName ~ 'r'", "sort": "campaignId", "limit": 1000},
    {"where": "campaignId = '7' or acos > 20%", "top": 20},
    {"fields": ["campaign_name", "conversion_value", "acos", "topOfSearchImpressionShare"], "limit": 1000},
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_rows_by_column_are_the_rows_one_by_one(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks at odd spellings, missing, new and repeated columns are the same, to the spelling of numbers."""
    content = gzip.compress(spelled(seed, 400))
    monkeypatch.setattr("mcp_ads.engine.records.blocks.BLOCK", 20)
    monkeypatch.setattr("mcp_ads.engine.records.scan.CHUNK", 5_000)
    quick = await _seen(tmp_path / "quick", content)
    with monkeypatch.context() as slow:
        slow.setattr("mcp_ads.engine.records.blocks.by_column", lambda _: None)
        slow.setattr("mcp_ads.engine.records.scan.from_json", _refused)
        assert quick == await _seen(tmp_path / "slow", content)
    assert len(quick) == len(LOOKS)


async def _seen(home: Path, content: bytes) -> list[str]:
    """What each look answers, spelled out."""
    engine_client = EngineClient(home, {})
    in_front(engine_client.workspace, answers(content, columns=[*ODD, "date"]))
    seen = []
    for look in LOOKS:
        found = await engine_client.do(AMAZON, "reports", "download", **CALL, **look)
        for name in ("as_of", "age", "cursor", "result"):
            found.meta.pop(name, None)
        seen.append(repr((found.data, found.columns, found.meta)))
    await engine_client.close()
    return seen


def _refused(*_: Any, **__: Any) -> None:
    raise ValueError


async def test_ids_stay_whole_and_money_stays_exact(engine_client: EngineClient) -> None:
    """What one by one would give, written out: ids as text, counts left out as 0, a share in percent."""
    share = "topOfSearchImpressionShare"
    rows = (
        f'{{"campaignId": 900719925474099301, "clicks": 1, "cost": 0.1, "{share}": 0.125}}',
        f'{{"campaignId": 900719925474099303, "clicks": null, "cost": 0.123456789, "{share}": null}}',
    )
    in_front(engine_client.workspace, answers(f"[{','.join(rows)}]".encode(), columns=list(ODD)))
    named = ["campaignId", "clicks", "cost", share]
    found = await engine_client.do(AMAZON, "reports", "download", **CALL, fields=named)
    assert [{name: row[name] for name in named} for row in found.data] == [
        {"campaignId": "900719925474099301", "clicks": 1, "cost": 0.1, share: 12.5},
        {"campaignId": "900719925474099303", "clicks": 0, "cost": 0.12, share: None},
    ]


TEXT = b"[" + b",".join(b'{"clicks": %d, "cost": 1.5}' % number for number in range(300)) + b"]"


async def test_a_file_packed_in_several_goes(engine_client: EngineClient) -> None:
    """It is one list, and zeros after its end are nothing."""
    packed = gzip.compress(TEXT[:1_000]) + gzip.compress(TEXT[1_000:]) + b"\0" * 20
    in_front(engine_client.workspace, answers(packed))
    found = await engine_client.do(AMAZON, "reports", "download", **CALL, sort="-clicks", limit=1)
    assert (found.meta["total"], found.data[0]["clicks"]) == (300, 299)


@pytest.mark.parametrize("packed", [gzip.compress(TEXT)[:-3], gzip.compress(TEXT) + b"more"])
async def test_a_packed_file_that_is_cut_in_its_checksum(engine_client: EngineClient, packed: bytes) -> None:
    """All rows could be read, and still it is damaged: it is not known that they are all."""
    in_front(engine_client.workspace, answers(packed))
    with pytest.raises(PlatformDown, match="damaged or cut"):
        await engine_client.do(AMAZON, "reports", "download", **CALL)
