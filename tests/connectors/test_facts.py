"""What each platform tells to questions over all: wire records as rows of the shared schema, to the cent.

The records have the shapes of Meta's Ad Insights reference (actions, action_values), LinkedIn's Ads Reporting
page (adAnalytics) and Amazon's report columns; their numbers are invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from facebook_calls import call as facebook_call
from linkedin_calls import call as linkedin_call
from linkedin_calls import run

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core import Account, validate
from mcp_ads.core.facts import (
    DBT,
    ISSUE,
    LEVELS,
    SCHEMA,
    SEARCHED,
    STATUSES,
    Asked,
    Facts,
    Grain,
    Level,
    Reading,
    Row,
)

SINCE, UNTIL = date(2026, 11, 2), date(2026, 11, 8)
USD, EUR = Account("1", "Tern", "USD", country="US"), Account("1", "Tern", "EUR", country="DE")
WEEK = Asked("campaign", SINCE, UNTIL)
DBT_TYPES = (
    "offsite_conversion.fb_pixel_custom", "offsite_conversion.fb_pixel_lead",
    "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_purchase", "onsite_conversion.purchase",
)  # fmt: skip
PURCHASES = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase")
SPENT = {"spend": "12.34", "impressions": "1000", "clicks": "20", "inline_link_clicks": "15"}
COUNTED = {"impressions": 9, "clicks": 3, "landingPageClicks": 2, "costInLocalCurrency": "88.4400000000"}
REPORTED = {"campaignId": 120000000000001, "campaignName": "A", "impressions": 9, "clicks": 3, "cost": 1.1}
GRAINS: tuple[Grain, ...] = ("", "day", "week", "month")
NOTHING = {"spend": 0, "impressions": 0, "clicks": 0, "conversions": 0, "conversion_value": 0}


def facts_of(name: str) -> Facts:
    found = connector(name).facts
    assert found
    return found


def actions(**values: Any) -> list[dict[str, str]]:
    return [{"action_type": name, "value": str(value)} for name, value in values.items()]


def reading_of(name: str, asked: Asked, account: Account = USD, product_: str = "") -> Reading:
    found = facts_of(name).readings(asked, account)
    return next(reading for reading in found if reading.product == product_)


def of_meta(record: dict[str, Any], asked: Asked = WEEK) -> Row:
    """A record of insights as ads_insights.list shows it, then in the schema."""
    reading = reading_of("facebook_marketing", asked)
    made = facebook_call(reading.entity, reading.action, account_id="1", **reading.params)
    return reading.row(made.to_row(record, USD), USD)


def of_linkedin(record: dict[str, Any], asked: Asked = WEEK, account: Account = USD) -> Row:
    """An element of adAnalytics as analytics.list shows it, then in the schema."""
    reading = reading_of("linkedin_ads", asked, account)
    made = linkedin_call(reading.entity, reading.action, **reading.params)
    urns = [f"urn:li:sponsored{kind}:7" for kind in ("CampaignGroup", "Campaign", "Creative")]
    edges = {edge: {"year": 2026, "month": 11, "day": day} for edge, day in (("start", 2), ("end", 8))}
    pivots = (
        ["urn:li:sponsoredAccount:512345678"]
        if asked.level == "account"
        else urns[: LEVELS.index(asked.level)]
    )
    named = [
        {"results": {key: {"name": "Seven"}}} for key in ("7", "7", urns[2])[: LEVELS.index(asked.level)]
    ]
    result, _ = run(made, {"elements": [{"pivotValues": pivots, "dateRange": edges, **record}]}, *named)
    return reading.row(result.data[0], account)


def of_amazon(
    record: dict[str, Any], asked: Asked = WEEK, product_: str = "SP", account: Account = USD
) -> Row:
    """A record of a report's file as reports.run shows it, then in the schema."""
    reading = reading_of("amazon_ads", asked, account, product_)
    kind = connector("amazon_ads").action(reading.entity, reading.action)
    made = validate.call("reports", "run", kind, {"profile_id": "1", **reading.params})
    return reading.row(made.to_row(record, account), account)


