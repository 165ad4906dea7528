"""Many steps that are alike of which nobody knows what became: said once, with all their ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from mcp_ads.engine.changes.steps import Step, shown_id

from .alike_text import Alike, in_groups
from .shape import cut

MOST_LOST, MOST_WHY = 4_000, 500
"""Characters of the names of such steps, and of why nobody knows."""
IN_EFFECT, FOUND, MANY = "the change is in effect", "looking now: there is", 10**6
IN_PART = "in part: "
"""How what reading shows says that a change was made, and that a request of several was."""


def lost_groups(steps: Sequence[Step]) -> list[list[int]]:
    """The steps of unknown outcome that are alike and unknown for one reason, by index, if they are many."""
    groups = defaultdict[str, list[int]](list)
    for index, step in enumerate(steps):
        if step.state == "unknown" and step.error and not step.sent:
            groups[str(step.error.get("message"))].append(index)
    return [group for some in groups.values() for group in in_groups(steps, some) if len(group) > 1]


def lost_lines(alike: Alike, seen: Mapping[int, str], check: str) -> Iterator[str]:
    """What nobody knows of them and why, the call that shows them, and what reading shows by now."""
    error, said = alike.own[0].error or {}, defaultdict[str, list[str]](list)
    for index, step in zip(alike.indexes, alike.own, strict=True):
        said[seen.get(index, "")].append(f"{index + 1}. {shown_id(step.object_id) or step.quoted}")
    yield f"UNKNOWN: {alike.what}"
    yield f"   each: {cut(str(error.get('message')), MOST_WHY)}"
    if check:
        yield f"   check: {check}"
    for text, names in said.items():
        which = "each" if len(said) == 1 and text else cut(", ".join(names), MOST_LOST)
        yield f"   {which}: {text or 'not looked at'}"


def settled(plan_steps: Sequence[Step], seen: Mapping[int, str], doubt: str) -> str:
    """What reading shows of the unknown steps in sum, for the first line; empty where it shows nothing.

    `doubt` is what a text has that tells nothing for certain.
    """
    lost = [index for index, step in enumerate(plan_steps) if step.state == "unknown"]
    looked = [seen[index] for index in lost if index in seen]
    known = [text for text in looked if text and doubt not in text]
    there = sum(min(count, _shown(text)) for text, count in Counter(known).items())
    if part := sum(text.startswith(IN_PART) for text in known):
        what = "it" if part == len(lost) == 1 else f"{part} of the {len(lost)} unknown ones"
        whole = f", and {there} in effect" if there else ""
        return f"reading now shows {what} done in part{whole}: do not repeat"
    if there == len(lost):
        return f"reading now shows {'it' if there == 1 else f'all {there}'} in effect: do not repeat"
    if len(lost) == 1 or not known:
        return ""
    unread = f", and {len(looked) - len(known)} cannot be read" if len(looked) > len(known) else ""
    late = f"; {len(lost) - len(looked)} were not looked at" if len(looked) < len(lost) else ""
    again = ": do not repeat those" if there else ""
    some = f"of the {len(lost)} unknown ones, reading now shows {there} in effect"
    return f"{some} and {len(known) - there} not{unread}{late}{again}"


def _shown(text: str) -> int:
    """How many of the steps with this text are in effect at most: one list may show fewer than were made."""
    if text.startswith(FOUND):
        return text.rpartition(", id ")[2].count(",") + 1
    return MANY if IN_EFFECT in text else 0
