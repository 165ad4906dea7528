"""Whose columns a condition names: what the list has of an object, or what the report has of its days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mcp_ads.core import Action
from mcp_ads.core.column_names import alike_in, closest, conventional, everyday
from mcp_ads.core.figures import Figures
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.view import TableView
from mcp_ads.core.where_tokens import KEYWORDS, named, tokens
from mcp_ads.core.where_values import TEXTUAL
from mcp_ads.engine.reads.fetching import fetching, revealing
from mcp_ads.engine.session.params import account_left_out, checked
from mcp_ads.errors import InvalidParams

from .asked import OVER, WHERE, Wanted

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

USUAL = ("spend", "impressions", "clicks", "conversions")
"""What is told of all objects that were found, where their report has it."""


@dataclass(frozen=True)
class Sides:
    """The list with the columns a condition needs, and the report with those it has to have, if any.

    Neither is for a certain account yet. `own` are words for the report's columns that stand for the list's.
    `words` are those of the condition, each with whether it is a figure, `spoken` those that the report
    understands by another word only, which is theirs.
    """

    listed: Action
    measured: Action | None
    figures: Figures | None
    own: Mapping[str, str]
    words: Mapping[str, bool]
    spoken: Mapping[str, str] = field(default_factory=dict)


def sides_of(session: Session, wanted: Wanted, needs: Iterable[str] = ()) -> Sides:
    """The list and the report of a selection; `needs` are figures that are wanted whatever the condition is.

    Raises InvalidParams for a name that neither has, and for days that are missing, or not needed.
    """
    narrowed = dict(wanted.narrowed)
    listed = checked(session, wanted.lists, narrowed | account_left_out(session, wanted.lists, narrowed))
    listed = revealing(listed, TableView(where=wanted.where))
    figures = session.connector.figures.get(wanted.entity)
    measured = _report(session, figures) if figures else None
    own = _own(figures, listed) if figures else {}
    _check_meant(wanted, figures)
    words = _words(wanted, listed, measured, own, figures.unmeant if figures else ())
    needed = [*needs, *(word for word, is_figure in words.items() if is_figure)]
    _check_days(wanted, [word for word in needed if word not in needs], needed, measured)
    listed = _with(listed, (own.get(_plain(word), word) for word, of in words.items() if not of))
    states = wanted.kind.states.fields
    for name in [*(listed.told_in if isinstance(listed, Hiding) else ()), *states, wanted.kind.name_at]:
        listed = _takes(listed, name) or listed
    if not needed or measured is None:
        return Sides(listed, None, None, own, words)
    spoken = {word: other for word in needed if (other := _understood(measured, word)) and other != word}
    measured = _with(measured, (spoken.get(word, word) for word in needed))
    if figures and figures.awareness and (with_it := _takes(listed, figures.awareness.column)):
        listed = with_it
    elif figures and figures.awareness:
        measured = _takes(measured, figures.awareness.column) or measured
    for name in USUAL:
        measured = _takes(measured, name) or measured
    return Sides(listed, measured, figures, own, words, spoken)


def _report(session: Session, figures: Figures) -> Action:
    """The report with no more columns than whose numbers a row has, of whatever days."""
    kind = session.connector.action(figures.entity, figures.action)
    given = {**figures.params, "fields": [figures.id_at]}
    return checked(session, kind, given | account_left_out(session, kind, given))


def _own(figures: Figures, listed: Action) -> Mapping[str, str]:
    """What the report calls an object's own id and name, where the list, which has them as they are now,
    calls them otherwise.
    """
    what = figures.id_at.removesuffix("_id").removesuffix("Id")
    words = {_plain(figures.id_at): "id", _plain(f"{what}_name"): "name"}
    return {word: name for word, name in words.items() if not _exactly(listed, word)}


def _words(
    wanted: Wanted, listed: Action, measured: Action | None, own: Mapping[str, str], unmeant: Collection[str]
) -> dict[str, bool]:
    """The words of the condition that are columns, each with whether it is one of the report's."""
    sure, maybe = named(wanted.where)
    found, mistakes = dict[str, bool](), list[str]()
    for word in sure:
        side = False if _plain(word) in own else _is_figure(word, listed, measured)
        if side is None:
            mistakes.append(f"{WHERE[0]}: {word!r} is no column{_near(word, listed, measured, unmeant)}")
        else:
            found[word] = side
    for word, left in _beside(wanted.where, maybe):
        if _plain(word) in own or _is_called(listed, word):
            found[word] = False
        elif measured and _is_called(measured, word) and (found.get(left) or not _is_text(listed, left)):
            found[word] = True
    if mistakes:
        raise InvalidParams("\n".join(mistakes))
    return found


