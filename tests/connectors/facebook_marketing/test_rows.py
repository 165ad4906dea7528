"""Records as they are shown: money in major units, conversions counted once."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_calls import call

from mcp_ads.core import Account
from mcp_ads.errors import InvalidParams

USD, JPY = Account("1", currency="USD"), Account("1", currency="JPY")


def _row(
    entity: str, action: str, record: dict[str, Any], account: Account | None = USD, **params: Any
) -> Any:
    return call(entity, action, **params).to_row(record, account)


@pytest.mark.parametrize(
    ("minor", "account", "major"),
    [
        ("5000", USD, "50.00"),
        ("1", USD, "0.01"),
        (5000, USD, "50.00"),
        ("15000", JPY, "15000"),
        ("15000", Account("1", currency="HUF"), "15000"),
        ("15000", Account("1", currency="BHD"), "150.00"),
        ("0", USD, None),
        (None, USD, None),
    ],
)
def test_budgets_are_in_major_units(minor: Any, account: Account, major: str | None) -> None:
    """A budget of 0 is no budget."""
    row = _row("campaigns", "list", {"id": "1", "daily_budget": minor}, account, account_id="1")
    assert row["daily_budget_major"] == major
    assert list(row) == [
        "id",
        "name",
        "effective_status",
        "objective",
        "daily_budget_major",
        "lifetime_budget_major",
    ]


def test_zero_spend_is_an_amount() -> None:
    """What has been spent, or is left, can be nothing."""
    record = {"account_id": "1", "currency": "USD", "amount_spent": "0", "balance": "0", "spend_cap": "0"}
    row = _row("ad_accounts", "get", record, account_id="1")
    assert (row["amount_spent_major"], row["balance_major"], row["spend_cap_major"]) == ("0.00", "0.00", None)


@pytest.mark.parametrize("account", [None, USD])
def test_accounts_are_shown_in_their_own_currency(account: Account | None) -> None:
    """A list over accounts mixes currencies: each row's own counts, and stands beside, asked for or not."""
    listed = call("ad_accounts", "list", fields=["account_id", "amount_spent_major"])
    assert listed.to_query()["fields"] == "account_id,amount_spent,currency"
    row = listed.to_row({"account_id": "1", "amount_spent": "15000", "currency": "JPY"}, account)
    assert row == {"account_id": "1", "amount_spent_major": "15000", "currency": "JPY"}


def test_both_units_when_named() -> None:
    """The bare name would stand beside a currency it is not in: two columns say their unit."""
    params: dict[str, Any] = {
        "campaign_id": "1",
        "fields": "daily_budget,daily_budget_major,adsets.limit(2){id}",
    }
    row = _row("campaigns", "get", {"daily_budget": "5000", "adsets": {"data": []}}, **params)
    assert row == {"daily_budget_major": "50.00", "daily_budget_minor": "5000", "adsets": {"data": []}}
    assert list(row) == ["daily_budget_major", "daily_budget_minor", "adsets"]
    assert call("campaigns", "get", **params).to_query() == {"fields": "daily_budget,adsets.limit(2){id}"}


def _actions(**values: str) -> list[dict[str, str]]:
    return [{"action_type": name.replace("__", "."), "value": value} for name, value in values.items()]


def _insight(record: dict[str, Any], **params: Any) -> Any:
    return _row("ads_insights", "list", record, account_id="1", **params)


def test_purchases_are_counted_once() -> None:
    """Facebook reports one purchase under many names."""
    actions = _actions(omni_purchase="3", purchase="3", offsite_conversion__fb_pixel_purchase="2", lead="7")
    row = _insight({"spend": "1.50", "actions": actions, "action_values": _actions(purchase="99.90")})
    assert (row["purchases"], row["purchase_value"], row["leads"], row["spend"]) == (
        3,
        99.9,
        7,
        1.5,
    )


def test_left_out_because_it_is_zero() -> None:
    """Facebook leaves out actions there were none of; only a ratio without a denominator is empty."""
    row = _insight(
        {"spend": "9", "impressions": "100", "actions": _actions(link_click="5")},
        fields="purchases,purchase_value,leads,conversions,clicks,purchase_roas,cost_per_purchase,ctr,cpc,cpm",
    )
    assert {name: value for name, value in row.items() if name not in ("spend", "impressions")} == {
        "purchases": 0, "purchase_value": 0, "leads": 0, "conversions": 0, "clicks": 0,
        "purchase_roas": 0, "cost_per_purchase": None, "ctr": 0, "cpc": None,
        "cpm": 90,
    }  # fmt: skip


def test_no_spend_no_return() -> None:
    """A return on nothing is no number."""
    assert _insight({"spend": "0"}, fields="purchase_roas,cpm") | {"spend": 0} == {
        "purchase_roas": None, "cpm": None, "purchase_value": 0, "spend": 0, "impressions": 0,
    }  # fmt: skip


def test_what_facebook_does_not_say_is_no_zero() -> None:
    """By region Facebook leaves conversions out although there were some; reach may be unknown."""
    row = _insight({"spend": "9"}, breakdowns="region", fields="purchases,clicks,reach")
    assert (row["purchases"], row["clicks"], row["reach"]) == (None, 0, None)


def test_conversions_are_purchases_and_leads() -> None:
    """Each counted once, whatever else Facebook counts under `conversions`."""
    actions = _actions(omni_purchase="3", purchase="3", lead="4", onsite_conversion__lead_grouped="4")
    row = _insight(
        {"spend": "14", "actions": actions, "conversions": _actions(contact_total="99")},
        fields="conversions,cost_per_conversion",
    )
    assert (row["conversions"], row["cost_per_conversion"]) == (7, 2)


