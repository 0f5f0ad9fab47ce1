"""The files of a working copy for the editors' pages, as JSON: read, save, check while typing, see each other."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from engine.commands.releases.called_blocks import is_block
from engine.commands.releases.check_family import CheckedFamily
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.working_copies.copies import files_of_family
from engine.commands.working_copies.note_presence import note_presence
from engine.diagrams import Finding
from engine.diagrams.fixes import fixes_for
from engine.model import InvalidInput, NotFound
from engine.queries.working_copies import OpenCopy, find_working_copy, names_of_people
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.procedures.catalog import catalog
from web.procedures.house import checks, family_page
from web.procedures.saving import save_file

blueprint = Blueprint("working_files", __name__)


@blueprint.get("/procedures/<family>/files/<path:path>")
@needs("release.read")
def read(family: str, path: str) -> ResponseReturnValue:
    house = family_page(family)
    content = house.files.files.get(path)
    if content is None:
        raise NotFound("file", path, "文件")
    edited = house.copy.file(path) if house.copy else None
    return jsonify(
        path=path,
        text=content.decode(errors="replace"),
        revision=edited.revision if edited else 0,
        base=house.base_number,
        edited_by=house.people.get(edited.edited_by) if edited else None,
        edited_at=edited.edited_at.isoformat() if edited else None,
        can_edit=house.can_edit,
    )


@blueprint.put("/procedures/<family>/files/<path:path>")
@needs("release.draft")
def save(family: str, path: str) -> ResponseReturnValue:
    """`base`, when told, is the version on which the editor's page was opened."""
    body = _body()
    text, seen, base = body.get("text"), body.get("seen"), body.get("base")
    is_text = "text" in body and (text is None or isinstance(text, str))  # A text forgotten removes no file.
    if not is_text or not isinstance(seen, int) or isinstance(seen, bool):
        raise InvalidInput(
            'Expected {"text": text or null, "seen": number of the revision that was changed}.',
            "请求应含 text（文本或空）与 seen（所改版本号）。",
        )
    content = text.encode() if text is not None else None
    revision = save_file(family, path, content, seen=seen, base=base if isinstance(base, int) else None)
    return jsonify(revision=revision, edited_at=current_engine().clock.now().isoformat())


@blueprint.post("/procedures/<family>/findings")
@needs("release.draft")
def findings(family: str) -> ResponseReturnValue:
    """Of the family with unsaved texts laid over. Errors first, in the order of files and lines."""
    files = unsaved_files(family)
    checked = checks.get(current_engine(), files)
    found = checked.findings
    order = ("error", "warning", "advice")
    return jsonify(
        findings=[
            finding_data(one, checked)
            for one in sorted(found, key=lambda one: (order.index(one.severity), one.file, one.line or 0))
        ]
    )


@blueprint.post("/procedures/<family>/presence")
@needs("release.draft")
def presence(family: str) -> ResponseReturnValue:
    """Says that the reader has a file on the screen; answers who else is there, and which files were saved."""
    engine, actor = current_engine(), current_actor()
    path = str(_body().get("path", ""))[:200]
    copy = find_working_copy(engine, actor, family)
    if copy is None:
        return jsonify(present=[], files={}, is_open=False)
    note_presence(engine, actor, copy_key=copy.key, path=path)
    names = names_of_people(engine, [one.edited_by for one in copy.files], current_locale())
    return jsonify(
        present=_others(copy, actor.username),
        files={
            one.path: {
                "revision": one.revision,
                "by": names[one.edited_by],
                "at": one.edited_at.isoformat(),
                "is_own": one.edited_by == actor.username,
            }
            for one in copy.files
        },
        is_open=True,
    )


@blueprint.get("/procedures/<family>/catalog")
@needs("release.read")
def choices(family: str) -> ResponseReturnValue:
    """What may be chosen from: roles, forms, tables, limits, topics, messages, processes, rules of the register."""
    return jsonify(catalog(current_engine(), family_page(family).checked))


def unsaved_files(family: str) -> FamilyFiles:
    """The family's files with those of the request's `files` (path → text) laid over. Raises InvalidInput, NotFound."""
    given = _body().get("files", {})
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise InvalidInput('Expected {"files": {path: text}}.', "请求应含 files（路径到文本）。")
    engine = current_engine()
    with engine.store.reading() as session:
        return files_of_family(
            session,
            engine.settings.blocks_folder,
            family,
            engine.clock.now(),
            unsaved={path: text.encode() for path, text in given.items()},
        )


def finding_data(one: Finding, checked: CheckedFamily) -> dict[str, Any]:
    """`says`: reason and remedy in both languages. `fixes`: what a button may do about it, of the family's own files."""
    fixes = () if is_block(one.file) else fixes_for(one, checked.diagrams, checked.context)
    return {
        **one.to_data(),
        "says": {locale: f"{one.reason[locale]} {one.remedy[locale]}".strip() for locale in ("zh", "en")},
        "fixes": [fix.to_data() for fix in fixes],
    }


def _others(copy: OpenCopy, username: str) -> list[dict[str, Any]]:
    others = [one for one in copy.present if one.username != username]
    names = names_of_people(current_engine(), [one.username for one in others], current_locale())
    return [
        {"name": names[one.username], "path": one.path, "seen_at": one.seen_at.isoformat()} for one in others
    ]


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InvalidInput("Expected a JSON object in the request.", "请求内容应为 JSON 对象。")
    return body
