"""LinkedIn's conversion rules and tags through our own door: made, attached, changed, disabled."""

from __future__ import annotations

import re
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, check_in, error_of, planned, undo_of, writes

from mcp_ads.errors import InvalidParams, NotFound, OutOfScope

pytestmark = pytest.mark.anyio
US = {"account_id": LINKEDIN_US}
BY_URL, STREAMED, BARE, OFF, EU_RULE = "104001", "104002", "104003", "104004", "104005"
SPRING, OTHER = "300000001", "300000002"


async def plan(client: EngineClient, entity: str, action: str, **params: Any) -> tuple[str, str]:
    """The id of a new plan, and its text."""
    made = await client.do(LINKEDIN, entity, action, **US, **params)
    return made.data["plan_id"], made.text


async def done(client: EngineClient, entity: str, action: str, **params: Any) -> Any:
    return await applied(client, (await plan(client, entity, action, **params))[0])


async def rule(client: EngineClient, conversion_id: str) -> dict[str, Any]:
    fields = "name,enabled,campaigns,value,valueType,lastCallbackAt,conversionMethod"
    read = await client.do(LINKEDIN, "conversions", "get", **US, conversion_id=conversion_id, fields=fields)
    found: dict[str, Any] = read.data
    return found


async def test_rules_are_listed_and_read(engine_client: EngineClient) -> None:
    """Those of an account, disabled ones too, page by page; those of a campaign; nobody else's."""
    table = await engine_client.table(LINKEDIN, "conversions", "list", **US)
    assert table.ids == [BY_URL, STREAMED, BARE, OFF]
    assert [row["enabled"] for row in table.rows] == ["true", "true", "true", "false"]
    first = await engine_client.table(LINKEDIN, "conversions", "list", **US, limit=3)
    more = await engine_client.table(
        LINKEDIN, "conversions", "list", **US, limit=3, cursor=first.meta["cursor"]
    )
    assert (first.ids, more.ids) == ([BY_URL, STREAMED, BARE], [OFF])
    of_campaign = await engine_client.table(LINKEDIN, "conversions", "list", **US, campaign_id="300000003")
    assert of_campaign.ids == [BY_URL]
    read = (await engine_client.do(LINKEDIN, "conversions", "get", **US, conversion_id=BY_URL)).data
    assert read["urlMatchRuleExpression"] == [[{"matchType": "CONTAINS", "matchValue": "/thank-you"}]]
    assert len(read["created"]) == len("2026-01-01")
    with pytest.raises(NotFound, match=f"{EU_RULE} is not of ad account {LINKEDIN_US}"):
        await rule(engine_client, EU_RULE)
    with pytest.raises(InvalidParams, match="'pixel' is no column here"):
        await engine_client.do(LINKEDIN, "conversions", "list", **US, fields="id,pixel")
    (tag,) = (await engine_client.table(LINKEDIN, "insight_tags", "list", **US, fields="id,tag")).rows
    assert tag["id"] in tag["tag"]


async def test_a_rule_is_made_and_disabled_again(engine_client: EngineClient) -> None:
    """Its plan says to how many campaigns it is attached, and what it counts; no rule is deleted."""
    made, text = await plan(
        engine_client, "conversions", "create",
        name="Trial", type="start trial", conversion_method="CONVERSIONS_API", value="20 USD",
        auto_association_type="ALL_CAMPAIGNS",
    )  # fmt: skip
    assert "associates it with all campaigns the account has now" in text
    assert "it is attached to all 169 campaigns (active, paused, draft), once" in text
    outcome = await applied(engine_client, made)
    new = outcome.data["steps"][0]["id"]
    there = await rule(engine_client, new)
    assert (there["enabled"], there["valueType"], there["value"]["amount"]) == (True, "FIXED", "20.00")
    assert f"urn:li:sponsoredCampaign:{SPRING}" in there["campaigns"]
    back = await applied(engine_client, undo_of(outcome))
    assert "enabled true → false" in back.text
    assert (await rule(engine_client, new))["enabled"] is False
    await applied(engine_client, undo_of(back))
    assert (await rule(engine_client, new))["enabled"] is True
    assert writes(engine_client) == [
        f"create conversion {new}", f"update conversion {new}", f"update conversion {new}",
    ]  # fmt: skip


