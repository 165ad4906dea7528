"""The calls of one connector as classes: an entity's has its actions, an action's what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent, indent, wrap

from mcp_ads.core import Action, Connector, Write, describe
from mcp_ads.core.raw import Raw
from mcp_ads.core.view import TableView, view_of

from .annotations import ID, IDS
from .parameters import OBJECTS, Parameter, beside, condition, ordered, own, paging

WIDTH = 100
LIST, RECORD, EITHER = "ExecuteResult", "Record", "Any"
PAGES = {"pages": LIST, "rows": RECORD}


def classes(connector: Connector, keywords: Sequence[Parameter]) -> str:
    """All entities and their actions; `keywords` are those that every call takes besides its parameters."""
    return "\n\n".join(_entity(connector, entity, keywords) for entity in connector.names())


def members(connector: Connector) -> str:
    """The entities as members of the connector's class."""
    lines = []
    for entity in connector.names():
        doc = _quoted(connector.entity(entity).doc)
        lines.append(f"@property\ndef {entity}(self) -> {called(entity)}:\n    {doc}\n    ...")
    return "\n".join(lines)


def called(entity: str, action: str = "") -> str:
    """The class of an entity, or of one of its actions."""
    return "_" + "".join(part.title().replace("_", "") for part in (entity, action))


def answers(name: str, action: type[Action]) -> str:
    """What a call answers with: many records, one, or whatever the platform has there."""
    if issubclass(action, Write):
        return RECORD
    if issubclass(action, Raw) or (name == "get" and not action.subject and view_of(action) is TableView):
        return EITHER
    if name == "get":
        return RECORD
    return LIST if view_of(action) is TableView or action.many else RECORD


def _entity(connector: Connector, entity: str, keywords: Sequence[Parameter]) -> str:
    actions = connector.entity(entity).actions
    made = [_action(connector, entity, name, keywords) for name in actions]
    held = [f"    {name}: {called(entity, name)}" for name in actions]
    head = f"class {called(entity)}:\n    {_quoted(connector.entity(entity).doc)}"
    return "\n\n".join([*made, "\n".join([head, *held])])


def _action(connector: Connector, entity: str, name: str, keywords: Sequence[Parameter]) -> str:
    kind = connector.action(entity, name)
    doc = _quoted(describe.summary(kind))
    methods = "\n".join(_methods(connector, entity, name, kind, keywords))
    return f"class {called(entity, name)}:\n    {doc}\n{indent(methods, '    ')}"


def _methods(
    connector: Connector, entity: str, name: str, kind: type[Action], keywords: Sequence[Parameter]
) -> Iterator[str]:
    """Being called, in each of its ways, and for a list its pages and its rows."""
    found, answer = [*ways(connector, entity, name, kind)], answers(name, kind)
    text = _doc(kind, found)
    for at, (parameters, returned) in enumerate(found):
        head = "@overload\n" if len(found) > 1 else ""
        signature = _signature([*parameters, *keywords])
        yield f"{head}async def __call__(self{signature}) -> {returned}:{'' if at else _body(text)}" + (
            " ..." if at else ""
        )
    if answer == LIST:
        for method, item in PAGES.items():
            signature = _signature([*found[0][0], *keywords])
            yield f"def {method}(self{signature}) -> AsyncIterator[{item}]: ..."


def ways(
    connector: Connector, entity: str, name: str, kind: type[Action]
) -> Iterator[tuple[list[Parameter], str]]:
    """The parameters of each way to make a call, and what it answers with."""
    mine, answer = own(connector, kind), answers(name, kind)
    if not issubclass(kind, Write):
        several = name == "get" and bool(kind.subject) and not kind.private
        one = [_given(kind, p, ID) for p in mine] if several else mine
        yield [*one, *(paging() if answer == LIST else [])], answer
        if several:
            yield [*(_given(kind, p, IDS) for p in mine), *paging()], LIST
        return
    more = beside(connector, entity, name)
    items, *rest = more
    if not any(one.needed for one in mine):
        yield [*mine, *more], answer
    else:
        yield [*mine, *rest], answer
        each = [items.given(OBJECTS), *(one.optional() for one in mine), *rest]
        yield ordered(each), answer
    if found := condition(connector, entity, name, kind):
        others = [one for one in mine if one.name != kind.subject]
        yield ordered([*found, *others, *rest]), answer


def _given(kind: type[Action], parameter: Parameter, as_: str) -> Parameter:
    """The parameter, that of the object's id as one id or several."""
    return parameter.given(as_) if parameter.name == kind.subject else parameter


def _signature(parameters: Sequence[Parameter]) -> str:
    return f", *, {', '.join(map(str, parameters))}" if parameters else ""


def _doc(kind: type[Action], found: Sequence[tuple[Sequence[Parameter], str]]) -> str:
    """The action's words and those of its parameters, each once."""
    told = {one.name: one.doc for parameters, _ in found for one in parameters if one.doc}
    lines = [f"{name}: {' '.join(doc.split())}" for name, doc in told.items()]
    shown = ["\n".join(wrap(line, WIDTH, subsequent_indent="    ")) for line in lines]
    head = "\n".join(wrap(" ".join(dedent(kind.__doc__ or "").split()), WIDTH))
    return "\n\n".join([head, *(["\n".join(["Args:", indent("\n".join(shown), "    ")])] if shown else [])])


def _body(doc: str) -> str:
    return f"\n{indent(_quoted(doc), '    ')}\n    ..."


def _quoted(text: str) -> str:
    """A docstring: nothing in it ends it."""
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    safe = f"{safe[:-1]}\\{safe[-1]}" if safe.endswith('"') else safe
    return f'"""{safe}\n"""' if "\n" in safe else f'"""{safe}"""'
