"""One indicator at a time: a chart, the same figures as a table, and openly what the data cannot answer."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, format_percent

from engine.commands.engine import Engine
from engine.model import NotFound
from engine.people import Actor, Directory, is_allowed
from engine.queries.choices import load_people, organisation_choices
from engine.queries.kpis import Kpi, KpiSeries, find_series, load_kpis
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.languages import gettext as _

blueprint = Blueprint("kpis", __name__, template_folder="templates")


@blueprint.get("/kpis")
@needs("report.read")
def show() -> ResponseReturnValue:
    engine, actor, locale = current_engine(), current_actor(), current_locale()
    book = load_kpis(engine.settings.processes_folder)
    organisations = organisation_choices(engine, actor, locale)
    if not book.kpis or not organisations:
        return render_template("kpis/kpis.html", book=book, found=None, kpi=None)
    kpi = book.get(request.args.get("kpi", book.kpis[0].id))
    if kpi is None:
        raise NotFound("indicator", request.args["kpi"], "指标")
    organisation = request.args.get("organisation") or organisations[0].organisation_key
    units = _units(engine, actor, organisation, locale)
    unit = request.args.get("unit") or None
    found = find_series(engine, actor, kpi, organisation, unit)
    return render_template(
        "kpis/kpis.html",
        book=book,
        kpi=kpi,
        found=found,
        organisations=organisations,
        organisation=organisation,
        units=units,
        unit=unit,
        chart=_chart(found, locale),
        shown=lambda value: _shown(kpi, value),
        plain=lambda value: "—" if value is None else format_decimal(round(value, 2)),
        part=lambda value: _part(engine, kpi, value, locale),
        cycle=_cycle(kpi.cycle),
    )


def _units(engine: Engine, actor: Actor, organisation_key: str, locale: str) -> list[tuple[str, str]]:
    """The units that the reader may report on, in the order of the tree."""
    directory: Directory = load_people(engine, organisation_key)
    return [
        (unit.unit_key, "　" * (unit.path.count("/") - 2) + (unit.name.get(locale) or unit.unit_key))
        for unit in sorted(directory.units.values(), key=lambda one: one.path)
        if is_allowed(actor, "report.read", organisation_key=organisation_key, unit_path=unit.path)
    ]


def _shown(kpi: Kpi, value: float | None) -> str:
    if value is None:
        return "—"
    return str(
        format_percent(value, "#,##0.#%") if kpi.figure == "share" else format_decimal(round(value, 2))
    )


def _chart(found: KpiSeries, locale: str) -> dict[str, Any]:
    """What the chart draws. A period without figure is a gap, never a zero."""
    kpi = found.kpi
    is_share = kpi.figure == "share"
    return {
        "kind": "bar" if kpi.figure == "count" else "line",
        "labels": [point.span.label for point in found.points],
        "values": [
            None if point.figure is None else round(point.figure * (100 if is_share else 1), 2)
            for point in found.points
        ],
        "shown": [_shown(kpi, point.figure) for point in found.points],
        "running": [point.is_running for point in found.points],
        "target": None if kpi.target is None else kpi.target * 100 if is_share else kpi.target,
        "target_word": _("target"),
        "unit": "%" if is_share else "",
        "name": kpi.title.get(locale) or kpi.id,
    }


def _part(engine: Engine, kpi: Kpi, value: Any, locale: str) -> str:
    """The label of a value in the forms of the live releases, else the value itself."""
    if value is None:
        return _("not said")
    with engine.store.reading() as session:
        releases = engine.releases.newest_of_families(session)
    for release in releases:
        for form in release.forms.values():
            for field in form.fields:
                if field.name == kpi.split:
                    for option in field.schema.get("x-options", ()):
                        if option["value"] == value:
                            return str(option["label"].get(locale) or value)
    return str(value)


def _cycle(name: str) -> str:
    return {
        "day": _("by day"),
        "week": _("by week"),
        "month": _("by month"),
        "quarter": _("by quarter"),
        "half-year": _("by half-year"),
        "year": _("by year"),
    }[name]