async def test_what_a_new_rule_counts_is_said(engine_client: EngineClient) -> None:
    """Pages or events, for which campaigns; where a click leads stands whole; a type that is not known."""
    _, text = await plan(
        engine_client, "conversions", "create", name="Thanks", type="GOAL_REACHED",
        url_match_rule_expression=[[{"matchType": "contains", "matchValue": "/thanks?from=linkedin"}]],
    )  # fmt: skip
    assert 'matchValue "/thanks?from=linkedin"' in text
    assert "without conversion_method it counts pages, and no events that are sent" in text
    assert "it counts for no campaign until campaign_conversions.create" in text
    assert "type: GOAL_REACHED is not known here, and is sent as it is" in text
    _, text = await plan(
        engine_client, "conversions", "create", name="Sent", type="LEAD", conversion_method="CONVERSION_API"
    )
    assert (
        "conversion_method: CONVERSION_API is not known here, and is sent as it is; did you mean CO" in text
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"post_click_attribution_window_size": 365}, "365 days are for SUBMIT_APPLICATION, PURCHASE"),
        ({"view_through_attribution_window_size": 14}, "view_through_attribution_window_size: 14 is not one"),
        ({"value_type": "FIXED"}, "value: missing, valueType FIXED needs it"),
        ({"value_type": "NO_VALUE", "value": 5}, "value: valueType NO_VALUE takes none"),
        ({"value": "5 EUR"}, "value: the account's currency is USD, not EUR"),
        ({"value": "+5%"}, 'value: write an amount, such as "50 USD"'),
        ({"campaigns": [SPRING], "auto_association_type": "ALL_CAMPAIGNS"}, "give it or campaigns, and not"),
        ({"campaigns": ["urn:li:sponsoredCampaignGroup:1"]}, "campaigns: 'urn:li:sponsoredCampaignGroup:1'"),
        ({"url_match_rule_expression": [{"matchType": "CONTAINS"}]}, 'url_match_rule_expression: write [[{"'),
        ({"type": "???"}, "is no word of LinkedIn's"),
    ],
    ids=str,
)  # fmt: skip
async def test_a_rule_that_linkedin_would_refuse(
    engine_client: EngineClient, changes: dict[str, Any], says: str
) -> None:
    """It is refused here, in a line that names the parameter, and nothing is sent."""
    new = {"name": "Trial", "type": "START_TRIAL", **changes}
    with pytest.raises(InvalidParams) as caught:
        await plan(engine_client, "conversions", "create", **new)
    assert says in str(caught.value)
    assert writes(engine_client) == []


async def test_a_list_of_campaigns_is_replaced_as_a_whole(engine_client: EngineClient) -> None:
    """The plan says which are added and which are taken off; the undo puts the list back."""
    before = (await rule(engine_client, BY_URL))["campaigns"]
    made, text = await plan(
        engine_client, "conversions", "update",
        conversion_id=BY_URL, campaigns=[SPRING, "300000009"], patch={"$set": {"name": "Thanks"}},
    )  # fmt: skip
    assert "it adds 1 (300000009), and takes off 2 (300000002, 300000003)" in text
    assert "   lost: campaigns" in text
    outcome = await applied(engine_client, made)
    assert len((await rule(engine_client, BY_URL))["campaigns"]) == 2
    await applied(engine_client, undo_of(outcome))
    back = await rule(engine_client, BY_URL)
    assert (back["name"], back["campaigns"]) == ("Thank-you page", before)


