"""What goes with an object on LinkedIn is agreed to one by one: with one more of it a plan is not applied."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, planned, undo_of, writes

from mcp_ads.engine.applying import carry_out
from mcp_ads.errors import InvalidParams, PlatformDown
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, CREATIVE, GROUP, USER

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"account_id": LINKEDIN_US}
ACCOUNT = f"urn:li:sponsoredAccount:{LINKEDIN_US}"
LAUNCH, DRAFT = "600000002", "600000008"
"""Active with a total budget; a draft."""
START = {"run_schedule": {"start": "2030-01-01"}}
POST = "urn:li:share:7200000000180000001"


async def plan(engine_client: EngineClient, entity: str, action: str, **params: Any) -> Any:
    return await engine_client.do(LINKEDIN, entity, action, **US, **params)


def below(engine_client: EngineClient, group: str) -> list[dict[str, Any]]:
    """The campaigns of a group."""
    urn = f"urn:li:sponsoredCampaignGroup:{group}"
    return [row for row in engine_client.store.all(CAMPAIGN) if row["campaignGroup"] == urn]


def another(engine_client: EngineClient, kind: str, key: str, like: dict[str, Any], **values: Any) -> None:
    """One more object, made by somebody else."""
    engine_client.store.put(kind, key, {**like, **values})


async def refused(engine_client: EngineClient, plan_id: str, *said: str) -> None:
    """Applying it sends nothing, says why, and has a fresh plan."""
    before, result = writes(engine_client), await applied(engine_client, plan_id)
    assert "NOT APPLIED" in result.text
    for words in said:
        assert words in result.text
    assert writes(engine_client) == before


@pytest.mark.parametrize(
    ("action", "group", "more"),
    [("delete", DRAFT, {}), ("archive", LAUNCH, {}), ("update", LAUNCH, {"status": "ARCHIVED"})],
)
async def test_a_campaign_more_in_a_group_ends_the_plan(
    engine_client: EngineClient, action: str, group: str, more: dict[str, Any]
) -> None:
    """Also where their number and the names that were shown stay; the fresh plan counts it."""
    made = await plan(engine_client, "campaign_groups", action, campaign_group_id=group, **more)
    last = below(engine_client, group)[-1]
    engine_client.store.delete(CAMPAIGN, str(last["id"]))
    fewer = await plan(engine_client, "campaign_groups", action, campaign_group_id=group, **more)
    another(engine_client, CAMPAIGN, "300000990", last, id=300000990, name="Meanwhile", status="DRAFT")
    said = 'campaign 300000990 "Meanwhile" is in it, which the plan did not say'
    await refused(engine_client, made.data["plan_id"], said, "A fresh plan:")
    engine_client.store.delete(CAMPAIGN, "300000990")
    engine_client.store.delete(CAMPAIGN, str(below(engine_client, group)[-1]["id"]))
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, fewer.data["plan_id"])).text


async def test_the_undo_of_a_group_leaves_what_was_made_in_it(engine_client: EngineClient) -> None:
    """What is in it by then was made by somebody else, and no undo has named it."""
    made = await planned(engine_client, "campaign_groups", "create", LINKEDIN, **US, name="Mine", **START)
    done = await applied(engine_client, made)
    group = done.data["steps"][0]["id"]
    like = below(engine_client, DRAFT)[0]
    urn = f"urn:li:sponsoredCampaignGroup:{group}"
    another(engine_client, CAMPAIGN, "300000991", like, id=300000991, name="Theirs", campaignGroup=urn)
    await refused(engine_client, undo_of(done), 'campaign 300000991 "Theirs" is in it')
    assert engine_client.store.get(GROUP, group)


async def test_the_undo_of_an_account_leaves_what_was_made_in_it(engine_client: EngineClient) -> None:
    """The first group was there; another one is somebody's."""
    new = await planned(engine_client, "accounts", "create", LINKEDIN, name="Lab", test=True)
    done = await applied(engine_client, new)
    account = f"urn:li:sponsoredAccount:{done.data['steps'][0]['id']}"
    first = next(row for row in engine_client.store.all(GROUP) if row["account"] == account)
    another(engine_client, GROUP, "600000990", first, id=600000990, name="Theirs")
    said = 'campaign group "Default Campaign Group", campaign group "Theirs"'
    await refused(engine_client, undo_of(done), 'campaign group 600000990 "Theirs" is in it', said)


