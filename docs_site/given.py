"""What examples are about, where the first object that a list of the sandbox has does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GIVEN: Mapping[tuple[str, str, str], Mapping[str, Any]] = {
    ("facebook_marketing", "campaigns", "update"): {"daily_budget": "60 USD"},
    ("facebook_marketing", "ad_sets", "update"): {
        "adset_id": "1202120000000003392",
        "daily_budget": "15 USD",
    },
    ("facebook_marketing", "ads", "create"): {
        "adset_id": "1202120000000003402",
        "creative": {"creative_id": "1202140000000017011"},
    },
    ("facebook_marketing", "budget_schedules", "list"): {"object_id": "1202110000000000340"},
    ("facebook_marketing", "budget_schedules", "get"): {"object_id": "1202110000000000340"},
    ("facebook_marketing", "budget_schedules", "create"): {"object_id": "1202110000000000340"},
    ("facebook_marketing", "budget_schedules", "delete"): {"object_id": "1202110000000000340"},
    ("facebook_marketing", "ad_creatives", "create"): {
        "object_story_spec": {
            "page_id": "104857600000001",
            "link_data": {
                "link": "https://example.com",
                "message": "New",
                "image_hash": "77c5d532809bcd65b8e241db019a5724",
            },
        },
    },
    ("facebook_marketing", "ad_rules", "update"): {"status": "ENABLED"},
    ("facebook_marketing", "ad_studies", "create"): {
        "cells": [
            {"name": "A", "treatment_percentage": 50, "adsets": ["1202120000000003391"]},
            {"name": "B", "treatment_percentage": 50, "adsets": ["1202120000000003390"]},
        ],
    },
    ("facebook_marketing", "lookalike_audiences", "create"): {"origin_audience_id": "1202150000000000004"},
    ("facebook_marketing", "graph", "delete"): {"path": "/1202110000000000340"},
    ("linkedin_ads", "accounts", "update"): {"name": "Tern & Tide North America"},
    ("amazon_ads", "sponsored_product_campaigns", "update"): {"daily_budget": "60 USD"},
    ("amazon_ads", "sponsored_product_negative_keywords", "create"): {"keyword_text": "cheap"},
    ("amazon_ads", "sponsored_display_product_ads", "create"): {"sku": "TT-UMBRELLA-03"},
    ("amazon_ads", "sponsored_brands_negative_keywords", "update"): {"state": "ARCHIVED"},
    ("amazon_ads", "sponsored_tv_ad_groups", "update"): {"default_bid": "30 USD"},
    ("amazon_ads", "sponsored_tv_targets", "create"): {"content": "Drama"},
}
"""By connector, entity and action: what stands in place of parameters of the declared example."""