@pytest.mark.parametrize(
    ("results", "costs", "shown"),
    [
        (
            [{"indicator": "actions:mobile_app_install", "values": [{"value": "7"}]}],
            [{"indicator": "actions:mobile_app_install", "values": [{"value": "1.5"}]}],
            (7, "mobile_app_install", 1.5),
        ),
        ([{"indicator": "actions:offsite_conversion.fb_pixel_purchase"}], None, (0, "purchase", None)),
        (
            [
                {
                    "indicator": "reach",
                    "values": [
                        {"value": "1", "attribution_windows": ["1d_click"]},
                        {"value": "2", "attribution_windows": ["default"]},
                    ],
                }
            ],
            [],
            (2, "reach", None),
        ),
        (
            [{"indicator": "actions:purchase", "values": [{"value": "1"}]}, {"indicator": "actions:lead"}],
            [],
            (None, "purchase + lead", None),
        ),
        ([{"action_type": "lead", "value": "3"}], [], (3, "lead", None)),
        (None, None, (None, None, None)),
        ([None, "x"], "x", (None, None, None)),
    ],
)
def test_results_are_flat(results: Any, costs: Any, shown: tuple[Any, ...]) -> None:
    """How often what the ad set is for came about; several kinds have no common number."""
    row = _insight({"results": results, "cost_per_result": costs})
    assert (row["results"], row["result_type"], row["cost_per_result"]) == shown


def test_lists_of_one_number_are_that_number() -> None:
    """So that they sort; their types say nothing their names do not."""
    row = _insight(
        {"outbound_clicks": _actions(outbound_click="5"), "website_purchase_roas": _actions(x="2.5")},
        fields="outbound_clicks,website_purchase_roas,video_play_actions",
    )
    assert list(row.values()) == [5, 2.5, 0]


def test_split_conversions_are_added_up() -> None:
    """With an action breakdown a conversion comes in parts."""
    parts = [
        {"action_type": "purchase", "action_device": name, "value": "2.5"} for name in ("iphone", "desktop")
    ]
    record = {"actions": parts, "action_values": parts, "spend": "10"}
    row = _insight(
        record, fields="purchases,purchase_value,cost_per_purchase", action_breakdowns="action_device"
    )
    assert row == {
        "purchases": 5,
        "purchase_value": 5,
        "cost_per_purchase": 2,
        "spend": 10,
    }


def test_actions_without_type_or_value() -> None:
    """A breakdown without action_type, and windows without a total, are no reason to fail."""
    row = _insight(
        {"actions": [{"action_device": "iphone", "value": "1"}, {"action_type": "purchase", "1d_click": "1"}]}
    )
    assert row["purchases"] == 0


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ("roas,cost,revenue", ("purchase_roas", "spend", "purchase_value")),
        ("name,id", ("adset_name", "adset_id")),
        ("costPerLead,inlineLinkClicks", ("cost_per_lead", "inline_link_clicks")),
    ],
)
def test_other_words_for_columns(asked: str, columns: tuple[str, ...]) -> None:
    """What other platforms call a column is that column, under its own name."""
    assert (
        call("ads_insights", "list", account_id="1", level="adset", fields=asked).columns()[-len(columns) :]
        == columns
    )


def test_actions_column_leaves_out_repeats_only() -> None:
    """Names that repeat a plain one go; a custom conversion has no other name and stays."""
    actions = _actions(
        purchase="3", omni_purchase="3", offsite_conversion__fb_pixel_purchase="3",
        onsite_web_app_purchase="3", offsite_conversion__custom__123="4", omni_add_to_cart="9",
        link_click="5",
    )  # fmt: skip
    row = _insight({"actions": actions}, fields="actions")
    assert row["actions"] == {
        "purchase": 3, "offsite_conversion.custom.123": 4, "omni_add_to_cart": 9, "link_click": 5,
    }  # fmt: skip


def test_windows_stay_as_they_are() -> None:
    """Attribution windows are columns of their own, not to be flattened away."""
    actions = [{"action_type": "purchase", "value": "3", "1d_click": "2"}]
    assert _insight({"actions": actions}, fields="actions")["actions"] == actions


@pytest.mark.parametrize(
    ("params", "columns"),
    [
        ({}, ("account_name", "spend")),
        ({"level": "ad"}, ("ad_id", "ad_name", "spend")),
        ({"time_increment": "1"}, ("date_start", "date_stop", "account_name", "spend")),
        ({"time_increment": "all_days"}, ("account_name", "spend")),
    ],
)
def test_insight_columns(params: dict[str, Any], columns: tuple[str, ...]) -> None:
    """Columns follow from the call, never from the page."""
    assert call("ads_insights", "list", account_id="1", **params).columns()[: len(columns)] == columns


def test_breakdowns_are_columns() -> None:
    """Breakdown keys are in every row without being asked for."""
    listed = call("ads_insights", "list", account_id="1", breakdowns="age,gender", fields="spend,age")
    assert listed.columns() == ("spend", "age", "gender")
    assert listed.to_query()["fields"] == "spend"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"breakdowns": "dma"}, "comscore_market"),
        ({"action_attribution_windows": ["7d_view"]}, "returns nothing"),
        ({"time_increment": 0}, "time_increment"),
        ({"time_increment": 91}, "time_increment"),
        ({"time_increment": "weekly"}, "is not one of"),
        ({"level": "campagn"}, "did you mean campaign"),
    ],
)
def test_insights_refuses(params: dict[str, Any], said: str) -> None:
    """What Facebook retired or never had."""
    with pytest.raises(InvalidParams, match=said):
        call("ads_insights", "list", account_id="1", **params)
