"""The list of cases and the page of one."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.attachments import MOST_BYTES, TYPES
from engine.queries.case_list import STATES, find_cases
from engine.queries.case_page import find_case
from engine.queries.case_readers import find_readers
from engine.queries.case_steps import Step, who_may
from engine.queries.choices import people_choices
from web.access import current_actor, current_engine, needs
from web.cases.printed import names_of
from web.cases.sentences import sentence, weight
from web.languages import current_locale
from web.moments import listed

blueprint = Blueprint("cases", __name__, template_folder="templates")


@blueprint.get("/cases")
@needs("case.read")
def search() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:200]
    state = request.args.get("state", "all" if text else "running")
    found = find_cases(
        current_engine(),
        current_actor(),
        text=text,
        state=state if state in STATES else "running",
        page=max(request.args.get("page", 1, type=int) or 1, 1),
        locale=current_locale(),
    )
    return render_template("cases/list.html", found=found, text=text, state=state, holder=_holder_of_line)


@blueprint.get("/cases/<instance_key>")
@needs("case.read")
def show(instance_key: str) -> ResponseReturnValue:
    locale = current_locale()
    page = find_case(current_engine(), current_actor(), instance_key, locale)
    header = page.header

    def holder(step: Step) -> str:
        if step.row.assignee:
            return header.directory.shown(step.row.assignee, locale)
        names = who_may(header.directory, step, header.excluded)
        return listed(header.directory.shown(name, locale) for name in names)

    return render_template(
        "cases/case.html",
        page=page,
        header=header,
        names_of=names_of,
        holder=holder,
        step_name=lambda step: header.release.name_of(step.row.process_key, step.row.element_id, locale),
        shown=lambda name: header.directory.shown(name, locale),
        events=[(one, sentence(one), weight(one)) for one in page.timeline],
        readers=find_readers(header, page.participants, locale),
        colleagues=people_choices(header.directory, locale, header.excluded),
        accepted=",".join(sorted(TYPES)),
        most_megabytes=MOST_BYTES // 1024 // 1024,
    )


def _holder_of_line(line: Any) -> str:
    locale = current_locale()
    step = next(iter(line.steps), None)
    if step is None:
        return ""
    if step.row.assignee:
        name: str = line.directory.shown(step.row.assignee, locale)
        return name
    accused = line.row.complained_about
    names = who_may(line.directory, step, (accused,) if accused else ())
    return listed((line.directory.shown(one, locale) for one in names), 2)
