"""The engine and its vocabulary know no platform's words: what they need of one, its connector declares."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import NONE, OBJECT, PARAMETER, Action, Write

PACKAGE = Path(__file__).parents[1] / "mcp_ads"
WORDS = re.compile(
    r"""facebook|linkedin|amazon|instagram|\bgraph\ api|rest\.?li\b
    |\bact_|account_status|effective_?status|configured_?status|intended_?status|serving_?status
    |\b(ACTIVE|ENABLED|PAUSED|ARCHIVED|DELETED|REMOVED|CANCELL?ED|PENDING_DELETION)\b
    |["'](enabled|paused|archived|deleted)["']
    |campaign|\bad_?(set|group)s?\b|creative|keyword|profile|\burn:|\b(daily|lifetime|total)_?budget
    """,
    re.VERBOSE | re.IGNORECASE,
)
OURS = re.compile(r"KEYWORDS|\bactive\b|\bremoved\b|\bcancelled\b|\bdeleted\b|\bpaused\b")
"""Words of SQL-like conditions, and plain English in small letters."""
EXCEPTIONS = {
    "core/synonyms.py": "what people say for entities, of whichever platform",
    "core/facts.py": "names of the columns that all platforms share",
    "core/search_terms.py": "names of the columns that all platforms share, and what terms become on each",
    "core/column_names.py": "names of columns that mean the same on every platform that has them",
    "engine/changes/references.py": "URNs are an internet standard (RFC 8141), and references may end one",
    "engine/tables/words_for_ids.py": "URNs are an internet standard (RFC 8141), and no names",
}


def files() -> list[Path]:
    return sorted(path for room in ("core", "engine") for path in (PACKAGE / room).rglob("*.py"))


@pytest.mark.slow
def test_no_platform_word_in_the_engine() -> None:
    """Every line of the engine and of its vocabulary, but for exceptions that have a reason."""
    found: dict[str, list[str]] = {}
    for path in files():
        for line in path.read_text("utf-8").splitlines():
            if WORDS.search(OURS.sub("", line)):
                found.setdefault(path.relative_to(PACKAGE).as_posix(), []).append(line.strip())
    assert {name: lines for name, lines in found.items() if name not in EXCEPTIONS} == {}
    assert EXCEPTIONS.keys() <= found.keys()


@pytest.mark.parametrize("name", NAMES)
def test_every_action_says_whose_it_is(name: str) -> None:
    """By an account it requires, by its object where the platform can tell, by what the caller wrote, or as
    nobody's, which is reviewed.
    """
    platform = connector(name)
    nobodys = set()
    for entity in platform.names():
        for action, kind in platform.entity(entity).actions.items():
            account = kind.model_fields.get(platform.accounts.param)
            if kind.about is not Action.about:
                kept = kind.strays is not Action.strays or kind.inside is not Action.inside
                kept |= (name, entity, action) in LOOKED_UP
                assert kept, (entity, action)
            elif kind.whose == PARAMETER:
                assert account, (entity, action)
                assert account.is_required(), (entity, action)
            elif kind.whose == OBJECT:
                assert platform.owner, (entity, action)
                named = kind.subject or kind.belongs_to
                assert named or (account and account.is_required()), (entity, action)
            else:
                nobodys.add((name, entity, action))
    assert nobodys == {nobody for nobody in NOBODYS if nobody[0] == name}


NOBODYS = {
    ("facebook_marketing", "current_user", "get"),
    ("facebook_marketing", "pixels", "get"),
    ("facebook_marketing", "pixels", "update"),
    ("facebook_marketing", "pixel_stats", "list"),
    ("facebook_marketing", "conversion_events", "create"),
    ("facebook_marketing", "ad_library", "list"),
    ("facebook_marketing", "ad_accounts", "list"),
    *(("facebook_marketing", "targeting", action) for action in ("search", "browse", "suggest", "validate")),
    ("facebook_marketing", "pages", "list"),
    ("facebook_marketing", "pages", "get"),
    ("facebook_marketing", "instagram_accounts", "list"),
    ("facebook_marketing", "businesses", "list"),
    ("facebook_marketing", "businesses", "get"),
    ("facebook_marketing", "lead_forms", "list"),
    ("facebook_marketing", "lead_forms", "get"),
    ("facebook_marketing", "lead_forms", "create"),
    ("facebook_marketing", "lead_forms", "archive"),
    ("facebook_marketing", "lead_forms", "restore"),
    ("facebook_marketing", "catalogs", "list"),
    ("facebook_marketing", "catalogs", "get"),
    ("facebook_marketing", "product_sets", "list"),
    ("facebook_marketing", "product_sets", "get"),
    ("facebook_marketing", "product_sets", "create"),
    ("linkedin_ads", "accounts", "list"),
    ("linkedin_ads", "accounts", "create"),
    ("linkedin_ads", "account_users", "mine"),
    *(("linkedin_ads", media, "get") for media in ("images", "videos", "documents", "posts")),
    ("linkedin_ads", "audience_counts", "get"),
    ("linkedin_ads", "targeting_facets", "list"),
    *(("linkedin_ads", "targeting_entities", action) for action in ("search", "list", "resolve", "similar")),
    *(("linkedin_ads", "organizations", action) for action in ("list", "get", "lookup")),
    ("linkedin_ads", "ad_library", "search"),
    ("linkedin_ads", "token", "introspect"),
    *(("amazon_ads", above, "list") for above in ("profiles", "manager_accounts", "ads_accounts")),
    *(("amazon_ads", "test_accounts", action) for action in ("create", "get")),
    ("amazon_ads", "reports", "types"),
}
"""Read by anybody, whatever the allow-list; lists over accounts are cut to it, and changes refused, but for
pixels of an account that is named.
"""


LOOKED_UP = {("amazon_ads", "reports", "run")}
"""Names several accounts, each of which is looked up, and refused, before anything is sent."""

DELIVER_NOTHING = {
    "portfolios",
    "reports",
    "test_accounts",
    "sponsored_product_negative_keywords",
    "sponsored_product_negative_targets",
    "sponsored_product_campaign_negative_keywords",
    "sponsored_product_campaign_negative_targets",
    "sponsored_brands_negative_keywords",
    "sponsored_brands_negative_targets",
    "sponsored_display_negative_targets",
    "sponsored_brands_creatives",
    "sponsored_tv_creatives",
    "lead_forms",
    "ad_creatives",
    "images",
    "videos",
    "ad_rules",
}
"""What keeps ads from people, is opened or shown by one, holds or counts others, or sets these by itself, and
never shows one.
"""

NOT_YET_THERE = {"accounts", "test_accounts"}
"""What is made belongs to nobody yet, and is refused while there is an allow-list."""


@pytest.mark.parametrize("name", NAMES)
def test_every_write_has_the_words_for_on_and_off(name: str) -> None:
    """Without them no write would deliver, and no cap would count it."""
    platform = connector(name)
    pairs = [
        (entity, kind) for entity in platform.names() for kind in platform.entity(entity).actions.values()
    ]
    writes = [(entity, kind) for entity, kind in pairs if issubclass(kind, Write)]
    assert all(kind.states.fields and kind.states.endings for _, kind in writes)
    assert {entity for entity, kind in writes if not kind.states.on} <= DELIVER_NOTHING
    assert {entity for entity, kind in writes if kind.whose == NONE} <= NOT_YET_THERE
