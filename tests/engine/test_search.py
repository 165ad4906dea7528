"""Plain questions name the action that answers them."""

from __future__ import annotations

import pytest

from mcp_ads.across import ads
from mcp_ads.connectors import NAMES, connector
from mcp_ads.engine.search import search

VERBS = {"create", "update", "pause", "activate", "archive", "delete"}
EVERYWHERE = [connector(name) for name in NAMES]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("acos", "amazon_ads reports.run"),
        ("lower ACOS", "amazon_ads reports.run"),
        ("new to brand sales", "amazon_ads reports.run"),
        ("roas", "facebook_marketing ads_insights.list"),
        ("frequency", "facebook_marketing ads_insights.list"),
        ("creative fatigue on Facebook", "facebook_marketing ads_insights.list"),
        ("job title", "linkedin_ads ad_member_job_title_analytics.list"),
        ("linkedin seniority", "linkedin_ads ad_member_seniority_analytics.list"),
        ("cost per lead on LinkedIn", "linkedin_ads analytics.list"),
        ("negative keywords", "amazon_ads sponsored_product_negative_keywords.list"),
        ("purchasedAsin", "amazon_ads reports.run"),
    ],
)
def test_columns_of_reports_are_found(question: str, answer: str) -> None:
    """What an action can answer with is found by its columns and by what people say for them, first."""
    text = search(EVERYWHERE, question)
    assert text.startswith(answer), text


@pytest.mark.parametrize(
    "question",
    [
        "campaigns out of budget",
        "budget pacing",
        "daily budget of ad sets",
        "keyword bids",
        "which ads spend",
    ],
)
def test_a_question_lists_no_writes(question: str) -> None:
    """Where no change is named, none is proposed."""
    found = [line.partition("(")[0] for line in search(EVERYWHERE, question).split("\n") if "(" in line]
    writes = [action for action in found if action.rpartition(".")[2] in VERBS and "reports." not in action]
    assert found
    assert not writes


@pytest.mark.parametrize("question", ["lower ACOS", "reduce the ACOS on Amazon"])
def test_what_lowers_acos_is_found(question: str) -> None:
    """The report that shows it comes first; bids of keywords and the searches to keep out of come with it."""
    found = [line.partition("(")[0].split()[-1] for line in search(EVERYWHERE, question).split("\n")]
    assert found[0] == "reports.run"
    assert "sponsored_product_keywords.update" in found[:5]
    assert {f"sponsored_product_negative_keywords.{name}" for name in ("create", "list")} <= {*found}


def test_writes_are_there_when_asked_for() -> None:
    """A word that names a change finds it; without one, it is said that there are changes."""
    assert "ad_sets.update(" in search(EVERYWHERE, "update an ad set")
    assert "keywords.update(" in search(EVERYWHERE, "raise a bid of a keyword")
    assert "to change something" in search(EVERYWHERE, "daily budget")
    assert "(here lookalike_audiences.create)" in search(EVERYWHERE, "lookalike")
    assert "ad_creatives.create" in search(EVERYWHERE, "image_hash")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("increase budget for a weekend", "facebook_marketing budget_schedules.create"),
        ("customer list from csv", "facebook_marketing custom_audiences.add_users"),
        ("wasted money", "facebook_marketing ads_insights.list"),
        ("who changed budgets", "facebook_marketing activities.list"),
        ("kampagne pausieren", "facebook_marketing campaigns.pause"),
        ("negate wasted search terms", "amazon_ads sponsored_product_negative_keywords.create"),
        ("negate search terms", "amazon_ads sponsored_product_negative_keywords.create"),
        ("block an ASIN", "amazon_ads sponsored_product_negative_targets.create"),
        ("put campaigns into a portfolio", "amazon_ads sponsored_product_campaigns.update"),
        ("what should I bid", "amazon_ads sponsored_product_keywords.bid_recommendations"),
        ("missing keywords", "amazon_ads sponsored_product_keywords.recommendations"),
        ("black friday extra budget", "amazon_ads sponsored_product_budget_rules.create"),
    ],
)
def test_everyday_questions(question: str, answer: str) -> None:
    """What people ask finds its action first, whether it reads or changes."""
    assert search(EVERYWHERE, question).startswith(answer)


def test_what_deletes_is_found_only_by_name() -> None:
    """A launch is answered with no action that deletes."""
    launch = search(EVERYWHERE, "launch campaign, ad set and ad in one plan")
    assert ".delete(" not in launch
    assert "ad_sets.create(" in launch
    assert "ads.delete(" in search(EVERYWHERE, "remove an ad")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("pause a campaign", "facebook_marketing campaigns.pause"),
        ("which linkedin campaigns wasted money last week", "linkedin_ads ad_campaign_analytics.list"),
        ("raise a campaign's daily budget", "facebook_marketing campaigns.update"),
        ("launch a new ad on Facebook", "facebook_marketing ads.create"),
        ("search terms on amazon", "amazon_ads reports.run"),
        ("spend by age and gender", "facebook_marketing ads_insights.list"),
        ("rename a LinkedIn campaign group", "linkedin_ads campaign_groups.update"),
        ("change a keyword bid", "amazon_ads sponsored_product_keywords.update"),
        ("stop an ad set", "facebook_marketing ad_sets.pause"),
        ("how much did we spend yesterday", "facebook_marketing ads_insights.list"),
        ("list my ad accounts", "facebook_marketing ad_accounts.list"),
        ("who am I", "facebook_marketing current_user.get"),
        ("create a keyword", "amazon_ads sponsored_product_keywords.create"),
        ("clicks by creative on linkedin", "linkedin_ads ad_creative_analytics.list"),
        ("which products does an ad group advertise", "amazon_ads sponsored_product_product_ads.list"),
        ("delete a campaign for good", "facebook_marketing campaigns.delete"),
        ("archive ads", "facebook_marketing ads.archive"),
        ("find a campaign by name", "facebook_marketing campaigns.list"),
        ("what report types are there", "amazon_ads reports.types"),
        ("enable a linkedin campaign", "linkedin_ads campaigns.activate"),
        ("performance of amazon products", "amazon_ads reports.run"),
        ("target audience of an ad set", "facebook_marketing ad_sets"),
    ],
)
def test_questions_find_their_action(question: str, answer: str) -> None:
    """A plain question names the action among the first three lines, in few words."""
    text = search([connector(name) for name in NAMES], question)
    assert any(line.startswith(answer) for line in text.split("\n")[:3]), text
    assert len(text.encode()) < 1600


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (
            "which campaigns wasted money last week, pause them",
            ["ads performance.list", "facebook_marketing campaigns.pause", "ads plans.make"],
        ),
        (
            "raise budgets of the best by 10%",
            ["facebook_marketing campaigns.update", "linkedin_ads campaigns.update", "ads plans.make"],
        ),
        (
            "make me an audience of last 30 days' visitors and a lookalike",
            ["facebook_marketing custom_audiences.create", "facebook_marketing lookalike_audiences.create"],
        ),
        ("build a lookalike of my customers", ["facebook_marketing lookalike_audiences.create"]),
    ],
)
def test_a_question_with_a_change_in_it_names_the_change(question: str, answers: list[str]) -> None:
    """What is read and what is changed in one sentence are both found, and what makes one plan of several."""
    lines = search([*EVERYWHERE, ads], question).split("\n")
    assert len(lines) <= 8
    for answer in answers:
        assert any(line.startswith(f"{answer}(") for line in lines), lines
