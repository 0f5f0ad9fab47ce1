"""One paper form of a case, as it is printed and signed: everything that was filled in on it, step by step."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from engine.model import NotFound
from engine.queries.case_page import find_case
from engine.queries.filled_forms import FilledForm
from engine.rehearsal import read_form_titles
from web.access import current_actor, current_engine, needs
from web.languages import current_locale

blueprint = Blueprint("case_printed", __name__)
REGISTRATION = "registration"  # stands for the start form, which belongs to no task


@blueprint.get("/cases/<instance_key>/forms/<name>")
@needs("case.read")
def show(instance_key: str, name: str) -> ResponseReturnValue:
    """`name`: an id of the form register (F-006), which may be filled in over several steps, or the key of one task."""
    page = find_case(current_engine(), current_actor(), instance_key, current_locale())
    sections = [one for one in page.forms if name in names_of(one)]
    if not sections:
        raise NotFound("form", name, "表单")
    titles = _titles().get(name)
    return render_template(
        "cases/printed.html",
        header=page.header,
        sections=sections,
        register_form=name if titles else None,
        title=titles["zh"] if titles else sections[0].title_zh,
        subtitle=(titles["en"] if titles else sections[0].title) if current_locale() != "zh" else "",
    )


def names_of(form: FilledForm) -> list[str]:
    """The names that the form can be printed under, that of the register first."""
    ids = [one.strip() for one in (form.register_form or "").split(",") if one.strip()]
    return [*ids, form.user_task_key or REGISTRATION]


def _titles() -> dict[str, dict[str, str]]:
    """Form id → the form's own title in zh and en. The register does not change while a program runs."""
    kept = current_app.extensions.get("huiyin_form_titles")
    if kept is None:
        folder = current_engine().settings.processes_folder / "register"
        kept = current_app.extensions["huiyin_form_titles"] = read_form_titles(folder)
    found: dict[str, dict[str, str]] = kept
    return found
