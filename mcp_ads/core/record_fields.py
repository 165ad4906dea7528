"""Which columns a record has, and what `fields` may name of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from .action import Read

ALL = (["*"], ["all"])
SHOWN = 3


class KnownRead(Read):
    """A read whose records have fields of known names, so that any other is refused instead of left empty.

    `known` has the dotted names; "content.*" is an object of any shape. `alike` has other words for them.
    """

    known: ClassVar[tuple[str, ...]] = ()

    def columns(self) -> tuple[str, ...]:
        return tuple(resolved(self.fields or self.lean, self.names(), self.alike))

    def names(self) -> tuple[str, ...]:
        """What `fields` may name."""
        return self.known

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if self.fields and self.names() and self.fields not in ALL:
            asked = resolved(self.fields, self.names(), self.alike)
            yield from unknown_fields(asked, self.names())


def resolved(asked: Iterable[str], known: Sequence[str], alike: Mapping[str, str]) -> list[str]:
    """The columns by their own names: other words for them, and spellings such as end_date for endDate."""
    plain = {_plain(name): name for name in known}
    same = {_plain(name): column for name, column in alike.items()}
    found = (
        name if has(name, known) else plain.get(_plain(name)) or same.get(_plain(name), name)
        for name in asked
    )
    return list(dict.fromkeys(found))


def has(name: str, known: Iterable[str]) -> bool:
    """Whether a record has this field: a known one, the object around known ones, or inside an open one."""
    for field in known:
        root, is_open, _ = field.partition(".*")
        if name == root or root.startswith(f"{name}.") or (is_open and name.startswith(f"{root}.")):
            return True
    return False


def unknown_fields(asked: Iterable[str], known: Sequence[str], told: str = "") -> Iterable[str]:
    """One line for each name there is no column of, the last with all there are, or with what is `told`."""
    wrong = [name for name in asked if not has(name, known)]
    there = told or ", ".join(name.removesuffix(".*") for name in known)
    for name in wrong:
        roots = dict.fromkeys(field.partition(".")[0] for field in known)
        near = near_names(
            name, [*roots, *(field for field in known if field.count(".") and field[-1] != "*")]
        )
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        rest = f"; there are {there}" if name == wrong[-1] else ""
        yield f"fields: {name[:60]!r} is no column here{hint}{rest}"


def near_names(name: str, known: Sequence[str]) -> list[str]:
    """The names that contain this one, else those that look alike, at most three."""
    lower = name.lower()
    inside = [other for other in known if lower in other.lower()]
    plain = {other.lower(): other for other in known}
    return inside[:SHOWN] or [
        plain[match] for match in difflib.get_close_matches(lower, plain, n=SHOWN, cutoff=0.6)
    ]


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
