"""An audience with values added and taken out, and what becomes of it in words. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from mcp_ads.connectors.linkedin_ads.audiences import criteria, facets

Values = Mapping[str, Any]
Clause = dict[str, list[str]]
Told = tuple[str, str, str]
"""Where a value stands ("" or "excluded "), its facet's short name, its URN."""
GRAMMAR = '{"titles": ["urn:li:title:1"], "locations": ["urn:li:geo:103644278"]}'
MOST_NAMED = 12
NO_PLACE = "locations: an audience needs one at least"
LOCATIONS = ("locations", "profileLocations", "interfaceLocales")


def parse(value: Any) -> Clause:
    """Facets by any of their names, with the URNs of each. Raises ValueError."""
    return criteria.read_clause(value, GRAMMAR)


def edited(before: Values, edits: Mapping[str, Clause]) -> tuple[dict[str, Any], list[str]]:
    """The whole audience as it will be, and a line for each mistake: what is not there to be removed, what
    LinkedIn does not let stand together, unless it stood so before.
    """
    clauses: list[Clause] = [dict(deepcopy(clause)) for clause in criteria.clauses(before)]
    outside: Clause = dict(deepcopy(criteria.excluded(before)))
    mistakes = [
        *_removed("remove", clauses, edits.get("remove", {})),
        *_removed("exclude_remove", [outside], edits.get("exclude_remove", {})),
    ]
    for facet, urns in edits.get("add", {}).items():
        if not any(facet in clause for clause in clauses):
            clauses.append({facet: []})
        clause = next(clause for clause in clauses if facet in clause)
        clause[facet] += [urn for urn in urns if urn not in clause[facet]]
    for facet, urns in edits.get("exclude_add", {}).items():
        there = outside.setdefault(facet, [])
        there += [urn for urn in urns if urn not in there]
    kept = [{"or": some} for clause in clauses if (some := _filled(clause))]
    left = _filled(outside)
    after: dict[str, Any] = {"include": {"and": kept}, **({"exclude": {"or": left}} if left else {})}
    if not criteria.names(after) & {*LOCATIONS}:
        mistakes.append(f"{'remove' if 'remove' in edits else 'add'}.{NO_PLACE}")
    known = set(criteria.conflicts(before))
    new = ((names, line) for names, line in criteria.clashes(after) if line not in known)
    return after, [*mistakes, *(_with_way_out(names, line, after, edits) for names, line in new)]


def faults(after: Values) -> Iterable[str]:
    """What LinkedIn does not take of a whole audience that is given, beside what its validator refuses."""
    if not criteria.names(after) & {*LOCATIONS}:
        yield f"targeting_criteria: {NO_PLACE}"


def _with_way_out(names: Iterable[str], line: str, after: Values, edits: Mapping[str, Clause]) -> str:
    """A mistake with the parameter that makes it, and what of before the same call could take out."""
    urns, added = {name: facets.urn_of(name) for name in names}, edits.get("add", {})
    alone = len(urns) == 1
    param = "exclude_add" if alone and not added.keys() & {*urns.values()} else "add"
    own = next((f"{param}.{name}: " for name, urn in urns.items() if urn in edits.get(param, {})), "")
    out, parts, kept = "remove", [*criteria.clauses(after)], {*added}
    if alone and param == "add":
        out, parts, kept = "exclude_remove", [criteria.excluded(after)], {*edits.get("exclude_add", {})}
    there = {
        name: values
        for name, urn in urns.items()
        if urn not in kept and name not in LOCATIONS and (values := _values(parts, urn))
    }
    if not own or not there:
        return f"{own}{line}"
    many = sum(map(len, there.values())) > MOST_NAMED
    told = f"all its {' and '.join(there)}" if many else json.dumps(there)
    return f"{own}{line}; take out what was there in the same call: {out}={told}"


def _values(clauses: Iterable[Mapping[str, list[str]]], facet: str) -> list[str]:
    return list(dict.fromkeys(urn for clause in clauses for urn in clause.get(facet, ())))


def change_said(before: Values, after: Values, names: Mapping[str, str]) -> list[str]:
    """What comes in and what goes out, a line for each, and the whole audience as it will be."""
    was, now, whole = set(_told(before)), set(_told(after)), f"targeting: {whole_said(after, names)}"
    lines = [
        f"targeting {verb} {where}{name}: {_named(urns, names, len(urns))}"
        for verb, values in (("adds", now - was), ("removes", was - now))
        for (where, name), urns in sorted(_by_facet(values).items())
    ]
    if before and not lines and before != after:
        lines = ["targeting: the same values, combined in another way"]
    return [*lines, f"targeting then: {whole_said(after, names)}"] if before else [whole]


def whole_said(targeting: Values, names: Mapping[str, str]) -> str:
    """An audience in words: what narrows it, side by side, and who is left out."""
    parts = [_clause_said(clause, names) for clause in criteria.clauses(targeting)]
    outside = _clause_said(criteria.excluded(targeting), names)
    return " AND ".join(parts) + (f", without {outside}" if outside else "")


def _clause_said(clause: Mapping[str, list[str]], names: Mapping[str, str]) -> str:
    return " or ".join(f"{_short(facet)}: {_named(urns, names)}" for facet, urns in clause.items())


def _named(urns: Iterable[str], names: Mapping[str, str], most: int = MOST_NAMED) -> str:
    """Values by name, the URN's end beside it; how many more there are than fit."""
    listed = list(urns)
    told = [_one(urn, names.get(urn, urn)) for urn in listed[:most]]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(told) + more


def _one(urn: str, name: str) -> str:
    plain = urn.removeprefix("urn:li:")
    return plain if name == urn else f"{name} ({plain})"


def _removed(param: str, clauses: list[Clause], wanted: Clause) -> Iterator[str]:
    """Takes the values out of the clauses; a line for each that is in none."""
    for facet, urns in wanted.items():
        there = {urn for clause in clauses for urn in clause.get(facet, ())}
        if missing := [urn for urn in urns if urn not in there]:
            yield f"{param}.{_short(facet)}: {', '.join(missing[:MOST_NAMED])} is not in its audience"
        for clause in clauses:
            if facet in clause:
                clause[facet] = [urn for urn in clause[facet] if urn not in urns]


def _short(facet: str) -> str:
    return facet.removeprefix(facets.PREFIX)


def _filled(clause: Clause) -> Clause:
    return {facet: urns for facet, urns in clause.items() if urns}


def _told(targeting: Values) -> Iterator[Told]:
    inside = (("", clause) for clause in criteria.clauses(targeting))
    for where, clause in (*inside, ("excluded ", criteria.excluded(targeting))):
        yield from ((where, _short(facet), str(urn)) for facet, urns in clause.items() for urn in urns)


def _by_facet(values: Iterable[Told]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for where, name, urn in sorted(values):
        found.setdefault((where, name), []).append(urn)
    return found