async def test_what_a_change_would_break_is_seen(engine_client: EngineClient) -> None:
    """A window its type has none of, another currency, nothing at all; what a disabled rule ends."""
    for changes, says in (
        ({"post_click_attribution_window_size": 180, "type": "DOWNLOAD"}, "180 days are for"),
        ({"value": "5 EUR"}, "the account's currency is USD"),
        ({}, "nothing to change: give name"),
        ({"patch": {"$delete": ["value"]}}, 'patch: write {"$set"'),
    ):
        with pytest.raises(InvalidParams, match=re.escape(says)):
            await plan(engine_client, "conversions", "update", conversion_id=BY_URL, **changes)
    with pytest.raises(InvalidParams, match=r"180 days are for .* not for DOWNLOAD"):
        await plan(
            engine_client,
            "conversions",
            "update",
            conversion_id=OFF,
            view_through_attribution_window_size=180,
        )
    _, text = await plan(engine_client, "conversions", "archive", conversion_id=[BY_URL, STREAMED])
    assert "3 campaigns have it: they count no more conversions by it" in text
    excluded = await engine_client.do(LINKEDIN, "conversions", "archive", **US, conversion_id=[BY_URL, OFF])
    assert "already false" in excluded.text


async def test_a_lost_answer_is_not_sent_again(engine_client: EngineClient) -> None:
    """LinkedIn's passing 500 leaves a change unknown; what became of it is read by the call that is named."""
    made, _ = await plan(engine_client, "conversions", "update", conversion_id=BY_URL, campaigns=[OTHER])
    engine_client.fault("500", when="after", method="POST", path="conversions")
    text = (await applied(engine_client, made)).text
    assert "UNKNOWN" in text
    assert "reading it now: the change is in effect" in text
    connector, entity, action, params = check_in(text)
    again = await engine_client.do(connector, entity, action, **params)
    assert again.data["campaigns"] == [f"urn:li:sponsoredCampaign:{OTHER}"]
    assert len(writes(engine_client)) == 1


async def test_a_lost_answer_to_a_create_is_looked_for(engine_client: EngineClient) -> None:
    """The check lists the account's rules and finds the one of that name; it is not made twice."""
    made, _ = await plan(
        engine_client, "conversions", "create",
        name="Trial", type="LEAD", post_click_attribution_window_size="365",
    )  # fmt: skip
    engine_client.fault("500", when="after", method="POST", path="conversions")
    text = (await applied(engine_client, made)).text
    assert "UNKNOWN" in text
    assert 'looking now: there is conversion "Trial", id 104006' in text
    assert (check_in(text)[2], len(writes(engine_client))) == ("list", 1)


async def test_a_rule_is_attached_and_taken_off(engine_client: EngineClient) -> None:
    """By names in the plan; each takes the other back, and what is so already is refused."""
    pair = {"campaign_id": SPRING, "conversion_id": BARE}
    made, text = await plan(engine_client, "campaign_conversions", "create", **pair)
    assert f'campaign {SPRING} "Spring Sale' in text
    assert f'conversion {BARE} "Order, paid"' in text
    outcome = await applied(engine_client, made)
    assert "read back: it is there" in outcome.text
    with pytest.raises(InvalidParams, match=f"rule {BARE} counts for campaign {SPRING} already"):
        await plan(engine_client, "campaign_conversions", "create", **pair)
    listed = await engine_client.table(LINKEDIN, "campaign_conversions", "list", **US, campaign_id=SPRING)
    assert BARE in [row["conversion_id"] for row in listed.rows]
    back = await applied(engine_client, undo_of(outcome))
    assert "it is not there any more" in back.text
    assert "1 of 1 steps of" in back.text
    with pytest.raises(NotFound):
        await engine_client.do(LINKEDIN, "campaign_conversions", "get", **US, **pair)
    again = await applied(engine_client, undo_of(back))
    read = await engine_client.do(LINKEDIN, "campaign_conversions", "get", **US, **pair)
    assert (read.data["campaign_id"], read.data["conversion_id"]) == (SPRING, BARE)
    assert "1 of 1 steps of" in again.text
    urns = {
        "campaign_urn": f"urn:li:sponsoredCampaign:{SPRING}",
        "conversion_urn": f"urn:lla:llaPartnerConversion:{BARE}",
    }
    assert "APPLIED" in (await done(engine_client, "campaign_conversions", "delete", **urns)).text


