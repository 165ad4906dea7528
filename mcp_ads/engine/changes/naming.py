"""The plan id is the approval text: what happens, by how much, to what, where, then eight random characters.

`raise-daily-budget-50.00-to-80.00-USD.spring-sale.act-1234567890.k7qx2m9b`

A plan of many begins with their number, then with what cannot be taken back and what begins to deliver.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mcp_ads.core.states import OFF

from .steps import Budget, Step
from .sums import moves

MOST = 120
SLUG = 24
RANDOM = 8
NAMED = 3
WHERE = 40
VERBS = 45
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_FOREIGN = re.compile(r"[^A-Za-z0-9.:_-]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
MOST_LOOKED_AT = 2_000
"""Characters of what a step does in which its object's name is looked for."""


def plan_id(steps: list[Step]) -> str:
    """An id that says what the plan does; unguessable, at most 120 characters.

    Where it gets too long, first the advertiser's name goes, then the lesser of what is done and in which
    currencies: never an amount in half, the account, or what deletes, archives or begins to deliver.
    """
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    whats, effects, name, where = _one(steps[0]) if len(steps) == 1 else _many(steps)
    if any(step.raw for step in steps):
        whats = [f"raw-{what}" for what in whats]
    where = where[:WHERE]
    room = MOST - len(where) - RANDOM - 2
    what, effect_text = _fitting(whats, effects or [""], room)
    left = room - len(what) - (len(effect_text) + 1 if effect_text else 0) - 1
    parts = (what, effect_text, name[: max(0, left)].strip("-"), where, random)
    return ".".join(_FOREIGN.sub("-", part) for part in parts if part)


def _fitting(whats: Sequence[str], effects: Sequence[str], room: int) -> tuple[str, str]:
    """The longest text that fits with the whole effect; else the shortest with as much of it as fits."""
    pairs = [*((what, effects[0]) for what in whats), *((whats[-1], effect) for effect in effects)]
    fits = (pair for pair in pairs if len(".".join(filter(None, pair))) <= room)
    return next(fits, (whats[-1][:room], ""))


def slug(text: str) -> str:
    """Advertiser text as [a-z0-9-], in Latin letters, cut."""
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:SLUG].strip("-")


def is_grave(step: Step) -> bool:
    """Whether a step cannot be taken back, removes something, or begins a delivery: these come first."""
    return bool(step.irreversible or step.ending or step.delivers)


def counted(steps: Sequence[Step]) -> list[tuple[str, str, int]]:
    """Verb, noun and how many, over all steps: removals and what cannot be undone first, then activations."""
    kinds = Counter((_verb(step), step.noun) for step in steps)
    graves = {(_verb(step), step.noun): _weight(step) for step in reversed(steps)}
    return [(*kind, kinds[kind]) for kind in sorted(kinds, key=lambda kind: graves[kind])]


def _verb(step: Step) -> str:
    if _only_ends(step):
        return step.ending
    if step.pauses:
        return OFF
    if step.ending and step.ending != step.action:
        return f"{step.action}-and-{step.ending}"
    return f"{step.action}-and-activate" if step.delivers and step.action != "activate" else step.action


def does(step: Step) -> str:
    """The action in words, and that it puts the object away where its name does not say so."""
    return f"{step.action} and {step.ending}" if step.ending not in ("", step.action) else step.action


def _only_ends(step: Step) -> bool:
    """Whether putting the object away is all a step does."""
    return bool(step.ending) and set(step.changes) <= set(step.switches)


def _updates_more(step: Step) -> bool:
    """Whether a step is an update that does not merely switch the object off or put it away."""
    return step.action == "update" and not _only_ends(step) and not step.pauses


def _weight(step: Step) -> int:
    if step.irreversible or step.ending:
        return 0
    return 1 if step.delivers else 2


def plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def with_article(noun: str) -> str:
    """A noun with "a" or "an"."""
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def _one(step: Step) -> tuple[list[str], list[str], str, str]:
    silent = _updates_more(step) or step.raises
    ending = [] if silent else _effects([step])
    about = _QUOTED.search(step.effect[:MOST_LOOKED_AT]) if step.makes else None
    name = slug(step.name) or slug(about[1] if about else "") or slug(step.subject.rpartition(":")[2])
    return list(_whats(step)), ending, name, account(step)


