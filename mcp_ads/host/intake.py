"""What a request says of a connector -> what is kept of it. Pure; no value of a credential is repeated."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from mcp_ads.connectors import connector as declared
from mcp_ads.core.synonyms import closest_of, cut
from mcp_ads.errors import UnknownAction
from mcp_ads.platforms import AMAZON_HOSTS

from .catalog import DEFINITIONS, Definition, named
from .refusals import Refused

KINDS = ("connector_type", "definition_id", "source_template_id")
WORKSPACES = ("workspace_name", "customer_name", "external_user_id")
IGNORED = "option_title"
"""A key that pages about other connectors show among credentials."""
LONGEST, LONGEST_SECRET, NAMED = 255, 10_000, 10
BREAKS = frozenset({"Cc", "Zl", "Zp"})
"""Kinds of characters that no line has: controls, and ends of lines and paragraphs."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_-]{0,99}")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?")
_REGIONS = {host.removeprefix("https://"): region for region, host in AMAZON_HOSTS.items()}
Mistake = tuple[str, str]


def every(*checks: Callable[[], Any]) -> list[Any]:
    """What each of the checks gives. Raises Refused with the mistakes of all."""
    found: list[Any] = []
    refused: list[Refused] = []
    for check in checks:
        try:
            found.append(check())
        except Refused as error:
            refused.append(error)
    if refused:
        together = refused[0]
        together.status = max(error.status for error in refused)
        together.errors = [entry for error in refused for entry in error.errors]
        raise together
    return found


def template_of(definition: Definition) -> str:
    """The id of the one template there is for a kind."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"mcp-ads:source-template:{definition.id}"))


_TEMPLATES = {template_of(known): known for known in DEFINITIONS.values()}


def kind(given: Mapping[str, str | None]) -> Definition:
    """The kind that is meant by one of `KINDS`. Raises Refused where it is not exactly one."""
    said = {name: text for name in KINDS if (text := given.get(name))}
    if not said:
        raise Refused(
            422,
            f"connector_type: missing; one of {', '.join(DEFINITIONS)}, or definition_id",
            field=KINDS[0],
        )
    found: dict[str, Definition] = {}
    for name, text in said.items():
        try:
            found[name] = _TEMPLATES.get(text.strip().lower()) or named(text)
        except UnknownAction as error:
            raise Refused(422, f"{name}: {error}{closest_of(text, DEFINITIONS)}", field=name) from None
    if len({known.slug for known in found.values()}) > 1:
        raise Refused(422, f"{' and '.join(found)} name different kinds: give one of them", field=KINDS[0])
    return next(iter(found.values()))


def workspace(given: Mapping[str, str | None]) -> str:
    """The workspace that is meant by one of `WORKSPACES`. Raises Refused where it is not exactly one."""
    said = {name: text for name in WORKSPACES if (text := given.get(name)) is not None}
    if not said:
        raise Refused(422, f"workspace_name: missing, required (also {' or '.join(WORKSPACES[1:])})",
                      field=WORKSPACES[0])  # fmt: skip
    if len(set(said.values())) > 1:
        raise Refused(422, f"{' and '.join(said)} name different workspaces: give one of them",
                      field=WORKSPACES[0])  # fmt: skip
    field, text = next(iter(said.items()))
    return name_of(field, text)


def name_of(field: str, text: str) -> str:
    """A name that may stand in lists. Raises Refused for one that is empty, too long, or not on one line."""
    plain = text.strip()
    if not plain:
        raise Refused(422, f"{field}: empty", field=field)
    if len(plain) > LONGEST or any(unicodedata.category(character) in BREAKS for character in plain):
        raise Refused(422, f"{field}: at most {LONGEST} characters on one line", field=field)
    return plain


def credentials(definition: Definition, given: Mapping[str, Any]) -> dict[str, str]:
    """What a connector signs in with. Raises Refused: 400 names the keys and the ways in, 422 values."""
    said = {key: value for key, value in given.items() if key != IGNORED and value is not None}
    if not any(needed <= said.keys() <= needed | besides for needed, besides in definition.schemes):
        ways = " or ".join(_way(*scheme) for scheme in definition.schemes)
        keys = ", ".join(cut(key) for key in [*said][:NAMED]) or "none"
        raise Refused(
            400, f"credentials: the keys given ({keys}) are no way in to {definition.title}; it takes {ways}",
            "credentials", "credentials",
        )  # fmt: skip
    _refuse(
        (f"credentials.{key}", "text, not empty")
        for key, value in said.items()
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_SECRET
    )
    return {key: value.strip() for key, value in said.items()}


def replication(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The `replication_config` as it was given. Raises Refused with a line for each mistake."""
    known = definition.needed | definition.optional
    said = {key: value for key, value in given.items() if value is not None}
    mistakes = [
        (f"replication_config.{key}", f"missing, required for {definition.title}")
        for key in sorted(definition.needed - said.keys())
    ]
    for key, value in said.items():
        field = f"replication_config.{cut(key)}"
        if key not in known:
            mistakes.append((field, f"there is no such field{closest_of(key, sorted(known))}"))
        elif why := _CHECKS[key](value):
            mistakes.append((field, why))
    _refuse(mistakes)
    return said