def some_of(row: Row, *columns: str) -> dict[str, Any]:
    return {name: row.get(name) for name in columns}


EVERY = [
    Asked(level, SINCE, UNTIL, grain, country, conversions)
    for level, grain, country, conversions in product(LEVELS, GRAINS, (False, True), ("default", DBT))
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_calls_the_platform_takes(name: str) -> None:
    """Whatever is asked, what is read is a valid call, and what is not read is said."""
    known, facts = connector(name), facts_of(name)
    for asked in EVERY:
        readings, lacks = facts.readings(asked, USD), list(facts.lacks(asked, USD))
        assert readings or lacks, asked
        for reading in readings:
            kind = known.action(reading.entity, reading.action)
            validate.call(reading.entity, reading.action, kind, {known.accounts.param: "1", **reading.params})
            row = reading.row({}, USD)
            assert row.keys() <= SCHEMA.keys()
            assert row["basis"] in facts.basis(asked), asked
            assert row["object"] in facts.objects[asked.level]
            assert row["object"].partition(".")[2] in known.names()


@pytest.mark.parametrize("name", NAMES)
def test_every_listing_is_a_call_the_platform_takes(name: str) -> None:
    """What searches and issues read are valid calls; a record without anything breaks none."""
    known, facts = connector(name), facts_of(name)
    for columns, listings in ((SEARCHED, facts.search), (ISSUE, facts.issues)):
        for listing in listings:
            kind = known.action(listing.entity, listing.action)
            validate.call(listing.entity, listing.action, kind, {known.accounts.param: "1", **listing.params})
            for row in listing.rows({"level": "ad"}, USD):
                assert set(row) == set(columns)


def test_a_conversion_under_several_names_counts_once() -> None:
    """Purchases under three names and leads under two are three and two, and only purchases have a value."""
    bought = actions(**dict.fromkeys(PURCHASES, 3), lead=2, **{"onsite_conversion.lead_grouped": 2}, like=9)
    worth = actions(**dict.fromkeys(PURCHASES, "30.10"), lead="500")
    row = of_meta(
        {**SPENT, "campaign_id": "7", "campaign_name": "A", "actions": bought, "action_values": worth}
    )
    assert some_of(row, "conversions", "leads", "conversion_value") == {
        "conversions": 5, "leads": 2, "conversion_value": Decimal("30.1"),
    }  # fmt: skip
    assert some_of(row, "spend", "clicks", "link_clicks", "campaign", "campaign_name") == {
        "spend": Decimal("12.34"), "clicks": 20, "link_clicks": 15, "campaign": "7", "campaign_name": "A",
    }  # fmt: skip


@pytest.mark.parametrize("row", [of_meta({}), of_linkedin({}), of_amazon({}), of_amazon({}, product_="SB")])
def test_what_is_left_out_because_it_is_nought_is_0(row: Row) -> None:
    """Never empty: a campaign without a conversion has 0 of them."""
    assert some_of(row, *NOTHING) == NOTHING


def test_the_longer_name_of_a_type_counts_that_type_alone() -> None:
    """For dbt five types are added up; one that a record lacks is 0, not another that sounds alike."""
    given = actions(
        purchase=7, **{"offsite_conversion.fb_pixel_purchase": 4, "onsite_conversion.lead_grouped": 2}
    )
    row = of_meta({**SPENT, "actions": given}, replace(WEEK, conversions=DBT))
    assert some_of(row, "conversions", "clicks") == {"conversions": 6, "clicks": 15}


def test_dbt_counts_each_of_its_types_by_its_exact_name() -> None:
    """Leads of forms are on Meta, those of pixels off it: `lead` has both, and dbt adds up the two parts."""
    forms = {"lead": 46, "onsite_conversion.lead_grouped": 46, "purchase": 160, PURCHASES[2]: 160}
    dbt = replace(WEEK, conversions=DBT)
    assert of_meta({"actions": actions(**forms)}, dbt)["conversions"] == 206
    both = {**forms, "onsite_conversion.lead_grouped": 40, "offsite_conversion.fb_pixel_lead": 6}
    assert of_meta({"actions": actions(**both)}, dbt)["conversions"] == 206
    assert list(facts_of("facebook_marketing").overlaps(_types(*DBT_TYPES))) == []


def test_the_same_type_twice_counts_once() -> None:
    """In one spelling or in two of the same column."""
    row = of_meta(
        {"actions": actions(lead=2, purchase=3)}, _types("lead", "lead", "purchases", "Purchases", "orders")
    )
    assert row["conversions"] == 5


def test_leads_alone_are_worth_nothing_that_is_told() -> None:
    """Of columns of ours only purchases have a value: another has no 0, which would be a return of none."""
    record = {"actions": actions(lead=2, purchase=1), "action_values": actions(purchase="9.50")}
    assert of_meta(record, _types("leads"))["conversion_value"] is None
    assert of_meta(record, _types("leads", "purchases"))["conversion_value"] == Decimal("9.5")
    assert of_meta(record, _types("lead"))["conversion_value"] == 0


def test_types_that_are_named_are_added_up_with_their_values() -> None:
    """Custom conversions as Meta names them, and a column of ours by its name."""
    one, two = "offsite_conversion.custom.11", "offsite_conversion.custom.12"
    record = {"actions": actions(**{one: 3, two: 1}), "action_values": actions(**{one: "9.99", two: "0.01"})}
    row = of_meta(record, replace(WEEK, conversions=(one, two)))
    assert some_of(row, "conversions", "conversion_value") == {
        "conversions": 4,
        "conversion_value": Decimal(10),
    }
    ours = of_meta(
        {"actions": actions(purchase=2), "action_values": actions(purchase="5")}, _types("purchases")
    )
    assert some_of(ours, "conversions", "conversion_value") == {
        "conversions": 2,
        "conversion_value": Decimal(5),
    }


def test_leads_are_a_part_of_linkedins_conversions() -> None:
    """Website conversions and leads are disjoint, and their money is the account's on both sides."""
    record = {"externalWebsiteConversions": 4, "oneClickLeads": 2, "conversionValueInLocalCurrency": "100.5"}
    row = of_linkedin({**COUNTED, **record}, account=EUR)
    assert some_of(row, "conversions", "leads", "spend", "conversion_value", "currency", "link_clicks") == {
        "conversions": 6, "leads": 2, "spend": Decimal("88.44"), "conversion_value": Decimal("100.5"),
        "currency": "EUR", "link_clicks": 2,
    }  # fmt: skip


@pytest.mark.parametrize(("account", "worth"), [(USD, Decimal(50)), (EUR, None)])
def test_dollars_are_never_divided_by_local_money(account: Account, worth: Any) -> None:
    """Dbt's spend is in USD, LinkedIn's value is local: where that is another currency it stays empty."""
    asked = replace(WEEK, conversions=DBT)
    row = of_linkedin({"costInUsd": "10", "conversionValueInLocalCurrency": "50"}, asked, account)
    assert some_of(row, "spend", "currency", "conversion_value") == {
        "spend": Decimal(10), "currency": "USD", "conversion_value": worth,
    }  # fmt: skip


def test_linkedins_metrics_can_be_named() -> None:
    """A value is that of website conversions: without them it was not asked for."""
    leads = of_linkedin(
        {"qualifiedLeads": 3, "conversionValueInLocalCurrency": "9"}, _types("qualifiedLeads")
    )
    assert some_of(leads, "conversions", "conversion_value") == {"conversions": 3, "conversion_value": None}


@pytest.mark.parametrize(
    ("product_", "record", "expected"),
    [
        ("SP", {"purchases7d": 2, "sales7d": 50.1}, (2, Decimal("50.1"), "az-7d")),
        ("SB", {"purchases": 2, "sales": 50.1}, (2, Decimal("50.1"), "az-14d")),
        ("SD", {"purchases": None, "sales": None}, (0, Decimal(), "az-14d")),
        ("ST", {"purchases": 1, "sales": 0.07}, (1, Decimal("0.07"), "az-14d")),
    ],
)
def test_each_amazon_product_counts_in_its_own_columns(
    product_: str, record: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    """Seven days after a click in Sponsored Products, fourteen after a click or view elsewhere."""
    row = of_amazon({**REPORTED, **record}, product_=product_)
    assert (row["conversions"], row["conversion_value"], row["basis"]) == expected
    assert some_of(row, "ad_product", "campaign", "spend") == {
        "ad_product": product_, "campaign": "120000000000001", "spend": Decimal("1.1"),
    }  # fmt: skip


def test_amazon_types_count_where_a_product_has_them() -> None:
    """A product without the column has no number, which is said; values are those of the same days."""
    asked, facts = _types("purchases30d"), facts_of("amazon_ads")
    row = of_amazon({**REPORTED, "purchases30d": 4, "sales30d": 80.2}, asked)
    assert (row["conversions"], row["conversion_value"], row["basis"]) == (4, Decimal("80.2"), "az-30d")
    assert of_amazon(REPORTED, asked, "SB")["conversions"] is None
    assert list(facts.lacks(asked, USD)) == [
        "Sponsored Brands, Sponsored Display, Sponsored TV: no purchases30d, so conversions are empty"
    ]
    assert facts.final_after(asked) == {"delivery": 3, "conversions": 58}


def test_amazon_types_that_products_have_one_each_are_told_apart() -> None:
    """What each lacks is named, and a row's basis is of what it counts, under a code of its own."""
    asked, facts = _types("purchases30d", "detailPageViews", "purchases14d"), facts_of("amazon_ads")
    codes = {product: of_amazon(REPORTED, asked, product)["basis"] for product in ("SP", "SD")}
    assert [facts.basis(asked)[code] for code in codes.values()] == [
        "purchases30d + purchases14d, 30d click (purchases30d), 14d click (purchases14d)",
        "detailPageViews, 14d click + view",
    ]
    assert next(iter(facts.lacks(asked, USD))) == (
        "Sponsored Products: no detailPageViews, so conversions are only purchases30d + purchases14d"
    )
    two = _types("detailPageViews", "purchases14d")
    assert facts.basis(two) == {
        "az-14d": "purchases14d, 14d click", "az-14d-2": "detailPageViews, 14d click + view",
    }  # fmt: skip


def test_an_ad_is_named_by_its_product() -> None:
    """An Amazon ad has no name: its ASIN stands for it; Sponsored TV has no report by ad, which is said."""
    asked = replace(WEEK, level="ad")
    row = of_amazon({**REPORTED, "adGroupId": 13, "adId": 14, "advertisedAsin": "B0TERN0001"}, asked)
    assert some_of(row, "ad_group", "ad", "ad_name") == {
        "ad_group": "13",
        "ad": "14",
        "ad_name": "B0TERN0001",
    }
    facts = facts_of("amazon_ads")
    assert [reading.product for reading in facts.readings(asked, USD)] == ["SP", "SB", "SD"]
    assert list(facts.lacks(asked, USD)) == ["Sponsored TV: no report by ad"]


@pytest.mark.parametrize(
    ("grain", "column", "value"), [("day", "date", "2026-11-02"), ("week", "week", "2026-11-02")]
)
def test_a_row_has_the_period_it_is_of(grain: Any, column: str, value: str) -> None:
    """The day as each platform spells it, and the Monday of its week."""
    asked = replace(WEEK, grain=grain)
    rows = (
        of_meta({"date_start": "2026-11-02"}, asked),
        of_linkedin({}, asked),
        of_amazon({"date": "2026-11-02"}, asked),
    )
    assert [row[column] for row in rows] == [value] * 3


@pytest.mark.parametrize(
    ("days", "increment", "granularity"),
    [((date(2026, 9, 1), date(2026, 10, 31)), "monthly", "MONTHLY"), ((SINCE, UNTIL), "monthly", "DAILY")],
)
def test_linkedin_counts_months_only_where_they_are_whole(
    days: tuple[date, date], increment: str, granularity: str
) -> None:
    """It would count whole months for others; Meta cuts them itself."""
    asked = Asked("campaign", *days, grain="month")
    assert reading_of("facebook_marketing", asked).params["time_increment"] == increment
    assert reading_of("linkedin_ads", asked).params["time_granularity"] == granularity
    assert of_linkedin({}, asked)["month"] == "2026-11"


@pytest.mark.parametrize(
    ("since", "until", "grain", "read"),
    [
        (date(2025, 11, 3), date(2025, 11, 9), "", False),
        (date(2025, 11, 1), date(2025, 11, 30), "", True),
        (date(2025, 11, 1), date(2026, 10, 31), "month", True),
        (date(2025, 11, 1), date(2025, 11, 30), "day", False),
        (date(2026, 6, 1), date(2026, 6, 7), "day", True),
    ],
)
def test_linkedin_is_left_out_where_it_would_count_whole_months(
    since: date, until: date, grain: Grain, read: bool
) -> None:
    """Of a week a year ago it would answer with the month: nothing is read, and that is said."""
    asked, facts = Asked("campaign", since, until, grain, today=date(2026, 11, 22)), facts_of("linkedin_ads")
    assert bool(facts.readings(asked, USD)) is read
    assert ["whole months" in said for said in facts.lacks(asked, USD)] == [True] * (not read)


def test_days_that_amazon_keeps_no_longer_are_told_by_product() -> None:
    """Products keep their reports for different times: what is a part is said to be one."""
    facts, asked = (
        facts_of("amazon_ads"),
        Asked("campaign", date(2026, 9, 20), UNTIL, today=date(2026, 11, 22)),
    )
    assert [reading.product for reading in facts.readings(asked, USD)] == ["SP", "SB", "SD", "ST"]
    assert list(facts.lacks(asked, USD)) == [
        "Sponsored Brands: kept from 2026-09-23 on",
    ]
    older = replace(asked, since=date(2026, 9, 1), until=date(2026, 9, 7))
    assert [reading.product for reading in facts.readings(older, USD)] == ["SP", "ST"]


def test_an_agencys_profile_has_no_sponsored_ads() -> None:
    """No report is ordered for one, and what to do is said."""
    agency, facts = replace(USD, kind="agency"), facts_of("amazon_ads")
    assert facts.readings(WEEK, agency) == []
    assert "dsp" in next(iter(facts.lacks(WEEK, agency)))


def test_a_country_is_metas_row_and_amazons_profile() -> None:
    """LinkedIn has only estimates of it: nothing is read, and that is said."""
    asked = replace(WEEK, country=True)
    assert of_meta({"country": "US"}, asked)["country"] == "US"
    assert of_amazon(REPORTED, asked, account=EUR)["country"] == "DE"
    british = replace(EUR, currency="GBP", country="UK")
    assert of_amazon(REPORTED, asked, account=british)["country"] == "GB"
    assert facts_of("linkedin_ads").readings(asked, USD) == ()
    assert "by country" in next(iter(facts_of("linkedin_ads").lacks(asked, USD)))


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("linkedin_ads", ("oneClickLead",), "linkedin counts no 'oneClickLead'; did you mean oneClickLeads?"),
        ("linkedin_ads", ("clicks",), "linkedin counts no 'clicks'"),
        ("amazon_ads", ("purchase7d",), "amazon has no column 'purchase7d'; did you mean purchases7d"),
        ("amazon_ads", ("addToCartRate",), "amazon has no column 'addToCartRate'; did you mean addToCart"),
        ("facebook_marketing", ("conversions",), "facebook: 'conversions' is what counts without types"),
        ("facebook_marketing", ("results",), "'results' is a column and no type of action; write types such"),
        ("facebook_marketing", ("spend",), "'spend' is a column"),
        ("facebook_marketing", ("sales",), "'sales' is a column"),
        ("facebook_marketing", ("purchases_7d_click",), "'purchases_7d_click' is a column"),
        ("facebook_marketing", ("cost_per_lead",), "'cost_per_lead' is a column"),
        ("facebook_marketing", ("all",), "all have no sum"),
        ("facebook_marketing", ("Purchase",), "'Purchase' is no type of action; did you mean purchase?"),
        ("facebook_marketing", ("purchse",), "there is no 'purchse'; did you mean purchase?"),
        (
            "facebook_marketing",
            ("offsite_conversions.custom.1",),
            "did you mean offsite_conversion.custom.1?",
        ),
    ],
)
def test_a_type_that_there_is_not_is_a_mistake(name: str, given: tuple[str, ...], said: str) -> None:
    """A slip must not count nothing: the closest there is, is named."""
    [line] = facts_of(name).mistakes(_types(*given))
    assert said in line
    assert list(facts_of(name).mistakes(WEEK)) == []