def _whats(step: Step) -> Iterator[str]:
    """Names for what one step does, the longest first."""
    given = [budget for budget in step.budgets if budget.given]
    first = max(given, key=lambda budget: (budget.pays, budget.rise), default=None)
    if _updates_more(step) and (step.changes or not step.effect):
        yield from _updates(step, first)
        return
    if step.effect and not step.makes and not step.erases:
        said = _effect(step)
        yield said if _dashed(step.noun) in said else f"{said}-{step.noun}"
    verb = step.ending or (OFF if step.pauses else step.action)
    activating = "-and-activate" if step.delivers and step.action != "activate" else ""
    shown = first if first and first.pays else next(iter(step.budgets), None)
    if shown is not None and shown.after:
        sharing = "-sharing" if shown.whose else ""
        rises = f"from-{shown.before}-to-" if step.makes and shown.before else ""
        yield f"{verb}{activating}-{step.noun}{sharing}-{rises}{_amount(shown)}"
    yield f"{verb}{activating}-{step.noun}"


def _effect(step: Step) -> str:
    """What a step does beside setting fields, without the details after a colon; a number stays one."""
    return _dashed(re.sub(r"(?<=[0-9]),(?=[0-9])", "", step.effect.partition(":")[0]))


def _updates(step: Step, first: Budget | None) -> Iterator[str]:
    others = [
        _dashed(change)
        for change in step.changes
        if not (first and _dashed(first.field).endswith(_dashed(change)))
    ]
    switched = "activate" if step.delivers else step.ending
    if switched:
        others = [other for other in others if other not in map(_dashed, step.switches)]
    lead = f"{switched}-and-" if switched else ""
    if first is None:
        named = "-".join(others[:NAMED]) + (f"-and-{len(others) - NAMED}-more" if len(others) > NAMED else "")
        began = next((budget for budget in step.budgets if budget.after and not budget.before), None)
        money_text = f"-{_amount(began)}" if began and step.delivers else ""
        yield f"{lead}update-{named}{money_text}" if named else f"activate-{step.noun}{money_text}"
        yield f"{lead}update-{len(others)}-fields-of-{step.noun}{money_text}"
        return
    more = f"-and-{others[0]}" if len(others) == 1 else f"-and-{len(others)}-more" if others else ""
    yield f"{lead}{_money_verb(first)}{more}"
    yield f"{lead}{_money_verb(first)}"
    yield f"{lead}{_money_verb(replace(first, field=first.role))}"


def _money_verb(budget: Budget) -> str:
    name = _dashed(budget.field)
    if budget.after is None:
        return f"remove-{name}-{budget.before or 'none'}-{budget.currency}"
    if budget.before is None:
        return f"set-{name}-to-{budget.after}-{budget.currency}"
    verb = "raise" if budget.rise > 0 else "lower" if budget.rise < 0 else "keep"
    return f"{verb}-{name}-{budget.before}-to-{budget.after}-{budget.currency}"


def _many(steps: list[Step]) -> tuple[list[str], list[str], str, str]:
    """The parts of an id for many steps: what they do, what it costs, and in which account."""
    owners = {account(step): step.account is not None for step in steps}
    accounts = [owner for owner, known in owners.items() if known] or list(owners)
    where = accounts[0] if len(accounts) == 1 else f"{len(accounts)}-accounts"
    if others := [owner for owner in owners if owner not in accounts]:
        both = f"{where}-and-{others[0]}"
        where = both if len(others) == 1 and len(both) <= WHERE else f"{where}-and-others"
    return list(_alls(steps)), _effects(steps), "", where