async def test_a_person_who_was_let_in_meanwhile_keeps_the_role(engine_client: EngineClient) -> None:
    """LinkedIn would take the same request for a change of the role; the plan's own refusal still holds."""
    user = "urn:li:person:abC"
    made = await planned(engine_client, "account_users", "create", LINKEDIN, **US, user=user, role="VIEWER")
    like = next(row for row in engine_client.store.all(USER) if row["account"] == ACCOUNT)
    another(engine_client, USER, f"{ACCOUNT},{user}", like, user=user, role="ACCOUNT_MANAGER")
    with pytest.raises(Exception, match="has a role there already, ACCOUNT_MANAGER: update changes it"):
        await applied(engine_client, made)
    assert (engine_client.store.get(USER, f"{ACCOUNT},{user}") or {})["role"] == "ACCOUNT_MANAGER"


async def test_a_post_that_a_creative_shows_meanwhile_is_not_deleted(engine_client: EngineClient) -> None:
    """Nor where one of those that showed it was switched on."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    shown = [row for row in engine_client.store.all(CREATIVE) if row["content"].get("reference") == POST]
    for row in shown:
        engine_client.store.put(CREATIVE, row["id"].rpartition(":")[2], {**row, "intendedStatus": "PAUSED"})
    made = await planned(engine_client, "posts", "delete", LINKEDIN, **US, post_id=POST)
    again = await planned(engine_client, "posts", "delete", LINKEDIN, **US, post_id=POST)
    another(
        engine_client, CREATIVE, "180000990", shown[0],
        id="urn:li:sponsoredCreative:180000990", name="Live", intendedStatus="ACTIVE",
    )  # fmt: skip
    await refused(engine_client, made, 'creative 180000990 "Live" shows it and loses it')
    engine_client.store.delete(CREATIVE, "180000990")
    engine_client.store.put(
        CREATIVE, shown[0]["id"].rpartition(":")[2], {**shown[0], "intendedStatus": "ACTIVE"}
    )
    await refused(engine_client, again, "is ACTIVE, which the plan did not say")


async def test_a_creative_more_in_a_campaign_ends_its_deletion(engine_client: EngineClient) -> None:
    """Deleting a campaign takes its creatives along: the plan counts them, and takes no others."""
    campaign = "300000001"
    made = await plan(engine_client, "campaigns", "delete", campaign_id=campaign)
    ours = [row for row in engine_client.store.all(CREATIVE) if row["campaign"].endswith(f":{campaign}")]
    assert f"{len(ours)} creatives go with it, " in made.text
    another(
        engine_client, CREATIVE, "180000991", ours[0], id="urn:li:sponsoredCreative:180000991", name="New",
    )  # fmt: skip
    await refused(engine_client, made.data["plan_id"], 'creative 180000991 "New" is in it')


async def test_a_campaign_that_targets_an_audience_meanwhile_keeps_it(engine_client: EngineClient) -> None:
    """What goes cannot be made again: who uses it is read once more."""
    made = await plan(engine_client, "dmp_segments", "delete", segment_id="11001")
    segment = await plan(engine_client, "dmp_segments", "get", segment_id="11001", fields=["ad_segment_id"])
    facet = "urn:li:adTargetingFacet:audienceMatchingSegments"
    clause = {"or": {facet: [f"urn:li:adSegment:{segment.data['ad_segment_id']}"]}}
    like, aimed = below(engine_client, LAUNCH)[0], {"include": {"and": [clause]}}
    another(engine_client, CAMPAIGN, "300000992", like, id=300000992, name="New", targetingCriteria=aimed)
    said = 'campaign 300000992 "New" targets it and loses it, which the plan did not say'
    await refused(engine_client, made.data["plan_id"], said)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entity", "params", "path"),
    [
        ("campaign_groups", {"campaign_group_id": DRAFT}, "/adCampaigns"),
        ("campaigns", {"campaign_id": "300000001"}, "/creatives$"),
        ("posts", {"post_id": POST}, "/creatives$"),
        ("accounts", {}, "/adCampaignGroups"),
    ],
)
async def test_nothing_final_is_done_while_what_goes_along_is_unknown(
    engine_client: EngineClient, entity: str, params: dict[str, Any], path: str
) -> None:
    """Neither planned nor applied; the plan stays, and is applied when the list can be read again."""
    made = await plan(engine_client, entity, "delete", **params)
    engine_client.fault("500", path=path, times=0)
    with pytest.raises(PlatformDown, match="what goes with it is not known"):
        await plan(engine_client, entity, "delete", **params)
    with pytest.raises(PlatformDown, match="what goes with it is not known"):
        await applied(engine_client, made.data["plan_id"])
    assert writes(engine_client) == []


@pytest.mark.parametrize("action", ["archive", "update"])
async def test_what_never_comes_back_is_said_before(engine_client: EngineClient, action: str) -> None:
    """A draft is no draft again, what is completed not completed again; a draft group keeps its own."""
    more = {"status": "ARCHIVED"} if action == "update" else {}
    with pytest.raises(
        InvalidParams, match="its campaign group is a DRAFT, in which LinkedIn archives nothing"
    ):
        await plan(engine_client, "campaigns", action, campaign_id="300000022", **more)
    ended = next(row for row in engine_client.store.all(CAMPAIGN) if row["status"] == "COMPLETED")
    text = (await plan(engine_client, "campaigns", action, campaign_id=str(ended["id"]), **more)).text
    assert "cannot be undone: it is COMPLETED, and will never be that again" in text
    draft = next(row for row in engine_client.store.all(CREATIVE) if row["intendedStatus"] == "DRAFT")
    kept = {"intended_status": "ARCHIVED"} if action == "update" else {}
    text = (await plan(engine_client, "creatives", action, creative_id=draft["id"], **kept)).text
    assert "cannot be undone: it is DRAFT, and will never be that again" in text
    on = await plan(engine_client, "campaign_groups", "activate", campaign_group_id=DRAFT, **START)
    assert "it will not be DRAFT again: the undo makes it PAUSED" in on.text
    group = await plan(engine_client, "campaign_groups", action, campaign_group_id=LAUNCH, **more)
    count = sum(row["status"] != "ARCHIVED" for row in below(engine_client, LAUNCH))
    assert f"archives the campaign group with its {count} campaigns, " in group.text
    done = await applied(engine_client, group.data["plan_id"])
    assert "there is no call that takes this back: archives the campaign group" in done.text


async def test_a_copy_that_is_switched_on_in_its_plan_is_known_whole(engine_client: EngineClient) -> None:
    """Its political intent is that of what was copied, although the plan does not list it."""
    copy = await plan(engine_client, "campaigns", "duplicate", campaign_id="300000001")
    both = await plan(
        engine_client, "campaigns", "activate", campaign_id="@1.id", append_to=copy.data["plan_id"]
    )
    assert "without a declared political intent" not in both.text
    assert "will never be that again" not in both.text
    assert "it will not be" not in both.text


async def test_every_company_that_is_excluded_is_named(engine_client: EngineClient) -> None:
    """What a change adds is agreed to; what was there before may be counted."""
    companies = [f"urn:li:organization:{number}" for number in range(5001, 5031)]
    made = await plan(
        engine_client,
        "campaigns",
        "edit_targeting",
        campaign_id="300000001",
        exclude_add={"employers": companies},
    )
    (said,) = [line for line in made.data["steps"][0]["changes"] if line.startswith("targeting adds")]
    assert all(f"organization:{number}" in said for number in range(5001, 5031))


@pytest.mark.parametrize("wrong", [f"{POST}:", f"{POST}x", f"x:{POST}"])
async def test_a_post_is_named_whole(engine_client: EngineClient, wrong: str) -> None:
    """A slip of the pen is no other post's URN."""
    with pytest.raises(InvalidParams, match=r"post_id: .*write urn:li:share:"):
        await plan(engine_client, "posts", "delete", post_id=wrong)


