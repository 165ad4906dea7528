"""What commands of the host work on: its database and key, as the environment names them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence

from mcp_ads.account_names import accounts_of, named
from mcp_ads.errors import BadSettings
from mcp_ads.host.assembly import assembled
from mcp_ads.host.parts import Host
from mcp_ads.host.settings import host_settings


@contextlib.contextmanager
def at_host(*, begins: bool = False, env_file: str = "") -> Iterator[Host]:
    """The host's parts for as long as a command runs. Raises BadSettings."""
    host = assembled(host_settings(env_file), begins=begins)
    try:
        yield host
    finally:
        host.database.close()


def accounts_in(text: str | None) -> dict[str, tuple[str, ...]] | None:
    """The accounts an option names; None where it is left out. Raises BadSettings."""
    if text is None:
        return None
    try:
        return accounts_of(part.strip() for part in text.split(","))
    except BadSettings as error:
        raise BadSettings("\n".join(f"--accounts: {line}" for line in error.lines)) from None


def said_of(accounts: Mapping[str, Sequence[str]] | None) -> str:
    """The accounts somebody may use, for people."""
    known = None if accounts is None else {connector: tuple(ids) for connector, ids in accounts.items()}
    return "all accounts" if known is None else f"only {', '.join(named(known))}"


def check_name(name: str, option: str = "NAME") -> str:
    """A name without spaces around it. Raises BadSettings for one that lists could not show."""
    plain = name.strip()
    if not plain or len(plain) > 100 or not plain.isprintable():  # noqa: PLR2004 - said in the line
        raise BadSettings(f"{option}: 1 to 100 characters on one line")
    return plain
