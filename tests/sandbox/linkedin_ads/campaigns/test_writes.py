"""What the make-believe platform lets be changed, what it refuses, and how it answers either."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import (
    CAMPAIGNS,
    DAY,
    EU,
    GROUPS,
    US,
    Client,
    campaign,
    codes,
    first,
    soon,
    targeting,
    urn,
)

pytestmark = pytest.mark.anyio
GROUP = {"account": urn("sponsoredAccount", US), "name": "A group"}


async def test_create_campaign(api: Client) -> None:
    """A created campaign answers only its id, is a draft, readable at once, and is journalled once."""
    answer = await api.call("POST", CAMPAIGNS, campaign())
    assert (answer.status_code, answer.content) == (201, b"")
    key = answer.headers["x-restli-id"]
    made = await api.get(f"{CAMPAIGNS}/{key}")
    assert (made["status"], made["id"], made["audienceExpansionEnabled"]) == ("DRAFT", int(key), False)
    assert made["version"] == {"versionTag": "1"}
    assert api.writes() == ["create campaign"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"politicalIntent": None}, "MISSING_FIELD"),
        ({"campaignGroup": None}, "MISSING_CAMPAIGN_GROUP_ID"),
        ({"campaignGroup": urn("sponsoredCampaignGroup", 1)}, "FIELD_VALUE_DOES_NOT_EXIST"),
        ({"account": urn("sponsoredAccount", EU)}, "MISMATCH_FIELDS"),
        ({"dailyBudget": {"amount": "50", "currencyCode": "EUR"}}, "CURRENCY_MISMATCH"),
        ({"dailyBudget": {"amount": "9.99", "currencyCode": "USD"}}, "FIELD_VALUE_TOO_LOW"),
        ({"dailyBudget": None}, "CONDITIONAL_MISSING_FIELD"),
        ({"unitCost": None}, "CONDITIONAL_MISSING_FIELD"),
        (
            {"dailyBudget": None, "totalBudget": {"amount": "500", "currencyCode": "USD"}},
            "CONDITIONAL_MISSING_FIELD",
        ),
        ({"optimizationTargetType": "MAX_LEAD"}, "INVALID_CAMPAIGN_CONFIGURATION"),
        ({"runSchedule": {"start": 1}}, "DATE_TOO_EARLY"),
        ({"runSchedule": {"start": soon() + DAY, "end": soon()}}, "START_DATE_AFTER_END_DATE"),
        ({"name": " "}, "INVALID_VALUE_BLANK_FIELD"),
        ({"name": "x" * 256}, "FIELD_LENGTH_TOO_LONG"),
        ({"status": "ACTIVE"}, "CONDITIONAL_MISSING_FIELD"),
        ({"status": "ARCHIVED"}, "INVALID_VALUE_FOR_FIELD"),
        ({"targeting": {}}, "TARGETING_FIELD_DEPRECATED"),
        ({"objectiveType": "LEAD_GENERATION", "offsiteDeliveryEnabled": True}, "CONDITIONAL_INVALID_VALUE"),
        (
            {"politicalIntent": "NOT_DECLARED", "targetingCriteria": targeting(101282230)},
            "CONDITIONAL_INVALID_VALUE",
        ),
        ({"connectedTelevisionOnly": True}, "CONDITIONAL_INVALID_VALUE"),
        ({"costType": "CPV"}, "INVALID_CAMPAIGN_CONFIGURATION"),
        ({"id": 5}, "FIELD_NOT_ALLOWED"),
    ],
)
async def test_create_refusals(api: Client, changes: dict[str, Any], code: str) -> None:
    """Each rule of a new campaign is refused by its published code, and nothing is written."""
    answer = await api.call("POST", CAMPAIGNS, campaign(**changes))
    assert (answer.status_code, codes(answer)) == (400, {code})
    assert api.writes() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": "EVENT_AD"}, '"EVENT_AD" is not an enum symbol'),
        ({"costType": "CPS"}, '"CPS" is not an enum symbol'),
        ({"bidStrategy": "MAXIMUM_DELIVERY"}, "/bidStrategy :: unrecognized field"),
        ({"objectiveType": "WEBSITE_VISITS"}, '"WEBSITE_VISITS" is not an enum symbol'),
        ({"creativeSelection": "ROTATE_EVENLY"}, "is not an enum symbol"),
        ({"campaignGroup": urn("sponsoredCampaign", 1)}, "is not a URN of sponsoredCampaignGroup"),
        ({"campaignGroup": 600000001}, "is not a URN"),
        ({"dailyBudget": {"amount": 50, "currencyCode": "USD"}}, "cannot be coerced to String"),
        ({"dailyBudget": {"amount": "50"}}, "/dailyBudget/currencyCode :: field is required"),
        ({"runSchedule": {"start": "2026-01-01"}}, "cannot be coerced to Long"),
        ({"offsiteDeliveryEnabled": "false"}, "cannot be coerced to Boolean"),
        ({"targetingCriteria": {"include": {"and": [{"or": {"locations": []}}]}}}, "targeting facet"),
    ],
)
async def test_bodies_that_fit_no_schema(api: Client, changes: dict[str, Any], said: str) -> None:
    """Unknown fields, wrong enums, URN kinds and types are a 422 that names the field."""
    answer = await api.call("POST", CAMPAIGNS, campaign(**changes))
    assert answer.status_code == 422
    assert said in answer.json()["message"]


async def test_several_faults_at_once(api: Client) -> None:
    """Several faults are listed together, each with its path."""
    answer = await api.call("POST", CAMPAIGNS, campaign(locale=None, name="", runSchedule={"start": 1}))
    assert answer.json()["code"] == "MULTIPLE_VALIDATIONS_FAILED"
    assert codes(answer) == {"MISSING_FIELD", "INVALID_VALUE_BLANK_FIELD", "DATE_TOO_EARLY"}


async def test_update_campaign(api: Client) -> None:
    """A patch changes what it names, nested schedules too, and answers nothing."""
    one = await first(api, "PAUSED")
    url = f"{CAMPAIGNS}/{one['id']}"
    answer = await api.patch(url, dailyBudget={"amount": "77.50", "currencyCode": "USD"})
    assert (answer.status_code, answer.content) == (204, b"")
    patch = {"patch": {"runSchedule": {"$set": {"end": soon() + 9 * DAY}}, "$delete": ["creativeSelection"]}}
    assert (await api.call("POST", url, patch, method="PARTIAL_UPDATE")).status_code == 204
    now = await api.get(url)
    assert now["dailyBudget"]["amount"] == "77.50"
    assert now["runSchedule"]["start"] == one["runSchedule"]["start"]
    assert "creativeSelection" not in now
    assert now["version"] != one["version"]
    assert api.writes() == ["update campaign"] * 2


async def test_update_refusals(api: Client) -> None:
    """Fixed fields, passed dates, empty patches and what a patch leaves behind are checked."""
    url = f"{CAMPAIGNS}/{(await first(api, 'ACTIVE'))['id']}"
    for changes, code in (
        ({"type": "DYNAMIC", "format": "SPOTLIGHT"}, "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS"),
        ({"objectiveType": "ENGAGEMENT"}, "IMMUTABLE_CAMPAIGN_OBJECTIVE_TYPE"),
        ({"associatedEntity": urn("organization", 1)}, "IMMUTABLE_ASSOCIATED_ENTITY"),
        ({"runSchedule": {"start": soon()}}, "DATE_IMMUTABLE_WHEN_PASSED"),
        ({"status": "DRAFT"}, "STATUS_CHANGE_NOT_ALLOWED"),
        ({"status": "COMPLETED"}, "INVALID_STATUS_TRANSITION"),
        ({"account": urn("sponsoredAccount", EU)}, "FIELD_NOT_EDITABLE"),
        ({"servingStatuses": []}, "FIELD_NOT_EDITABLE"),
        ({"optimizationTargetType": "MAX_CLICK", "costType": "CPC"}, "INVALID_CAMPAIGN_CONFIGURATION"),
    ):
        answer = await api.patch(url, **changes)
        assert code in codes(answer), (changes, answer.text)
    bodies: list[Any] = [{}, {"patch": {}}, {"$set": {"name": "x"}}, {"patch": {"$delete": ["status"]}}]
    both = {"$set": {"creativeSelection": "ROUND_ROBIN"}, "$delete": ["creativeSelection"]}
    nested = {"$set": {"runSchedule": {"start": soon()}}, "runSchedule": {"$delete": ["end"]}}
    for body in (*bodies, {"patch": both}, {"patch": nested}):
        assert (await api.call("POST", url, body, method="PARTIAL_UPDATE")).status_code == 400
    assert (await api.patch(url, nmae="x")).status_code == 422
    assert api.writes() == []


async def test_statuses_move_as_they_may(api: Client) -> None:
    """Pause, activate, archive and cancel; a canceled campaign stays canceled."""
    url = f"{CAMPAIGNS}/{(await first(api, 'ACTIVE'))['id']}"
    for status in ("PAUSED", "ACTIVE", "CANCELED"):
        assert (await api.patch(url, status=status)).status_code == 204
    assert codes(await api.patch(url, status="ACTIVE")) == {"ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS"}
    ended = f"{CAMPAIGNS}/{(await first(api, 'COMPLETED'))['id']}"
    assert codes(await api.patch(ended, status="ACTIVE")) == {"INVALID_STATUS_TRANSITION"}
    start = (await api.get(ended))["runSchedule"]["start"]
    longer = {"start": start, "end": soon() + DAY}
    assert (await api.patch(ended, status="ACTIVE", runSchedule=longer)).status_code == 204


async def test_draft_whose_start_passed(api: Client) -> None:
    """A draft with a start in the past takes no patch without a fresh schedule."""
    found = await api.get(f"{CAMPAIGNS}?q=search&search=(status:(values:List(DRAFT)))")
    late = next(element for element in found["elements"] if element["runSchedule"]["start"] < soon())
    url = f"{CAMPAIGNS}/{late['id']}"
    assert codes(await api.patch(url, name="Renamed")) == {"DATE_TOO_EARLY"}
    assert (await api.patch(url, name="Renamed", runSchedule={"start": soon()})).status_code == 204


async def test_delete_only_drafts(api: Client) -> None:
    """A draft goes, everything else is refused; what is gone is not found."""
    key = (await api.call("POST", CAMPAIGNS, campaign())).headers["x-restli-id"]
    assert (await api.call("DELETE", f"{CAMPAIGNS}/{key}")).status_code == 204
    assert (await api.call("GET", f"{CAMPAIGNS}/{key}")).status_code == 404
    kept = (await first(api, "ACTIVE"))["id"]
    answer = await api.call("DELETE", f"{CAMPAIGNS}/{kept}")
    assert codes(answer) == {"DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS"}
    assert api.writes() == ["create campaign", "delete campaign"]


async def test_batches_answer_each_item(api: Client) -> None:
    """In a batch every item has its own status, whatever the status of the answer."""
    body = {"elements": [campaign(name="One"), campaign(name=""), campaign(nope=1), campaign(name="Two")]}
    made = (await api.call("POST", CAMPAIGNS, body, method="BATCH_CREATE")).json()["elements"]
    assert [item["status"] for item in made] == [201, 400, 422, 201]
    assert made[1]["error"]["code"] == "INVALID_VALUE_BLANK_FIELD"
    ids = [made[0]["id"], made[3]["id"], "999"]
    url = f"{CAMPAIGNS}?ids=List({','.join(ids)})"
    entities = {"entities": {id_: {"patch": {"$set": {"name": f"New {id_}"}}} for id_ in ids}}
    done = (await api.call("POST", url, entities, method="BATCH_PARTIAL_UPDATE")).json()
    assert done["results"] == {ids[0]: {"status": 204}, ids[1]: {"status": 204}}
    assert done["errors"]["999"]["status"] == 404
    gone = (await api.call("DELETE", url, method="BATCH_DELETE")).json()
    assert (set(gone["results"]), set(gone["errors"])) == (set(ids[:2]), {"999"})
    wrong = await api.call("POST", url, {"entities": {}}, method="BATCH_PARTIAL_UPDATE")
    assert wrong.status_code == 400
    assert len(api.writes()) == 6


async def test_groups(api: Client) -> None:
    """Budgets of groups have their own conditions, and the default group is fixed."""
    usd = {"amount": "100.00", "currencyCode": "USD"}
    good = {**GROUP, "runSchedule": {"start": soon()}}
    for changes, code in (
        ({"runSchedule": None}, "MISSING_FIELD"),
        ({"totalBudget": usd}, "CONDITIONAL_MISSING_FIELD"),
        ({"dailyBudget": usd}, "CONDITIONAL_FIELD_NOT_ALLOWED"),
        ({"name": "x" * 101}, "FIELD_LENGTH_TOO_LONG"),
    ):
        body = {name: value for name, value in {**good, **changes}.items() if value is not None}
        assert codes(await api.call("POST", GROUPS, body)) == {code}
    dynamic = {"dailyBudget": usd, "budgetOptimization": {"budgetOptimizationStrategy": "DYNAMIC"}}
    answer = await api.call("POST", GROUPS, {**good, **dynamic})
    made = await api.get(f"{GROUPS}/{answer.headers['x-restli-id']}")
    assert (made["status"], made["backfilled"]) == ("DRAFT", False)
    default = next(
        element for element in (await api.get(f"{GROUPS}?q=search"))["elements"] if element["backfilled"]
    )
    answer = await api.patch(f"{GROUPS}/{default['id']}", name="Mine")
    assert codes(answer) == {"CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS"}


async def test_what_a_campaign_needs_to_run(api: Client) -> None:
    """Members, a conversion to optimise for, a bid that LinkedIn takes; the pacing is set once."""
    narrow = targeting(103644278)
    for facet, urn_ in (("employers", "organization:1"), ("titles", "title:1")):
        narrow["include"]["and"].append({"or": {f"urn:li:adTargetingFacet:{facet}": [f"urn:li:{urn_}"]}})
    key = (await api.call("POST", CAMPAIGNS, campaign(targetingCriteria=narrow))).headers["x-restli-id"]
    assert codes(await api.patch(f"{CAMPAIGNS}/{key}", status="ACTIVE")) == {"AUDIENCE_SIZE_TOO_SMALL"}
    converts = {"objectiveType": "WEBSITE_CONVERSION", "optimizationTargetType": "MAX_CONVERSION"}
    made = campaign(costType="CPM", targetingCriteria=targeting(103644278), **converts)
    key = (await api.call("POST", CAMPAIGNS, made)).headers["x-restli-id"]
    refused = codes(await api.patch(f"{CAMPAIGNS}/{key}", status="ACTIVE"))
    assert refused == {"CONVERSION_CAMPAIGN_MISSING_ASSOCIATED_CONVERSION"}
    assert codes(await api.patch(f"{CAMPAIGNS}/{key}", pacingStrategy="LIFETIME")) == {"FIELD_NOT_EDITABLE"}
    cents = {"amount": "0.50", "currencyCode": "USD"}
    text_ad = campaign(type="TEXT_AD", format="TEXT_AD", unitCost=cents)
    assert codes(await api.call("POST", CAMPAIGNS, text_ad)) == {"FIELD_VALUE_TOO_LOW"}
    assert (await api.call("POST", CAMPAIGNS, campaign(unitCost=cents))).status_code == 201


async def test_an_enterprise_account_keeps_its_groups(api: Client) -> None:
    """Neither a draft nor another one is deleted there, and only name and status can be changed."""
    one = (await first(api, "ACTIVE", GROUPS))["id"]
    draft = (await first(api, "DRAFT", GROUPS))["id"]
    account = api.store.get("linkedin.account", US) or {}
    api.store.put("linkedin.account", US, {**account, "type": "ENTERPRISE"})
    kept = {"NO_DELETE_ON_LMS_ENTERPRISE_CAMPAIGN_GROUPS"}
    assert codes(await api.call("DELETE", f"{GROUPS}/{draft}")) == kept
    assert codes(await api.patch(f"{GROUPS}/{one}", status="PENDING_DELETION")) == kept
    money = {"amount": "900.00", "currencyCode": "USD"}
    locked = {"FIELD_NOT_ALLOWED_FOR_ENTERPRISE_LMS_ACCOUNTS"}
    assert locked <= codes(await api.patch(f"{GROUPS}/{one}", totalBudget=money))
    assert (await api.patch(f"{GROUPS}/{one}", name="Mine", status="ARCHIVED")).status_code == 204


async def test_draft_groups_hold_drafts(api: Client) -> None:
    """Nothing but drafts under a draft group; activation goes from the top down."""
    body: dict[str, Any] = {**GROUP, "runSchedule": {"start": soon()}}
    group = (await api.call("POST", GROUPS, body)).headers["x-restli-id"]
    below = campaign(
        campaignGroup=urn("sponsoredCampaignGroup", group), targetingCriteria=targeting(103644278)
    )
    refused = await api.call("POST", CAMPAIGNS, {**below, "status": "PAUSED"})
    assert codes(refused) == {"ONLY_DRAFT_CAMPAIGNS_ALLOWED_IN_DRAFT_CAMPAIGN_GROUPS"}
    url = f"{CAMPAIGNS}/{(await api.call('POST', CAMPAIGNS, below)).headers['x-restli-id']}"
    assert (await api.patch(url, status="ACTIVE")).status_code == 400
    assert (await api.patch(f"{GROUPS}/{group}", status="ACTIVE")).status_code == 204
    assert (await api.patch(url, status="ACTIVE")).status_code == 204
    assert (await api.patch(f"{GROUPS}/{group}", status="ARCHIVED")).status_code == 204
    assert (await api.get(url))["status"] == "ARCHIVED"


async def test_fault_after_the_write(api: Client) -> None:
    """A fault that comes after was carried out, one that comes before was not."""
    await api.call("POST", CAMPAIGNS, campaign(), X_Sandbox_Fault="500")
    assert api.writes() == []
    await api.call("POST", CAMPAIGNS, campaign(), X_Sandbox_Fault="500;when=after")
    assert api.writes() == ["create campaign"]
