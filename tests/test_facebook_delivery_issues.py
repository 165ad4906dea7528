"""Why nothing delivers, who changed what, and how an ad looks."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient

from mcp_ads.connectors import connector
from mcp_ads.connectors.facebook_marketing.delivery.activities import change_of, level_of
from mcp_ads.connectors.facebook_marketing.delivery.reasons import reasons
from mcp_ads.core import Context, Request, validate
from mcp_ads.errors import InvalidParams, OutOfScope, PlatformDown

pytestmark = pytest.mark.anyio
DISAPPROVED = "1202130000000033901"
KNITWEAR = "1202110000000000325"


async def test_disapproved_ads_say_why_in_one_call(engine_client: EngineClient) -> None:
    """The default columns of a list of disapproved ads have the reason in plain words."""
    found = await engine_client.table(FACEBOOK, "ads", "list", account_id=US, effective_status="DISAPPROVED")
    assert [(row["id"], row["reason"]) for row in found.rows] == [
        (DISAPPROVED, "Misleading claims: Show less certainty.")
    ]
    lists = [sent for sent in engine_client.sent() if sent.endswith("/ads")]
    assert len(lists) == 1
    by_switch = await engine_client.table(FACEBOOK, "ads", "list", account_id=US, status="DISAPPROVED")
    assert by_switch.rows == found.rows


async def test_a_reason_can_be_asked_for_and_looked_through(engine_client: EngineClient) -> None:
    """The column has a name of its own, and other words for it."""
    asked = {"account_id": US, "effective_status": ["DISAPPROVED", "PAUSED"], "fields": "name,why"}
    found = await engine_client.table(FACEBOOK, "ads", "list", **asked)
    assert {row["reason"] for row in found.rows} >= {"Misleading claims: Show less certainty.", ""}
    usual = await engine_client.table(FACEBOOK, "ads", "list", account_id=US, limit=1)
    assert "reason" not in usual.rows[0]


async def test_why_does_nothing_deliver(engine_client: EngineClient) -> None:
    """One call: campaign, ad sets, ads with their reasons, what to do, and since when an ad is declined."""
    found = await engine_client.table(FACEBOOK, "delivery_issues", "list", account_id=US)
    assert [row["level"] for row in found.rows] == ["campaign", "ad set", "ad set", "ad"]
    campaign, *_, ad = found.rows
    assert campaign["id"] == KNITWEAR
    assert campaign["reason"] == "Destination not available: The website that the ads lead to did not answer."
    assert ad["id"] == DISAPPROVED
    assert "ask for another review" in ad["what_to_do"]
    assert ad["since"].startswith("20")
    assert "warnings" not in found.meta


async def test_what_is_wrong_with_the_account_comes_first(engine_client: EngineClient) -> None:
    """No payment method, a disabled account and a spending limit that is reached stop everything."""
    account = engine_client.store
    await engine_client.do(FACEBOOK, "ad_accounts", "list")
    body = account.get("facebook.account", f"act_{US}") or {}
    changed = {"account_status": 2, "disable_reason": 1, "funding_source": "", "spend_cap": "1"}
    account.put("facebook.account", f"act_{US}", {**body, **changed})
    found = await engine_client.table(FACEBOOK, "delivery_issues", "list", account_id=US)
    reasons_given = [row["reason"] for row in found.rows if row["level"] == "account"]
    assert reasons_given == [
        "the ad account is disabled: it broke the advertising policies",
        "no payment method is to be seen: without one, ads are made and never deliver",
        "the ad account has reached its spending limit",
    ]


async def test_a_level_that_cannot_be_read_is_said(engine_client: EngineClient) -> None:
    """What is there is shown, and what is missing is named: never a part for the whole."""
    engine_client.fault("500", path="/adsets", times=0)
    found = await engine_client.table(FACEBOOK, "delivery_issues", "list", account_id=US)
    assert [row["level"] for row in found.rows] == ["campaign", "ad"]
    assert any("adsets could not be read" in warning for warning in found.meta["warnings"])


async def test_a_log_that_cannot_be_read_is_said(engine_client: EngineClient) -> None:
    """Without the log the reasons stand, and since is not known."""
    engine_client.fault("500", path="/activities", times=0)
    found = await engine_client.table(FACEBOOK, "delivery_issues", "list", account_id=US)
    assert found.rows[-1]["since"] == ""
    assert any("since is not known" in warning for warning in found.meta["warnings"])


async def test_nothing_can_be_read(engine_client: EngineClient) -> None:
    """That is an error, not an account without issues."""
    engine_client.fault("500", path=f"/act_{US}", times=0)
    with pytest.raises(PlatformDown):
        await engine_client.do(FACEBOOK, "delivery_issues", "list", account_id=US)


async def test_issues_are_found_by_what_people_ask(engine_client: EngineClient) -> None:
    """The words for it lead to the action, and unknown columns are refused with those there are."""
    with pytest.raises(InvalidParams, match="there are level, id, name, status, reason, what_to_do, since"):
        await engine_client.do(FACEBOOK, "delivery_issues", "list", account_id=US, fields="colour")


def test_reasons_of_every_kind() -> None:
    """Review by surface, an issue of the ad's campaign, a failed check, and codes without words."""
    record: dict[str, Any] = {
        "id": "1", "campaign_id": "2", "adset_id": "3",
        "ad_review_feedback": {
            "global": {"17": "Ads must not imply personal attributes."},
            "placement_specific": {"instagram": {"TOBACCO": "No tobacco."}, "dpa": None},
        },
        "issues_info": [
            {"level": "CAMPAIGN", "error_code": 1, "error_summary": "Off", "error_message": "Billing."},
            {"level": "ad", "error_summary": "Off", "error_message": "Off"},
            "nothing",
        ],
        "failed_delivery_checks": [{"check_name": "x", "summary": "Low", "description": "Too few people."}],
    }  # fmt: skip
    assert reasons(record) == [
        ("review", "Ads must not imply personal attributes."),
        ("review", "TOBACCO: No tobacco. (on instagram)"),
        ("issue", "Off: Billing. (of its campaign)"),
        ("issue", "Off"),
        ("check", "Low: Too few people."),
    ]
    assert reasons({"ad_review_feedback": [], "issues_info": {}, "failed_delivery_checks": None}) == []


