"""Whose a call is: the account it names, the account its object belongs to, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mcp_ads.errors import ApiError

from .request import Request

if TYPE_CHECKING:
    from .action import Action


@dataclass(frozen=True)
class Owner:
    """How an action tells whose it is. `holder` is what owns the object where no ad account does."""

    kind: Literal["parameter", "object", "none"]
    holder: str = ""

    def named(self, call: object) -> str:
        """The holder a call names, such as page-104857600000001; empty where it names none."""
        owner = str(getattr(call, f"{self.holder}_id", ""))
        return f"{self.holder}-{owner}" if owner.isdecimal() else ""


PARAMETER = Owner("parameter")
"""The account is a parameter of the call, and the platform answers within it."""
OBJECT = Owner("object")
"""The account owns the object that the call names."""
NONE = Owner("none")
"""No ad account owns what the call is about."""


def via(holder: str) -> Owner:
    """By way of another thing, such as a business or a page, that no ad account owns."""
    return Owner("none", holder)


@dataclass(frozen=True)
class Ownership:
    """How a platform says which account owns an object, where ids do not.

    `asks` are the requests for an object's id, one after the other until one is answered, `fields` what they
    ask for and a record can be asked for beside others, `read` the account's id in the answer or the record.
    `nobody` says of a refusal whether it shows that such an object is no account's, `untold` whether it is
    one's and the platform does not say whose.
    """

    asks: tuple[Callable[[str], Request], ...]
    fields: tuple[str, ...]
    read: Callable[[Mapping[str, Any]], str]
    nobody: Callable[[ApiError], bool] = lambda _: False
    untold: Callable[[ApiError], bool] = lambda _: False


@dataclass(frozen=True)
class Inside:
    """An object that a call names in a parameter, `at` which, and that has to be one of the account's.

    `among` is the list of those an account has or may use, where the platform does not say whose it is.
    """

    at: str
    id: str
    among: Callable[[str], Action] | None = None


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value, however deep: where objects may be named."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from texts_in(inner)
