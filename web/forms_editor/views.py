"""The pages of a family's forms. Every act is a form that is sent; the page's script only spares the reload."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup

from engine.commands.releases.called_blocks import is_block
from engine.commands.releases.family_files import kind_of_file
from engine.diagrams.users import FORM, User, users_of
from engine.forms.field_words import LIMITS_OF, WITH_OPTIONS, field_words
from engine.forms.write_field import FormEditError
from engine.model import Conflict, NotFound
from web.access import needs
from web.forms_editor.acts import WrongExample, apply_act, redraws, save
from web.forms_editor.desk import Desk, desk_of
from web.forms_editor.looks import look_words, operator_words
from web.forms_editor.new_forms import make_form
from web.forms_editor.posted import posted_words
from web.languages import LOCALES, current_locale
from web.procedures.house import FamilyPage, family_page

blueprint = Blueprint("forms_editor", __name__, template_folder="templates")


@blueprint.get("/procedures/<family>/forms")
@needs("release.read")
def listed(family: str) -> ResponseReturnValue:
    return _list(family_page(family))


@blueprint.post("/procedures/<family>/forms")
@needs("release.draft")
def make(family: str) -> ResponseReturnValue:
    """A new form, empty or a copy of another."""
    house = family_page(family)
    try:
        path = make_form(house, request.form)
    except FormEditError as problem:
        return _list(house, problem), 422
    return redirect(url_for("forms_editor.show", family=family, path=path), 303)


@blueprint.get("/procedures/<family>/forms/<path:path>")
@needs("release.read")
def show(family: str, path: str) -> ResponseReturnValue:
    """Raises NotFound. With ?parts the pieces of the page as JSON, for its script."""
    desk = _desk(family, path)
    if "parts" in request.args:
        return jsonify(_parts(desk, with_rows=True))
    return _page(desk)


@blueprint.post("/procedures/<family>/forms/<path:path>")
@needs("release.draft")
def change(family: str, path: str) -> ResponseReturnValue:
    """`act`: field | add | remove | up | down | head | example. For the script JSON, else the page again."""
    desk, posted = _desk(family, path), request.form
    is_script = request.accept_mimetypes.best == "application/json"
    name = posted.get("field", "")
    shown = desk.schema.get("properties", {}).get(name) and field_words(desk.schema, name)
    try:
        content = apply_act(desk, posted)
        revision = save(desk, content)
    except FormEditError as problem:
        if is_script:
            return jsonify(word=problem.word, message=_says(problem)), 422
        return _page(desk, problem=problem, at=name), 422
    except WrongExample as problem:
        parts = {"errors": problem.errors, "values": problem.values}
        if is_script:
            return jsonify(message="", **_parts(desk, with_rows=False, example=parts)), 422
        return _page(desk, example=parts), 422
    except Conflict as problem:
        if is_script:
            return jsonify(message=problem.says(current_locale())), 409
        raise
    after = Desk(family_page(family), path, content, revision)
    if is_script:
        words = posted_words(posted, shown) if shown and posted.get("act") == "field" else None
        return jsonify(
            before=desk.content.decode(), **_parts(after, with_rows=redraws(posted, shown or None, words))
        )
    return redirect(
        url_for(
            "forms_editor.show", family=family, path=path, _anchor=f"row-{name or posted.get('name', '')}"
        ),
        303,
    )


def _desk(family: str, path: str) -> Desk:
    if kind_of_file(path) != "form":
        raise NotFound("form", path, "表单")
    return desk_of(family_page(family), path)


def _facts(desk: Desk, example: dict[str, Any] | None = None) -> dict[str, Any]:
    """What every piece of the page is drawn from. `example`: values and errors of one that did not fit."""
    number = request.values.get("example", 0, type=int)
    language = request.form.get("language", current_locale())
    previews = {}
    for locale in LOCALES if desk.form else ():
        is_given = example is not None and locale == language
        given = example if is_given and example is not None else {"errors": {}, "values": None}
        # Buttons and choices of the preview speak its language too.
        with force_locale(locale):
            fields = desk.preview(locale, number, given["errors"], given["values"])
            html = render_template("forms_editor/preview.html", desk=desk, language=locale, fields=fields)
        previews[locale] = Markup(html)  # noqa: S704 - drawn by our own template.
    return {
        "house": desk.house,
        "desk": desk,
        "previews": previews,
        "example_number": min(max(number, 0), len(desk.examples)),
        "looks": look_words(),
        "operators": operator_words(),
        "limits_of": LIMITS_OF,
        "with_options": WITH_OPTIONS,
        "problem": None,
        "problem_at": "",
    }


def _parts(desk: Desk, *, with_rows: bool, example: dict[str, Any] | None = None) -> dict[str, Any]:
    facts = _facts(desk, example)
    return {
        "revision": desk.revision,
        "rows": render_template("forms_editor/rows.html", **facts) if with_rows else None,
        "summaries": {}
        if with_rows
        else {
            one.name: render_template("forms_editor/summary.html", one=one, **facts) for one in desk.fields
        },
        "beside": render_template("forms_editor/beside.html", **facts),
    }


def _page(
    desk: Desk,
    *,
    problem: FormEditError | None = None,
    at: str = "",
    example: dict[str, Any] | None = None,
) -> str:
    facts = _facts(desk, example) | {"problem": problem, "problem_at": at}
    return render_template("forms_editor/form.html", **facts, users=_users(desk), elsewhere=_elsewhere(desk))


def _users(desk: Desk) -> tuple[User, ...]:
    return users_of(desk.house.checked.diagrams, FORM, desk.form.key) if desk.form else ()


def _elsewhere(desk: Desk) -> list[Any]:
    """Findings of the whole family that the form's own check does not tell: errors anywhere, and the rest of this file."""
    return [
        one
        for one in desk.house.checked.findings
        if one.rule != "form" and (one.file == desk.path or one.severity == "error")
    ]


def _list(house: FamilyPage, problem: FormEditError | None = None) -> str:
    forms = {one.file_name: one for one in house.checked.forms}
    paths = sorted(
        (path for path in house.files.files if kind_of_file(path) == "form"),
        key=lambda path: (is_block(path), path),
    )
    return render_template(
        "forms_editor/listed.html",
        house=house,
        forms={path: forms.get(path) for path in paths},
        findings={path: [one for one in house.checked.findings if one.file == path] for path in paths},
        users=lambda form: users_of(house.checked.diagrams, FORM, form.key),
        is_shared=is_block,
        problem=problem,
    )


def _says(problem: FormEditError) -> str:
    return problem.zh if current_locale() == "zh" else problem.en
