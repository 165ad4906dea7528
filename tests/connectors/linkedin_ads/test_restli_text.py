"""Rest.li text that a caller gives: read where a list or an object is declared, a plain text elsewhere."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import quote, unquote

import pytest
from restli_values import SEEDS, container
from wire_cases import sent

from mcp_ads.connectors.linkedin_ads import restli
from mcp_ads.errors import InvalidParams

CAMPAIGNS = {"entity": "campaigns", "action": "list"}
ACCOUNT = {"account_id": "512345678"}
GROUPS = "search=(campaignGroup:(values:List(urn%3Ali%3AsponsoredCampaignGroup%3A1)))"
RANGE = "dateRange=(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:3))"


def url(entity: str, action: str, **params: Any) -> str:
    return sent("linkedin_ads", {"entity": entity, "action": action, "params": ACCOUNT | params}).url


def test_what_is_spelled_is_read_back() -> None:
    """Nested lists and records of awkward text, over the wire and back, and nothing else is in the URL."""
    for made in map(container, SEEDS):
        text = restli.encode(made)
        assert restli.parse(text) == made
        assert restli.encode(restli.parse(text)) == text
        assert quote(text, safe="(),:'%") == text


def test_a_broken_spelling_is_never_the_same_value() -> None:
    """With one sign of its frame lost it is no longer Rest.li, or it spells something else."""
    refused = 0
    for made in map(container, SEEDS):
        text = restli.encode(made)
        for at in (at for at, sign in enumerate(text) if sign in "(),:"):
            with contextlib.suppress(ValueError):
                assert restli.parse(text[:at] + text[at + 1 :]) != made
                continue
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("List(urn:li:geo:1,urn:li:geo:2)", ["urn:li:geo:1", "urn:li:geo:2"]),
        ("List(urn%3Ali%3Ageo%3A1, 2 )", ["urn:li:geo:1", "2"]),
        ("(sponsoredAccount:urn:li:sponsoredAccount:5)", {"sponsoredAccount": "urn:li:sponsoredAccount:5"}),
        ("(start:(year:2026,month:1,day:9))", {"start": {"year": "2026", "month": "1", "day": "9"}}),
        (
            "(or:(urn:li:adTargetingFacet:titles:List(urn:li:title:1)))",
            {"or": {"urn:li:adTargetingFacet:titles": ["urn:li:title:1"]}},
        ),
        (
            "List(urn:li:sponsoredMessageContent:(urn:li:sponsoredConversation:1,2),3)",
            ["urn:li:sponsoredMessageContent:(urn:li:sponsoredConversation:1,2)", "3"],
        ),
        ("List(urn:li:staffCountRange:(51,200))", ["urn:li:staffCountRange:(51,200)"]),
        (" List('',()) ", ["", {}]),
    ],
)
def test_urns_may_be_raw_inside_a_spelling(text: str, value: Any) -> None:
    """As Airbyte's connector hands them out, with a tuple for a key too; spaces between values are none."""
    assert restli.parse(text) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("List(a", "a comma or ) is expected at character 7"),
        ("List(a,,b)", "a value is missing at character 8"),
        ("List(a,)", "a value is missing at character 8"),
        ("List(a))", "the end is expected at character 8"),
        ("List(it's)", "a comma or ) is expected at character 8"),
        ("List(100%)", "a comma or ) is expected at character 9"),
        ("List(%FF)", "no UTF-8"),
        ("List(2026-01-01T09:00)", "%3A"),
        ("(a=1)", "a colon is expected at character 5"),
        ("(a:1,a:2)", "given twice"),
        ("(a:)", "a value is missing"),
        ("List(" * 5000, "levels deep"),
        ("List(urn:li:x:" + "(" * 5000, "a value is missing"),
    ],
)
def test_a_mistake_in_a_spelling_says_where(text: str, says: str) -> None:
    """One line, which quotes nothing of what was given."""
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z") as caught:
        restli.parse(text)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"campaign_group_id": "List(urn:li:sponsoredCampaignGroup:1)"}, GROUPS),
        ({"campaign_group_id": "List(urn%3Ali%3AsponsoredCampaignGroup%3A1)"}, GROUPS),
        ({"campaign_group_id": "List(1)"}, GROUPS),
        ({"campaign_group_id": ["urn%3Ali%3AsponsoredCampaignGroup%3A1"]}, GROUPS),
        ({"status": "List(ACTIVE,paused)"}, "search=(status:(values:List(ACTIVE,PAUSED)))"),
        ({"name": "List(Spring%20sale,R%26D)"}, "search=(name:(values:List(Spring%20sale,R%26D)))"),
        ({"name": ["List(a)"]}, "search=(name:(values:List(List%28a%29)))"),
        ({"name": ["(a:b)", "''"]}, "search=(name:(values:List(%28a%3Ab%29,%27%27)))"),
        ({"account_id": "(sponsoredAccount:urn:li:sponsoredAccount:512345678)"}, "q=search"),
        ({"account_id": "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A512345678)"}, "q=search"),
    ],
)
def test_a_list_may_be_given_as_it_is_spelled(params: dict[str, Any], part: str) -> None:
    """Airbyte's way, escaped or not, is read and spelled anew; what is in a list already is a text."""
    asked = url("campaigns", "list", **params)
    assert asked.startswith("/rest/adAccounts/512345678/adCampaigns?")
    assert part in asked


@pytest.mark.parametrize(
    "given",
    [
        "(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:3))",
        "(end:(day:3,month:11,year:2026),start:(day:1,month:11,year:2026))",
    ],
)
def test_a_range_may_be_given_as_it_is_spelled(given: str) -> None:
    """Airbyte's dateRange, in any order of its members."""
    campaigns = "List(urn:li:sponsoredCampaign:300000001)"
    asked = url("ad_campaign_analytics", "list", dateRange=given, campaigns=campaigns)
    assert RANGE in asked
    assert "campaigns=List(urn%3Ali%3AsponsoredCampaign%3A300000001)" in asked


@pytest.mark.parametrize("name", ["List(a)", "(a:b)", "List(a", "urn%3Ali%3Ageo%3A1", "''", "100%25"])
def test_a_text_is_just_a_text(name: str) -> None:
    """A campaign may be called like a spelling, in a body and in a path alike."""
    wire = sent(
        "linkedin_ads",
        {
            "entity": "campaigns",
            "action": "update",
            "params": {**ACCOUNT, "campaign_id": "300000001", "name": name},
        },
    )
    assert wire.content is not None
    assert f'"name": "{name}"'.encode() in bytes(wire.content)  # type: ignore[arg-type]
    assert unquote(wire.url) == "/rest/adAccounts/512345678/adCampaigns/300000001"


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"status": "List(ACTIVE"}, "status: a comma or ) is expected at character 12"),
        ({"campaign_group_id": "List(1,,2)"}, "campaign_group_id: a value is missing"),
        ({"campaign_group_id": "(a:1)"}, "campaign_group_id: "),
        ({"account_id": "(a:1)"}, "account_id: "),
        ({"account_id": "(sponsoredAccount:1,b:2)"}, "account_id: "),
        ({"account_id": "(sponsoredAccount:1"}, "account_id: a comma or ) is expected"),
        ({"status": "List()"}, "status: an empty list filters nothing"),
    ],
)
def test_a_malformed_list_is_one_line_that_names_the_parameter(params: dict[str, Any], says: str) -> None:
    """Nothing is guessed: half a list is no list, and an id in brackets is none."""
    with pytest.raises(InvalidParams) as caught:
        url("campaigns", "list", **params)
    [line] = caught.value.lines
    assert says in line
