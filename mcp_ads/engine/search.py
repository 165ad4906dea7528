"""Finds the actions that fit a question in everyday words: by names, what is said, parameters, columns."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from mcp_ads.connectors import ALSO
from mcp_ads.core import Action, Connector, Offer, describe
from mcp_ads.core.carried_actions import is_refused
from mcp_ads.core.synonyms import ALIKE, bare, cut

FOUND = 8
FILLERS = {
    "a", "an", "the", "of", "on", "in", "for", "per", "to", "my", "by", "is", "are", "and", "with", "all",
    "i", "we", "you", "it", "do", "does", "did", "can", "how", "which", "what", "that", "were", "was",
    "at", "them", "best", "most", "total", "two", "three", "five", "ten",
}  # fmt: skip
WEIGHTS = (4, 2, 1)
"""What a word counts for in an action's name, its own line or its entity's, its parameters and columns."""
ENOUGH, LESS, RARE = 0.6, 0.7, 0.1
"""Of the best, for a word it may stand for; and a word so rare that an action with it is never left out."""
WHEN = {"update", "create"}
"""What columns say of when something was changed or made: no word for doing it."""
CHANGES = "to change something, say what is done: create, update, pause, activate, …"
MOST_CALLED = 12
"""An entity whose name the question has is never left out, unless its actions are more than these."""
STEPS = "steps"
"""The parameter of what makes one plan of several changes."""
DELETE, NEAREST = "delete", 4
"""Of the actions that change something and fit a question that names no change, so many are named."""

_PLATFORM = re.compile("|".join(map(re.escape, ALSO)), re.IGNORECASE)
"""A platform's name is one word, however it is written."""
_VALUE = re.compile(r"(?<=[A-Z0-9])_(?=[A-Z0-9])")
"""Where the words of a value such as CHANGE_BUDGET meet: beside each other they say nothing of the action."""
Terms = frozenset[str]
Found = tuple[Offer, str, str, type[Action]]


def search(connectors: Iterable[Offer], query: str) -> str:
    """The actions that fit a question best, one a line; rare words count for more.

    Actions that change something are listed where the question names a change or nothing else fits; otherwise
    a line names some. What deletes is listed only where that is asked. What asks all platforms comes first
    where the question names none, or several. Empty where nothing fits.
    """
    named = platforms_named(query)
    asked_of = [connector for connector in connectors if not named or connector.name in named]
    over_all = [connector for connector in connectors if not isinstance(connector, Connector)]
    meant = [*over_all, *asked_of] if len(named) > 1 else asked_of
    actions = [action for connector in meant for action in each_action(connector)]
    best = _best(actions, query)
    changing = _names_a_change(actions, query)
    asked = {word for term in _terms(query) for word in (term, *ALIKE.get(term, "").split())}
    best = [action for action in best if action[2] != DELETE or DELETE in asked] or best
    changes = [action for action in best if action[3].risk != "read"]
    fitting = [action for action in best if changing or action not in changes] or changes
    fitting.sort(key=lambda action: isinstance(action[0], Connector))
    fitting.sort(key=lambda action: is_refused(*action[:3]))
    if changing:
        fitting = _with_what_changes(actions, fitting, query)
    lines = [_found(*action) for action in fitting[:FOUND]]
    if hidden := {f"{entity}.{name}": None for _, entity, name, _ in changes if fitting[0][3].risk == "read"}:
        lines += [] if changing else [f"{CHANGES} (here {', '.join([*hidden][:NEAREST])})"]
    return "\n".join(lines)


def _with_what_changes(actions: list[Found], fitting: list[Found], query: str) -> list[Found]:
    """What fits; where that are reads, then on each platform the change that is named; where several
    platforms can do it, then at the end what makes one plan of several changes.
    """
    shown = fitting[:FOUND]
    named = {word for term in _terms(query) for word in (term, *map(bare, ALIKE.get(term, "").split()))}
    able = [action for action in actions if action[3].risk != "read" and bare(action[2]) in named]
    if not any(action in able for action in shown):
        of = dict.fromkeys(action[0].name for action in able)
        best = [_best([action for action in able if action[0].name == name], query)[:1] for name in of]
        shown = [*shown[:NEAREST], *itertools.chain(*best), *shown[NEAREST:]][:FOUND]
    changed = {action[0].name for action in shown if action[3].risk != "read"}
    if len(shown) < FOUND or len(changed) == 1:
        return shown
    over_all = [action for action in actions if not isinstance(action[0], Connector) and action not in shown]
    steps = [action for action in over_all if STEPS in action[3].model_fields]
    return [*shown[: FOUND - len(steps)], *steps]


def platforms_named(query: str) -> set[str]:
    """The connectors whose platforms a question names."""
    return {ALSO[word] for word in _terms(query) & ALSO.keys()}


def nothing_fits(query: str) -> str:
    """The answer to a question that no action fits."""
    return f"nothing fits {cut(query.strip())!r}; ads_describe(connector) lists all entities"


def each_action(connector: Offer) -> Iterable[Found]:
    """Every action of a connector; loads all its entities."""
    for entity in connector.names():
        for name, kind in connector.entity(entity).actions.items():
            yield connector, entity, name, kind


