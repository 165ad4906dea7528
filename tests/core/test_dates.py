"""Date ranges: whole days before today, the same on every platform."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mcp_ads.core import Span
from mcp_ads.core.dates import parse

SUNDAY = date(2026, 11, 22)


def _days(written: Any, today: date = SUNDAY) -> tuple[str, str]:
    since, until = parse(written).settle(today).days
    return str(since), str(until)


@pytest.mark.parametrize(
    ("preset", "since", "until"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("last_1d", "2026-11-21", "2026-11-21"),
        ("last_7d", "2026-11-15", "2026-11-21"),
        ("LAST_30D", "2026-10-23", "2026-11-21"),
        ("last_30_days", "2026-10-23", "2026-11-21"),
        (" last_90d ", "2026-08-24", "2026-11-21"),
        ("this_week", "2026-11-16", "2026-11-21"),
        ("last_week", "2026-11-09", "2026-11-15"),
        ("last_week_mon_sun", "2026-11-09", "2026-11-15"),
        ("mtd", "2026-11-01", "2026-11-21"),
        ("this_month", "2026-11-01", "2026-11-21"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("ytd", "2026-01-01", "2026-11-21"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_presets(preset: str, since: str, until: str) -> None:
    """Both ends included; only `today` includes today."""
    assert _days(preset) == (since, until)


@pytest.mark.parametrize(
    ("today", "preset", "since", "until"),
    [
        ("2024-03-01", "yesterday", "2024-02-29", "2024-02-29"),
        ("2025-03-01", "yesterday", "2025-02-28", "2025-02-28"),
        ("2024-03-31", "last_month", "2024-02-01", "2024-02-29"),
        ("2024-02-29", "last_year", "2023-01-01", "2023-12-31"),
        ("2024-02-29", "ytd", "2024-01-01", "2024-02-28"),
        ("2024-02-29", "last_quarter", "2023-10-01", "2023-12-31"),
        ("2027-01-01", "yesterday", "2026-12-31", "2026-12-31"),
        ("2027-01-01", "last_7d", "2026-12-25", "2026-12-31"),
        ("2027-01-01", "last_month", "2026-12-01", "2026-12-31"),
        ("2027-01-01", "last_week", "2026-12-21", "2026-12-27"),
        ("2027-01-01", "this_week", "2026-12-28", "2026-12-31"),
        ("2026-11-25", "this_week_sun_today", "2026-11-22", "2026-11-24"),
        ("2027-01-31", "last_quarter", "2026-10-01", "2026-12-31"),
        ("2026-05-31", "last_quarter", "2026-01-01", "2026-03-31"),
        ("2026-11-23", "last_week", "2026-11-16", "2026-11-22"),
    ],
)
def test_boundaries(today: str, preset: str, since: str, until: str) -> None:
    """Leap days, year ends, and Mondays."""
    assert _days(preset, date.fromisoformat(today)) == (since, until)


@pytest.mark.parametrize(
    ("today", "preset"),
    [("2026-11-01", "mtd"), ("2027-01-01", "ytd"), ("2026-11-23", "this_week"), ("2026-11-22", "last_0d")],
)
def test_no_whole_day_yet(today: str, preset: str) -> None:
    """An empty range is said, not turned around."""
    with pytest.raises(ValueError, match="no whole day yet"):
        _days(preset, date.fromisoformat(today))


@pytest.mark.parametrize("day", [date(2024, 1, 1) + timedelta(days=step) for step in range(0, 800, 13)])
@pytest.mark.parametrize(
    "preset", ["yesterday", "last_7d", "last_week", "last_month", "last_quarter", "last_year"]
)
def test_presets_end_before_today(day: date, preset: str) -> None:
    """On any day of the year a finished range is in order and in the past."""
    since, until = parse(preset).settle(day).days
    assert since <= until < day


@pytest.mark.parametrize(
    ("written", "since", "until"),
    [
        ("2026-10-01", "2026-10-01", "2026-10-01"),
        ("2026-10-01..2026-10-31", "2026-10-01", "2026-10-31"),
        (" 2026-10-01 .. 2026-10-31 ", "2026-10-01", "2026-10-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2026-10-01 to 2026-10-31", "2026-10-01", "2026-10-31"),
        ("2026-10-01/2026-10-31", "2026-10-01", "2026-10-31"),
        ("2026-10-01 - 2026-10-31", "2026-10-01", "2026-10-31"),
        (["2026-10-01", "2026-10-31"], "2026-10-01", "2026-10-31"),
        ({"since": "2026-10-01", "until": "2026-10-31"}, "2026-10-01", "2026-10-31"),
        ({"start": "2026-10-01", "end": "2026-10-01"}, "2026-10-01", "2026-10-01"),
        (
            {"start": {"year": 2026, "month": 10, "day": 1}, "end": {"year": 2026, "month": 10, "day": 31}},
            "2026-10-01",
            "2026-10-31",
        ),
    ],
)
def test_plain_ranges(written: Any, since: str, until: str) -> None:
    """Dates, ranges, and the vendors' objects."""
    assert _days(written) == (since, until)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-01..",
        "since 2026-11-01",
        "2026-11-01 to yesterday",
        "(start:(year:2026,month:11,day:1))",
        "( start: (year: 2026, month: 11, day: 1) )",
        "(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:21))",
        ["2026-11-01", None],
        {"since": "2026-11-01"},
        {"start": "2026-11-01", "end": None},
        {"from": "2026-11-01"},
        {"start_date": "2026-11-01"},
        {"start": {"year": 2026, "month": 11, "day": 1}},
    ],
)
def test_since_a_day(written: Any) -> None:
    """A first day alone goes on to yesterday, in every spelling; it never becomes that one day."""
    assert _days(written) == ("2026-11-01", "2026-11-21")


