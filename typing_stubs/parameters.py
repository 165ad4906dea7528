"""The parameters of a call, as a stub has them: name, type, default, and what they are for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from keyword import iskeyword
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mcp_ads.core import Action, Connector, Span, Write, describe
from mcp_ads.core.marks import is_found
from mcp_ads.core.texts import kinds_of, types_of
from mcp_ads.core.view import ListView
from mcp_ads.engine.reads.ask import paging_names
from mcp_ads.engine.session.instead import found_by, told
from mcp_ads.errors import InvalidParams

from .annotations import OBJECT, Marked, spelled

OBJECTS = f"Sequence[{OBJECT}]"
DAYS = ("date_preset", "since", "until")
"""Other names of days, in whatever range a call has; `since` and `until` are its ends."""
IN_SIGHT = (str, bool, int, float, type(None))
"""Kinds of default that a signature shows."""
WORDS, NUMBERS = ("abc", "abc xyz"), (12345, 123456789012345)
"""What tells whether a text is a number: words are none, and numbers are."""
OF_SEVERAL = {
    "items": "[{…}, {…}]: one write for many objects, each with its own parameters; those beside it are "
    "defaults for each",
    "append_to": "a plan_id: adds this as the plan's next step, which may refer to @1.id",
    "steps": "[{connector, entity, action, params}]: more writes for its plan, after this one",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter; `default` is Python, and empty where it has to be given."""

    name: str
    type: str
    default: str = ""
    doc: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.type}{f' = {self.default}' if self.default else ''}"

    @property
    def needed(self) -> bool:
        """Whether a call without it is refused."""
        return not self.default

    def optional(self) -> Parameter:
        """The same where it may be left out."""
        if not self.needed:
            return self
        return replace(self, type=f"{self.type} | None".replace(" | None | None", " | None"), default="None")

    def given(self, kind: str) -> Parameter:
        """The same where it has to be given, as this type."""
        return replace(self, type=kind, default="")


def own(connector: Connector, action: type[Action]) -> list[Parameter]:
    """What the action declares; the account that it is about may be left out where only one is used.

    What has one possible value, and is shown to no agent, is there too: programs that were written for the
    platform's API name it.
    """
    shown = describe.visible(action)
    known = {**shown, **{name: field for name, field in action.model_fields.items() if not is_found(field)}}
    found = [_declared(action, name, field) for name, field in known.items()]
    found += other_names(action, {one.name: one for one in found})
    account = connector.accounts.param if action.subject != connector.accounts.param else ""
    return ordered(one.optional() if one.name == account else one for one in found)


def other_names(action: type[Action], known: Mapping[str, Parameter]) -> Iterable[Parameter]:
    """Other names of parameters that may be left out, ids apart: those of days, columns, states, budgets."""
    names = {one: ours for one, ours in action.aliases.items() if ours in known and not ours.endswith("_id")}
    spans = [name for name, field in action.model_fields.items() if Span in types_of(field.annotation)]
    if len(spans) == 1:
        names |= dict.fromkeys(DAYS, spans[0])
    for name, ours in names.items():
        same = known[ours]
        if name.isidentifier() and not iskeyword(name) and name not in known and not same.needed:
            kind = "str | None" if name in DAYS else same.type
            yield Parameter(name, _with_none(kind, "None"), "None", f"another way to say {ours}")


def paging(action: type[Action]) -> list[Parameter]:
    """How a list goes on: the only parameters of a view that records have, and the platform's own names."""
    tokens, sizes = ({name for name in names if name.isidentifier()} for names in paging_names(action))
    theirs = [(name, "str | int | None", "the platform's own place of a page") for name in sorted(tokens)]
    theirs += [(name, "int | None", "the platform's own name of limit") for name in sorted(sizes)]
    return [
        *(
            Parameter(name, f"{spelled(field.annotation)} | None", "None", field.description or "")
            for name, field in ListView.model_fields.items()
        ),
        *(Parameter(name, kind, "None", doc) for name, kind, doc in theirs if name not in action.aliases),
    ]


def beside(connector: Connector, entity: str, name: str) -> list[Parameter]:
    """What a write has besides its own: many objects, its place in a plan, a bid that is worked out."""
    types = {"items": OBJECTS, "append_to": "str", "steps": OBJECTS}
    more = [Parameter(param, f"{types[param]} | None", "None", doc) for param, doc in OF_SEVERAL.items()]
    bids = told(connector, entity, name).items()
    return [*more, *(Parameter(param, f"{OBJECT} | None", "None", doc) for param, doc in bids)]


def condition(connector: Connector, entity: str, name: str, action: type[Write]) -> list[Parameter]:
    """What may stand in place of the ids; nothing where no condition finds the objects.

    What the entity's list cannot do without is asked for too.
    """
    if not found_by(connector, entity, name, action):
        return []
    lists = connector.action(entity, "list")
    listed = [one for one in own(connector, lists) if one.needed and one.name not in action.model_fields]
    where, over = describe.SELECTION["where"], describe.SELECTION["over"]
    days = Parameter("over", "str | Mapping[str, str] | None", "None", over)
    return [Parameter("where", "str", "", where), *listed, days]


def ordered(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Those that have to be given first."""
    return sorted(parameters, key=lambda one: not one.needed)


def of_object(action: type[Action]) -> tuple[str, str]:
    """What names the object acted on, and several, which are a list: text is a sequence of texts too."""
    number = _number(action, action.subject)
    return (f"str | {number}", f"list[str] | list[{number}]") if number else ("str", "list[str]")


def _declared(action: type[Action], name: str, field: FieldInfo) -> Parameter:
    marked = Marked(_number(action, name)).with_marks(field.metadata)
    kind = spelled(field.annotation, marked)
    if name == action.subject and issubclass(action, Write) and "Sequence" not in kind:
        kind = " | ".join(of_object(action))
    default = "" if field.is_required() else _shown(field.get_default(call_default_factory=True))
    return Parameter(name, _with_none(kind, default), default, field.description or "")


@cache
def _number(action: type[Action], name: str) -> str:
    """The kind of number that may stand for a text: for an id, and for what is not just any text."""
    annotation = action.model_fields[name].annotation
    kinds = kinds_of(annotation)
    if str not in types_of(annotation):
        return ""
    words = any(_takes(action, name, one, kinds) for one in WORDS)
    numbers = any(_takes(action, name, one, kinds) for one in NUMBERS)
    named = name.endswith(("_id", "_ids")) or name in ("id", "ids")
    return "int" if numbers and (named or not words) else ""


def _takes(action: type[Action], name: str, value: Any, kinds: Collection[Any]) -> bool:
    """Whether a parameter takes a value, whatever else the call lacks."""
    try:
        action.model_validate({name: value if str in kinds else [value]})
    except ValidationError as error:
        names = (name, action.model_fields[name].alias)
        return not any(mistake["loc"] and mistake["loc"][0] in names for mistake in error.errors())
    except InvalidParams:
        return True  # each parameter is as it should be, and the call as a whole is not
    return True


def _with_none(kind: str, default: str) -> str:
    """None is no value, and like leaving a parameter out."""
    return kind if not default or kind.endswith("None") else f"{kind} | None"


def _shown(default: Any) -> str:
    return repr(default) if type(default) in IN_SIGHT else "..."