async def one_step(engine_client: EngineClient, plan_id: str, done: str = "1 of 2") -> None:
    """Apply it until the call's time is over after one step more."""
    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(carry_out, "RESERVE", 60.0)
        assert f"IN PROGRESS: {done} done" in (await applied(engine_client, plan_id)).text


@pytest.mark.parametrize(("action", "group"), [("delete", DRAFT), ("archive", LAUNCH)])
async def test_what_the_plan_has_changed_itself_is_looked_at_again(
    engine_client: EngineClient, action: str, group: str
) -> None:
    """A plan that goes on in another call takes nothing along that came meanwhile."""
    more = START if action == "delete" else {}
    first = await plan(engine_client, "campaign_groups", "update", campaign_group_id=group, name="X", **more)
    both = await plan(
        engine_client, "campaign_groups", action, campaign_group_id=group, append_to=first.data["plan_id"]
    )
    await one_step(engine_client, both.data["plan_id"])
    like = below(engine_client, group)[0]
    another(engine_client, CAMPAIGN, "300000993", like, id=300000993, name=f"{group} too", status="DRAFT")
    said = f'campaign 300000993 "{group} too" is in it, which the plan did not say'
    await refused(engine_client, both.data["plan_id"], said)


async def test_what_the_plan_itself_puts_below_goes_along(engine_client: EngineClient) -> None:
    """Whoever agreed to its first step knows of that; the plan goes on in another call."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    campaign = str(below(engine_client, LAUNCH)[0]["id"])
    first = await plan(engine_client, "campaigns", "update", campaign_id=campaign, name="Renamed here")
    both = await plan(
        engine_client,
        "campaign_groups",
        "archive",
        campaign_group_id=LAUNCH,
        append_to=first.data["plan_id"],
    )
    await one_step(engine_client, both.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, both.data["plan_id"])).text


@pytest.mark.parametrize("somebody", [False, True])
async def test_what_the_plan_has_made_and_changed_is_as_it_made_it(
    engine_client: EngineClient, *, somebody: bool
) -> None:
    """A later step's value is no drift of the first one's; what somebody else changes is."""
    made = await plan(engine_client, "campaigns", "duplicate", campaign_id="300000001")
    for action, more in (("update", {"name": "Ours"}), ("activate", {})):
        made = await plan(
            engine_client, "campaigns", action, campaign_id="@1.id", append_to=made.data["plan_id"], **more
        )
    for done in ("1 of 3", "2 of 3"):
        await one_step(engine_client, made.data["plan_id"], done)
    copy = max(engine_client.store.all(CAMPAIGN), key=lambda row: int(row["id"]))
    if somebody:
        money = {"amount": "99", "currencyCode": "USD"}
        another(engine_client, CAMPAIGN, str(copy["id"]), copy, dailyBudget=money)
        await refused(engine_client, made.data["plan_id"], "dailyBudget is ")
    else:
        assert "APPLIED: 3 of 3 done" in (await applied(engine_client, made.data["plan_id"])).text


async def test_what_a_plan_makes_is_not_deleted_in_it(engine_client: EngineClient) -> None:
    """It is refused in words, for there is nothing yet to look into."""
    given = {"account_id": LINKEDIN_US, "name": "New", "run_schedule": {"start": "2027-01-01"}}
    made = await engine_client.do(LINKEDIN, "campaign_groups", "create", **given)
    later = {"account_id": LINKEDIN_US, "campaign_group_id": "@1.id", "append_to": made.data["plan_id"]}
    with pytest.raises(InvalidParams, match="the same plan makes it; leave both steps out"):
        await engine_client.do(LINKEDIN, "campaign_groups", "delete", **later)
