"""Parameters of a call: validated, with the account they leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Write, validate
from mcp_ads.core.kept import marks
from mcp_ads.core.view import offered
from mcp_ads.engine.wire.authority import authority
from mcp_ads.errors import InvalidParams

from . import instead
from .instead import found_by

if TYPE_CHECKING:
    from .session import Session

MOST_NAMED = 10
EVERY = '; accounts: "all" reads them all at once'


async def with_account(session: Session, kind: type[Action], params: dict[str, Any]) -> dict[str, Any]:
    """The parameters with an account, where the action needs one and none is named: the owner of the object
    that tells it, else the default one.

    The others are validated first: a call that is wrong anyway asks the platform nothing.
    """
    if not (example := account_left_out(session, kind, params)):
        return params
    call = checked(session, kind, params | example)
    about = next((id_ for name in kind.told_by if (id_ := getattr(call, name))), "")
    try:
        owner = session.accounts.known_owner(str(about))
        if about and session.connector.owner:
            owner = await session.accounts.owner(str(about))
        return {**params, session.accounts.param: owner or await session.accounts.default()}
    except InvalidParams as error:
        error.signature = signature(session, kind)
        error.fix += EVERY if error.fix and takes_accounts(kind) else ""
        raise


def takes_accounts(kind: type[Action]) -> bool:
    """Whether a call may be about several accounts at once: one that reads rows of none's objects by id."""
    rows = "accounts" in offered(kind).model_fields
    return rows and not (kind.subject or kind.private or marks(kind))


def account_left_out(session: Session, kind: type[Action], params: dict[str, Any]) -> dict[str, Any]:
    """An example account as a parameter, where the action requires one and the call names none."""
    name = session.accounts.param
    field = kind.model_fields.get(name)
    named = any(
        validate.our_name(kind, param) == name for param, value in params.items() if value is not None
    )
    if field is None or not field.is_required() or named:
        return {}
    return {name: (field.examples or ["1234567890"])[0]}


def checked(session: Session, kind: type[Action], params: dict[str, Any]) -> Action:
    """A valid call. Raises InvalidParams, which says where a condition may stand in place of an id."""
    names = names_of(session, kind)
    try:
        return validate.call(*names, kind, params)
    except InvalidParams as error:
        subject = found_by(session.connector, *names, kind) if issubclass(kind, Write) else ""
        lacks = f"{subject}: missing, required"
        lines = [line.replace(lacks, f"{lacks}, or where") if subject else line for line in error.lines]
        error.args = ("\n".join(lines),)
        error.signature = instead.signature(session.connector, *names, kind)
        raise


def of_client(session: Session, kind: type[Action], params: Mapping[str, Any]) -> str:
    """Which accounts of this platform a client has, where one stands in the place of an account."""
    names = [name for name in params if validate.our_name(kind, name) == session.accounts.param]
    word, _, name = str(params[names[0]] if names else "").partition(":")
    client = session.settings.clients.named.get(name.strip())
    if word.strip().lower() != "client" or client is None:
        return ""
    connector = session.connector.name
    pairs = [pair for pair in client.accounts if pair[0] == connector and authority().covers([pair])]
    if not pairs:
        return f"client {client.name} has no account here"
    ids = ", ".join(account_id for _, account_id in pairs[:MOST_NAMED])
    more = f" and {len(pairs) - MOST_NAMED} more" if len(pairs) > MOST_NAMED else ""
    each = ": one call each, or `steps`" if len(pairs) > 1 and issubclass(kind, Write) else ""
    return f"{session.accounts.param} of client {client.name}: {ids}{more}{each}"


def signature(session: Session, kind: type[Action]) -> str:
    return instead.signature(session.connector, *names_of(session, kind), kind)


def names_of(session: Session, kind: type[Action]) -> tuple[str, str]:
    """The entity and the name of an action that is in use."""
    return next(
        (entity.name, name)
        for entity in session.connector.loaded.values()
        for name, action in entity.actions.items()
        if action is kind
    )
