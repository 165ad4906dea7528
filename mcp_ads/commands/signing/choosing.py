"""Which of the accounts may be used, and which is meant when none is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mcp_ads.auth.signing_in.consent import quoted
from mcp_ads.commands.streams import note
from mcp_ads.core import Account
from mcp_ads.errors import BadSettings
from mcp_ads.platforms import SHORT

from . import terminal

PAGE = 20
MOST_NAME = 40
HOW = "which may be used? Numbers such as 1,3-5; `all` for these; Enter for these and all that come later"


@dataclass(frozen=True)
class Choice:
    """The accounts that may be used, all where there are none, and the one that is meant."""

    accounts: tuple[str, ...] = ()
    default: str = ""


def chosen(connector: str, accounts: Sequence[Account]) -> Choice:
    """What a person chooses of these accounts."""
    if not accounts:
        return Choice()
    shown = show(connector, accounts, 0)
    while (text := terminal.ask(f"{HOW}{_more(accounts, shown)}:")) == "more":
        shown = show(connector, accounts, shown if shown < len(accounts) else 0)
    allowed = _until_right(text, accounts)
    listed = [account for account in accounts if account.id in allowed] or list(accounts)
    if len(listed) == 1:
        return Choice(allowed, listed[0].id)
    return Choice(allowed, _default(accounts, [account.id for account in listed]))


def show(connector: str, accounts: Sequence[Account], begin: int) -> int:
    """Print a page of the accounts with their numbers; how many have been shown by then."""
    end = min(begin + PAGE, len(accounts))
    for number, account in enumerate(accounts[begin:end], begin + 1):
        name = quoted(account.name, MOST_NAME)
        region = f"  {account.region}" if account.region else ""
        note(f"{number:>4}  {SHORT[connector]}:{account.id}  {name}  {account.currency}{region}")
    if end < len(accounts):
        note(f"      … and {len(accounts) - end} more of {len(accounts)}")
    return end


def named(connector: str, accounts: Sequence[Account], allowed: Sequence[str], default: str) -> Choice:
    """A choice that a program makes by ids, held against what the platform shows. Raises BadSettings."""
    known = [account.id for account in accounts]
    place = SHORT[connector]
    among = "not the one account" if len(known) == 1 else f"none of the {len(known)} accounts"
    mistakes = [
        f"{option}: {place}:{id_} is {among} these credentials see"
        for option, ids in (("--accounts", allowed), ("--default", [default] if default else []))
        for id_ in ids
        if id_ not in known
    ]
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return Choice(tuple(allowed), default or (allowed[0] if len(allowed) == 1 else ""))


def numbers(text: str, most: int) -> list[int]:
    """Numbers and ranges from 1, as somebody writes them. Raises ValueError with what is wrong."""
    found: list[int] = []
    for part in text.replace(",", " ").split():
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ValueError(f"{part!r} is no number")
        begin, end = int(first), int(last or first)
        if not 1 <= begin <= end <= most:
            raise ValueError(f"{part!r} is not from 1 to {most}")
        found += range(begin, end + 1)
    return list(dict.fromkeys(found))


def _more(accounts: Sequence[Account], shown: int) -> str:
    return " (`more` shows the next)" if shown < len(accounts) else ""


def _until_right(text: str, accounts: Sequence[Account]) -> tuple[str, ...]:
    """The ids that an answer means, which is asked for again until it means some."""
    while True:
        if not text:
            return ()
        if text.lower() == "all":
            return tuple(account.id for account in accounts)
        try:
            return tuple(accounts[number - 1].id for number in numbers(text, len(accounts)))
        except ValueError as error:
            text = terminal.ask(f"{error}; {HOW}:")


def _default(accounts: Sequence[Account], allowed: Sequence[str]) -> str:
    """The account that is meant when a call names none; "" where each call has to."""
    question = "which is meant when none is named? One number, or Enter for none:"
    while text := terminal.ask(question):
        try:
            (number,) = numbers(text, len(accounts))
        except ValueError:
            note(f"write one number from 1 to {len(accounts)}, or only Enter")
            continue
        if accounts[number - 1].id in allowed:
            return accounts[number - 1].id
        note(f"{number} is not among those that may be used")
    return ""
