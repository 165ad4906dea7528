"""Records that answer a read by id: of what was asked for, never another's and never something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic.alias_generators import to_camel

from .page_records import strange

MOST_SHOWN = 60


def id_names(subject: str) -> tuple[str, ...]:
    """Where a record has its id."""
    return (to_camel(subject), subject, "id")


def ids_in(record: Mapping[str, Any], subject: str) -> list[str]:
    """What a record says its id is: "budget_rule_id" may be budgetRuleId, ruleId or id, and associations name
    what they are of without "_id".
    """
    parts = subject.split("_")
    names = [subject, *("_".join(parts[at:]) for at in range(len(parts))), subject.removesuffix("_id")]
    told = [record.get(name) for name in (subject, *map(to_camel, names))]
    return [str(value) for value in told if type(value) in (str, int) and value != ""]


def own_records(
    records: Iterable[Any], subject: str, wanted: Any, plain: Callable[[str], str]
) -> list[dict[str, Any]]:
    """The records of what `subject` names, an id or a list of ids, which `plain` makes comparable.

    Raises PlatformDown for anything that is no record with an id, and for a record of another object: of such
    an answer nothing is believed, neither what it has nor what it lacks.
    """
    noun, found = subject.removesuffix("_id").replace("_", " "), list[dict[str, Any]]()
    asked = {plain(str(one)) for one in (wanted if isinstance(wanted, list) else [wanted])}
    for record in records:
        ids = ids_in(record, subject) if isinstance(record, Mapping) else []
        if not ids:
            raise strange(f"the platform answered something that is no {noun}")
        if asked.isdisjoint(map(plain, ids)):
            raise strange(f"the platform answered with another {noun}, {ids[0][:MOST_SHOWN]!r}")
        found.append(dict(record))
    return found
