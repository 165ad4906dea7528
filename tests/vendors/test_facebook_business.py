"""Meta's own SDK, unmodified except for its base URL, against the sandbox."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_client import break_next

from mcp_ads.connectors.facebook_marketing.measuring.event_rows import checked
from mcp_ads.sandbox.ports import Servers

api = pytest.importorskip("facebook_business.api", reason="facebook-business is not installed")
session = pytest.importorskip("facebook_business.session")
uploader = pytest.importorskip("facebook_business.video_uploader")
exceptions = pytest.importorskip("facebook_business.exceptions")
Ad = pytest.importorskip("facebook_business.adobjects.ad").Ad
AdAccount = pytest.importorskip("facebook_business.adobjects.adaccount").AdAccount
AdImage = pytest.importorskip("facebook_business.adobjects.adimage").AdImage
AdReportRun = pytest.importorskip("facebook_business.adobjects.adreportrun").AdReportRun
AdSet = pytest.importorskip("facebook_business.adobjects.adset").AdSet
AdsPixel = pytest.importorskip("facebook_business.adobjects.adspixel").AdsPixel
AdVideo = pytest.importorskip("facebook_business.adobjects.advideo").AdVideo
Business = pytest.importorskip("facebook_business.adobjects.business").Business
Campaign = pytest.importorskip("facebook_business.adobjects.campaign").Campaign
CustomAudience = pytest.importorskip("facebook_business.adobjects.customaudience").CustomAudience
TargetingSearch = pytest.importorskip("facebook_business.adobjects.targetingsearch").TargetingSearch
LeadgenForm = pytest.importorskip("facebook_business.adobjects.leadgenform").LeadgenForm
Page = pytest.importorskip("facebook_business.adobjects.page").Page
User = pytest.importorskip("facebook_business.adobjects.user").User
serverside = pytest.importorskip("facebook_business.adobjects.serverside.event")
user_data = pytest.importorskip("facebook_business.adobjects.serverside.user_data")
action_source = pytest.importorskip("facebook_business.adobjects.serverside.action_source")

pytestmark = [pytest.mark.vendors, pytest.mark.filterwarnings("ignore")]
ACCOUNT = "act_1234567890"
SPRING = "1202110000000000340"
NEW = {
    "name": "Made by the SDK, “quoted” & 日本",
    "objective": "OUTCOME_TRAFFIC",
    "status": "PAUSED",
    "special_ad_categories": [],
    "daily_budget": 5000,
}
OURS = {"em": "Mary@Example.com", "ph": "+1 (555) 010-0199", "fn": "Mary", "country": "US"}
"""The same person as an agent writes it."""
ADSET = {
    "name": "Set",
    "optimization_goal": "LINK_CLICKS",
    "billing_event": "IMPRESSIONS",
    "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    "targeting": {
        "geo_locations": {"countries": ["US", "CA"]},
        "targeting_automation": {"advantage_audience": 0},
    },
    "status": "PAUSED",
}


@pytest.fixture
def graph(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The SDK's API object, pointed at the sandbox."""
    monkeypatch.setattr(session.FacebookSession, "GRAPH", servers.ports.url)
    yield api.FacebookAdsApi.init(access_token="sandbox-sdk", api_version="v26.0")
    api.FacebookAdsApi.set_default_api(None)


@pytest.fixture
def account(graph: Any) -> Any:
    return AdAccount(ACCOUNT, api=graph)


def test_me_and_accounts(graph: Any) -> None:
    """The SDK finds the user and both accounts."""
    me = User("me", api=graph)
    found = {
        account["account_id"]: account["currency"]
        for account in me.get_ad_accounts(["account_id", "currency"])
    }
    assert found == {"1234567890": "USD", "2345678901": "JPY"}


def test_campaigns_across_pages(account: Any) -> None:
    """The SDK's cursor reads every page, each campaign once."""
    cursor = account.get_campaigns(["id", "name", "effective_status"], {"limit": 50})
    names = {campaign["id"]: campaign["name"] for campaign in cursor}
    assert names[SPRING] == "Spring Sale"
    assert len(names) > 150


def test_filtering_and_summary(account: Any) -> None:
    """Filters go as JSON, and the summary counts what they leave."""
    active = [{"field": "effective_status", "operator": "IN", "value": ["ACTIVE"]}]
    cursor = account.get_campaigns(["name"], {"filtering": active, "summary": True, "limit": 5})
    assert cursor.total() == len(list(cursor)) > 5


