"""Errors, five families with five fates.

    HuiyinError
    ├── Rejected            the caller's business; a door maps it to a status
    │   ├── NotFound        404
    │   ├── WrongState      409
    │   ├── Conflict        409, names who and when
    │   ├── Forbidden       403
    │   ├── InvalidInput    400
    │   └── InvalidForm     422, a message for each field
    ├── BpmnError           a business outcome; a boundary event catches it, it is not logged as a failure
    ├── HandlerFailed       technical; retried unless permanent, then an Incident that a person mends
    ├── DatabaseAway        503; nothing was done
    └── CommitUnknown       503; the database went away while it kept a step, and only its rows can tell

Each takes its facts as arguments and builds its own sentence, in English for logs and in Chinese for people.
"""

from collections.abc import Mapping
from datetime import datetime


class HuiyinError(Exception):
    """Base of all our errors. `zh` and `en` are whole sentences for people."""

    def __init__(self, en: str, zh: str | None = None) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh or en

    def says(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en


class Rejected(HuiyinError):
    status = 400
    code = "rejected"


class NotFound(Rejected):
    status = 404
    code = "not_found"

    def __init__(self, what: str, key: str, what_zh: str | None = None) -> None:
        super().__init__(
            f"Expected {what} {key!r}, but there is none.", f"没有找到{what_zh or what}“{key}”。"
        )
        self.what = what
        self.key = key


class WrongState(Rejected):
    status = 409
    code = "wrong_state"


class Conflict(Rejected):
    """Somebody else was first. Says who and when, so that a person knows whom to ask."""

    status = 409
    code = "conflict"

    def __init__(
        self, en: str, zh: str | None = None, *, by: str | None = None, at: datetime | None = None
    ) -> None:
        super().__init__(en, zh)
        self.by = by
        self.at = at


class Forbidden(Rejected):
    status = 403
    code = "forbidden"


class InvalidInput(Rejected):
    status = 400
    code = "invalid_input"


class InvalidForm(Rejected):
    """Values that a form refuses. `errors`: field name → {"zh": …, "en": …}."""

    status = 422
    code = "invalid_form"

    def __init__(self, form: str, errors: Mapping[str, Mapping[str, str]]) -> None:
        listed_en = "; ".join(f"{field}: {text['en']}" for field, text in errors.items())
        listed_zh = "；".join(f"{field}：{text['zh']}" for field, text in errors.items())
        super().__init__(
            f"Expected values that fit form {form}, but {listed_en}", f"表单“{form}”填写有误：{listed_zh}"
        )
        self.form = form
        self.errors = {field: dict(text) for field, text in errors.items()}


class BpmnError(HuiyinError):
    """A business outcome such as `customer_unreachable`, raised by a handler or an end event."""

    def __init__(self, error_code: str, message: str = "") -> None:
        super().__init__(message or f"Business error {error_code}.")
        self.error_code = error_code


class HandlerFailed(HuiyinError):
    """A technical failure. Retried by the job's retry cycle unless `permanent`."""

    def __init__(self, en: str, zh: str | None = None, *, permanent: bool = False) -> None:
        super().__init__(en, zh)
        self.permanent = permanent


class DatabaseAway(HuiyinError):
    """The database could not be reached, or went away before the end of a step. Said by doors, of a driver's error."""

    status = 503
    code = "database_away"

    def __init__(self) -> None:
        super().__init__(
            "The database cannot be reached at the moment. Nothing was done; please try again in a few seconds.",
            "暂时连不上数据库，未作任何更改，请稍后几秒再试。",
        )


class CommitUnknown(HuiyinError):
    """The connection was lost between COMMIT and its answer. Never tried again by itself: it may be done already."""

    status = 503
    code = "commit_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The database went away while it kept this step. It may or may not have been done; "
            "look at the case before you try again.",
            "保存这一步时与数据库的连接中断，可能已完成，也可能没有：请先查看事项，再决定是否重试。",
        )