@pytest.mark.parametrize(
    "name",
    [
        "purchases", "leads", "adds_to_cart", "lead", "omni_purchase", "web_in_store_purchase",
        "offsite_conversion.custom.11", "offsite_conversion.fb_pixel_custom.Signed up", "subscribe_website",
        "something_new", "new_family.thing",
    ],
)  # fmt: skip
def test_what_looks_like_a_type_of_action_is_taken(name: str) -> None:
    """Meta has new ones before anybody here knows: rows without it warn."""
    assert list(facts_of("facebook_marketing").mistakes(_types(name))) == []


@pytest.mark.parametrize(
    "given",
    [
        ("offsite_conversion.fb_pixel_purchase", "onsite_conversion.purchase"),
        ("offsite_conversion.fb_pixel_lead", "onsite_conversion.lead_grouped"),
        ("offsite_conversion.custom.1", "offsite_conversion.custom.2"),
        ("contact_website", "contact_mobile_app"),
        ("purchases", "leads"),
        ("purchases", "orders"),
    ],
)
def test_types_that_are_apart_are_not_called_the_same(given: tuple[str, ...]) -> None:
    """The same thing at two places is two things, and two names of one column are one."""
    assert list(facts_of("facebook_marketing").overlaps(_types(*given))) == []


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("facebook_marketing", ("lead", "onsite_conversion.lead_grouped")),
        ("facebook_marketing", ("leads", "offsite_conversion.fb_pixel_lead")),
        ("facebook_marketing", ("onsite_conversion.lead_grouped", "leadgen_grouped")),
        ("facebook_marketing", ("purchases", "onsite_web_purchase")),
        ("facebook_marketing", ("omni_purchase", "app_custom_event.fb_mobile_purchase")),
        ("facebook_marketing", ("checkouts", "omni_initiated_checkout")),
        ("facebook_marketing", ("contact_total", "contact_website")),
        ("facebook_marketing", ("page_engagement", "like")),
        ("linkedin_ads", ("registrations", "postClickRegistrations")),
        ("linkedin_ads", ("conversions", "externalWebsitePostViewConversions")),
        ("amazon_ads", ("unitsSoldClicks7d", "purchases7d")),
        ("facebook_marketing", ("omni_purchase", "offsite_conversion.fb_pixel_purchase")),
        ("facebook_marketing", ("offsite_conversion.custom.1", "offsite_conversion.fb_pixel_custom")),
        ("linkedin_ads", ("conversions", "oneClickLeads")),
        ("linkedin_ads", ("leads", "oneClickLeads")),
        ("amazon_ads", ("purchases7d", "purchases14d")),
    ],
)
def test_types_that_count_the_same_are_told(name: str, given: tuple[str, ...]) -> None:
    """Added up they count twice: one line says so, and none where they are apart."""
    [line] = facts_of(name).overlaps(_types(*given))
    assert "added up twice" in line
    assert list(facts_of(name).overlaps(_types(given[0]))) == []


