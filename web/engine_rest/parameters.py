"""Reads what a request asks for: filters, order and page. What is not understood is refused, never left out silently."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
from flask import request

from engine.queries.rest_listing import Listing, Wanted
from engine.queries.rest_listing import count_rows as count
from engine.queries.rest_listing import list_rows as fetch
from web.access import current_actor, current_engine
from web.engine_rest.errors import BadRequest
from web.engine_rest.reply import Body

PAGE = ("firstResult", "maxResults")
ORDER = ("sortBy", "sortOrder")
# They change only how variables are written, and ours have one form.
WITHOUT_EFFECT = frozenset(
    {"deserializeValues", "deserializeValue", "variableNamesIgnoreCase", "variableValuesIgnoreCase"}
)
OPERATORS = ("eq", "neq", "gt", "gteq", "lt", "lteq", "like")
MOST_SORTS = 10


class HasKind(Protocol):
    @property
    def kind(self) -> str: ...


class Choices(Protocol):
    """What may be asked: filters, each of a kind, and sort orders."""

    @property
    def filters(self) -> Mapping[str, HasKind]: ...
    @property
    def sorts(self) -> Mapping[str, Any]: ...


def read_body() -> Body:
    """The JSON object that was sent; an empty body is an empty object."""
    raw = request.get_data()
    if not raw.strip():
        return {}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise BadRequest(f"Expected a JSON body, but {problem}.") from problem
    if not isinstance(body, dict):
        raise BadRequest(f"Expected a JSON object, but the body is a {type(body).__name__}.")
    return body


def page_of(listing: Listing, show: Callable[[Any], Any]) -> list[Any]:
    """The rows that this request asks for, each as `show` writes it."""
    wanted = read_wanted(listing)
    with current_engine().store.reading() as session:
        rows = fetch(session, listing, current_actor(), wanted)
    return [show(row) for row in rows]


def count_of(listing: Listing) -> Body:
    wanted = read_wanted(listing)
    with current_engine().store.reading() as session:
        return {"count": count(session, listing, current_actor(), wanted)}


def read_wanted(listing: Choices) -> Wanted:
    """From the query string, and for POST from the body too. Raises BadRequest naming the parameter."""
    given: dict[str, Any] = {}
    if request.method == "POST":
        given |= read_body()
    given |= request.args.to_dict()
    if any("\0" in text for text in (*request.args, *request.args.values())):
        raise BadRequest("Expected text without NUL characters.")
    first, most = read_number(given, "firstResult") or 0, read_number(given, "maxResults")
    sort = _sort(given, listing)
    filters = []
    for name, value in given.items():
        if name in (*PAGE, *ORDER, "sorting") or name in WITHOUT_EFFECT or value is None:
            continue
        known = listing.filters.get(name)
        if known is None:
            raise BadRequest(
                f"Expected one of the parameters {_names(listing.filters)}, but found {name!r}; it would not be obeyed."
            )
        read = READERS[known.kind](name, value)
        if read is not None:
            filters.append((name, read))
    return Wanted(tuple(filters), sort, first, most)


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted((*names, *PAGE, *ORDER)))


def _sort(given: Mapping[str, Any], listing: Choices) -> tuple[tuple[str, bool], ...]:
    pairs = given.get("sorting")
    if pairs is None:
        if ("sortBy" in given) != ("sortOrder" in given):
            raise BadRequest("Expected sortBy and sortOrder together, but only one of them is given.")
        pairs = [given] if "sortBy" in given else []
    if not isinstance(pairs, list) or len(pairs) > MOST_SORTS:
        raise BadRequest('Expected sorting as a list of {"sortBy", "sortOrder"}.')
    return tuple(_one_sort(pair, listing) for pair in pairs)


def _one_sort(pair: Any, listing: Choices) -> tuple[str, bool]:
    by, order = (pair.get("sortBy"), pair.get("sortOrder")) if isinstance(pair, dict) else (None, None)
    if not isinstance(by, str) or by not in listing.sorts:
        raise BadRequest(
            f"Expected sortBy to be one of {', '.join(sorted(listing.sorts))}, but it is {by!r}."
        )
    if order not in ("asc", "desc"):
        raise BadRequest(f"Expected sortOrder to be asc or desc, but it is {order!r}.")
    return by, order == "desc"


def read_number(given: Mapping[str, Any], name: str) -> int | None:
    """A whole number that is not negative; None when it is absent."""
    value = given.get(name)
    if value is None:
        return None
    try:
        number = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else -1
    except ValueError:
        number = -1
    if not 0 <= number < 2**31:
        raise BadRequest(f"Expected {name} to be a whole number from 0 on, but it is {value!r}.")
    return number


def read_moment(name: str, value: Any) -> datetime:
    """`2026-02-13T16:00:00.000+0800`. A + that was not escaped has become a space on the way."""
    text = value.replace(" ", "+") if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise _no_moment(name, value) from problem
    if moment.tzinfo is None:
        raise _no_moment(name, value)
    return moment.astimezone(UTC)


def _no_moment(name: str, value: Any) -> BadRequest:
    return BadRequest(f"Expected {name} as 2026-02-13T16:00:00.000+0800, but it is {value!r}.")


def read_yes(name: str, value: Any) -> bool | None:
    """True, or None: `false` asks for nothing in that API."""
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return None
    raise BadRequest(f"Expected {name} to be true or false, but it is {value!r}.")


def read_text(given: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A text that must be there, unless there is a default."""
    value = given.get(name, default)
    if not isinstance(value, str) or (not value and default is None):
        raise BadRequest(f"Expected {name} as a text, but it is {value!r}.")
    return value


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool | list | dict):
        raise BadRequest(f"Expected {name} as a text, but it is {value!r}.")
    return str(value)


def _texts(name: str, value: Any) -> list[str]:
    if isinstance(value, str):
        return [part for part in value.split(",") if part]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return list(value)
    raise BadRequest(f"Expected {name} as a list of texts, but it is {value!r}.")


def _number(name: str, value: Any) -> int | None:
    return read_number({name: value}, name)


def _comparisons(name: str, value: Any) -> list[tuple[str, str, Any]]:
    """`amount_gt_5,city_eq_Wuhan` in a query string; in a body a list of {"name", "operator", "value"}."""
    if isinstance(value, str):
        parts = [part.rsplit("_", 2) for part in value.split(",") if part]
        found = [(part[0], part[1], _plain(part[2])) for part in parts if len(part) == 3]
        if len(found) != len(parts):
            raise BadRequest(f"Expected {name} as name_eq_value, but it is {value!r}.")
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        found = [(str(one.get("name")), str(one.get("operator")), one.get("value")) for one in value]
    else:
        raise BadRequest(f"Expected {name} as name_eq_value, but it is {value!r}.")
    for _, operator, _ in found:
        if operator not in OPERATORS:
            raise BadRequest(f"Expected an operator of {', '.join(OPERATORS)}, but it is {operator!r}.")
    return found


def _plain(text: str) -> Any:
    """`true`, `5` and `2.5` are what they look like; everything else is text."""
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "text": _text,
    "texts": _texts,
    "yes": read_yes,
    "moment": read_moment,
    "number": _number,
    "comparisons": _comparisons,
}
