"""What all collections share: single and batch reads, a finder, creates, partial updates and deletes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from mcp_ads.sandbox.faults import refused_places
from mcp_ads.sandbox.store import Store

from .batches import alone, key_of, member, refuse_on_request
from .errors import ApiError, Fault, bad_schema, invalid, invalid_legacy, legacy, not_found
from .paging import cursor_page
from .params import PAGED, SORT, Convert, Params, integer, listed, number_key, record, text, urn_key
from .patches import patched
from .resource import NONE, Method, Resource
from .restli import reduced
from .schema import UNKNOWN, Check
from .searching import matching
from .state import PLATFORM, Answer, Body, Call, audit, now_ms, owned, public, urn

ALL = (
    "GET", "BATCH_GET", "CREATE", "BATCH_CREATE", "PARTIAL_UPDATE", "BATCH_PARTIAL_UPDATE", "DELETE",
    "BATCH_DELETE",
)  # fmt: skip


class Collection:
    """One collection as a table, with Rest.li's methods over it; a subclass adds the rules.

    `path` may begin with an ad account, whose objects are then the only ones. `fields` are what a body may
    have, `required` and `status` what it must, `read_only` what it has and nobody sets, `defaults` what a new
    object has unless it says so. Keys are numbers, or URNs of `urn_kind` where they are `by_urn`. `methods`
    are those the platform has, `strict` those that need X-RestLi-Method although it could be told without.
    `filters` are what the finder `search` narrows by. `modern` is the envelope of its refusals, `more` what
    else a read of single objects may ask.
    """

    path: ClassVar[str]
    noun: ClassVar[str]
    kind: ClassVar[str]
    urn_kind: ClassVar[str]
    first_id: ClassVar[int] = 0
    by_urn: ClassVar[bool] = False
    fields: ClassVar[Mapping[str, Check]] = {}
    required: ClassVar[tuple[str, ...]] = ()
    read_only: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[Body] = {}
    status: ClassVar[str] = "status"
    methods: ClassVar[tuple[str, ...]] = ALL
    strict: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[Mapping[str, Convert]] = {}
    modern: ClassVar[bool] = True
    more: ClassVar[Mapping[str, Convert]] = {}

    def resource(self) -> Resource:
        """The collection as the front door finds it."""
        key = self.to_key()
        fields, ids = {"fields": text, **self.more}, {"ids": listed(key)}
        params = {"GET": Params(fields), "BATCH_GET": Params({**ids, **fields})}
        batches = dict.fromkeys(("BATCH_PARTIAL_UPDATE", "BATCH_DELETE"), Params(ids))
        methods = {
            name: Method(getattr(self, name.lower()), (params | batches).get(name, NONE))
            for name in self.methods
        }
        return Resource(self.path, key, {**methods, **self.named()}, self.strict)

    # what a subclass may say

    def to_key(self) -> Convert:
        """How a key is read in paths and lists."""
        return urn_key(self.urn_kind) if self.by_urn else number_key

    def named(self) -> Mapping[str, Method]:
        """Its finders and actions, by name."""
        if not self.filters:
            return {}
        known = {**PAGED, "pageSize": integer(1, 1000), "sort": SORT, "search": record((), **self.filters)}
        return {"FINDER search": Method(self.search, Params(known))}

    def faults(self, call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
        """What is wrong with a new object, or with an old one as a patch would leave it."""
        del call, new, old
        yield from ()

    def undeletable(self, call: Call, old: Body) -> Iterator[Fault]:
        """Why an object may not be deleted."""
        del call
        if old[self.status] != "DRAFT":
            text = "Only drafts can be deleted"
            yield Fault("DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS", f"/{self.status}", text)

    def completed(self, call: Call, body: Body) -> Body:
        """A new object with its defaults."""
        del call
        return {**self.defaults, **body}

    def changed(self, call: Call, new: Body) -> None:
        """What a change of this object does to others."""

    def deleted(self, call: Call, old: Body) -> None:
        """What goes with an object that was deleted."""

    def view(self, store: Store, body: Body) -> Body:
        """The object as it is answered."""
        del store
        return public(body)

    def stamped(self, body: Body) -> Body:
        """The object with the marks of a change made now."""
        created = body.get("changeAuditStamps", {}).get("created", {}).get("time", now_ms())
        version = int(body.get("version", {}).get("versionTag", 0)) + 1
        stamps = audit(created, now_ms())
        return {**body, "changeAuditStamps": stamps, "version": {"versionTag": str(version)}}

    def new_key(self, store: Store) -> str:
        return store.new_id(self.kind, self.first_id)

    def absent(self, id: str) -> ApiError:
        """The answer to a key that nothing has."""
        return not_found(self.noun, id)

    def key(self, id: str) -> str:
        """The key in batch answers and in the header of a create."""
        return reduced(urn(self.urn_kind, id)) if self.by_urn else id

    # reads

    def get(self, call: Call) -> Answer:
        return Answer(200, self.view(call.store, self.found(call, call.keys["id"])))

    def batch_get(self, call: Call) -> Answer:
        results, statuses, errors = {}, {}, {}
        for number in call.query["ids"]:
            key = self.key(number)
            try:
                results[key] = self.view(call.store, self.found(call, number))
                statuses[key] = 200
            except ApiError as problem:
                errors[key], statuses[key] = problem.body, problem.status
        return Answer(200, {"results": results, "statuses": statuses, "errors": errors})

    def search(self, call: Call) -> Answer:
        wanted = call.query.get("search", {})
        return self.page(call, [row for row in self.owned(call) if matching(row, wanted, self.urn_kind)])

    def page(self, call: Call, rows: list[Body]) -> Answer:
        """One page of a finder."""
        found, metadata = cursor_page(call, rows)
        paging: Body = {"start": 0, "count": call.query.get("pageSize", 100), "links": []}
        if call.query.get("isTotalIncluded"):
            paging["total"] = len(rows)
        elements = [self.view(call.store, row) for row in found]
        return Answer(200, {"paging": paging, "metadata": metadata, "elements": elements})

    def owned(self, call: Call) -> list[Body]:
        if "account" in call.keys:
            return owned(call.store, self.kind, call.keys["account"])
        return call.store.all(self.kind)

    def found(self, call: Call, id: str) -> Body:
        """The object of that key, in the account of the call where it has one."""
        found = call.store.get(self.kind, id)
        account = call.keys.get("account")
        if found is None or (account and found["account"] != urn("sponsoredAccount", account)):
            raise self.absent(id)
        return found

    # writes

    def create(self, call: Call) -> Answer:
        return Answer(201, None, {"x-restli-id": self.key(self.make(call, call.body))})

    def batch_create(self, call: Call) -> Answer:
        made, elements = [], member(call.body, "elements", list)
        refused = refused_places(call.fault, len(elements))
        with call.store.transaction():
            for place, body in enumerate(elements):
                try:
                    refuse_on_request(place in refused)
                    made.append({"status": 201, "id": self.key(self.make(call, body))})
                except ApiError as problem:
                    made.append({"status": problem.status, "error": problem.body})
        return Answer(200, {"elements": made})

    def partial_update(self, call: Call) -> Answer:
        self._update(call, call.keys["id"], call.body)
        return Answer(204)

    def batch_partial_update(self, call: Call) -> Answer:
        bodies = {key_of(raw): body for raw, body in member(call.body, "entities", dict).items()}
        keys = [key_of(self.key(number)) for number in call.query["ids"]]
        if set(keys) != set(bodies):
            raise legacy(400, "The keys of entities differ from ids")
        by_id = dict(zip(call.query["ids"], keys, strict=True))
        return self._each(call, lambda number: self._update(call, number, bodies[by_id[number]]))

    def delete(self, call: Call) -> Answer:
        self._delete(call, call.keys["id"])
        return Answer(204)

    def batch_delete(self, call: Call) -> Answer:
        return self._each(call, lambda number: self._delete(call, number))

    def _each(self, call: Call, change: Callable[[str], None]) -> Answer:
        results, errors, numbers = {}, {}, [*dict.fromkeys(call.query["ids"])]
        refused = refused_places(call.fault, len(numbers))
        with call.store.transaction():
            for place, number in enumerate(numbers):
                key = self.key(number)
                try:
                    refuse_on_request(place in refused)
                    change(number)
                    results[key] = {"status": 204}
                except ApiError as problem:
                    errors[key] = problem.body
        return Answer(200, {"results": results, "errors": errors})

    def make(self, call: Call, body: Any) -> str:
        """A new object, checked; answers its key."""
        self._check_schema(body, body)
        with alone(call.store):
            new = self.completed(call, body)
            self.refuse([*self._missing(new), *self.faults(call, new, None)])
            number = self.new_key(call.store)
            new["id"] = urn(self.urn_kind, number) if self.by_urn else int(number)
            call.store.put(self.kind, number, self.stamped(new))
            call.store.journal(PLATFORM, f"create {self.noun}", number, body)
        return number

    def _update(self, call: Call, id: str, body: Any) -> None:
        with alone(call.store):
            old = self.found(call, id)
            new, touched = patched(old, body)
            self._check_editable(touched)
            self._check_schema({name: new[name] for name in touched if name in new}, touched)
            self.refuse(self._missing(new))
            self.refuse(self.faults(call, new, old))
            call.store.put(self.kind, id, self.stamped(new))
            self.changed(call, new)
            call.store.journal(PLATFORM, f"update {self.noun}", id, body)

    def _delete(self, call: Call, id: str) -> None:
        with alone(call.store):
            old = self.found(call, id)
            self.refuse(self.undeletable(call, old))
            call.store.delete(self.kind, id)
            self.deleted(call, old)
            call.store.journal(PLATFORM, f"delete {self.noun}", id, None)

    def _check_schema(self, body: Any, names: Any) -> None:
        if not isinstance(body, dict):
            raise bad_schema([("/", "a record is expected")])
        complaints = [(f"/{name}", UNKNOWN) for name in names if name not in self._known()]
        for name, value in body.items():
            if name in self.fields:
                complaints += self.fields[name](value, f"/{name}")
        if complaints:
            raise bad_schema(complaints)
        given = [name for name in names if name in self.read_only and name != "account"]
        self.refuse(Fault("FIELD_NOT_ALLOWED", f"/{name}", f"Field {name} is read-only") for name in given)

    def _missing(self, body: Body) -> Iterator[Fault]:
        for name in (*self.required, self.status):
            if body.get(name) is None:
                yield Fault("MISSING_FIELD", f"/{name}", f"Field {name} is required")

    def _check_editable(self, touched: set[str]) -> None:
        fixed = sorted(touched & {*self.read_only, "account"})
        self.refuse(Fault("FIELD_NOT_EDITABLE", f"/{name}", f"Field {name} cannot be set") for name in fixed)

    def _known(self) -> set[str]:
        return {*self.fields, *self.read_only}

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Raise where there is a fault."""
        if found := list(faults):
            raise (invalid if self.modern else invalid_legacy)(found)
