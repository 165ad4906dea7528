"""What an answer about all accounts says of itself: which days, what is in it, what is not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from mcp_ads.core.facts import Asked

from .periods import Compared, Days

if TYPE_CHECKING:
    from .shares import Share

MOST_NAMED, MOST_SAID = 10, 8
NOTHING = "there is nothing to tell: {}"
OF_ADS = "sums of ads, which are less than the account's: not all spend has an ad"
FIRST_DAY = "first day"
UNCOUNTED = "conversions without the rows where they are empty"
WHAT = {"delivery": "spend and clicks", "conversions": "conversions"}


def stated(shares: Sequence[Share], gaps: Sequence[str], level: str) -> dict[str, Any]:
    """The facts about the rows of these shares, the first of which says what was asked."""
    told = [share for share in shares if share.outcome.read]
    totals = [f"without {lacking}"] if (lacking := _lacking(shares, gaps)) else []
    totals += [OF_ADS] if level == "ad" else []
    totals += [UNCOUNTED] if not all(reading.counts for share in told for reading in share.readings) else []
    new = [share.label for share in told if share.outcome.new]
    totals += [f"with {_few(new)}, which had nothing in the days before"] if new else []
    facts = {
        "accounts": len(told) if level != "account" else 0,  # whose rows are their number
        "totals_are": "; ".join(totals),
        "range": _range(shares, 0),
        "compared_with": _range(shares, 1) if shares and len(shares[0].asked) > 1 else "",
        "coverage": coverage(shares, gaps),
        "basis": {code: words for share in told for code, words in _basis(share).items()},
        "provisional_from": provisional(told),
        "ordered": _ordered(told),
        "warnings": _warnings(shares),
    }
    return {name: value for name, value in facts.items() if value}


def misnamed(shares: Iterable[Share], level: str) -> list[str]:
    """Of which platforms the rows of a level are something else than they call so."""
    told = (share for share in shares if share.outcome.read)
    found = {share.place: said for share in told for at, said in share.facts.rows_are.items() if at == level}
    return [f"{place} rows are {said}" for place, said in found.items()]


def _lacking(shares: Sequence[Share], gaps: Sequence[str]) -> str:
    """What totals are without: platforms, accounts of others, and products of accounts that are there, or
    the days before these are kept.

    A gap begins with the connection whose accounts, or some of them, nobody could list.
    """
    told = [share for share in shares if share.outcome.read]
    there, connections = _places(told), {share.session.platform.label for share in told}
    names, late = dict[str, None](), dict[str, date]()
    for share in shares:
        if not share.outcome.read:
            names[share.label if share.place in there else share.place] = None
        else:
            names |= dict.fromkeys(f"{share.label} {product}".strip() for product in share.outcome.lost)
    unseen = dict.fromkeys(gap.partition(":")[0] for gap in gaps if ":" in gap)
    names |= {f"some accounts of {one}" if one in connections else one: None for one in unseen}
    for share in told:
        for reading in share.readings:
            if reading.begins:
                name = f"{share.place} {reading.product}".strip()
                late[name] = max(late.get(name, reading.begins), reading.begins)
    names |= {f"{name} before {first}": None for name, first in late.items()}
    return _few([*names])


def coverage(shares: Sequence[Share], gaps: Sequence[str]) -> str:
    """Which accounts and products are not in an answer, and why; empty where all are."""
    unread = [
        (share.label, share.outcome.unread or "not asked") for share in shares if not share.outcome.read
    ]
    parts = [f"not read: {grouped(unread)}"] if unread else []
    part = [
        (f"{share.label} {product}", why)
        for share in shares
        if share.outcome.read
        for product, why in share.outcome.lost.items()
    ]
    parts += [f"without {grouped(part)}"] if part else []
    cut = [(share.label, share.outcome.cut) for share in shares if share.outcome.read and share.outcome.cut]
    parts += [f"in part: {grouped(cut)}"] if cut else []
    parts += dict.fromkeys(said for share in shares if share.outcome.read for said in share.lacks)
    parts += [f"not listed: {'; '.join(gaps)}"] if gaps else []
    read = sum(share.outcome.read for share in shares)
    return "; ".join([f"{read} of {len(shares)}", *parts]) if parts else ""


def provisional(shares: Sequence[Share]) -> str:
    """From which day on numbers may still change; empty where they are final."""
    found: dict[str, dict[str, list[date]]] = {}
    since: dict[str, date] = {}
    for share in shares:
        asked, place = share.asked[0], share.place
        since[place] = min(since.get(place, asked.since), asked.since)
        for what, days in share.facts.final_after(asked).items():
            first = max(asked.since, share.today - timedelta(days=days))
            if first <= asked.until:
                found.setdefault(what, {}).setdefault(place, []).append(first)
    lines = {}
    for what, firsts in found.items():
        by_place = {place: min(days) for place, days in firsts.items()}
        words = {place: FIRST_DAY if day == since[place] else str(day) for place, day in by_place.items()}
        lines[WHAT.get(what, what)] = _dates(words, _places(shares))
    if len(lines) == len(WHAT) and len(set(lines.values())) == 1:
        return next(iter(lines.values()))
    return "; ".join(f"{what} {dates}" for what, dates in lines.items())


def _dates(dates: Mapping[str, str], places: Sequence[str]) -> str:
    """Days, with the platforms they are of where that is not all of them."""
    if len(set(dates.values())) == 1 and len(dates) == len(places):
        return next(iter(dates.values()))
    by_day: dict[str, list[str]] = {}
    for place, day in dates.items():
        by_day.setdefault(day, []).append(place)
    return ", ".join(f"{day} ({', '.join(of)})" for day, of in by_day.items())


def _range(shares: Sequence[Share], at: int) -> str:
    """The days by each account's own calendar, and whose calendar that is where it is not the account's."""
    spans: dict[str, list[str]] = {}
    for share in shares:
        asked = share.asked[at]
        spans.setdefault(f"{asked.since}..{asked.until}", []).append(share.label)
    usual = max(spans, key=lambda span: len(spans[span]), default="")
    others = [f"{', '.join(of[:MOST_NAMED])} {span}" for span, of in spans.items() if span != usual]
    text = f"{usual} ({'; '.join(others)})" if others else usual
    if at:
        uneven = next((Compared(_days(share.asked[0]), _days(share.asked[1])).uneven for share in shares), "")
        return f"{text} ({uneven})" if uneven else text
    zones = _places(share for share in shares if share.facts.zone == "UTC")
    return f"{text} in account time{''.join(f', {place} in UTC' for place in zones)}"


def _days(asked: Asked) -> Days:
    return asked.since, asked.until


def _places(shares: Iterable[Share]) -> list[str]:
    return list(dict.fromkeys(share.place for share in shares))


def _basis(share: Share) -> dict[str, str]:
    """For each code that rows have, which conversions count and by what they are attributed."""
    facts, asked = share.facts, share.asked[0]
    counts = facts.counts(asked)
    return {code: f"{counts}, {words}" if counts else words for code, words in facts.basis(asked).items()}


def grouped(pairs: Iterable[tuple[str, str]]) -> str:
    """Names by what is said of them, at most so many of each."""
    found: dict[str, list[str]] = {}
    for name, said in pairs:
        found.setdefault(said, []).append(name)
    return ", ".join(
        f"{', '.join(names[:MOST_NAMED])}{_more(names)} ({said})" for said, names in found.items()
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + _more(names)


def _more(names: Sequence[str]) -> str:
    return f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""


def _ordered(shares: Sequence[Share]) -> str:
    """When the oldest report was ordered that an earlier call had ordered already, at most six hours ago."""
    metas = [item.meta for share in shares for item in share.told]
    at = [str(meta["ordered"]) for meta in metas if meta.get("age") and meta.get("ordered")]
    return f"{min(at)[11:16]} UTC; fresh: true orders anew" if at else ""


def _warnings(shares: Sequence[Share]) -> list[str]:
    """What the reads warn of, and types of conversions that are added up twice."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for share in shares:
        for said in share.facts.overlaps(share.asked[0]):
            found.setdefault((share.place, "", said), {})[share.label] = None
        for item in share.told:
            before = ", the days before" if item.at else ""
            for line in map(str, item.meta.get("warnings", ())):
                if not line.startswith(item.reading.quiet):
                    found.setdefault((share.place, before, line), {})[share.label] = None
    count = Counter(share.place for share in shares)
    lines = [
        f"{place if len(whose) == count[place] else _few([*whose])}{before}: {said}"
        for (place, before, said), whose in found.items()
    ]
    return lines[:MOST_SAID]
