"""The verbs of `huiyin release`. Each needs a reason, and is written into the record."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from engine.commands.releases.check_release import StoriesTold, check_release
from engine.commands.releases.draft_release import draft_release
from engine.commands.releases.family_files import read_families
from engine.commands.releases.release_from import release_from
from engine.commands.releases.review_release import review_release
from engine.commands.releases.roll_back import roll_back
from engine.commands.releases.store_release import DeploymentRefused
from engine.commands.releases.withdraw_release import withdraw_release
from web.cli.doors import acting_person, open_engine, settings_for
from web.cli.failure import Failure, in_language
from web.cli.options import act_options
from web.cli.output import print_json
from web.cli.release_stories import tell_stories
from web.cli.release_words import moment_word, tell_findings


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@act_options
def draft(
    paths: tuple[Path, ...], reason: str, acting: str | None, as_json: bool, database: str | None
) -> None:
    """Save a family's folder, or single files of it, as the next version. It may still have errors."""
    families = read_families(paths)
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        done = [draft_release(engine, actor, one, reason=reason) for one in families]
    if as_json:
        print_json(
            [
                {
                    "family": one.family,
                    "number": one.number,
                    "is_new": one.is_new,
                    "findings": [finding.to_data() for finding in one.findings],
                }
                for one in done
            ]
        )
        return
    for one in done:
        tell_findings(one.findings)
        print(f"{one.family}\t{one.number}")


@click.command()
@click.argument("family")
@click.argument("number", type=int)
@click.option("--stories", is_flag=True, help="Tell its stories too; one that fails holds it back.")
@act_options
def check(
    family: str,
    number: int,
    stories: bool,
    reason: str,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> int:
    """Check version NUMBER by the rules of today. Exit code 1 when it does not pass."""
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        told: StoriesTold | None = None
        if stories:
            told = tell_stories(engine, family, number, settings_for(database).processes_folder)
        done = check_release(engine, actor, family=family, number=number, reason=reason, stories=told)
    if as_json:
        print_json(
            {
                "family": family,
                "number": number,
                "passed": done.is_passed,
                "findings": [one.to_data() for one in done.findings],
                "stories": asdict(told) if told else None,
            }
        )
        return 0 if done.is_passed else 1
    tell_findings(done.findings)
    if not done.is_passed:
        failed = ", ".join(told.failed) if told else ""
        raise Failure(
            f"{family} {number} did not pass and stays a draft.{f' Failed: {failed}.' if failed else ''}",
            f"“{family}”版本 {number} 未通过检查，仍为草案。{f'未通过的情景：{failed}。' if failed else ''}",
        )
    print(in_language(f"{family} {number} passed.", f"“{family}”版本 {number} 已通过检查。"))
    return 0


@click.command()
@click.argument("family")
@click.argument("number", type=int)
@act_options
def review(
    family: str, number: int, reason: str, acting: str | None, as_json: bool, database: str | None
) -> None:
    """Agree to version NUMBER; not by who drafted it."""
    with open_engine(database) as engine:
        review_release(engine, acting_person(engine, acting), family=family, number=number, reason=reason)
    _tell({"family": family, "number": number, "state": "reviewed"}, as_json, "is reviewed", "已复核")


@click.command()
@click.argument("family")
@click.argument("number", type=int)
@click.option(
    "--from", "moment", default=None, metavar="MOMENT", help="Such as 2026-12-01T00:00+08:00 (default: now)."
)
@act_options
def live(
    family: str,
    number: int,
    moment: str | None,
    reason: str,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> int:
    """Let new cases start with version NUMBER, from now or from a later moment on."""
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        try:
            done = release_from(
                engine, actor, family=family, number=number, reason=reason, moment=_moment(moment)
            )
        except DeploymentRefused as refused:
            tell_findings(refused.findings)
            raise
    data = {
        "family": family,
        "number": number,
        "live_from": done.live_from.isoformat(),
        "taken_off": list(done.taken_off),
    }
    shown = moment_word(done.live_from)
    _tell(data, as_json, f"is live from {shown} on", f"自 {shown} 起生效")
    if done.taken_off and not as_json:
        numbers = ", ".join(map(str, done.taken_off))
        print(in_language(f"Taken off, since it is older: {numbers}.", f"已取消较早版本的预定：{numbers}。"))
    return 0


@click.command()
@click.argument("family")
@click.argument("number", type=int)
@act_options
def withdraw(
    family: str, number: int, reason: str, acting: str | None, as_json: bool, database: str | None
) -> None:
    """Take back a draft for good, or a release whose moment has not come."""
    with open_engine(database) as engine:
        withdraw_release(engine, acting_person(engine, acting), family=family, number=number, reason=reason)
    _tell({"family": family, "number": number, "state": "withdrawn"}, as_json, "is withdrawn", "已撤回")


@click.command("roll-back")
@click.argument("family")
@click.argument("number", type=int, required=False)
@act_options
def back(
    family: str, number: int | None, reason: str, acting: str | None, as_json: bool, database: str | None
) -> None:
    """Point back to release NUMBER, or to the one before. Running cases stay where they are."""
    with open_engine(database) as engine:
        done = roll_back(engine, acting_person(engine, acting), family=family, number=number, reason=reason)
    data = {"family": family, "number": done.number, "was": done.was, "live_from": done.live_from.isoformat()}
    _tell(data, as_json, f"is live again instead of {done.was}", f"重新生效，取代版本 {done.was}")


def _tell(data: dict[str, Any], as_json: bool, en: str, zh: str) -> None:
    if as_json:
        print_json(data)
        return
    family, number = data["family"], data["number"]
    print(in_language(f"{family} {number} {en}.", f"“{family}”版本 {number} {zh}。"))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Failure(
            f"Expected a moment with its zone, such as 2026-12-01T00:00+08:00, but found {text!r}.",
            f"时刻应带时区，如 2026-12-01T00:00+08:00，但写的是“{text}”。",
        )
    return moment


ACTS = (draft, check, review, live, withdraw, back)
