"""Assets of the library that a creative names, looked at before it is sent: what they are, how they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from mcp_ads.connectors.amazon_ads.types import Json
from mcp_ads.core import Action, Context, Write
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import InvalidParams, PlatformDown

from .assets import ID_PATTERN, AssetById, versions_of

LIBRARY = "the library's {}"
MOST_NAME = 60
Live = Mapping[str, Any]
Named = tuple[str, str, str]
"""A parameter, IMAGE or VIDEO, and the asset it names, with its version after a colon."""


class ShowsAssets(Write):
    """A creative of which planning looks at the assets it names."""

    def named_assets(self) -> Iterable[Named]:
        """The assets it names."""
        return ()

    def beside(self, account: str, live: Live) -> Mapping[str, Action]:
        found = {**super().beside(account, live)}
        for name, _, asset in self.named_assets():
            if re.fullmatch(ID_PATTERN, own := asset.partition(":")[0], re.ASCII):
                given = {"profile_id": account, "asset_id": own}
                found[LIBRARY.format(name)] = AssetById.model_validate(given)
        return found

    def settled(self, context: Context, live: Live | None = None) -> Self:
        if mistakes := [text for named in self.named_assets() for text in unfit(named, live or {})]:
            raise InvalidParams("\n".join(mistakes))
        return super().settled(context, live)

    def warnings(self, live: Live) -> Iterable[str]:
        yield from super().warnings(live)
        for name, kind, asset in self.named_assets():
            if (rows := versions(live.get(LIBRARY.format(name)), asset)) == []:
                yield f"{name}: this profile's library has no {cut(asset)!r}; assets.list has those there are"
            yield from doubts(name, rows or ())
            yield from (f"{name} is the {kind.lower()} {title}" for title in titles(rows or ()))


def versions(answer: Any, asset: str) -> list[Json] | None:
    """The rows of an asset's versions; None where they were not read, or not in a known shape."""
    try:
        return None if answer is None else [*versions_of(answer, asset)]
    except PlatformDown:
        return None


def unfit(named: Named, live: Live) -> Iterator[str]:
    """Why an asset that is in the library cannot be shown there."""
    name, wanted, asset = named
    answer = live.get(LIBRARY.format(name))
    rows, others = versions(answer, asset), versions(answer, asset.partition(":")[0])
    kinds = {str(row["assetType"]) for row in others or () if row["assetType"]}
    if kinds and wanted not in kinds:
        yield f"{name}: {cut(asset)!r} is {with_article(kinds.pop())}, not {with_article(wanted)}"
    elif others and not rows:
        yield f"{name}: {cut(asset)!r} has no such version; assets.list with its id shows which there are"
    elif rows and all(row["status"] == "ARCHIVED" for row in rows):
        yield f"{name}: {cut(asset)!r} is ARCHIVED"


def doubts(name: str, rows: Iterable[Json]) -> Iterator[str]:
    """What may keep an asset from being shown."""
    known = [*rows]
    if known and all(row["status"] == "PROCESSING" for row in known):
        yield f"{name}: Amazon still processes it, and may refuse it until assets.list says ACTIVE"
    yield from (f"{name}: it failed {row['failedSpecChecks']}" for row in known if row["failedSpecChecks"])


def titles(rows: Iterable[Json]) -> list[str]:
    """What an asset is called, in quotes; empty where it has no name."""
    names = [json.dumps(str(row["name"])[:MOST_NAME], ensure_ascii=False) for row in rows if row["name"]]
    return names[:1]


def with_article(word: str) -> str:
    """A kind of asset with "a" or "an"."""
    return f"{'an' if word[:1] in 'AEIOU' else 'a'} {word}"
