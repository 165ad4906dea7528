"""What an ad group bids on once: what is there already is named, and what cannot be together is foreseen."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
KEYWORDS, TARGETS, ADS = (f"sponsored_product_{name}" for name in ("keywords", "targets", "product_ads"))
GROUPS, NEGATIVES = "sponsored_product_ad_groups", "sponsored_product_negative_keywords"
P = {"profile_id": PROFILE}


async def place(client: EngineClient) -> dict[str, str]:
    """A campaign and its ad group, which has keywords."""
    word = (await client.do(AMAZON, KEYWORDS, "list", **P, limit=1)).data[0]
    return {"campaign_id": word["campaignId"], "ad_group_id": word["adGroupId"]}


async def new_group(client: EngineClient, ids: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A plan that makes an ad group, and where its second step would add to that."""
    new = {"campaign_id": ids["campaign_id"], "name": "Fresh", "default_bid": "0.80 USD"}
    plan = await client.do(AMAZON, GROUPS, "create", **P, **new)
    return plan.data["plan_id"], {"campaign_id": ids["campaign_id"], "ad_group_id": "@1.id"}


@pytest.mark.slow
async def test_a_keyword_that_is_there_is_left_out(engine_client: EngineClient) -> None:
    """By its words and match type in its ad group; one of another match type, or archived, is none."""
    ids = await place(engine_client)
    new = {**P, **ids, "match_type": "EXACT"}
    first = await engine_client.do(AMAZON, KEYWORDS, "create", **new, keyword_text="blue kite")
    kite = (await applied(engine_client, first.data["plan_id"])).data["steps"][0]["id"]
    again = await engine_client.do(AMAZON, KEYWORDS, "create", **new, keyword_text="Blue  Kite")
    assert kite in again.text
    assert "already there, PAUSED" in again.text
    items = [{"keyword_text": "blue kite"}, {"keyword_text": "blue kite", "match_type": "BROAD"}]
    some = await engine_client.do(AMAZON, KEYWORDS, "create", **new, items=items)
    assert [row["id"] for row in some.data["excluded"]] == [kite]
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, some.data["plan_id"])).text
    gone = await engine_client.do(AMAZON, KEYWORDS, "delete", **P, keyword_id=kite)
    await applied(engine_client, gone.data["plan_id"])
    anew = await engine_client.do(AMAZON, KEYWORDS, "create", **new, keyword_text="blue kite")
    assert kite not in anew.text
    assert "was made at" not in anew.text
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, anew.data["plan_id"])).text


async def test_products_that_are_there_are_left_out(engine_client: EngineClient) -> None:
    """A target by what it is of, an ad by what its seller calls the product."""
    ids = await place(engine_client)
    group = {"campaign_id": ids["campaign_id"], "name": "Products", "default_bid": "0.80 USD"}
    made = await applied(
        engine_client, (await engine_client.do(AMAZON, GROUPS, "create", **P, **group)).data["plan_id"]
    )
    there = {"campaign_id": ids["campaign_id"], "ad_group_id": made.data["steps"][0]["id"]}
    new: dict[str, Any]
    for entity, new in ((TARGETS, {"asin": "B0TERN0002"}), (ADS, {"sku": "TT-TOTE-02"})):
        plan = await engine_client.do(AMAZON, entity, "create", **P, **there, **new)
        done = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
        again = await engine_client.do(AMAZON, entity, "create", **P, **there, **new)
        assert "already there, PAUSED" in again.text
        assert done in again.text


async def test_keywords_and_products_in_an_ad_group_that_is_new(engine_client: EngineClient) -> None:
    """What the same plan gives the ad group counts, and it is the second that is refused."""
    plan, inside = await new_group(engine_client, await place(engine_client))
    word = {"keyword_text": "kite", "match_type": "EXACT", "append_to": plan}
    both = await engine_client.do(AMAZON, KEYWORDS, "create", **P, **inside, **word)
    with pytest.raises(InvalidParams, match=r"its ad group is given keywords.*step 2"):
        await engine_client.do(
            AMAZON, TARGETS, "create", **P, **inside, asin="B0TERN0002", append_to=both.data["plan_id"]
        )
    assert "2 of 2 done" in (await applied(engine_client, both.data["plan_id"])).text


async def test_a_bid_relative_to_an_ad_group_that_is_new(engine_client: EngineClient) -> None:
    """The default bid that the same plan sets counts; a step that is not there is said with how many are."""
    plan, inside = await new_group(engine_client, await place(engine_client))
    word: dict[str, Any] = {"keyword_text": "kite", "match_type": "EXACT", "append_to": plan, "bid": "+10%"}
    with pytest.raises(InvalidParams, match="no step 6 before this one: the plan has 1"):
        await engine_client.do(AMAZON, KEYWORDS, "create", **P, **{**inside, "ad_group_id": "@6.id"}, **word)
    both = await engine_client.do(AMAZON, KEYWORDS, "create", **P, **inside, **word)
    assert "bid 0.88 USD" in both.text
    done = await applied(engine_client, both.data["plan_id"])
    made = await engine_client.do(AMAZON, KEYWORDS, "get", **P, keyword_id=done.data["steps"][1]["id"])
    assert made.data["bid"] == 0.88


async def test_a_phrase_that_is_negated_covers_what_has_it(engine_client: EngineClient) -> None:
    """In the campaign or here: the words in this order, and whole ones."""
    ids = await place(engine_client)
    phrase = {"keyword_text": "zwei drei", "match_type": "NEGATIVE_PHRASE"}
    above = await engine_client.do(
        AMAZON, "sponsored_product_campaign_negative_keywords", "create", **P,
        campaign_id=ids["campaign_id"], **phrase,
    )  # fmt: skip
    done = (await applied(engine_client, above.data["plan_id"])).data["steps"][0]["id"]
    texts = ("eins Zwei  drei", "zwei drei", "drei zwei", "zwei dreizehn", "zwei und drei")
    items = [{"keyword_text": text} for text in texts]
    some = await engine_client.do(
        AMAZON, NEGATIVES, "create", **P, **ids, match_type="NEGATIVE_EXACT", items=items
    )
    left_out = some.data["excluded"]
    assert [(row["id"], row["index"]) for row in left_out] == [(done, 0), (done, 1)]
    assert left_out[0]["why"] == 'negated in the whole campaign already by NEGATIVE_PHRASE "zwei drei"'
    wider = await engine_client.do(
        AMAZON, NEGATIVES, "create", **P, **ids, keyword_text="zwei drei vier", match_type="NEGATIVE_PHRASE"
    )
    assert '"zwei drei"' in wider.text
    assert wider.data.get("plan_id") is None


@pytest.mark.parametrize(
    ("action", "given", "said"),
    [
        ("list", {"state": "ACTIVE"}, "'ACTIVE' is no state here; did you mean ENABLED"),
        ("update", {"keyword_id": "1", "state": "active"}, "'active' is no state here; did you mean ENABLED"),
        ("update", {"keyword_id": "1", "state": "ARCHIVED"}, "ENABLED or PAUSED; delete archives"),
    ],
)
async def test_other_words_for_a_state(
    engine_client: EngineClient, action: str, given: dict[str, Any], said: str
) -> None:
    """The line says the state that is meant, or what archives."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(AMAZON, KEYWORDS, action, **P, **given)