async def test_who_changed_what(engine_client: EngineClient) -> None:
    """Names as people know them, money in major units with its currency, the newest first."""
    found = await engine_client.table(FACEBOOK, "activities", "list", account_id=US)
    budget, status, charge, hours, *_ = found.rows
    assert (budget["object_type"], budget["extra_data"]) == ("campaign", "40.00 USD → 50.00 USD (Per day)")
    assert (status["object_type"], status["extra_data"]) == ("ad set", "Inactive → Active")
    assert (charge["object_type"], charge["extra_data"]) == ("account", "none → 143.68 USD")
    assert hours["object_type"] == "ad set"
    assert budget["actor_name"] == "Robin Tern"
    times = [row["event_time"] for row in found.rows]
    assert times == sorted(times, reverse=True)


async def test_changes_are_narrowed(engine_client: EngineClient) -> None:
    """By kind, by object and what is below it, and by days; yen have no hundredths."""
    listed = {"account_id": JAPAN, "category": "budget", "fields": "time,change,object_id"}
    japan = await engine_client.table(FACEBOOK, "activities", "list", **listed)
    assert [row["extra_data"] for row in japan.rows] == ["4000 JPY → 5000 JPY (Per day)"]
    campaign = japan.rows[0]["object_id"]
    below = {"account_id": JAPAN, "oid": campaign, "add_children": True}
    assert len((await engine_client.table(FACEBOOK, "activities", "list", **below)).rows) > 1
    assert (
        len((await engine_client.table(FACEBOOK, "activities", "list", account_id=JAPAN, oid=campaign)).rows)
        == 1
    )
    longer = {"account_id": US, "since": "2020-01-01", "until": "2020-12-31"}
    assert (await engine_client.table(FACEBOOK, "activities", "list", **longer)).rows == []


LEVELS = {
    ("update_campaign_budget", "CAMPAIGN_GROUP"): "campaign",
    ("create_campaign_legacy", "CAMPAIGN_GROUP"): "campaign",
    ("update_campaign_run_status", ""): "campaign",
    ("update_ad_set_budget", "CAMPAIGN"): "ad set",
    ("update_campaign_conversion_goal", "CAMPAIGN"): "ad set",
    ("update_ad_creative", "ADGROUP"): "ad",
    ("create_ad", "ADGROUP"): "ad",
    ("ad_review_approved", "ADGROUP"): "ad",
    ("create_audience", "CAMPAIGN"): "audience",
    ("funding_event_successful", "ACCOUNT"): "account",
    ("something_new", "CAMPAIGN"): "ad set",
    ("something_new", "PRODUCT_SET"): "product set",
}


@pytest.mark.parametrize(("old", "known"), LEVELS.items(), ids="-".join)
def test_the_log_says_campaign_and_means_an_ad_set(old: tuple[str, str], known: str) -> None:
    """What an entry is about follows from its event, and only then from the old word."""
    event, kind = old
    assert level_of({"event_type": event, "object_type": kind}) == known