def test_until_today() -> None:
    """Only who says today gets today."""
    assert _days("2026-11-01..today") == ("2026-11-01", "2026-11-22")
    with pytest.raises(ValueError, match="no whole day yet"):
        _days("2026-11-22..")


@pytest.mark.parametrize(
    ("written", "since", "until"),
    [
        ("this_quarter", "2026-10-01", "2026-11-21"),
        ("QTD", "2026-10-01", "2026-11-21"),
        ("last 14 days", "2026-11-08", "2026-11-21"),
        ("30d", "2026-10-23", "2026-11-21"),
        ("past 7 days", "2026-11-15", "2026-11-21"),
        ("last 2 weeks", "2026-11-02", "2026-11-15"),
        ("last 3 months", "2026-08-01", "2026-10-31"),
        ("last_2_quarters", "2026-04-01", "2026-09-30"),
        ("last 2 years", "2024-01-01", "2025-12-31"),
        ("last_week_sun_sat", "2026-11-15", "2026-11-21"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026-11", "2026-11-01", "2026-11-21"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026", "2026-01-01", "2026-11-21"),
    ],
)
def test_calendar_names(written: str, since: str, until: str) -> None:
    """Months, quarters and years by their number, and several before this one; none reaches into today."""
    assert _days(written) == (since, until)


def test_maximum_is_what_the_platform_keeps() -> None:
    """Where nothing says how far back that is, it is refused with what to write."""
    for written in ("maximum", "lifetime", "all time"):
        assert parse(written).settle(SUNDAY, date(2023, 10, 22)).days == (
            date(2023, 10, 22),
            date(2026, 11, 21),
        )
        with pytest.raises(ValueError, match="name the first day"):
            _days(written)


def test_the_grammar_names_what_works() -> None:
    """Every name in the list of the error is understood."""
    with pytest.raises(ValueError, match="write") as refused:
        parse("lately")
    names = str(refused.value).partition("write ")[2].partition(", {since")[0].split(", ")
    assert len(names) > 4
    assert all(parse(name) for name in names)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("lastweek", "'lastweek' is no range; did you mean last_week? Or write last_7d"),
        ("next_week", "'next_week' is no range; days to come have no numbers; write"),
        ("tomorrow", "'tomorrow' is no range; days to come have no numbers; write"),
        ("november", "'november' is no range; write a month with its year, such as 2026-11; or write"),
        ("2026-11-31..2026-12-01", "2026-11-31 is no day: November 2026 has 30; write"),
        ("2026-02-29", "2026-02-29 is no day: February 2026 has 28; write"),
        ("2026-13-01", "'2026-13-01' is no day; write"),
        ("2026-11-01..lately", "'lately' is no day; write"),
        ("10/01/2026", "'10/01/2026' is no range; write"),
    ],
)
def test_what_is_wrong_with_days_is_said(written: str, said: str) -> None:
    """The text is repeated, with the name it is like, and why there is no such day."""
    with pytest.raises(ValueError, match="write") as refused:
        parse(written)
    assert str(refused.value).startswith(said)
    assert len(str(refused.value)) < 200


def test_days_to_come_have_no_numbers() -> None:
    """A range that ends after today is refused, and one that ends today is not."""
    with pytest.raises(ValueError, match=r"^2026-11-23 is after today \(2026-11-22\)$"):
        parse("2026-11-01..2026-11-23").settle(SUNDAY)
    assert _days("2026-11-01..2026-11-22")[1] == "2026-11-22"


@pytest.mark.parametrize(
    "written",
    [
        "", "lately", "last_week_tue_mon", "last_d", "last_-7d", "last_7", "last_99999d", "last_\u0667d",
        "2026-02-29", "2026-13-01", "2026-10-32", "01.10.2026", "10/01/2026", "2026-13", "2026-q5", "1826",
        "2026-10-01T00:00:00", "..2026-10-31", "2026-10-01..lately", "2026-10-01...2026-10-31",
        "2026-10-31..2026-10-01", 20261001, None, True, [], ["2026-10-31", "2026-10-01"], ["lately"], {},
        {"until": "2026-10-01"}, {"since": "2026-10-31", "until": "2026-10-01"},
        {"since": "2026-10-01", "untill": "2026-10-02"}, {"since": "2026-10-01", "start": "2026-10-02"},
        "(start:(year:2026,month:11))", "(start:(year:2026,month:11,day:1)",
        "(end:(year:2026,month:11,day:1))",
        "since lately", "last_0000_months_ago",
        {"since": True, "until": True}, {"since": [], "until": []}, {"since": {}, "until": {}},
        {"since": {"year": 2026}, "until": "2026-10-01"},
        {"since": {"year": None, "month": 1, "day": 1}, "until": "2026-10-01"},
        {"since": {"year": 10**30, "month": 1, "day": 1}, "until": "2026-10-01"},
        {"since": {"year": 2026, "month": 13, "day": 1}, "until": "2026-10-01"},
    ],
)  # fmt: skip
def test_refuses(written: Any) -> None:
    """Everything else is one sentence with the grammar, never a crash or another range."""
    with pytest.raises(ValueError, match=r"write|after"):
        parse(written)


def test_settled_is_settled() -> None:
    """Plain dates do not move with today."""
    span = parse("last_7d").settle(SUNDAY)
    assert span.settle(SUNDAY + timedelta(days=300)) == span
    assert parse(span) is span


@pytest.mark.parametrize(
    ("written", "text"), [("last_7d", "last_7d"), ("2026-10-01", "2026-10-01..2026-10-01")]
)
def test_text(written: str, text: str) -> None:
    """As it is said in an answer's meta, and read back."""
    assert str(parse(written)) == text
    assert parse(text) == parse(written)
    assert isinstance(parse(text), Span)
