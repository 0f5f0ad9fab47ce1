"""`huiyin release`: numbered versions of a family, from the draft to the day on which cases start with them."""

import click

from engine.queries.releases.compare import compare_versions
from engine.queries.releases.versions import Version, find_version, list_versions
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure, in_language, language
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json, print_table
from web.cli.release_acts import ACTS
from web.cli.release_words import act_word, moment_word, state_word, tell_findings, version_data


@click.group()
def release() -> None:
    """Versions of procedures: draft, check, review, live from a moment, roll back, compare.

    `huiyin deploy` does all of it at once, for one who answers for it alone.
    """


for act in ACTS:
    release.add_command(act)


@release.command("list")
@click.argument("family", required=False)
@actor_option
@json_option
@database_option
def list_command(family: str | None, acting: str | None, as_json: bool, database: str | None) -> None:
    """All versions, of FAMILY or of every family, the newest first."""
    with open_engine(database) as engine:
        found = list_versions(engine, acting_person(engine, acting), family)
    if as_json:
        print_json([version_data(one) for one in found])
        return
    print_table(
        ("family", "number", "state", "live from", "running cases"),
        (
            (one.family, one.number, state_word(one.state), moment_word(one.live_from), one.running)
            for one in found
        ),
    )


@release.command()
@click.argument("family")
@click.argument("number", type=int)
@actor_option
@json_option
@database_option
def show(family: str, number: int, acting: str | None, as_json: bool, database: str | None) -> None:
    """Who did what to version NUMBER of FAMILY, when and why; what its last check found."""
    with open_engine(database) as engine:
        found = find_version(engine, acting_person(engine, acting), family, number)
    if as_json:
        print_json(version_data(found))
        return
    print(f"{found.family} {found.number}: {state_word(found.state)} {moment_word(found.live_from)}".rstrip())
    print_table(
        ("act", "at", "by", "live from", "reason"),
        (
            (act_word(one.act), moment_word(one.at), one.by, moment_word(one.live_from), one.reason)
            for one in found.acts
        ),
    )
    tell_findings(found.findings)


@release.command()
@click.argument("family")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@actor_option
@json_option
@database_option
def diff(
    family: str, old: int | None, new: int | None, acting: str | None, as_json: bool, database: str | None
) -> None:
    """What is different in version NEW (default: the newest) against OLD (default: the live one), and which running
    cases stand where it matters."""
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        before, after = _numbers(list_versions(engine, actor, family), family, old, new)
        found = compare_versions(engine, actor, family, before, after)
    if as_json:
        print_json(found.to_data())
        return
    for change in found.changes:
        print(change.says(language()))
    if not found.changes:
        print(in_language("No change but layout.", "除布局外没有变化。"))
    print(
        in_language(
            f"{found.touched_cases} of {found.running} running cases of {family} {before} stand at such a place.",
            f"“{family}”版本 {before} 的 {found.running} 件在办事项中，{found.touched_cases} 件停在受影响之处。",
        )
    )
    print_table(
        ("process", "element", "cases", "numbers"),
        ((one.process_key, one.element_id, len(one.cases), " ".join(one.cases)) for one in found.touched),
    )


def _numbers(versions: list[Version], family: str, old: int | None, new: int | None) -> tuple[int, int]:
    if not versions:
        raise Failure(f"Expected family {family}, but there is none.", f"没有流程族“{family}”。")
    live = next((one.number for one in versions if one.state == "live"), None)
    before = old if old is not None else live
    if before is None:
        raise Failure(
            f"No version of {family} is live: give two numbers.",
            f"“{family}”没有生效的版本，请给出两个版本号。",
        )
    return before, new if new is not None else versions[0].number