async def test_a_lost_association_is_looked_for(engine_client: EngineClient) -> None:
    """The check lists what the campaign has; nothing is put twice."""
    made, _ = await plan(
        engine_client, "campaign_conversions", "create", campaign_id=SPRING, conversion_id=BARE
    )
    engine_client.fault("500", when="after", method="PUT", path="campaignConversions")
    text = (await applied(engine_client, made)).text
    assert "UNKNOWN" in text
    _, entity, action, params = check_in(text)
    assert (entity, action, params["campaign_id"]) == ("campaign_conversions", "list", [SPRING])
    assert len(writes(engine_client)) == 1


async def test_a_rule_is_made_and_attached_in_one_plan(engine_client: EngineClient) -> None:
    """The second step names what the first will make."""
    first = await planned(
        engine_client, "conversions", "create", LINKEDIN, **US,
        name="Trial", type="LEAD", conversion_method="CONVERSIONS_API",
    )  # fmt: skip
    both = await engine_client.do(
        LINKEDIN, "campaign_conversions", "create",
        **US, campaign_id=OTHER, conversion_id="@1.id", append_to=first,
    )  # fmt: skip
    outcome = await applied(engine_client, both.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in outcome.text
    new = outcome.data["steps"][0]["id"]
    assert (await rule(engine_client, new))["campaigns"] == [f"urn:li:sponsoredCampaign:{OTHER}"]


async def test_an_allow_list_holds_where_no_account_is_in_the_path(engine_client: EngineClient) -> None:
    """Rules, campaigns and associations of other accounts are neither shown nor changed."""
    client = engine_client
    await client.do(LINKEDIN, "insight_tags", "list", **US)
    campaigns = client.store.all("linkedin.campaign")
    eu = next(str(row["id"]) for row in campaigns if row["account"].endswith("523456789"))
    object.__setattr__(client.settings.platforms[LINKEDIN], "account_ids", (LINKEDIN_US,))
    assert (await client.table(LINKEDIN, "conversions", "list", campaign_id="300000003")).ids == [BY_URL]
    for entity, action, params in (
        ("conversions", "list", {"campaign_id": eu}),
        ("campaign_conversions", "list", {"campaign_id": [SPRING, eu]}),
        ("campaign_conversions", "get", {"campaign_id": eu, "conversion_id": EU_RULE}),
        ("lead_forms", "list", {"organization_id": "2414183"}),
        ("lead_form_responses", "list", {"organization_id": "2414183", "lead_type": "COMPANY"}),
    ):
        with pytest.raises(OutOfScope):
            await client.do(LINKEDIN, entity, action, **params)
    with pytest.raises(NotFound):
        await client.do(LINKEDIN, "conversions", "update", conversion_id=EU_RULE, name="Mine")
    with pytest.raises(InvalidParams, match="campaign_id"):
        await client.do(LINKEDIN, "campaign_conversions", "create", campaign_id=eu, conversion_id=BARE)
    for action, given in (
        ("update", {"conversion_id": BARE}),
        ("create", {"name": "Trial", "type": "LEAD"}),
    ):
        with pytest.raises(OutOfScope, match=f"campaigns: {eu} is none of those"):
            await client.do(LINKEDIN, "conversions", action, **US, campaigns=[SPRING, eu], **given)
    assert writes(client) == []


@pytest.mark.parametrize("several", [[SPRING, OTHER], f"{SPRING},{OTHER}"])
async def test_one_association_is_of_one_campaign(engine_client: EngineClient, several: Any) -> None:
    """Several in its place are refused with the two ways in which several go."""
    for action in ("create", "delete"):
        error = await error_of(
            engine_client.do(
                LINKEDIN, "campaign_conversions", action, **US, campaign_id=several, conversion_id="104001"
            )
        )
        assert str(error).startswith("campaign_id: one of them: several associations are items=[{")
        assert "`campaigns` of conversions.update" in str(error)
    read = {**US, "campaign_id": several, "conversion_id": "104001"}
    error = await error_of(engine_client.do(LINKEDIN, "campaign_conversions", "get", **read))
    assert "does not fit; write digits or urn:li:sponsoredCampaign:…" in str(error)
    assert "['" not in str(error)


async def test_an_association_of_a_new_campaign_is_read_back_and_undone(engine_client: EngineClient) -> None:
    """What a step named by another's number is told, read and taken back by the id that it became."""
    day = {"start": "2027-01-01"}
    campaign = {
        "name": "New", "campaign_group_id": "600000001", "type": "SPONSORED_UPDATES", "cost_type": "CPM",
        "run_schedule": day, "locale": {"country": "US", "language": "en"}, "daily_budget": "50 USD",
        "political_intent": "NOT_POLITICAL", "objective_type": "WEBSITE_VISIT",
        "optimization_target_type": "MAX_CLICK",
    }  # fmt: skip
    plan_id = await planned(engine_client, "campaigns", "create", LINKEDIN, **US, **campaign)
    more = {"campaign_id": "@1.id", "conversion_id": "104001", "append_to": plan_id}
    plan_id = await planned(engine_client, "campaign_conversions", "create", LINKEDIN, **US, **more)
    outcome = await applied(engine_client, plan_id)
    made = outcome.data["steps"][0]["id"]
    assert f'campaign {made}; conversion 104001 "Thank-you page"\n   read back: it is there' in outcome.text
    assert "@1.id" not in outcome.text
    assert "no undo" not in outcome.text
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, undo_of(outcome))).text