def test_ad_sets_and_ads(account: Any) -> None:
    """Edges of a campaign, nested fields and JSON values come back as the SDK's objects."""
    sets = list(Campaign(SPRING).get_ad_sets(["name", "targeting", "campaign{name}"]))
    assert sets
    assert sets[0]["campaign"]["name"] == "Spring Sale"
    assert "geo_locations" in sets[0]["targeting"]
    ads = list(Campaign(SPRING).get_ads(["name", "creative{id,name}"]))
    assert ads
    assert ads[0]["creative"]["id"]
    assert account.get_ad_creatives(["id", "name"], {"limit": 3})


def test_insights_add_up(account: Any) -> None:
    """What the account spent is what its ads spent, read at once."""
    days = {"time_range": {"since": _day(9), "until": _day(2)}}
    whole = account.get_insights(["spend", "impressions"], days)[0]
    ads = account.get_insights(["ad_id", "impressions"], {**days, "level": "ad", "limit": 500})
    assert int(whole["impressions"]) == sum(int(ad["impressions"]) for ad in ads) > 0


def test_insights_by_report_run(account: Any) -> None:
    """An asynchronous report is ordered, polled and read."""
    params = {"date_preset": "last_7d", "level": "campaign", "time_increment": 1}
    run = account.get_insights_async(["campaign_name", "spend"], params)
    assert isinstance(run, AdReportRun)
    for _ in range(10):
        run = run.api_get()
        if run["async_status"] == "Job Completed":
            break
        time.sleep(0.2)
    assert run["async_percent_completion"] == 100
    rows = list(run.get_insights())
    assert rows
    assert {"campaign_name", "spend", "date_start"} <= set(rows[0])


def test_insights_by_what_splits_them(account: Any) -> None:
    """Actions by type and device, a report of them too; what does not go together is refused."""
    params = {"date_preset": "last_7d", "action_breakdowns": ["action_type", "action_device"]}
    (at_once,) = account.get_insights(["actions"], params)
    run = account.get_insights_async(["actions"], params)
    while run.api_get()["async_status"] != "Job Completed":
        time.sleep(0.05)
    (later,) = run.get_insights()
    assert later["actions"] == at_once["actions"]
    assert {action["action_device"] for action in later["actions"]} >= {"iphone", "desktop"}
    with pytest.raises(exceptions.FacebookRequestError, match="combination"):
        account.get_insights(["spend"], {"breakdowns": ["age", "country"]})


def test_a_report_that_fails(account: Any, servers: Servers) -> None:
    """The SDK reads why from the run, which never completes."""
    break_next(servers.sandbox.store, "report-fails", path="insights")
    run = account.get_insights_async(["spend"], {"level": "ad"})
    for _ in range(3):
        run = run.api_get(["async_status", "error_code", "error_user_msg"])
    assert (run["async_status"], run["error_code"]) == ("Job Failed", -2)
    assert "order it again" in run["error_user_msg"]


def test_batch(graph: Any) -> None:
    """A batch answers each of its requests, failures too."""
    names: list[str] = []
    codes: list[int] = []
    batch = graph.new_batch()
    for campaign_id in (SPRING, "1202110000000000339", "99999"):
        Campaign(campaign_id).api_get(
            ["name"],
            batch=batch,
            success=lambda answer: names.append(answer.json()["name"]),
            failure=lambda answer: codes.append(answer.error().api_error_code()),
        )
    assert batch.execute() is None
    assert names == ["Spring Sale", 'Autumn "Storm" Jackets, women']
    assert codes == [100]


def test_create_update_delete(account: Any, servers: Servers) -> None:
    """A campaign and an ad set are made, changed and deleted, and nothing else happens."""
    before = len(servers.sandbox.store.writes())
    campaign = account.create_campaign([], NEW)
    ad_set = AdSet(account.create_ad_set([], {**ADSET, "campaign_id": campaign["id"]})["id"])
    campaign.api_update([], {"daily_budget": 7500, "name": "Renamed"})
    assert campaign.api_get(["name", "daily_budget", "status"]).export_all_data() == {
        "id": campaign["id"],
        "name": "Renamed",
        "daily_budget": "7500",
        "status": "PAUSED",
    }
    assert ad_set.api_get(["campaign_id"])["campaign_id"] == campaign["id"]
    ad_set.api_delete()
    campaign.api_delete()
    assert campaign.api_get(["effective_status"])["effective_status"] == "DELETED"
    assert len(servers.sandbox.store.writes()) - before == 5


