"""What an owner does to a form: each act is applied to the file that the page showed, and saved at once."""

from collections.abc import Mapping
from typing import Any

from engine.forms import FormFileError, read_form
from engine.forms.edit import (
    add_field,
    change_field,
    change_head,
    form_bytes,
    head_words,
    keep_example,
    move_field,
    remove_field,
)
from engine.forms.field_words import FieldWords, field_words, plain
from engine.forms.write_field import FormEditError
from engine.model import Conflict, InvalidInput
from web.forms_editor.desk import Desk
from web.forms_editor.posted import Posted, posted_words
from web.procedures.saving import save_file

# After these the rows stand in another order, or show other things to fill in.
REDRAWS = ("add", "remove", "up", "down")


class WrongExample(Exception):
    """`values` as typed, and what is wrong with each: field → {"zh", "en"}."""

    def __init__(self, values: Mapping[str, Any], errors: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__("The example does not fit the form.")
        self.values, self.errors = values, errors


def apply_act(desk: Desk, posted: Posted) -> bytes:
    """The changed file. Raises FormEditError, WrongExample, InvalidInput; Conflict when somebody saved meanwhile."""
    seen = posted.get("seen", type=int)
    if seen is None or desk.form is None:
        raise InvalidInput(
            "Expected the revision that was changed, as `seen`.", "请求缺少所改的版本号（seen）。"
        )
    if seen != desk.revision:
        raise _overtaken(desk)
    content = form_bytes(_changed(desk, posted))
    if content == form_bytes(
        desk.schema
    ):  # As text: two objects are equal in whatever order their fields stand.
        return desk.content
    try:
        read_form(content, desk.path)
    except FormFileError as problem:
        raise FormEditError("", problem.en, problem.zh) from problem
    return content


def save(desk: Desk, content: bytes) -> int:
    """The new revision; the same one when nothing changed. Opens the family's working copy when there is none."""
    if content == desk.content:
        return desk.revision
    return save_file(desk.house.family, desk.path, content, seen=desk.revision)


def redraws(posted: Posted, shown: FieldWords | None, words: FieldWords | None) -> bool:
    """Whether all rows must be drawn again after the act."""
    if posted.get("act") in REDRAWS or {"option_remove", "option_up"} & set(posted):
        return True
    if shown is None or words is None:
        return False
    return (
        (shown.name, shown.look, shown.show_field, shown.show_op, len(shown.options))
        != (words.name, words.look, words.show_field, words.show_op, len(words.options))
    )  # fmt: skip


def _changed(desk: Desk, posted: Posted) -> dict[str, Any]:
    schema, act, name = desk.schema, posted.get("act"), posted.get("field", "")
    if act in ("field", "remove", "up", "down") and name not in schema["properties"]:
        raise _overtaken(desk)
    match act:
        case "field":
            return change_field(schema, name, posted_words(posted, field_words(schema, name)))
        case "remove":
            return remove_field(schema, name)
        case "up" | "down":
            return move_field(schema, name, -1 if act == "up" else 1)
        case "add":
            given = {word: plain(posted.get(word, "")) for word in ("name", "look", "zh", "en")}
            return add_field(schema, **given)
        case "head":
            shown = head_words(schema)
            words = ("title_zh", "title_en", "register_form", "source")
            zh, en, form, source = (
                plain(posted.get(word, held)) for word, held in zip(words, shown, strict=True)
            )
            return change_head(schema, zh=zh, en=en, register_form=form, source=source)
        case "example":
            number = posted.get("example", 0, type=int)
            return keep_example(
                schema, min(max(number, 0), len(desk.examples)), _example(desk, posted, number)
            )
    raise InvalidInput(f"Expected an act on the form, but it is {act!r}.", f"不认识的操作“{act}”。")


def _example(desk: Desk, posted: Posted, number: int) -> dict[str, Any]:
    """What was filled into the preview. Files cannot be given there: those of the example before stay."""
    form, prefix = desk.form, f"{posted.get('language', 'zh')}-"
    assert form is not None
    filled = form.from_html(
        {
            key.removeprefix(prefix): posted.getlist(key)
            for key in posted
            if key.startswith(prefix)
        }
    )  # fmt: skip
    held = desk.example(number)
    files = {one.name: held[one.name] for one in form.fields if one.widget == "file" and one.name in held}
    result = form.validate(filled | files)
    if result.errors:
        raise WrongExample(filled, result.errors)
    return {name: value for name, value in result.values.items() if value is not None}


def _overtaken(desk: Desk) -> Conflict:
    edited = desk.house.copy.file(desk.path) if desk.house.copy else None
    return Conflict(
        f"{edited.edited_by if edited else 'Somebody'} has saved this form meanwhile. Look at it, then do yours again.",
        f"{edited.edited_by if edited else '有人'} 刚刚保存了这张表单，请先查看，再重做您的修改。",
        by=edited.edited_by if edited else None,
        at=edited.edited_at if edited else None,
    )
