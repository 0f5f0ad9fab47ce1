"""The pages of a family's texts: side by side in both languages, with a preview; and its names of drawn things."""

import re
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.model import Conflict, InvalidInput, NotFound
from engine.notices import KINDS, TextProblem, check_texts, compose
from web.access import needs
from web.languages import LOCALES, current_locale
from web.languages import gettext as _
from web.procedures import FamilyPage, family_page
from web.procedures.saving import save_posted
from web.texts.labels import label_rows, labels_path, with_label
from web.texts.words import EXAMPLES, kind_words, places

blueprint = Blueprint("texts", __name__, template_folder="templates")

LONGEST_TEXT = 20_000
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")


@blueprint.get("/procedures/<family>/texts")
@needs("release.read")
def listed(family: str) -> ResponseReturnValue:
    house = family_page(family)
    own = _own(house)
    kinds = sorted({kind for texts in own.values() for kind in texts})
    return render_template(
        "texts/listed.html",
        house=house,
        own=own,
        kinds=kinds,
        others=[kind for kind in KINDS if kind not in kinds and kind != "calendar_missing"],
        locales=LOCALES,
        kind_words=kind_words,
        subject=lambda locale, kind: compose(own, kind, locale, EXAMPLES[locale])[0],
        problems=lambda kind: [one for one in check_texts(own) if one.kind == kind],
        labels=len(label_rows(house)),
    )


@blueprint.get("/procedures/<family>/texts/<kind>")
@needs("release.read")
def show(family: str, kind: str) -> ResponseReturnValue:
    return _page(family_page(family), kind)


@blueprint.post("/procedures/<family>/texts/<kind>/preview")
@needs("release.read")
def preview(family: str, kind: str) -> ResponseReturnValue:  # noqa: ARG001 - the text comes with the question.
    locale = _locale()
    text = _given_text()
    return render_template("texts/preview.html", **_preview(kind, locale, text))


@blueprint.post("/procedures/<family>/texts/<kind>")
@needs("release.draft")
def change(family: str, kind: str) -> ResponseReturnValue:
    """An empty text takes the family's own away; the built-in one is sent again."""
    house, locale = family_page(family), _locale()
    if not _KIND.fullmatch(kind):
        raise NotFound("text", kind, "文本")
    path, text = f"texts/{locale}/{kind}.md", _given_text()
    if not text.strip() and path not in house.files.files:
        flash(_("Nothing was changed."), "good")
        return redirect(url_for("texts.show", family=family, kind=kind), 303)
    try:
        _save(house, path, text.rstrip("\n").encode() + b"\n" if text.strip() else None)
    except (Conflict, InvalidInput) as refused:
        return _page(house, kind, wrong=refused.says(current_locale()), given={locale: text}), 422
    flash(_("Saved in the working copy."), "good")
    return redirect(url_for("texts.show", family=family, kind=kind), 303)


@blueprint.get("/procedures/<family>/labels")
@needs("release.read")
def labels(family: str) -> ResponseReturnValue:
    return _labels_page(family_page(family), request.args.get("edit", ""))


@blueprint.post("/procedures/<family>/labels")
@needs("release.draft")
def name(family: str) -> ResponseReturnValue:
    house, element_id = family_page(family), request.form.get("id", "")
    try:
        path = labels_path(house)
        content = with_label(house, path, element_id, request.form.get("label", "").strip()[:200])
        _save(house, path, content)
    except (Conflict, InvalidInput) as refused:
        return _labels_page(house, element_id, refused.says(current_locale())), 422
    flash(_("Saved in the working copy."), "good")
    return redirect(url_for("texts.labels", family=family) + f"#{element_id}", 303)


def _page(house: FamilyPage, kind: str, *, wrong: str = "", given: Mapping[str, str] | None = None) -> str:
    if not _KIND.fullmatch(kind):
        raise NotFound("text", kind, "文本")
    own = _own(house)
    sides = []
    for locale in LOCALES:
        path = f"texts/{locale}/{kind}.md"
        edited = house.copy.file(path) if house.copy else None
        text = (given or {}).get(locale, own.get(locale, {}).get(kind, ""))
        sides.append(
            {
                "locale": locale,
                "path": path,
                "text": text,
                "is_own": kind in own.get(locale, {}),
                "seen": request.form.get("seen") if given and locale in given else edited.revision if edited else 0,
            }
            | _preview(kind, locale, text)
        )  # fmt: skip
    return render_template(
        "texts/text.html",
        house=house,
        kind=kind,
        says=kind_words(kind),
        sides=sides,
        is_missing=len([one for one in sides if one["is_own"]]) == 1,
        wrong=wrong,
        places=places(),
    )


def _labels_page(house: FamilyPage, edit: str, wrong: str = "") -> str:
    path = labels_path(house)
    edited = house.copy.file(path) if house.copy else None
    return render_template(
        "texts/labels.html",
        house=house,
        rows=label_rows(house),
        edit=edit if house.can_edit else "",
        wrong=wrong,
        seen=edited.revision if edited else 0,
    )


def _preview(kind: str, locale: str, text: str) -> dict[str, object]:
    """Subject, body and problems of the text; of the built-in one where there is none."""
    texts = {locale: {kind: text}} if text.strip() else {}
    subject, body = compose(texts, kind, locale, EXAMPLES[locale])
    problems: list[TextProblem] = check_texts(texts)
    return {"subject": subject, "body": body, "problems": problems, "is_built_in": not text.strip()}


def _save(house: FamilyPage, path: str, content: bytes | None) -> None:
    if content == house.files.files.get(path):
        return
    save_posted(house.family, path, content)


def _own(house: FamilyPage) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {locale: {} for locale in LOCALES}
    for path, content in house.files.files.items():
        match = re.fullmatch(r"texts/([a-z]{2})/([a-z0-9_]+)\.md", path)
        if match and match[1] in found:
            found[match[1]][match[2]] = content.decode(errors="replace")
    return found


def _locale() -> str:
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise InvalidInput(f"Expected one of {', '.join(LOCALES)}.", "请选择语言。")
    return locale


def _given_text() -> str:
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            f"Expected at most {LONGEST_TEXT} letters, but there are {len(text)}.",
            f"文本最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。",
        )
    return text
