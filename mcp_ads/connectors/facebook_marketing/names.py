"""Which fields Facebook's objects have, as Meta's SDK lists them, and what a name that is none may mean."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from mcp_ads.core.column_names import everyday
from mcp_ads.core.columns import unexpanded
from mcp_ads.core.synonyms import close_to

MAJOR, MINOR = "_major", "_minor"
MONEY = frozenset({
    "amount_spent", "balance", "bid_amount", "budget_remaining", "daily_budget", "daily_min_spend_target",
    "daily_spend_cap", "lifetime_budget", "lifetime_min_spend_target", "lifetime_spend_cap",
    "min_campaign_group_spend_cap", "min_daily_budget", "min_daily_budget_high_freq", "min_daily_budget_imp",
    "min_daily_budget_low_freq", "min_daily_budget_video_views", "spend_cap",
})  # fmt: skip
"""Fields in minor units. A row never has them under their bare name, beside a currency it would mislead."""
ALIKE = {"delivery": "effective_status", "serving_status": "effective_status", "state": "status"}
ROAS = "purchase_roas"
MOST_LISTED, NEAR = 12, 3
MOST_KNOWN = 256
"""Selections of columns whose meaning is remembered."""


_PEOPLE = re.compile(r"(?<!\w)(leads|test_leads|field_data)(?!\w)")
_DOTTED = re.compile(r"\w+(\.\w+)+", re.ASCII)
_IN_BRACES = re.compile(rf"(?<![\w.])({'|'.join(sorted(MONEY))})({MAJOR}|{MINOR})?(?!\w)")


@cache
def _table() -> Mapping[str, Mapping[str, frozenset[str]]]:
    text = files(__package__ or "").joinpath("fields.json").read_text("utf-8")
    return {
        node: {part: frozenset(names.split()) for part, names in parts.items()}
        for node, parts in json.loads(text).items()
    }


def fields_of(node: str) -> frozenset[str]:
    """The fields of a kind of object; none where the kind is not told."""
    return _table()[node]["fields"] if node else frozenset()


@cache
def readable(node: str) -> frozenset[str]:
    """What `fields` may name: fields, edges to expand, and money in both units."""
    money = MONEY & fields_of(node)
    edges = _table()[node]["edges"] if node else frozenset()
    return fields_of(node) | edges | {f"{name}{unit}" for name in money for unit in (MAJOR, MINOR)}


def column_name(field: str) -> str:
    """A field with its expansion is shown under its own name: creative{id,name} -> creative."""
    return unexpanded(field).partition(".")[0]


def money_inside(field: str) -> bool:
    """Whether a field expands others that are in minor units."""
    name = column_name(field)
    return bool(_IN_BRACES.search(field.removeprefix(name)))


def on_the_wire(field: str) -> str:
    """A field as Graph knows it: minor units have no ending there, neither inside braces."""
    name = column_name(field)
    if rest := field.removeprefix(name):
        return name + _IN_BRACES.sub(r"\1", rest)
    return name.removesuffix(MAJOR).removesuffix(MINOR)


def resolved(field: str, known: Collection[str], alike: Mapping[str, str]) -> str:
    """A field by its own name, where it was written in another spelling or with another word."""
    root = column_name(field)
    if root in known:
        return field
    found = _by_plain_name(tuple(known)).get(_plain(root)) or alike.get(root.lower())
    return found + field.removeprefix(root) if found else field


def shown(field: str, node: str) -> Iterable[str]:
    """The columns a field is shown as: money in both units, anything else as it is."""
    name = resolved(field, readable(node), ALIKE) if node else field
    return (name + MAJOR, name + MINOR) if name in MONEY else (name,)


@lru_cache(maxsize=MOST_KNOWN)
def columns(asked: tuple[str, ...], node: str) -> tuple[str, ...]:
    """The columns of a selection of fields, each once."""
    return tuple(dict.fromkeys(column for name in asked for column in shown(name, node)))


def mistakes(asked: Iterable[str], known: Collection[str], param: str = "fields") -> Iterable[str]:
    """A line for each name there is no field of."""
    for field in asked:
        name = column_name(field)
        if name in known and field not in known and _DOTTED.fullmatch(field):
            near = _containing(name, {*known} - {name})
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            yield f"{param}: {field[:60]!r} is no field here: {name} is asked for whole{hint}"
        elif name not in known:
            near = _containing(name, known) or _meaning(name, known)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            all_of_them = (
                f"; there are {', '.join(sorted(known))}" if not near and len(known) <= MOST_LISTED else ""
            )
            yield f"{param}: {name[:60]!r} is no field here{hint}{all_of_them}"


def people(asked: Iterable[str]) -> Iterable[str]:
    """A line for each field that reads what people wrote into forms, also inside another."""
    for field in asked:
        if found := _PEOPLE.search(field):
            yield f"fields: {found[1]} is about people: `leads list` reads them"


def _containing(word: str, known: Collection[str]) -> list[str]:
    """The shortest names with the word in them."""
    return sorted((name for name in known if word in name), key=lambda name: (len(name), name))[:NEAR]


def _meaning(word: str, known: Collection[str]) -> list[str]:
    """Names of the same thing, where a word has such on any platform; for any other those most like it."""
    if word == "acos" and ROAS in known:
        return [f"{ROAS}, by which 100 is divided for it"]
    others = everyday(word)
    return [name for name in others if name in known] if others else close_to(word, sorted(known))


@lru_cache(maxsize=MOST_KNOWN)
def _by_plain_name(known: tuple[str, ...]) -> Mapping[str, str]:
    return {_plain(name): name for name in known}


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