def _best(actions: list[Found], query: str) -> list[Found]:
    """The actions that fit nearly as well as the best one, in this order."""
    places = [_places_of(action) for action in actions]
    known = Counter(term for three in places for term in frozenset().union(*three))
    rarity = {term: math.log(1 + len(actions) / count) for term, count in known.items()}
    inside = _inside_names(query, frozenset().union(*(names for names, *_ in places)))
    wanted = [
        {term: rarity.get(term, 0)} if term in inside else _meanings(term, rarity) for term in _terms(query)
    ]
    scores = [sum(_worth(meanings, three) for meanings in wanted) for three in places]
    order = sorted(range(len(actions)), key=lambda at: -scores[at])
    best = _spread(actions, [at for at in order if scores[at] >= ENOUGH * scores[order[0]] > 0], scores)
    done = {name for _, _, name, _ in actions}
    for term in sorted(word for word in _terms(query) if ALIKE.get(word) not in done):
        having = [at for at in order if any(term in place for place in places[at])]
        if 0 < len(having) <= len(actions) * RARE and not set(having) & set(best[:FOUND]):
            changing = [at for at in having if actions[at][3].risk != "read"]
            best = [*dict.fromkeys([having[0], *changing[:1], *best])]
        best = _with_what_is_called(term, actions, order, best)
    return [actions[at] for at in best]


def _with_what_is_called(term: str, actions: list[Found], order: list[int], best: list[int]) -> list[int]:
    """The best with an action of the entity whose name has a word, where none of many that fit is of it."""
    called = [at for at in order if term in _clauses(actions[at][1].replace("_", " "))[0]]
    if not 0 < len(called) <= MOST_CALLED or len(best) < FOUND or set(called) & set(best[:FOUND]):
        return best
    reads = [actions[at][3].risk == "read" for at in best[:FOUND]]
    for at in called:
        if (is_read := actions[at][3].risk == "read") in reads:
            after = reads.index(is_read) + 1
            return [*dict.fromkeys([*best[:after], at, *best[after:]])]
    return best


def _spread(actions: list[Found], best: list[int], scores: list[float]) -> list[int]:
    """The same change of a platform's other products counts for less than the first product's.

    Otherwise one platform, which has the same things once for each product, would crowd out the others.
    """
    before, counts = Counter[tuple[str, str, str]](), dict[int, float]()
    for at in best:
        connector, entity, name, _ = actions[at]
        alike = (connector.name, connector.entity(entity).noun, name)
        counts[at] = scores[at] * LESS ** before[alike]
        before[alike] += 1
    return sorted(best, key=lambda at: -counts[at])


def _inside_names(query: str, names: Terms) -> set[str]:
    """The words that are a name together with a neighbour: the set of an ad set stands for nothing else."""
    pairs = (pair for clause in _clauses(query) for pair in itertools.pairwise(clause))
    return {word for pair in pairs if "".join(pair) in names for word in pair}


def _names_a_change(actions: list[Found], query: str) -> bool:
    """Whether a word of the question is, or stands for, an action that changes something.

    A word after another with which it is a name, the set of an ad set, is none.
    """
    changes = {
        word for _, _, name, kind in actions if kind.risk != "read" for word in map(bare, name.split("_"))
    }
    names = {term for action in actions for term in _places_of(action)[0]}
    for clause in _clauses(query):
        for before, word in itertools.pairwise(["", *clause]):
            other = {bare(part) for part in ALIKE.get(word, "").split()}
            if changes & {word, *other} and f"{before}{word}" not in names - {word}:
                return True
    return False


def _found(connector: Offer, entity: str, name: str, kind: type[Action]) -> str:
    required = [param for param, field in describe.visible(kind).items() if field.is_required()]
    also = f" Also {connector.unlisted[entity]}." if entity in connector.unlisted else ""
    also += " Refused: Airbyte's API does not carry it." if is_refused(connector, entity, name) else ""
    return f"{connector.name} {entity}.{name}({', '.join([*required, '…'])}): {describe.summary(kind)}{also}"


def _worth(meanings: Mapping[str, float], places: tuple[Terms, ...]) -> float:
    worths = [
        weight * worth
        for weight, place in zip(WEIGHTS, places, strict=True)
        for term, worth in meanings.items()
        if term in place
    ]
    return max(worths, default=0)


def _places_of(action: Found) -> tuple[Terms, ...]:
    connector, entity, name, kind = action
    return _places(connector.name, entity, connector.entity(entity).doc, name, kind)


@cache
def _places(connector: str, entity: str, doc: str, name: str, kind: type[Action]) -> tuple[Terms, ...]:
    """The terms of an action's name, of what is said about it, of its own parameters and columns."""
    fields = [field for field in describe.visible(kind).items() if field[0] in kind.model_fields]
    params = " ".join(f"{param}. {_VALUE.sub('.', field.description or '')}." for param, field in fields)
    columns = ". ".join(kind.indexed())
    return (
        _terms(f"{connector}. {entity}. {name}"),
        _terms(f"{describe.summary(kind)} {doc}"),
        _terms(f"{params} {columns}") - WHEN,
    )


def _terms(text: str) -> Terms:
    """The words of a text and the pairs of neighbours in a clause, in the singular."""
    clauses = _clauses(text)
    pairs = (f"{one}{two}" for clause in clauses for one, two in itertools.pairwise(clause))
    return frozenset([*itertools.chain(*clauses), *pairs])


def _clauses(text: str) -> list[list[str]]:
    """The words of each clause without those that say nothing; twoWords are two words, sold7d is sold."""
    whole = _PLATFORM.sub(lambda found: found[0].lower(), text)
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z]{3})(?=[0-9])", " ", whole).lower()
    clauses = [re.findall(r"[a-z0-9]+", part) for part in re.split(r"[.,:;()]", apart)]
    return [
        [bare(word) for word in clause if word not in FILLERS and not word.isdecimal()] for clause in clauses
    ]


def _meanings(term: str, rarity: Mapping[str, float]) -> dict[str, float]:
    """The terms a word counts for, with their weights: itself, and for a little less what it may mean."""
    other = {part: LESS * rarity.get(part, 0) for part in map(bare, ALIKE.get(term, "").split())}
    return {**other, term: rarity.get(term, 0)}