def _alls(steps: list[Step]) -> Iterator[str]:
    """Names for what many steps do, the longest first: with less of what they do it to, and every verb."""
    kinds = counted(steps)
    named = [f"{verb}-{count}-{plural(noun, count)}" for verb, noun, count in kinds]
    if len(kinds) == 1:
        verb, noun, count = kinds[0]
        fields = {_dashed(name) for step in steps for name in step.changes}
        changing = fields.pop() if verb == "update" and len(fields) == 1 else ""
        if changing and (ways := _bid_ways(steps)):
            yield f"{'-and-'.join(f'{way}-{changing}-of-{some}' for way, some in ways)}-{plural(noun, count)}"
        yield f"{verb}{f'-{changing}-of' if changing else ''}-{count}-{plural(noun, count)}"
        yield named[0]
    else:
        yield f"{len(steps)}-steps-{'-'.join(named)}"
    grave = sum(any(_is(step, kind) and is_grave(step) for step in steps) for kind in kinds)
    rest = _verbs(kinds[grave:])
    if grave and rest:
        yield f"{len(steps)}-steps-{'-'.join([*named[:grave], *rest])}"
    verbs = _verbs(kinds)
    if len(verbs) == 1:
        yield verbs[0]
    elif len(text := "-".join(verbs)) <= VERBS:
        yield f"{len(steps)}-steps-{text}"
    else:
        yield f"{len(steps)}-steps-{_graves(steps)}"


def _bid_ways(steps: Sequence[Step]) -> list[tuple[str, int]]:
    """How many bids go up and how many down; nothing where steps change other amounts, or set new ones."""
    given = [[budget for budget in step.budgets if budget.given] for step in steps]
    moved = [
        budgets[0].rise > 0
        for budgets in given
        if len(budgets) == 1 and budgets[0].per == "bid" and budgets[0].before and budgets[0].after
    ]
    if len(moved) < len(steps):
        return []
    return [pair for pair in (("raise", sum(moved)), ("lower", len(moved) - sum(moved))) if pair[1]]


def _verbs(kinds: Iterable[tuple[str, str, int]]) -> list[str]:
    """How many steps do each thing, whatever they do it to."""
    counts = Counter[str]()
    for verb, _, count in kinds:
        counts[verb] += count
    return [f"{verb}-{count}" for verb, count in counts.items()]


def _is(step: Step, kind: tuple[str, str, int]) -> bool:
    return (_verb(step), step.noun) == kind[:2]


def _graves(steps: list[Step]) -> str:
    """How many steps do what cannot be overlooked, without naming what they do it to."""
    removed = Counter(step.ending for step in steps if step.ending)
    lasting = sum(bool(step.irreversible) and not step.ending for step in steps)
    activated = sum(step.delivers for step in steps)
    parts = [f"{verb}-{count}" for verb, count in sorted(removed.items(), reverse=True)]
    parts += [f"irreversible-{lasting}"] if lasting else []
    parts += [f"activate-{activated}"] if activated else []
    rest = len(steps) - sum(is_grave(step) for step in steps)
    return "-".join([*parts, *([f"and-{rest}-more"] if rest else [])])


def _effects(steps: list[Step]) -> list[str]:
    """The effect in money, in ever fewer currencies: the largest sums first, and how many more there are."""
    sums = sorted(moves(steps).items(), key=lambda item: -max(item[1].up, item[1].down))
    texts = [
        f"{move.dashed(currency)}-{currency}{'-a-day' if per == 'day' else '-in-all'}"
        for (per, currency), move in sums
    ]
    fewer = range(len(texts), -1, -1)
    rest = {count: f".and-{len(texts) - count}-more-sums" if count < len(texts) else "" for count in fewer}
    return [(".".join(texts[:count]) + rest[count]).strip(".") for count in fewer]


def _amount(budget: Budget) -> str:
    return budget.amount.replace(" ", "-") + ("-in-all" if budget.per == "lifetime" else "")


def account(step: Step) -> str:
    """Where a step belongs: to an account, to what it names of those that no account owns, or to neither."""
    if step.account:
        return f"{step.place or 'account'}-{step.account['id']}"
    return step.holder or step.connector.replace("_", "-")


def _dashed(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]+", "-", re.sub(r"(?<=[a-z])([A-Z])", r"-\1", name)).lower().strip("-")
