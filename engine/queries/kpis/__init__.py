"""KPIs as series of periods: what is counted stands in processes/kpis.toml, how it is counted here.

Read `definitions.py` for the words of the file, then `series.py`.
"""

from engine.queries.kpis.definitions import FILE, Kpi, KpiBook, KpiFileError, Measure, load_kpis
from engine.queries.kpis.periods import Span, last_spans
from engine.queries.kpis.series import KpiSeries, Part, Point, find_series

__all__ = [
    "FILE",
    "Kpi",
    "KpiBook",
    "KpiFileError",
    "KpiSeries",
    "Measure",
    "Part",
    "Point",
    "Span",
    "find_series",
    "last_spans",
    "load_kpis",
]
