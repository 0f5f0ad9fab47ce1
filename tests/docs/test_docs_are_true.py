"""Documentation that would lie fails here: settings, markers, links, files, words that have a table."""

import configparser
import re
from dataclasses import fields
from pathlib import Path

import pytest

from engine.commands.imports.columns import COLUMNS
from engine.diagrams.lint.table import with_table
from engine.expressions import FUNCTION_NAMES, compile_expression
from engine.forms import read_form
from engine.forms.definition import WIDGETS
from engine.model import Base
from engine.profiles import read_profile
from web.wiring.settings import Settings

HOUSE = Path(__file__).parents[2]
PAGES = sorted([*HOUSE.glob("docs/**/*.md"), *HOUSE.glob("*.md")])


@pytest.mark.parametrize("setting", [one.name for one in fields(Settings)])
def test_each_setting_is_documented(setting):
    assert f"HUIYIN_{setting.upper()}`" in page("docs/operations.md")


def test_no_setting_is_documented_that_does_not_exist():
    named = set(re.findall(r"`HUIYIN_([A-Z_]+)`", page("docs/operations.md")))

    known = {one.name.upper() for one in fields(Settings)} | {"SETTINGS", "TEST_DATABASE", "TEST_POSTGRES"}
    assert named <= known


def test_the_defaults_in_the_documentation_are_those_of_the_program():
    text = page("docs/operations.md")
    for one in fields(Settings):
        if isinstance(one.default, int | str) and one.default:
            (row,) = (line for line in text.splitlines() if f"`HUIYIN_{one.name.upper()}`" in line)
            assert f"`{one.default}`" in row, one.name


def test_each_marker_is_documented():
    config = configparser.ConfigParser()
    config.read(HOUSE / "setup.cfg")
    markers = [line.partition(":")[0] for line in config["tool:pytest"]["markers"].strip().splitlines()]

    for marker in markers:
        assert f"`{marker}`" in page("docs/operations.md"), marker


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_files_that_are_named_exist(path):
    names = re.findall(
        r"`((?:engine|web|handlers|tests|docs|processes)/[\w./-]*\w)`", path.read_text("utf-8")
    )
    for name in names:
        assert (HOUSE / name).exists(), name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_make_targets_that_are_named_exist(path):
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z]+)", path.read_text("utf-8"))) <= targets


def test_files_that_the_code_refers_to_exist():
    for source in HOUSE.glob("engine/**/*.py"):
        for name in re.findall(r"docs/[\w./-]+\.md", source.read_text("utf-8")):
            assert (HOUSE / name).exists(), f"{source.relative_to(HOUSE)} names {name}"


def test_each_table_has_a_word():
    glossary = page("docs/glossary.md").replace(" ", "").lower()
    explained_elsewhere = {
        "releasefile", "attachmentcontent", "auditpayload", "membership", "person", "numberseries", "message",
        "attachment", "variablescope",
    }  # fmt: skip
    for mapper in Base.registry.mappers:
        name = mapper.class_.__name__
        word = name.lower().removesuffix("row")
        if word not in explained_elsewhere:
            stem = word.replace("step", "").replace("anchor", "")
            assert stem in glossary, f"Give {name} a line in docs/glossary.md."


@pytest.mark.parametrize("path", sorted(HOUSE.glob("docs/decisions/*.md")), ids=lambda path: path.stem)
def test_a_decision_says_what_would_change_it(path):
    text = path.read_text(encoding="utf-8")

    for part in ("**Context.**", "**Decision.**", "**Consequence.**", "**What would change our mind.**"):
        assert part in text
    assert len(text.split()) < 500  # half a page, or a little more


def test_the_table_of_lint_rules_is_what_the_code_says():
    text = page("docs/diagrams.md")

    assert with_table(text) == text, "Run: python -m engine.diagrams.lint.table docs/diagrams.md"


def test_each_function_of_the_language_is_documented():
    text = page("docs/expressions.md")

    assert [name for name in sorted(FUNCTION_NAMES) if f"`{name}(" not in text] == []


def test_each_word_of_forms_is_documented():
    text = page("docs/forms.md")

    assert [word for word in (*WIDGETS, "x-show-if", "x-options", "x-label") if f"`{word}`" not in text] == []
    read_form(re.search(r"```json\n(.*?)```", text, re.DOTALL).group(1).encode(), "docs/forms.md")


def test_the_profile_of_the_documentation_can_be_read():
    text = re.search(r"```toml\n(.*?)```", page("docs/profiles.md"), re.DOTALL).group(1)

    profile = read_profile(text.encode(), "docs/profiles.md")

    assert profile.limits["handle"].id == "CMP-12/T2"
    assert profile.limits["acknowledge"].is_off


@pytest.mark.parametrize("line", ["condition", "chinese", "decimal"])
def test_the_examples_of_expressions_are_true(line):
    says = {
        "condition": ('amount > 1000 and level = "outlet"', {"amount": 1200, "level": "outlet"}),
        "chinese": (
            '满意度 in ["满意", "一般"] and not is_repeated',
            {"满意度": "满意", "is_repeated": False},
        ),
        "decimal": ("0.1 + 0.2 = 0.3", {}),
    }
    text, variables = says[line]
    assert text in page("docs/expressions.md")

    assert compile_expression(text).evaluate(variables) is True


def test_each_column_of_a_register_is_documented():
    text = page("docs/import.md")

    assert [one.headers[0] for one in COLUMNS if f"`{one.headers[0]}`" not in text] == []


def page(name):
    return (HOUSE / name).read_text(encoding="utf-8")
