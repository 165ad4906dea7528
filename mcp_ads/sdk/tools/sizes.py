"""How large an answer is as it is sent, and what becomes of one that is too large."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mcp_ads.sdk.record import Record

MOST_CHARS, PREVIEW, SHORT = 100_000, 500, 500


def checked_limit(most: int | None) -> int | None:
    """The most characters of an answer; None is no limit. Raises ValueError."""
    if most is None or (isinstance(most, int) and not isinstance(most, bool) and most > 0):
        return most
    raise ValueError(f"max_output_chars: a whole number above 0, or None for no limit, not {most!r}")


def plain(value: Any) -> Any:
    """The value with models as the objects they are in JSON. Raises ValueError where it has no JSON."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value, inf_nan_mode="strings", bytes_mode="base64")


def with_meta(value: Any) -> Any:
    """A record with what is said of its answer as one more item, `meta`: a model sees no attributes."""
    said = value.response_meta if isinstance(value, Record) and "meta" not in value else {}
    return Record({**value, "meta": said}) if said else value


def as_text(value: Any) -> str:
    """The text a model is shown for a plain value."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def too_large(text: str, most: int, *, selects: bool) -> str:
    """What a model is told instead of an answer that does not fit, and how it asks for less."""
    less = "a smaller limit or a narrower question in params"
    less += ", or fewer fields by select_fields" if selects else ""
    preview = json.dumps(text[:PREVIEW], ensure_ascii=False)
    sizes = f"the answer has {len(text)} characters, {most} are allowed"
    return f"TooLarge: {sizes}; ask for less: {less}\nbegins: {preview}"


def shortened(value: Any, most: int) -> Any:
    """An answer that must not be asked for again, cut to about so many characters, and saying so.

    Short values of an object stay as they are, long ones are cut to the room there is; lists and objects
    among these are the text they are in JSON.
    """
    whole = as_text(value)
    note = f"cut from {len(whole)} characters; what was planned or changed, was: do not call again for that"
    if not isinstance(value, Mapping):
        return f"{whole[: max(most - len(note), PREVIEW)]}… ({note})"
    facts: dict[str, Any] = {"cut": note}
    if "plan_id" in value:
        facts["whole_plan"] = f'describe shows it: query "{value["plan_id"]}"'
    long = {name: as_text(part) for name, part in value.items() if len(as_text(part)) > SHORT}
    facts |= {name: part for name, part in value.items() if name not in long}
    room = max(most - len(as_text(facts)), PREVIEW) // max(len(long), 1)
    return facts | {name: f"{part[:room]}…" if len(part) > room else part for name, part in long.items()}
