"""From when until when a campaign runs; the families spell days differently."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from .errors import Problem
from .market import today
from .resources import Draft, Rule

NAMES = ("startDate", "endDate")


def day(text: str, spelling: str) -> date:
    """The day a text names in this spelling. Raises ValueError, for other spellings too."""
    found = datetime.strptime(text, spelling).date()  # noqa: DTZ007 - a day has no zone
    if found.strftime(spelling) != text:
        raise ValueError(text)
    return found


def dates(spelling: str, words: str, reasons: tuple[str, ...] = ()) -> Rule:
    """The rule for campaigns whose days are spelled like this, such as %Y-%m-%d; `words` say it to people.

    `reasons` are those for which the family refuses days, where it documents fewer than all.
    """

    def rule(draft: Draft) -> Iterator[Problem]:
        days: dict[str, date] = {}
        for name in NAMES:
            try:
                if draft.new.get(name):
                    days[name] = day(draft.new[name], spelling)
            except ValueError:
                yield draft.problem("dateError", "INVALID_DATE", f"must be {words}", name, draft.new[name])
                return
        before = day(draft.old["startDate"], spelling) if draft.old else None
        for found in fit(draft, days.get("startDate"), days.get("endDate"), before):
            if not reasons or found.reason in reasons:
                yield found

    return rule


def fit(draft: Draft, start: date | None, end: date | None, before: date | None) -> Iterator[Problem]:
    """What is wrong with the first and the last day of a campaign that began on the day `before`."""
    now = today(draft.call.profile)
    if draft.old and "endDate" not in draft.item and end and end < now:
        reason = "UPDATING_ENDED_CAMPAIGN_WITHOUT_EXTENSION"
        yield draft.problem("dateError", reason, "the campaign has ended", "endDate", end)
    if start and "startDate" in draft.item:
        if before and before <= now:
            if start != before:
                text = "the campaign has started"
                yield draft.problem("dateError", "UPDATING_READ_ONLY_START_DATE", text, "startDate", start)
        elif start < now:
            text = "is in the past"
            yield draft.problem("dateError", "START_DATE_EARLIER_THAN_TODAY", text, "startDate", start)
    if end and "endDate" in draft.item and end < now:
        yield draft.problem("dateError", "END_DATE_EARLIER_THAN_TODAY", "is in the past", "endDate", end)
    elif end and start and end < start:
        text = "ends before it starts"
        yield draft.problem("dateError", "START_DATE_AFTER_END_DATE", text, "startDate", start)
