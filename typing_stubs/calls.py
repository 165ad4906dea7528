"""The calls of one connector as classes: an entity's has its actions, an action's what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent, indent, wrap

from mcp_ads.core import Action, Connector, Write
from mcp_ads.sdk.classes.answering import LIST, RECORD, answers

from .parameters import OBJECTS, Parameter, beside, condition, of_object, ordered, own, paging

WIDTH = 100
Way = tuple[list[Parameter], str]
"""The parameters of a way to make a call, and what it answers with."""
PAGES = {
    "pages": (LIST, "Every page, each with its own `meta`; `limit` is the most records in all."),
    "rows": (RECORD, "Every record of all pages, at most `limit`; a page that fails raises."),
}
"""How a list goes on by itself: what comes one after another, and in words."""


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


def _entity(connector: Connector, entity: str, keywords: Sequence[Parameter]) -> str:
    actions = connector.entity(entity).actions
    made = [_action(connector, entity, name, keywords) for name in actions]
    held = [f"    {name}: {called(entity, name)}" for name in actions]
    head = f"class {called(entity)}:\n    {_quoted(connector.entity(entity).doc)}"
    return "\n\n".join([*made, "\n".join([head, *held])])


def _action(connector: Connector, entity: str, name: str, keywords: Sequence[Parameter]) -> str:
    """One action; some IDEs show the words of its class, others those of its call."""
    kind, found = connector.action(entity, name), [*ways(connector, entity, name)]
    doc = _doc(kind, found)
    methods = [*_called(found, doc, keywords)]
    if answers(name, kind) == LIST:
        methods += _going_on(found[0][0], keywords)
    body = "\n".join([_quoted(doc), *methods])
    return f"class {called(entity, name)}:\n{indent(body, '    ')}"


def _called(found: Sequence[Way], doc: str, keywords: Sequence[Parameter]) -> Iterator[str]:
    """Being called, in each of the ways."""
    for at, (parameters, answer) in enumerate(found):
        head = "@overload\n" if len(found) > 1 else ""
        signature = _signature([*parameters, *keywords])
        yield f"{head}async def __call__(self{signature}) -> {answer}:{' ...' if at else _body(doc)}"


def _going_on(parameters: Sequence[Parameter], keywords: Sequence[Parameter]) -> Iterator[str]:
    """The pages of a list, and its rows."""
    signature = _signature([*parameters, *keywords])
    for method, (item, said) in PAGES.items():
        yield f"def {method}(self{signature}) -> AsyncIterator[{item}]:{_body(said)}"


def ways(connector: Connector, entity: str, name: str) -> Iterator[Way]:
    """The ways to make a call."""
    kind = connector.action(entity, name)
    mine, answer = own(connector, kind), answers(name, kind)
    if not issubclass(kind, Write):
        several = name == "get" and bool(kind.subject) and answer == RECORD and not kind.private
        if several:
            one, many = of_object(kind)
            yield [_given(kind, parameter, one) for parameter in mine], answer
            yield [*(_given(kind, parameter, many) for parameter in mine), *paging(kind)], LIST
        else:
            yield [*mine, *(paging(kind) if answer == LIST else [])], answer
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
    """The parameters by their names alone, a line each."""
    lines = "".join(f"    {one},\n" for one in parameters)
    return f", *,\n{lines}" if parameters else ""


def _doc(kind: type[Action], found: Sequence[Way]) -> str:
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
