"""What everyday words and other platforms' words stand for here, the best first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from .cells import one_line

if TYPE_CHECKING:
    from pydantic import BaseModel

SHOWN = 3
MOST_NAME = 60
MOST_MEANT = 100
_WORD = re.compile(r"[A-Za-z_]{1,40}")
_REPORTS = "insights analytics reports performance"
ALIKE: Mapping[str, str] = {
    **dict.fromkeys(("stop", "disable", "deactivate"), "pause"),
    **dict.fromkeys(("start", "resume", "enable", "unpause", "publish"), "activate"),
    **dict.fromkeys(("edit", "change", "modify", "rename", "set", "raise", "increase", "lower"), "update"),
    **dict.fromkeys(("reduce", "decrease", "move", "shift"), "update"),
    **dict.fromkeys(("new", "add", "launch", "insert", "make", "build", "duplicate", "send"), "create"),
    **dict.fromkeys(("search", "find", "query"), "list"),
    **dict.fromkeys(("read", "show", "fetch", "look"), "get list run"),
    **dict.fromkeys(("performance", "stat", "metric", "spend", "spent", "cost", "result"), _REPORTS),
    **dict.fromkeys(("click", "impression", "conversion"), _REPORTS),
    **dict.fromkeys(("insight", "analytic", "report", "breakdown", "waste", "wasted"), _REPORTS),
    **dict.fromkeys(("weekly", "monthly", "quarter", "trend", "compare", "compared"), "performance"),
    **dict.fromkeys(("roas", "cpa", "cpc", "cpm", "ctr", "cpl", "fatigue", "pacing"), _REPORTS),
    **dict.fromkeys(("aco", "loweraco", "reduceaco", "decreaseaco"), "reportrun negativekeyword keyword"),
    "outbudget": f"servingstatu {_REPORTS}",
    "copy": "duplicate create",
    "exclude": "edittargeting update negativekeyword",
    "negate": "create negativekeyword negativetarget",
    **dict.fromkeys(("negatesearch", "negatewasted"), "negativekeyword"),
    **dict.fromkeys(("upload", "import"), "create add_users upload"),
    **dict.fromkeys(("kampagne", "kampagnen"), "campaigns"),
    **dict.fromkeys(("anzeige", "anzeigen"), "ads"),
    **dict.fromkeys(("zielgruppe", "zielgruppen"), "audiences targeting"),
    **dict.fromkeys(("pausieren", "anhalten", "stoppen"), "pause"),
    **dict.fromkeys(("bericht", "berichte", "ausgaben", "kosten"), _REPORTS),
    **dict.fromkeys(("remove", "erase", "drop"), "delete archive"),
    "all": "list",
    "page": "organizations",
    "searchterm": "run reports",
    "adset": "ad_groups campaigns",
    "adgroup": "ad_sets campaigns",
    "campaigngroup": "portfolios campaigns",
    "portfolio": "campaign_groups campaigns",
    "ad": "product_ads creatives",
    "creative": "ad_creatives product_ads",
    "account": "ad_accounts profiles",
    "advertiser": "profiles ad_accounts accounts",
    "profile": "ad_accounts accounts",
    "me": "current_user",
    "user": "current_user",
}


def cut(name: object) -> str:
    """A name that is none of ours, on one line and short enough to repeat."""
    text = one_line(str(name))
    return text if len(text) <= MOST_NAME else f"{text[:MOST_NAME]}…"


def meant(model: type[BaseModel], name: str) -> str:
    """What a parameter is, as its declaration says, if that is short; after what is wrong with it."""
    field = model.model_fields.get(name)
    text = field.description if field else None
    if not text or len(text) > MOST_MEANT:
        return ""
    first = text[0] if text[1:2].isupper() else text[0].lower()
    return f"; {first}{text[1:].rstrip('.')}"


def bare(name: str) -> str:
    """A name without what people spell differently: adSets, ad-set and ad_sets are the same."""
    return "".join(character for character in name.lower() if character.isalnum()).removesuffix("s")


def closest(name: str, known: Sequence[str]) -> list[str]:
    """The same word, else one it is part of, else what it stands for, else what looks alike."""
    if same := [other for other in known if bare(other) == bare(name)]:
        return same
    lower = name.lower().replace("-", "_").replace(" ", "_")
    parts = lower.split("_")
    if ends := [other for other in known if other in parts or f"_{other}".endswith(f"_{lower}")]:
        return ends[:SHOWN]
    meant = next((ALIKE[part] for part in map(bare, (lower, *parts)) if part in ALIKE), "")
    for word in meant.split():
        if found := [other for other in known if f"_{other}".endswith(f"_{word}")]:
            return found[:SHOWN]
    near = [other for other in known if lower and lower.removesuffix("s") in other]
    return near[:SHOWN] or difflib.get_close_matches(lower, known, n=SHOWN, cutoff=0.6)


def close_to(given: str, known: Iterable[str]) -> list[str]:
    """The names most like one that is none, at most three."""
    return difflib.get_close_matches(str(given), list(known), n=3, cutoff=0.55)


def unknown(given: str, fields: Iterable[str], *, quiet: bool = False) -> str:
    """The mistake of a name that is no parameter's; a `quiet` one repeats nothing but a plain word."""
    known = list(fields)
    if quiet and not _WORD.fullmatch(given):
        return f"one of the names is no parameter's; it has {', '.join(known)}"
    return f"{cut(given)}: no such parameter{closest_of(given, known)}"


def closest_of(given: str, known: Iterable[str]) -> str:
    """A question for the names that are most like one; empty when none is."""
    close = close_to(given, known)
    return f"; did you mean {' or '.join(close)}?" if close else ""
