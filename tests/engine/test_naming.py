"""Plan ids: the text a person approves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from mcp_ads.connectors.facebook_marketing.types import STATES
from mcp_ads.engine.changes.naming import plan_id, slug
from mcp_ads.engine.changes.steps import Budget, Step

DAILY = Budget("daily_budget", "day", "USD", "50.00", "80.00", live=True)
ENDS = Budget("daily_budget", "day", "USD", "50.00", None, given=False, live=True)
CHARSET = re.compile(r"[A-Za-z0-9.:_-]{1,120}")


def step(action: str = "update", *budgets: Budget, **more: object) -> Step:
    """A step on a campaign called Spring Sale."""
    changes = {budget.field: 1 for budget in budgets if budget.given}
    made = Step(
        connector="facebook_marketing", connection="c", entity="campaigns", action=action, noun="campaign",
        asked={}, params={}, account={"id": "1234567890"}, subject="1", name="Spring Sale", before={},
        changes=changes or {"status": "PAUSED"}, requests=[], budgets=list(budgets),
    )  # fmt: skip
    made = replace(made, **more)  # type: ignore[arg-type]
    ending = STATES.ending(made.action, made.changes)
    return replace(made, ending=ending, switches=list(STATES.fields), place="act")


def starts(whose: str = "") -> Budget:
    return replace(ENDS, before=None, after="50.00", whose=whose)


ONE = {
    "raise-daily-budget-50.00-to-80.00-USD.spring-sale": step("update", DAILY),
    "lower-daily-budget-50.00-to-20.00-USD.spring-sale": step("update", replace(DAILY, after="20.00")),
    "set-daily-budget-to-80.00-USD.spring-sale": step("update", replace(DAILY, before=None)),
    "remove-daily-budget-50.00-USD.spring-sale": step("update", replace(DAILY, after=None)),
    "raise-daily-budget-50.00-to-80.00-USD-and-name.spring-sale": step(
        "update", DAILY, changes={"daily_budget": 8000, "name": "x"}
    ),
    "activate-and-raise-daily-budget-50.00-to-80.00-USD.spring-sale": step(
        "update", DAILY, delivers=True, changes={"daily_budget": 8000, "status": "ACTIVE"}
    ),
    "update-name-status.spring-sale": step(changes={"name": "x", "status": "PAUSED"}),
    "activate-campaign-50.00-USD-a-day.spring-sale": step("activate", starts(), delivers=True),
    "activate-campaign-sharing-50.00-USD-a-day.spring-sale": step(
        "activate", starts(whose="7"), delivers=True
    ),
    "pause-campaign.minus-50.00-USD-a-day.spring-sale": step("pause", ENDS),
    "delete-campaign.spring-sale": step("delete"),
    "create-campaign-50.00-USD-a-day.spring-sale": step(
        "create", replace(DAILY, before=None, after="50.00"), subject=""
    ),
    "create-and-activate-campaign-50.00-USD-a-day.spring-sale": step(
        "create", replace(DAILY, before=None, after="50.00"), subject="", delivers=True
    ),
}


@pytest.mark.parametrize("text", ONE)
def test_one_step(text: str) -> None:
    """A plan of one step says what changes from what to what, on which object, in which account."""
    assert re.fullmatch(re.escape(f"{text}.act-1234567890.") + "[a-z0-9]{8}", plan_id([ONE[text]]))


def test_many_begin_with_count_and_effect() -> None:
    """A plan of many says how many and what they mean in money together."""
    steps = [step("pause", ENDS, subject=str(number)) for number in range(12)]
    assert plan_id(steps).startswith("pause-12-campaigns.minus-600.00-USD-a-day.act-1234567890.")


def test_moving_money_says_so() -> None:
    """A plan that takes from one and gives to another does not look harmless."""
    down = step("update", replace(DAILY, before="80.00", after="50.00"), subject="2")
    assert plan_id([down, step("update", DAILY)]).startswith(
        "update-daily-budget-of-2-campaigns.moving-30.00-USD-a-day.act-1234567890."
    )


def test_mixed_steps_name_their_verbs_and_activation() -> None:
    """What a mixed plan does is in its name, also that something in it starts delivering."""
    steps = [step("create", subject="", delivers=True), step("pause", ENDS)]
    assert plan_id(steps).startswith(
        "2-steps-create-and-activate-1-campaign-pause-1-campaign.minus-50.00-USD-a-day.act-1234567890."
    )


@pytest.mark.parametrize(
    ("name", "slugged"),
    [
        ("Spring Sale!", "spring-sale"),
        ("x" * 60, "x" * 24),
        ("USD 1 / act-1.RAISE\n", "usd-1-act-1-raise"),
        ("秋の新作", "qiunoxinzuo"),
        ("Été à Genève", "ete-a-geneve"),
        ("Зимняя распродажа", "zimnyaya-rasprodazha"),
        ("🌊", "ocean"),
        ("-- a --", "a"),
    ],
)
def test_advertiser_text_is_reduced(name: str, slugged: str) -> None:
    """Of a name only small Latin letters, digits and dashes stay, at most 24."""
    assert slug(name) == slugged


def many(currencies: Sequence[str], *others: Step) -> list[Step]:
    """A step for each currency, each with an amount of fifteen digits."""
    budgets = (
        Budget("daily_budget", "day", currency, "1.00", "9" * 15, live=True) for currency in currencies
    )
    return [*(step("update", budget, subject=str(at)) for at, budget in enumerate(budgets)), *others]


def test_six_currencies_fit() -> None:
    """However many currencies a plan moves, its id is short and says that there are more."""
    made = plan_id(many(["USD", "EUR", "GBP", "JPY", "SEK", "PLN"]))
    assert CHARSET.fullmatch(made)
    assert "-more-sums.act-1234567890." in made
    assert re.search(r"plus-9{14}8\.00-[A-Z]{3}-a-day", made)


def test_sums_are_cut_and_verbs_are_not() -> None:
    """What a plan does to many kinds of objects comes before all of its sums; of a whole run it says so."""
    sums = [
        ("JPY", "90000", "lifetime"),
        ("USD", "2285.00", "day"),
        ("EUR", "880.00", "day"),
        ("SEK", "9", "day"),
    ]
    budgets = [replace(ENDS, currency=name, before=amount, per=per) for name, amount, per in sums]
    nouns = ("campaign", "ad set", "campaign group", "ad", "creative", "product ad")
    steps = [
        step("pause", *budgets[at : at + 1], subject=str(at), noun=noun) for at, noun in enumerate(nouns)
    ]
    assert plan_id(steps).startswith("pause-6.minus-90000-JPY-in-all.minus-2285.00-USD-a-day.")
    made = plan_id([*steps, step("delete", subject="9"), step("update", subject="10", changes={"name": "x"})])
    assert made.startswith(
        "8-steps-delete-1-pause-6-update-1.minus-90000-JPY-in-all.minus-2285.00-USD-a-day.and-2-more-sums."
    )


@pytest.mark.parametrize("nouns", [1, 3, 8])
def test_what_is_grave_is_never_cut(nouns: int) -> None:
    """What a plan deletes and what it begins to deliver stands before everything else, whatever that is."""
    removing = [step("delete", subject=str(number), irreversible="for good") for number in (101, 102)]
    starting = [step("create", subject="", delivers=True) for _ in range(3)]
    rest = [
        step(verb, subject=f"{verb}{at}", noun=f"very-long-noun-number-{at}")
        for at in range(nouns) for verb in ("update", "pause", "create")
    ]  # fmt: skip
    made = plan_id(many(["USD", "EUR", "GBP", "JPY", "SEK", "PLN"], *rest, *starting, *removing))
    assert CHARSET.fullmatch(made)
    assert re.match(r"\d+-steps-delete-2-(campaigns-create-and-activate-3-campaigns|activate-3)-", made), made


@pytest.mark.parametrize(
    "hostile", ["a" * 400, "../../etc", "a.b.act-1", "\u202egnp", "@1.id", "x\0y", "%2e%2e", "秋"]
)
@pytest.mark.parametrize("subject", ["1", "@1.id", "urn:li:sponsoredCreative:1", "x" * 300])
def test_ids_fit_whatever_the_names(hostile: str, subject: str) -> None:
    """Charset and length hold for any name, id and number of steps; account and random letters survive."""
    big = Budget("lifetime_min_spend_target", "lifetime", "USD", "1" * 15, "2" * 15, role="floor")
    for steps in ([step("update", big, name=hostile, subject=subject)], [step("pause", name=hostile)] * 100):
        made = plan_id(steps)
        assert CHARSET.fullmatch(made)
        assert re.search(r"\.act-1234567890\.[a-z2-9]{8}$", made)


def test_every_id_is_its_own() -> None:
    """The same plan made twice has two ids."""
    assert len({plan_id([step()]) for _ in range(200)}) == 200