@pytest.mark.parametrize(
    ("word", "level", "status"),
    [
        ("CAMPAIGN_OUT_OF_BUDGET", "campaign", "out_of_budget"),
        ("PORTFOLIO_OUT_OF_BUDGET", "campaign", "out_of_budget"),
        ("ADVERTISER_PAYMENT_FAILURE", "campaign", "stuck"),
        ("AD_POLICING_SUSPENDED", "ad", "disapproved"),
        ("AD_POLICING_PENDING_REVIEW", "ad", "in_review"),
        ("NOT_IN_BUYBOX", "ad", "limited"),
        ("SOMETHING_NEW", "ad", "stuck"),
        ("NOT_DELIVERING", "campaign", "stuck"),
        ("AD_NOT_DELIVERING", "ad", "stuck"),
        ("AD_NOT_ELIGIBLE", "ad", "limited"),
        ("CAMPAIGN_NOT_RUNNING", "campaign", "stuck"),
        ("NOT_LIVE", "ad", "stuck"),
        ("NOT_PAUSED", "campaign", "stuck"),
        ("ADGROUP_POLICING_PENDING_REVIEW", "ad_group", "in_review"),
        ("AD_STATUS_LIVE", "ad", ""),
        ("CAMPAIGN_STATUS_ENABLED", "campaign", ""),
        ("ELIGIBLE", "ad", ""),
        ("running", "campaign", ""),
        ("CAMPAIGN_END_DATE_REACHED", "campaign", ""),
        ("AD_GROUP_INCOMPLETE", "ad_group", "stuck"),
        ("CAMPAIGN_OUT_OF_BUDGET", "ad", ""),
        ("ADVERTISER_STATUS_ENABLED", "campaign", ""),
        ("PENDING_START_DATE", "campaign", ""),
        ("CAMPAIGN_PAUSED", "ad_group", ""),
    ],
)
def test_an_amazon_object_is_told_of_its_own_state(word: str, level: Level, status: str) -> None:
    """What holds all of a campaign stands there once; what the advertiser wanted is no issue."""
    listing = next(one for one in facts_of("amazon_ads").issues if one.kind == level)
    told = {"servingStatus": word, "servingStatusDetails": [{"message": "Because."}]}
    flat = {f"extendedData.{name}": value for name, value in told.items()}
    expected = [(status, f"{word}: Because.")] if status else []
    for record in (flat, {"extendedData": told}):
        assert [(row["status"], row["reason"]) for row in listing.rows(record, USD)] == expected


