"""Makes a form's file in the working copy: an empty one, or a copy of another."""

import json

from engine.forms.edit import form_bytes, new_form
from engine.forms.field_words import plain
from engine.forms.write_field import FormEditError
from web.forms_editor.posted import Posted
from web.procedures.house import FamilyPage
from web.procedures.saving import add_file


def make_form(house: FamilyPage, posted: Posted) -> str:
    """The new file's path. Raises FormEditError with the word of the page that is wrong."""
    key, zh, en, base = (plain(posted.get(word, "")) for word in ("key", "zh", "en", "base"))
    if not zh or not en:
        raise FormEditError(
            "en" if zh else "zh", "Expected a title in both languages.", "中文和英文标题都要填写。"
        )
    if any(one.key == key for one in house.checked.forms):
        raise FormEditError("key", f"There is already a form {key}.", f"已有表单“{key}”。")
    held = {one.file_name for one in house.checked.forms}
    if base and base not in held:
        raise FormEditError("base", "The form to copy is not there any more.", "要复制的表单已不存在。")
    schema = new_form(key, zh, en, json.loads(house.files.files[base]) if base else None)
    path = f"forms/{key}.json"
    if path in house.files.files:
        raise FormEditError("key", f"There is already a file {path}.", f"已有文件“{path}”。")
    add_file(house, path, form_bytes(schema))
    return path