CHANGES = {
    "flat": ({"old_value": "5000", "new_value": "7500"}, "update_ad_set_budget", "50.00 USD → 75.00 USD"),
    "own-currency": (
        {"old_value": {"old_value": 1, "currency": "JPY"}, "new_value": {"new_value": 2, "currency": "JPY"}},
        "update_campaign_budget",
        "1 JPY → 2 JPY",
    ),
    "no-money": ({"old_value": "1", "new_value": "2"}, "update_ad_set_name", "1 → 2"),
    "no-number": ({"old_value": "n/a", "new_value": "7500"}, "update_ad_set_budget", "n/a → 75.00 USD"),
    "object": ({"old_value": {"a": 1}, "new_value": None}, "update_ad_set_target_spec", '{"a": 1} → none'),
    "other": (
        {"learning": "LEARNING", "x": None},
        "update_ad_set_learning_stage_status",
        '{"learning": "LEARNING"}',
    ),
    "empty": ({}, "create_ad", ""),
}


@pytest.mark.parametrize(("extra", "event", "said"), CHANGES.values(), ids=CHANGES)
def test_what_it_was_and_what_it_became(extra: dict[str, Any], event: str, said: str) -> None:
    """Every shape of extra_data that is met is read; an amount never stands without its currency."""
    assert change_of({"event_type": event, "extra_data": json.dumps(extra)}, "USD") == said


@pytest.mark.parametrize("text", ["not json", "[1, 2]", None, ""])
def test_odd_extra_data_is_shown_as_it_is(text: str | None) -> None:
    """Nothing an advertiser or Facebook writes there ends a call."""
    assert change_of({"event_type": "create_ad", "extra_data": text}, "USD") in (
        "not json",
        "[1, 2]",
        "None",
        "",
    )


async def test_an_ad_is_previewed_in_two_places(engine_client: EngineClient) -> None:
    """An address a day long for each place; one that Facebook does not have is said beside the others."""
    asked = {"ad_id": DISAPPROVED, "ad_format": ["instagram_story", "desktop feed standard", "HOLOGRAM"]}
    found = await engine_client.table(FACEBOOK, "ad_previews", "list", **asked)
    assert [row["ad_format"] for row in found.rows] == ["INSTAGRAM_STORY", "DESKTOP_FEED_STANDARD"]
    assert all(
        row["url"].startswith("https://www.facebook.com/ads/api/preview_iframe.php?d=") for row in found.rows
    )
    assert {row["valid"] for row in found.rows} == {"24 hours"}
    assert any("HOLOGRAM could not be previewed" in warning for warning in found.meta["warnings"])


async def test_a_creative_is_previewed_before_it_is_made(engine_client: EngineClient) -> None:
    """Unsaved ones in their account, made ones by their id; and one of them at a time."""
    unsaved = {"account_id": US, "creative": {"object_story_id": "1_2"}}
    assert len((await engine_client.table(FACEBOOK, "ad_previews", "list", **unsaved)).rows) == 1
    made = await engine_client.table(FACEBOOK, "ad_previews", "list", creative_id="1202140000000017011")
    assert len(made.rows) == 1
    with pytest.raises(InvalidParams, match="give one of ad_id, creative_id"):
        await engine_client.do(FACEBOOK, "ad_previews", "list", ad_id="1", creative_id="2")
    with pytest.raises(InvalidParams, match="account_id: missing"):
        await engine_client.do(FACEBOOK, "ad_previews", "list", creative={"object_story_id": "1_2"})
    with pytest.raises(InvalidParams, match="write INSTAGRAM_STORY"):
        await engine_client.do(FACEBOOK, "ad_previews", "list", ad_id="1", ad_format="story")


def test_a_preview_gives_no_token_away() -> None:
    """Whatever Facebook puts into the address, what opens an account is cut out, in the frame as well."""
    kind = connector(FACEBOOK).action("ad_previews", "list")
    call = validate.call("ad_previews", "list", kind, {"ad_id": "1"})
    body = '<iframe src="https://www.facebook.com/x.php?d=A&amp;access_token=EAAsecret&amp;t=B"></iframe>'
    steps = call.flow(Context(today=date(2026, 11, 26)))
    assert isinstance(next(steps), Request)
    with pytest.raises(StopIteration) as ended:
        steps.send({"data": [{"body": body}]})
    row = ended.value.value.data[0]
    assert row["url"] == "https://www.facebook.com/x.php?d=A&t=B"
    assert "EAAsecret" not in json.dumps(row)


async def test_previews_keep_to_the_allowed_accounts(engine_client: EngineClient) -> None:
    """An ad of an account that is not on the list is not previewed, nor is anything in that account."""
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    for asked in (
        {"ad_id": DISAPPROVED},
        {"account_id": US, "creative": {"object_story_id": "1_2"}},
        {"account_id": JAPAN, "creative": {"creative_id": "1202140000000017011"}},
    ):
        with pytest.raises(OutOfScope):
            await engine_client.do(FACEBOOK, "ad_previews", "list", **asked)
    assert not [sent for sent in engine_client.sent() if "previews" in sent]