def environment(
    definition: Definition, given: Mapping[str, Any], config: Mapping[str, Any]
) -> dict[str, str]:
    """`{"region": "NA" | "EU" | "FE"}`, or nothing. Only a platform's own hosts may be named.

    Raises Refused, also where `replication_config` names another region.
    """
    known = {"region"} & definition.optional
    said = {key: value for key, value in given.items() if value is not None}
    _refuse(
        (f"environment.{cut(key)}", f"{definition.title} has {'only region' if known else 'none'} there")
        for key in said
        if key not in known
    )
    found = {
        field: _region(text)
        for field, text in (("environment.region", said.get("region")),
                            ("replication_config.region", config.get("region")))
        if text is not None
    }  # fmt: skip
    _refuse((field, _WRONG_REGION) for field, region in found.items() if not region)
    if len(set(found.values())) > 1:
        raise Refused(422, f"{' and '.join(found)} name different regions", field="environment.region")
    return {"region": next(iter(found.values()))} if found else {}


def entities(definition: Definition, given: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What may be done of what, as `[{entity, modes}]`. Raises Refused for entities there are not."""
    there = declared(definition.name).names()
    said = list(given)
    _refuse(
        (
            f"entities.{index}.entity",
            f"{definition.title} has no {cut(entry['entity'])}{closest_of(entry['entity'], there)}",
        )
        for index, entry in enumerate(said)
        if entry["entity"] not in there
    )
    return [{"entity": entry["entity"], "modes": list(entry["modes"])} for entry in said]


_WRONG_REGION = f"one of {', '.join(AMAZON_HOSTS)}, or of {', '.join(AMAZON_HOSTS.values())}"


def _region(text: Any) -> str:
    """The region that is meant by its name or its host; empty for any other."""
    plain = text.strip() if isinstance(text, str) else ""
    host = plain.lower().removeprefix("https://").removesuffix("/")
    return plain.upper() if plain.upper() in AMAZON_HOSTS else _REGIONS.get(host, "")


def _not_ids(value: Any) -> str:
    parts = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value
    fits = isinstance(parts, list) and parts and all(isinstance(p, str) and _ID.fullmatch(p) for p in parts)
    return "" if fits else "ids as text, with commas or spaces between them, or a list of such texts"


def _not_day(value: Any) -> str:
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        return "" if found and date.fromisoformat(found[1]) else "a date as YYYY-MM-DD"
    except ValueError:
        return "there is no such day; write YYYY-MM-DD"


def _not_region(value: Any) -> str:
    return "" if _region(value) else _WRONG_REGION


_CHECKS: Mapping[str, Callable[[Any], str]] = {
    "account_ids": _not_ids,
    "profiles": _not_ids,
    "start_date": _not_day,
    "region": _not_region,
}


def _way(needed: frozenset[str], besides: frozenset[str]) -> str:
    maybe = f" (and {', '.join(sorted(besides))})" if besides else ""
    return f"{{{', '.join(sorted(needed))}}}{maybe}"


def _refuse(mistakes: Iterable[Mistake]) -> None:
    found = [(field, f"{field}: {why}") for field, why in mistakes]
    if found:
        (field, message), *more = found
        raise Refused(422, message, field=field, more=tuple(more))
