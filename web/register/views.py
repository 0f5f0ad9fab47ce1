"""The policy register: which rule is drawn where, which story exercises it, and openly what is not modelled."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from engine.model import NotFound
from engine.queries.drawing import drawing as drawing_of
from engine.rehearsal import LiveRules, LiveTrace, RuledProcess, Traced
from web.access import current_engine, needs
from web.languages import current_locale
from web.languages import gettext as _

blueprint = Blueprint("register", __name__, template_folder="templates")

KINDS = ("procedure", "limit", "decision", "form", "role", "kpi", "conflict", "penalty")
CLASSES = ("Core", "Ext")
STATES = ("all", "covered", "open")


@blueprint.get("/register")
@needs("release.read")
def rules() -> ResponseReturnValue:
    live = _live()
    found = live.items.values()
    kind = _one_of("kind", KINDS, "limit")
    class_name = _one_of("class", CLASSES, "Core")
    state = _one_of("state", STATES, "all")
    text = request.args.get("q", "").strip()[:100]
    ours = [one for one in found if one.item.class_name == class_name]
    shown = [
        one
        for one in ours
        if (
            text.lower() in f"{one.item.id} {one.item.title} {_title(live, one)}".lower()
            if text
            else one.item.kind == kind
        )
        and (state == "all" or one.is_covered == (state == "covered"))
    ]
    return render_template(
        "register/rules.html",
        rules=shown,
        totals={one: _counts([each for each in ours if each.item.kind == one]) for one in KINDS},
        kind=kind,
        class_name=class_name,
        state=state,
        text=text,
        kind_word=kind_word,
        title=lambda one: _title(live, one),
    )


@blueprint.get("/register/rules/<path:register_id>")
@needs("release.read")
def rule(register_id: str) -> ResponseReturnValue:
    live = _live()
    found = live.items.get(register_id)
    if found is None:
        raise NotFound("rule of the register", register_id, "制度条目")
    drawn = live.drawn(register_id)
    elsewhere = [one for one in found.carriers if not one.file.endswith(".bpmn")]
    return render_template(
        "register/rule.html",
        found=found,
        drawn=drawn,
        elsewhere=elsewhere,
        kind_word=kind_word,
        column_word=column_word,
        title=_title(live, found),
        name=_element_name,
    )


@blueprint.get("/register/marked/<path:register_id>")
@needs("release.read")
def marked(register_id: str) -> ResponseReturnValue:
    """For the viewer: the processes that carry the rule, with its elements marked and all rules of each element."""
    return jsonify([_marked(one, register_id) for one in _live().drawn(register_id)])


@blueprint.get("/register/drawing/<process_key>")
@needs("release.read")
def drawing(process_key: str) -> ResponseReturnValue:
    engine = current_engine()
    with engine.store.reading() as session:
        release = engine.releases.newest(session, process_key)
        content = drawing_of(session, release, process_key, current_locale())
    return Response(content, mimetype="application/xml")


def _title(live: LiveRules, one: Traced) -> str:
    """In the reader's language where a profile has words for it."""
    return live.words.get(one.item.id, {}).get(current_locale()) or one.item.title


def _live() -> LiveRules:
    trace: LiveTrace = current_app.extensions.setdefault("huiyin_live_trace", LiveTrace())
    return trace.get(current_engine())


def _one_of(name: str, known: Sequence[str], default: str) -> str:
    value = request.args.get(name, default)
    return value if value in known else default


def _counts(some: Sequence[Traced]) -> Mapping[str, int]:
    return {
        "ids": len(some),
        "covered": sum(one.is_covered for one in some),
        "exercised": sum(bool(one.stories) for one in some),
    }


def _marked(process: RuledProcess, register_id: str) -> dict[str, Any]:
    marks = process.carrying(register_id)
    return {
        "process_key": process.process_key,
        "name": process.release.name_of(process.process_key, process.process_key, current_locale()),
        "active": [one for one in marks if one != process.process_key],
        "rules": process.rules,
        **dict.fromkeys(("finished", "overdue", "flows", "incidents"), ()),
        "counts": {},
    }


def _element_name(process: RuledProcess, element_id: str) -> str:
    return process.release.name_of(process.process_key, element_id, current_locale())


def kind_word(kind: str) -> str:
    return {
        "procedure": _("Procedures"),
        "limit": _("Limits"),
        "decision": _("Decisions"),
        "form": _("Forms"),
        "role": _("Roles"),
        "kpi": _("Indicators"),
        "conflict": _("Conflicts of interest"),
        "penalty": _("Penalties and rewards"),
    }[kind]


def column_word(column: str) -> str:
    """What a column of the register's tables is called; a new column is shown by its own name."""
    return {
        "what": _("What must happen"),
        "clock_starts": _("Clock starts"),
        "limit": _("Limit"),
        "clock": _("Clock"),
        "who": _("Who"),
        "if_breached": _("If breached"),
        "source": _("Source"),
        "decision": _("Decision"),
        "form": _("Form"),
        "fields": _("Fields"),
        "filled_by": _("Filled in by"),
        "procedures": _("Procedures"),
        "procedure": _("Procedure"),
        "family": _("Family"),
        "coverage": _("Given by the source"),
        "class": _("Class"),
        "role": _("Role"),
        "name": _("Name"),
        "where": _("Where"),
        "escalates_to": _("Goes up to"),
        "indicator": _("Indicator"),
        "definition": _("Definition"),
        "target": _("Target"),
        "cycle": _("Cycle"),
        "rule": _("Rule"),
        "ground": _("Ground"),
        "effect": _("Effect"),
    }.get(column, column)
