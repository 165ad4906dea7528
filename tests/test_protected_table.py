"""Every action that changes something says which campaigns that may be, on every platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import Write
from mcp_ads.core.reach import Level, Reach, Reaches

UNTOLD: dict[str, set[str]] = {
    "facebook_marketing": {
        "ad_accounts.update", "ad_labels.delete", "videos.delete", "ad_rules.create",
        "ad_rules.update", "ad_rules.delete", "ad_studies.create", "custom_audiences.update",
        "custom_audiences.delete",
        "custom_audiences.add_users", "custom_audiences.remove_users", "lookalike_audiences.delete",
        "lead_forms.archive", "lead_forms.restore", "custom_conversions.update", "custom_conversions.delete",
        "pixels.update",
    },
    "linkedin_ads": {
        "accounts.update", "accounts.delete", "posts.delete", "dmp_segments.delete",
        "dmp_segments.add_members", "dmp_segments.remove_members",
    },
    "amazon_ads": set(),
}  # fmt: skip
"""What may change any campaign: refused where one is protected."""
HARMLESS: dict[str, set[str]] = {
    "facebook_marketing": {
        "campaigns.create", "campaigns.duplicate", "ad_labels.create", "ad_creatives.create",
        "ad_creatives.update", "ad_creatives.delete", "images.upload", "images.delete", "videos.upload",
        "custom_audiences.create", "lookalike_audiences.create", "lead_forms.create",
        "product_sets.create", "custom_conversions.create", "pixels.create",
        "conversion_events.create",
    },
    "linkedin_ads": {
        "accounts.create", "account_users.create", "account_users.update", "account_users.delete",
        "campaign_groups.create", "posts.create", "images.upload", "videos.upload", "documents.upload",
        "dmp_segments.create", "dmp_segments.update", "conversion_events.create", "conversions.create",
    },
    "amazon_ads": {
        "portfolios.create", "sponsored_product_campaigns.create", "sponsored_brands_campaigns.create",
        "sponsored_display_campaigns.create", "sponsored_tv_campaigns.create",
        "sponsored_product_budget_rules.create", "reports.cancel", "test_accounts.create",
    },
}  # fmt: skip
"""What changes no campaign that is there."""
BESIDE_AN_ID = ("campaign_id", "ad_group_id")
"""What Amazon wants to be told again of an object of Sponsored Brands that it knows by its id."""


def _writes(name: str) -> Iterator[tuple[str, str, type[Write]]]:
    for row in connector(name).entities:
        for action, kind in connector(name).entity(row[0]).actions.items():
            if issubclass(kind, Write) and not kind.raw:
                yield row[0], action, kind


def _reaches(name: str) -> Reaches:
    found = connector(name).reaches
    assert found
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_write_says_which_campaigns_it_changes(name: str) -> None:
    """One that nobody has thought of fails here; what its object does not tell stands above, by name."""
    untold, harmless, unknown = set(), set(), []
    for entity, action, kind in _writes(name):
        reach = _reaches(name).of(entity, action, kind, {})
        if reach is None:
            unknown.append(f"{entity}.{action}")
        elif reach.why:
            untold.add(f"{entity}.{action}")
        elif not reach.named and not reach.beside:
            harmless.add(f"{entity}.{action}")
    assert not unknown
    assert untold == UNTOLD[name]
    assert harmless == HARMLESS[name]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_is_there(name: str) -> None:
    """Entities, parameters and columns that are named exist, and lead to a campaign that has a name."""
    reaches, offered = _reaches(name), connector(name)
    keys = {row[0] for row in offered.entities}
    keys |= {f"{entity}.{action}" for entity, action, _ in _writes(name)}
    assert reaches.told.keys() <= keys
    for entity, level in reaches.levels.items():
        assert "get" in offered.entity(entity).actions
        assert _ends_at_a_name(reaches, level), entity
    for entity, action, kind in _writes(name):
        reach = reaches.of(entity, action, kind, {})
        assert reach
        for param, entities in (*reach.named.items(), *reach.beside.items()):
            assert param in kind.model_fields, f"{entity}.{action}: {param}"
            assert {*entities} <= reaches.levels.keys()
        assert {*reach.harmless} <= {*_params(name, entity)}, f"{entity}.{action}"


def _params(name: str, entity: str) -> Iterator[str]:
    for kind in connector(name).entity(entity).actions.values():
        yield from kind.model_fields


def _ends_at_a_name(reaches: Reaches, level: Level) -> bool:
    below = [*level.above.values(), *(level.members[2:] if level.members else ())]
    below += list(level.holds("1", "2")) if level.holds else []
    return bool(level.name_at) or (
        bool(below) and all(_ends_at_a_name(reaches, reaches.levels[entity]) for entity in below)
    )


@pytest.mark.parametrize("name", NAMES)
def test_whatever_names_something_in_a_campaign_is_looked_at(name: str) -> None:
    """A parameter called like the id of a campaign, or of something in one, is one of those looked at."""
    reaches = _reaches(name)
    ids = {connector(name).action(entity, "get").subject for entity in reaches.levels}
    for entity, action, kind in _writes(name):
        reach = reaches.of(entity, action, kind, {})
        assert reach
        unseen = (ids & kind.model_fields.keys()) - reach.named.keys() - reach.beside.keys()
        if reach.why or _only_read(reach, unseen) or action == "duplicate":
            continue
        repeated = entity.startswith("sponsored_brands_") and action in ("update", "delete")
        attached = {"conversion_id"} if entity == "campaign_conversions" else set()
        free = {"portfolio_id", "budget_rule_id", *attached, *(BESIDE_AN_ID if repeated else ())}
        assert unseen <= free, f"{entity}.{action}: {unseen}"


def _only_read(reach: Reach, unseen: set[str]) -> bool:
    """Whether the call is about events of a conversion, which change nothing of it."""
    return not reach.named and unseen <= {"conversion_id"}