def test_copies_schedules_and_labels(account: Any, servers: Servers) -> None:
    """A campaign is copied, its budget raised for a day, labelled; the answers fill the SDK's own objects."""
    made = Campaign(SPRING).create_copy(params={"deep_copy": False, "status_option": "PAUSED"})
    copy = Campaign(made["copied_campaign_id"]).api_get(fields=["status", "source_campaign_id"])
    assert (copy["status"], copy["source_campaign_id"]) == ("PAUSED", SPRING)
    begin = (int(time.time()) // 900 + 96) * 900
    period = {
        "budget_value": 2000,
        "budget_value_type": "ABSOLUTE",
        "time_start": begin,
        "time_end": begin + 86400,
    }
    Campaign(SPRING).create_budget_schedule(params=period)
    (row,) = Campaign(SPRING).get_budget_schedules(fields=["budget_value", "budget_value_type"])
    assert (row["budget_value"], row["budget_value_type"]) == (2000, "ABSOLUTE")
    row.api_delete()
    label = account.create_ad_label(params={"name": "Q4"})
    assert [one["name"] for one in account.get_ad_labels(fields=["name"])] == ["Q4"]
    label.api_delete()
    (least, *_) = account.get_minimum_budgets(fields=["currency", "min_daily_budget_imp"])
    assert least["min_daily_budget_imp"] > 0


def test_a_launch(account: Any, servers: Servers) -> None:
    """Campaign, ad set, creative and ad are made one under the other, switched on, and read with numbers."""
    before = len(servers.sandbox.store.writes())
    campaign = account.create_campaign([], {**NEW, "name": "Launch"})
    ad_set = AdSet(
        account.create_ad_set([], {**ADSET, "campaign_id": campaign["id"]})["id"], api=campaign._api
    )
    page = next(iter(User("me", api=campaign._api).get_accounts(["id", "name"])))["id"]
    link = {"link": "https://example.com/spring", "message": "New, “quoted” & 日本", "name": "Spring"}
    story = {"page_id": page, "link_data": link}
    creative = account.create_ad_creative([], {"name": "Launch", "object_story_spec": story})
    sent = {"name": "Launch", "adset_id": ad_set["id"], "creative": {"creative_id": creative["id"]}}
    ad = Ad(account.create_ad([], {**sent, "status": "PAUSED"})["id"], api=campaign._api)
    for made in (ad, ad_set, campaign):
        made.api_update([], {"status": "ACTIVE"})
    shown = ad.api_get(["campaign_id", "adset_id", "creative{object_story_spec}", "effective_status"])
    assert (shown["campaign_id"], shown["adset_id"]) == (campaign["id"], ad_set["id"])
    assert shown["creative"]["object_story_spec"]["link_data"]["message"] == link["message"]
    assert [record["id"] for record in campaign.get_ads(["id"])] == [ad["id"]]
    assert list(ad.get_insights(["impressions", "spend"], {"date_preset": "last_7d"})) == []
    others = Campaign(SPRING, api=campaign._api).get_insights(["spend"], {"date_preset": "last_7d"})
    assert float(others[0]["spend"]) > 0
    assert len(servers.sandbox.store.writes()) - before == 7


def test_validate_only_changes_nothing(account: Any, servers: Servers) -> None:
    """execution_options=validate_only on an edge that knows it checks and does nothing."""
    before = len(servers.sandbox.store.writes())
    account.create_campaign([], {**NEW, "execution_options": ["validate_only"]})
    assert len(servers.sandbox.store.writes()) == before


def test_audiences_take_people(account: Any) -> None:
    """The SDK makes an audience, hashes people for it and reads what was received."""
    sent = {"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    audience = CustomAudience(account.create_custom_audience([], sent)["id"], api=account.get_api())
    schema = [CustomAudience.Schema.MultiKeySchema.email, CustomAudience.Schema.MultiKeySchema.fn]
    session = {"session_id": 4711, "batch_seq": 1, "last_batch_flag": True}
    rows = [["Mary@example.com", "Mary"], ["jo@example.com", "Jo"]]
    answer = audience.add_users(schema, rows, is_raw=True, session=session).json()
    assert (answer["num_received"], answer["num_invalid_entries"]) == (2, 0)
    plain = audience.add_users(schema, rows, is_raw=True, pre_hashed=True).json()
    assert (plain["num_received"], plain["num_invalid_entries"]) == (2, 2)
    alone = CustomAudience.Schema.email_hash
    assert audience.add_users(alone, ["mary@example.com"]).json()["num_invalid_entries"] == 0
    assert audience.api_get(["name", "subtype"])["subtype"] == "CUSTOM"
    assert audience["id"] in [audience["id"] for audience in account.get_custom_audiences(["name"])]
    gone = audience.remove_users(schema, rows, is_raw=True).json()
    assert (gone["num_received"], gone["num_invalid_entries"]) == (2, 0)
    audience.api_delete()


def test_targeting_is_found_and_estimated(graph: Any, account: Any) -> None:
    """The SDK searches interests and keys of places, and reads how many people a spec reaches."""
    search = TargetingSearch.search
    (hiking,) = search({"q": "hik", "type": TargetingSearch.TargetingSearchTypes.interest}, api=graph)
    assert hiking["name"] == "Hiking"
    geo = {"type": TargetingSearch.TargetingSearchTypes.geometadata, "cities": ["2514815"]}
    assert search(geo, api=graph)[0]["2514815"]["name"] == "Springfield"
    spec = {"geo_locations": {"countries": ["US"]}, "flexible_spec": [{"interests": [{"id": hiking["id"]}]}]}
    (reach,) = account.get_reach_estimate([], {"targeting_spec": spec})
    assert 0 < reach["users_lower_bound"] < reach["users_upper_bound"]
    asked = {"targeting_spec": spec, "optimization_goal": "REACH"}
    assert account.get_delivery_estimate([], asked)[0]["estimate_ready"]
    (lines,) = account.get_targeting_sentence_lines([], {"targeting_spec": spec})
    assert lines["targetingsentencelines"][0]["children"] == ["United States"]


def test_an_image_is_uploaded(account: Any, tmp_path: Path) -> None:
    """As a file the SDK opens; its hash is what the list then has."""
    file = tmp_path / "shop.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4) + b"\x08")
    image = AdImage(parent_id=ACCOUNT, api=account.get_api())
    image[AdImage.Field.filename] = str(file)
    image.remote_create()
    found = account.get_ad_images(["hash", "width"], {"hashes": [image.get_hash()]})
    assert [record["width"] for record in found] == [640]


def test_a_video_is_uploaded_in_chunks(account: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's own uploader starts, sends every chunk, finishes, and waits until it is ready."""
    monkeypatch.setattr(uploader.VideoUploadRequest, "send", _send_here)
    monkeypatch.setattr(uploader.time, "sleep", lambda _: None)
    file = tmp_path / "film.mp4"
    file.write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\r\n--film\xff" * 900_000)
    video = AdVideo(parent_id=ACCOUNT, api=account.get_api())
    video[AdVideo.Field.filepath] = str(file)
    made = uploader.VideoUploader().upload(video, wait_for_encoding=True)
    assert AdVideo(made["id"], api=account.get_api()).api_get(["title"])["title"] == "film.mp4"


def _send_here(request: Any, path: Any) -> Any:
    """What the uploader does, but for the address of Meta's host for videos."""
    return request._api.call("POST", path, params=request._params, files=request._files)


def test_catalogs_of_a_business(graph: Any) -> None:
    """Listed by way of the business that owns them."""
    business = Business("334455667788990", api=graph)
    found = list(business.get_owned_product_catalogs(["name", "vertical", "business"]))
    assert {record["business"]["id"] for record in found} == {"334455667788990"}
    assert found[0].api_get(["product_count"])["product_count"] >= 0


def test_lead_forms_of_a_page(graph: Any) -> None:
    """The page's token, from the list of pages, makes, lists and archives forms; a user's token does not."""
    page = next(iter(User("me", api=graph).get_accounts(["id", "access_token"])))
    with pytest.raises(exceptions.FacebookRequestError) as refused:
        Page(page["id"], api=graph).get_lead_gen_forms(["id"])
    assert refused.value.api_error_code() == 190
    own = api.FacebookAdsApi(session.FacebookSession(access_token=page["access_token"]), "v26.0")
    privacy = {"url": "https://example.com/privacy"}
    new = {"name": "By the SDK", "questions": [{"type": "EMAIL"}], "privacy_policy": privacy}
    made = Page(page["id"], api=own).create_lead_gen_form([], new)["id"]
    LeadgenForm(made, api=own).api_update([], {"status": "ARCHIVED"})
    forms = list(Page(page["id"], api=own).get_lead_gen_forms(["name", "status", "leads_count"]))
    assert {"id": made, "name": "By the SDK", "status": "ARCHIVED", "leads_count": 0} in map(dict, forms)
    asked = next(form["id"] for form in forms if form["leads_count"])
    leads = list(LeadgenForm(asked, api=graph).get_leads(["field_data", "ad_id"]))
    assert len(leads) == next(form["leads_count"] for form in forms if form["id"] == asked)
    assert {answer["name"] for lead in leads for answer in lead["field_data"]} >= {"email", "full_name"}


def test_a_batch_of_changes(graph: Any) -> None:
    """Each change has its own verdict, under its own number."""
    done: list[str] = []
    refused: list[int] = []
    batch = graph.new_batch()
    for name, budget in ((SPRING, 9000), ("1202110000000000339", 9000)):
        Campaign(name).api_update(
            [],
            {"daily_budget": budget},
            batch=batch,
            success=lambda answer, name=name: done.append(name) if answer.json()["success"] else None,
            failure=lambda answer: refused.append(answer.error().api_error_subcode()),
        )
    assert batch.execute() is None
    assert (done, refused) == ([SPRING], [1885621])


@pytest.mark.parametrize(
    ("change", "code"),
    [({"objective": "LINK_CLICKS"}, 100), ({"daily_budget": 10}, 100), ({"no_such_parameter": 1}, 100)],
)
def test_refusals(account: Any, change: dict[str, Any], code: int) -> None:
    """Wrong values are refused in the shape the SDK reads errors from."""
    with pytest.raises(exceptions.FacebookRequestError) as refused:
        account.create_campaign([], {**NEW, **change})
    assert refused.value.http_status() == 400
    assert refused.value.api_error_code() == code
    assert refused.value.get_message()


def test_expired_token(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead token is error 190 with the subcode that says why."""
    monkeypatch.setattr(session.FacebookSession, "GRAPH", servers.ports.url)
    dead = api.FacebookAdsApi(session.FacebookSession(access_token="sandbox-expired"), "v26.0")
    with pytest.raises(exceptions.FacebookRequestError) as refused:
        AdAccount(ACCOUNT, api=dead).api_get(["name"])
    assert (refused.value.api_error_code(), refused.value.api_error_subcode()) == (190, 463)


def test_proof_of_the_app_secret(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's appsecret_proof is accepted where one is demanded, and a wrong one refused."""
    monkeypatch.setattr(session.FacebookSession, "GRAPH", servers.ports.url)
    for secret, good in (("sandbox-secret", True), ("another", False)):
        signed = session.FacebookSession("1029384756102938", secret, "sandbox-proof")
        own = AdAccount(ACCOUNT, api=api.FacebookAdsApi(signed, "v26.0"))
        if good:
            assert own.api_get(["currency"])["currency"] == "USD"
        else:
            with pytest.raises(exceptions.FacebookRequestError):
                own.api_get(["currency"])


def _day(ago: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - ago * 86_400))


def test_pixels_events_and_conversions(graph: Any, account: Any) -> None:
    """An event as the SDK hashes it is taken and counted, and has the hashes that ours has."""
    (pixel,) = account.get_ads_pixels(["id", "name"])
    who = user_data.UserData(
        email="Mary@Example.com", phone="+1 (555) 010-0199", first_name="Mary", country_code="US"
    )
    event = serverside.Event(
        event_name="Lead",
        event_time=int(time.time()) - 60,
        event_id="sdk-1",
        user_data=who,
        action_source=action_source.ActionSource.PHONE_CALL,
    ).normalize()
    answer = AdsPixel(pixel["id"], api=graph).create_event(params={"data": [event]})
    assert answer["events_received"] == 1
    ours = json.loads(checked({**event, "user_data": OURS})["event"])
    assert ours["user_data"] == event["user_data"]
    hours = AdsPixel(pixel["id"], api=graph).get_stats(params={"aggregation": "event", "event": "Lead"})
    assert {counts["value"] for hour in hours for counts in hour["data"]} == {"Lead"}
    rule = '{"url":{"i_contains":"thanks"}}'
    made = account.create_custom_conversion(params={"name": "Thanks", "rule": rule})
    assert made["id"] in {row["id"] for row in account.get_custom_conversions(["id"])}
    account.api_update(params={"spend_cap": 500.5})
    assert account.api_get(["spend_cap"])["spend_cap"] == "50050"