def _check_meant(wanted: Wanted, figures: Figures | None) -> None:
    """Raise InvalidParams for a word that may be read as another object's name."""
    told = {_plain(word): line for word, line in figures.unmeant.items()} if figures else {}
    mistakes = [
        f"{WHERE[0]}: {word!r} {told[_plain(word)]}"
        for word in named(wanted.where)[0]
        if _plain(word) in told
    ]
    if mistakes:
        raise InvalidParams("\n".join(mistakes))


def _beside(where: str, maybe: Collection[str]) -> Iterator[tuple[str, str]]:
    """Words that may be columns or texts, each with the word it is compared with."""
    left = ""
    for token in tokens(where):
        if token.kind == "word" and token.text in maybe:
            yield token.text, left
        elif token.kind == "word" and not token.is_word(*KEYWORDS):
            left = token.text


def _is_called(call: Action, word: str) -> bool:
    """Whether a word, as it is written, is what a column is called, and no text that only looks like it."""
    if (taken := _takes(call, word)) is None:
        return False
    return word in (*taken.columns(), *call.words()) or any(
        name.startswith(f"{word}.") for name in taken.columns()
    )


def _is_text(listed: Action, word: str) -> bool:
    """Whether a column of the list has text or codes, beside which a word is such a one too."""
    name = listed.words().get(word, word)
    columns = (_takes(listed, name) or listed).columns()
    meant = next((column for column in columns if _plain(column) == _plain(name)), name)
    column = listed.kinds().get(meant) or conventional(meant)
    return column is not None and column.kind in TEXTUAL


def _is_figure(word: str, listed: Action, measured: Action | None) -> bool | None:
    """Whether a word is a column of the report, and not of the list; None where it is of neither.

    What is called so comes before what only may be meant; another object's name is never this one's.
    """
    if _exactly(listed, word):
        return False
    if measured and _exactly(measured, word):
        return True
    if (taken := _takes(listed, word)) and not ("name" in everyday(word) and "name" in taken.columns()):
        return False
    return True if measured and _understood(measured, word) else None


def _exactly(call: Action, word: str) -> bool:
    """Whether a call has a column by just this name, or by one the action has for it."""
    taken = _takes(call, word)
    return taken is not None and (
        word.lower() in map(str.lower, call.words())
        or any(
            name == _plain(word) or name.startswith(f"{_plain(word)}.")
            for name in map(_plain, taken.columns())
        )
    )


def _takes(call: Action, word: str) -> Action | None:
    """The call with the column that a word means; None where it has none."""
    try:
        return fetching(call, TableView(where=f"{word} is not empty"), "")
    except InvalidParams:
        return None


def _understood(call: Action, word: str) -> str:
    """The word, or one for the same thing, that a call has a column for; empty where it has none."""
    return next((name for name in (word, *everyday(word)) if _takes(call, name)), "")


def _with(call: Action, words: Iterable[str]) -> Action:
    """The call with the columns that these words mean. Raises InvalidParams."""
    for word in words:
        call = fetching(call, TableView(where=f"{word} is not empty"), "")
    return call


def _near(word: str, listed: Action, measured: Action | None, unmeant: Collection[str]) -> str:
    """The columns that a word may mean, of the list or of the report, but for those that would be refused;
    where none resembles it, the list's.
    """
    of_list = listed.names() if isinstance(listed, KnownRead) else listed.columns()
    of_report = [*measured.columns(), *measured.kinds()] if measured else []
    refused = {*map(_plain, unmeant), _plain(word)}
    of_report = [name for name in of_report if _plain(name) not in refused]
    known = {*of_list, *of_report}
    if len(several := [name for name in alike_in(word, known) if name in known]) > 1:
        return f": it could be {' or '.join(several)}: name one"
    meant = closest(word, [*dict.fromkeys([*of_list, *of_report])])
    return meant.partition("; there are")[0] or closest(word, of_list)


def _check_days(wanted: Wanted, words: list[str], needed: list[str], measured: Action | None) -> None:
    if needed and wanted.over is None:
        named_ = ", ".join(dict.fromkeys(words)) or "what is asked for"
        texts = measured and words and all(_is_text(measured, word) for word in words)
        what = "in no list, and in the report of some days" if texts else "a figure of some days"
        raise InvalidParams(f'{OVER}: missing; {named_} is {what}: {OVER}: "last_month"')
    if wanted.over and not needed:
        such = f", such as {USUAL[0]}" if measured else f": {wanted.entity} have none"
        raise InvalidParams(f"{OVER}: {WHERE[0]} names no figures{such}; leave {OVER} out")


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
