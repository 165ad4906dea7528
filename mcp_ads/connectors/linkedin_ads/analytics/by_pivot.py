"""Reports by one pivot each, under the names that other connectors have for them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from mcp_ads.core import Entity

from .base import Analytics
from .metrics import REACHED


def _second_version(value: Any) -> Any:
    """MEMBER_COUNTRY and MEMBER_REGION are now called so with _V2."""
    return f"{value}_V2" if value in ("MEMBER_COUNTRY", "MEMBER_REGION") else value


class CampaignAnalytics(Analytics):
    """Read delivery, reach, cost and conversions by campaign. Money is in the account's currency."""

    pivot: Literal["CAMPAIGN"] = "CAMPAIGN"
    said = f"{Analytics.said}, {REACHED}"


class CreativeAnalytics(Analytics):
    """Read delivery, reach, cost and conversions by creative. Money is in the account's currency."""

    pivot: Literal["CREATIVE"] = "CREATIVE"


class DeviceAnalytics(Analytics):
    """Read delivery, cost and conversions by device: desktop, mobile web or the app."""

    pivot: Literal["IMPRESSION_DEVICE_TYPE"] = "IMPRESSION_DEVICE_TYPE"
    said = "insights, phone, mobile app, desktop, devices"


class CompanyAnalytics(Analytics):
    """Read which companies the people who saw the ads work for; approximate."""

    pivot: Literal["MEMBER_COMPANY"] = "MEMBER_COMPANY"
    said = "insights, employers reached, account based marketing, firmographics"


class CompanySizeAnalytics(Analytics):
    """Read how large the companies are of the people who saw the ads; approximate."""

    pivot: Literal["MEMBER_COMPANY_SIZE"] = "MEMBER_COMPANY_SIZE"
    said = "insights, staff count, number of employees, firmographics"


class CountryAnalytics(Analytics):
    """Read in which countries the people are who saw the ads; approximate."""

    pivot: Annotated[Literal["MEMBER_COUNTRY_V2"], BeforeValidator(_second_version)] = "MEMBER_COUNTRY_V2"
    said = "insights, geography, locations"


class IndustryAnalytics(Analytics):
    """Read in which industries the people work who saw the ads; approximate."""

    pivot: Literal["MEMBER_INDUSTRY"] = "MEMBER_INDUSTRY"
    said = "insights, sectors, verticals, firmographics"


class JobFunctionAnalytics(Analytics):
    """Read which job functions the people have who saw the ads; approximate."""

    pivot: Literal["MEMBER_JOB_FUNCTION"] = "MEMBER_JOB_FUNCTION"
    said = "insights, departments, roles, demographics"


class JobTitleAnalytics(Analytics):
    """Read which job titles the people have who saw the ads; approximate."""

    pivot: Literal["MEMBER_JOB_TITLE"] = "MEMBER_JOB_TITLE"
    said = "insights, positions, demographics"


class RegionAnalytics(Analytics):
    """Read in which regions the people are who saw the ads; approximate."""

    pivot: Annotated[Literal["MEMBER_REGION_V2"], BeforeValidator(_second_version)] = "MEMBER_REGION_V2"
    said = "insights, geography, cities, locations"


class SeniorityAnalytics(Analytics):
    """Read how senior the people are who saw the ads; approximate."""

    pivot: Literal["MEMBER_SENIORITY"] = "MEMBER_SENIORITY"
    said = "insights, job level, decision makers, demographics"


ad_campaign_analytics = Entity(noun="campaign analytics", list=CampaignAnalytics)
ad_creative_analytics = Entity(noun="creative analytics", list=CreativeAnalytics)
ad_impression_device_analytics = Entity(noun="device analytics", list=DeviceAnalytics)
ad_member_company_analytics = Entity(noun="company analytics", list=CompanyAnalytics)
ad_member_company_size_analytics = Entity(noun="company size analytics", list=CompanySizeAnalytics)
ad_member_country_analytics = Entity(noun="country analytics", list=CountryAnalytics)
ad_member_industry_analytics = Entity(noun="industry analytics", list=IndustryAnalytics)
ad_member_job_function_analytics = Entity(noun="job function analytics", list=JobFunctionAnalytics)
ad_member_job_title_analytics = Entity(noun="job title analytics", list=JobTitleAnalytics)
ad_member_region_analytics = Entity(noun="region analytics", list=RegionAnalytics)
ad_member_seniority_analytics = Entity(noun="seniority analytics", list=SeniorityAnalytics)