async def test_campaigns_of_another_account_are_not_shown_as_ones_own(engine_client: EngineClient) -> None:
    """LinkedIn answers by campaigns alone, whatever account is named; here it holds."""
    await engine_client.do(LINKEDIN, "insight_tags", "list", **US)
    campaigns = engine_client.store.all("linkedin.campaign")
    eu = next(str(row["id"]) for row in campaigns if row["account"].endswith("523456789"))
    for entity, given in (("campaign_conversions", [SPRING, eu]), ("conversions", eu)):
        with pytest.raises(InvalidParams, match=f"campaign_id: {eu} is none of those that account"):
            await engine_client.do(LINKEDIN, entity, "list", **US, campaign_id=given)


async def test_a_whole_key_and_an_id_beside_it_agree(engine_client: EngineClient) -> None:
    """A key that says another rule is refused; one that says the same, or stands alone, is understood."""
    key = f"(campaign:urn:li:sponsoredCampaign:{SPRING},conversion:urn:lla:llaPartnerConversion:{BY_URL})"
    for more in ({"conversion_id": BARE}, {"campaign_id": OTHER, "conversion_id": key}):
        with pytest.raises(InvalidParams, match="the key that stands for"):
            await engine_client.do(
                LINKEDIN, "campaign_conversions", "get", **US, **{"campaign_id": key, **more}
            )
    found = await engine_client.do(LINKEDIN, "campaign_conversions", "get", **US, conversion_id=key)
    assert found.data["conversion_id"] == BY_URL


async def test_a_value_is_as_fine_as_its_currency(engine_client: EngineClient) -> None:
    """LinkedIn's amounts have the currency's decimals."""
    with pytest.raises(InvalidParams, match="value: USD has 2 decimals"):
        await engine_client.do(LINKEDIN, "conversions", "update", **US, conversion_id=BARE, value="0.005")
