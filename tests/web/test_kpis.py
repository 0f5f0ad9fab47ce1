"""The page of indicators: figures, chart data and what is not computed, only for who may read reports."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from pages import Browser, new_case

from engine.commands.engine import Engine
from engine.queries.kpis import load_kpis


@pytest.fixture
def measured(engine: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The pages' own family counted, since the definitions of the register name others."""
    text = load_text().replace('families = ["complaint"]', 'families = ["matter_family"]')
    register = tmp_path / "register"
    register.mkdir()
    (register / "kpis.toml").write_text(text, "utf-8")
    book = load_kpis(register)
    monkeypatch.setattr("web.kpis.views.load_kpis", lambda _folder: book)
    new_case(engine)
    new_case(engine)
    return engine


def load_text() -> str:
    from engines import PROCESSES

    return (PROCESSES / "kpis.toml").read_text("utf-8")


def chart(page: str) -> dict[str, Any]:
    found = re.search(r"data-kpi='([^']+)'", page)
    assert found is not None
    data: dict[str, Any] = json.loads(unescape(found[1]))
    return data


def test_it_shows_the_figures_of_the_periods_as_chart_and_table(measured: Engine, wang_wei: Browser) -> None:
    page = wang_wei.get("/kpis?kpi=K-01").text

    assert "投诉率" in page
    assert chart(page)["values"][-1] == 2
    assert chart(page)["labels"][-1] == "2026-02"
    assert "业务量不在本系统中" in page
    assert 'role="img"' in page
    assert '<th scope="row" class="number">2026-02' in page


def test_a_period_without_anything_to_count_is_a_gap(measured: Engine, wang_wei: Browser) -> None:
    page = wang_wei.get("/kpis?kpi=K-02").text

    assert chart(page)["values"] == [None] * 12
    assert chart(page)["target"] == 100
    assert "默认设定" in page


def test_what_cannot_be_computed_is_said(measured: Engine, wang_wei: Browser) -> None:
    page = wang_wei.get("/kpis?kpi=K-06").text

    assert "没有给出算法" in page
    assert "data-kpi" not in page


def test_in_english(measured: Engine, wang_wei: Browser) -> None:
    wang_wei.post("/preferences", {"locale": "en"})
    page = wang_wei.get("/kpis?kpi=K-02&unit=bank").text

    assert "On-time closing rate" in page
    assert "by month" in page
    assert "formula or target assumed" in page


def test_without_the_right_or_the_thing_there_is_none(
    measured: Engine, signed_in: Callable[[str], Browser]
) -> None:
    assert signed_in("li_na").get("/kpis").status_code == 403
    wang_wei = signed_in("wang_wei")
    assert wang_wei.get("/kpis?kpi=K-99").status_code == 404
    assert wang_wei.get("/kpis?unit=nowhere").status_code == 404
    assert wang_wei.get("/kpis?organisation=other").status_code in (403, 404)