@pytest.mark.parametrize(
    ("states", "level", "expected"),
    [
        (["BILLING_HOLD", "ACCOUNT_TOTAL_BUDGET_HOLD"], "account", ["stuck", "out_of_budget"]),
        (["CAMPAIGN_GROUP_TOTAL_BUDGET_HOLD"], "campaign", ["out_of_budget"]),
        (["CAMPAIGN_GROUP_TOTAL_BUDGET_HOLD", "CAMPAIGN_AUDIENCE_COUNT_HOLD"], "ad_group", ["limited"]),
        (["CAMPAIGN_END_DATE_HOLD", "ACCOUNT_SERVING_HOLD"], "ad_group", []),
        (["RUNNABLE"], "ad_group", []),
        (["ACCOUNT_NEW_HOLD", "CAMPAIGN_NEW_HOLD", "CAMPAIGN_NEW_HOLD"], "ad_group", ["stuck"]),
        (["NEW_HOLD"], "account", ["stuck"]),
    ],
)
def test_a_linkedin_object_is_told_of_its_own_holds(
    states: list[str], level: Level, expected: list[str]
) -> None:
    """A group whose budget is spent is one row, however many campaigns it holds."""
    listing = next(one for one in facts_of("linkedin_ads").issues if one.kind == level)
    rows = list(listing.rows({"id": 7, "name": "A", "servingStatuses": states}, USD))
    assert [row["status"] for row in rows] == expected
    assert {row["status"] for row in rows} <= {*STATUSES}


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        (["REJECTED"], [("disapproved", "REJECTED: NUDITY")]),
        (["SOMETHING_NEW"], [("stuck", "SOMETHING_NEW")]),
        (["STOPPED", "CAMPAIGN_STOPPED", "ACCOUNT_TOTAL_BUDGET_HOLD"], []),
    ],
)
def test_a_creative_is_told_of_what_holds_it(holds: list[str], expected: list[tuple[str, str]]) -> None:
    """A word that is not known here is told as it is; what holds its campaign stands there."""
    listing = next(one for one in facts_of("linkedin_ads").issues if one.kind == "ad")
    record = {"servingHoldReasons": holds, "review": {"rejectionReasons": ["NUDITY"]}}
    assert [(row["status"], row["reason"]) for row in listing.rows(record, USD)] == expected


def _types(*names: str) -> Asked:
    return replace(WEEK, conversions=names)
