"""Many objects in one request: the shape of its body, its keys, and refusals that stop nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from mcp_ads.sandbox.store import Store

from .errors import ApiError, legacy
from .restli import RestliError, parse_value, reduced


@contextlib.contextmanager
def alone(store: Store) -> Iterator[None]:
    """A transaction that a refusal does not undo: it comes before anything is written.

    Undone, the store would read everything anew, for each item that a batch refuses.
    """
    refusal = None
    with store.transaction():
        try:
            yield
        except ApiError as problem:
            refusal = problem
    if refusal:
        raise refusal


def refuse_on_request(refused: bool) -> None:
    """Raise where a fault `mixed` has something against an item."""
    if refused:
        raise legacy(400, "The sandbox refuses this one on request")


def member(body: Any, name: str, kind: type) -> Any:
    """The one member of a batch body."""
    if not isinstance(body, dict) or set(body) != {name} or not isinstance(body[name], kind):
        raise legacy(400, f'A batch body has the form {{"{name}": …}}')
    return body[name]


def key_of(raw: str) -> str:
    """A map key as written, in one spelling."""
    try:
        return reduced(str(parse_value(raw)))
    except RestliError as malformed:
        raise legacy(400, f"Key {raw!r} of a batch body: {malformed}") from None
