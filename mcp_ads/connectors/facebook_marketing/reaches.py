"""Which campaigns Facebook's writes change: by their object, by what they are made in, or nobody can tell."""

from __future__ import annotations

from dataclasses import replace

from mcp_ads.core.reach import NOTHING, Level, Reach, Reaches, Told

SHARED = "ads of any campaign may use it"
OPTIMISED = "ad sets of any account it is shared with may optimise for it"
RULES = "a rule acts on whatever fits its filter by then"
EVERY = "it counts for every campaign of the account"
PEOPLE = Reach(why="ad sets of any campaign may target these people")
"""Those of its own account: were those counted that an audience may be shared with, one client who protects a
campaign would stop uploads to every account there is.
"""
A_PAGES = Reach(why="lead ads of any campaign may open it", anyones=True)
IN_CAMPAIGNS = {"campaign_id": "campaigns"}

LEVELS = {
    "campaigns": Level("name", proof=("objective",)),
    "ad_sets": Level(above=IN_CAMPAIGNS),
    "ads": Level(above=IN_CAMPAIGNS),
}
TOLD: dict[str, Told] = {
    "ad_accounts.update": Reach(why=EVERY, harmless=("name",)),
    "campaigns.create": NOTHING,
    "campaigns.duplicate": NOTHING,
    "ad_sets.duplicate": Reach({"campaign_id": ("campaigns",)}, beside={"adset_id": ("ad_sets",)}),
    "ads.duplicate": Reach({"adset_id": ("ad_sets",)}, beside={"ad_id": ("ads",)}),
    "budget_schedules": Reach({"object_id": ("ad_sets", "campaigns")}),
    "ad_labels.create": NOTHING,
    "ad_labels.delete": Reach(why="campaigns may carry it"),
    "ad_creatives": NOTHING,  # what one shows never changes, and while an ad uses it, it stays
    "images": NOTHING,  # Facebook keeps one that a creative shows
    "videos.upload": NOTHING,
    "videos.delete": Reach(why=SHARED),
    "ad_rules": Reach(why=RULES, harmless=("name",)),
    "ad_studies.create": Reach(why="a study splits the audience of all that it compares", anyones=True),
    "custom_audiences.create": NOTHING,
    "custom_audiences.update": replace(PEOPLE, harmless=("name", "description", "opt_out_link")),
    "custom_audiences": PEOPLE,
    "lookalike_audiences.create": NOTHING,
    "lookalike_audiences": PEOPLE,
    "lead_forms.create": NOTHING,
    "lead_forms": A_PAGES,
    "product_sets.create": NOTHING,
    "custom_conversions.create": NOTHING,
    "custom_conversions.update": Reach(why=OPTIMISED, anyones=True, harmless=("name", "description")),
    "custom_conversions.delete": Reach(why=OPTIMISED, anyones=True),
    "pixels.create": NOTHING,
    "pixels.update": Reach(why=OPTIMISED, anyones=True, harmless=("name",)),
    "conversion_events.create": NOTHING,
}
REACHES = Reaches(LEVELS, TOLD)
