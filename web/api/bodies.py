"""Reads what a request brings, and writes moments: ISO 8601 with the zone of the case's calendar."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Response, request

from engine.model import InvalidInput
from engine.worktime import Calendar

Body = dict[str, Any]


def reply(body: Body, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")


def read_body(known: Mapping[str, type]) -> Body:
    """A JSON object of these fields, some of which may be missing or null. Raises InvalidInput naming the place."""
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as problem:
        raise InvalidInput(
            f"Expected a JSON object, but the body is no JSON: {problem}.", f"请求内容不是 JSON：{problem}。"
        ) from problem
    if not isinstance(body, dict):
        raise InvalidInput("Expected a JSON object.", "请求内容应为 JSON 对象。")
    for name, value in body.items():
        kind = known.get(name)
        if kind is None:
            listed = ", ".join(known)
            raise InvalidInput(
                f"Expected one of {listed}, but found {name!r}; it would not be obeyed.",
                f"不认识的字段“{name}”，可用：{listed}。",
            )
        if value is not None and not isinstance(value, kind):
            word_en, word_zh = ("an object", "对象") if kind is dict else ("a text", "文本")
            raise InvalidInput(
                f"Expected {name} as {word_en}, but it is {value!r}.", f"字段“{name}”应为{word_zh}。"
            )
    return body


def read_yes(name: str) -> bool:
    """Of the query string; false when it is missing. Raises InvalidInput."""
    text = request.args.get(name, "false")
    if text not in ("true", "false"):
        raise InvalidInput(
            f"Expected {name} to be true or false, but it is {text!r}.", f"参数“{name}”应为 true 或 false。"
        )
    return text == "true"


def write_moment(moment: datetime | None, calendar: Calendar) -> str | None:
    return None if moment is None else moment.astimezone(calendar.zone).isoformat()
