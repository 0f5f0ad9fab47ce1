"""`huiyin deploy`: puts procedure families live, all of it or nothing."""

import sys
from pathlib import Path

import click

from engine.commands.releases.deploy import DeploymentRefused
from engine.commands.releases.deploy import deploy as put_live
from engine.commands.releases.family_files import read_families
from engine.diagrams import Finding
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure, language, one_line
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--name", default=None, help="Name of the deployment (default: the families).")
@actor_option
@json_option
@database_option
def deploy(
    paths: tuple[Path, ...], name: str | None, acting: str | None, as_json: bool, database: str | None
) -> int:
    """Install family folders, folders of families, or single files of one family. The same files change nothing."""
    families = read_families(paths)
    with open_engine(database) as engine:
        try:
            done = put_live(
                engine,
                acting_person(engine, acting),
                families,
                name=name or ", ".join(one.family for one in families),
                source="huiyin deploy",
            )
        except DeploymentRefused as refused:
            return _refused(refused, as_json=as_json)
    releases = [{"family": family, "number": number} for family, number in done.releases]
    if as_json:
        print_json(
            {
                "deployed": True,
                "id": done.deployment_key,
                "deployed_at": done.deployed_at.isoformat(),
                "releases": releases,
                "definitions": list(done.definition_keys),
                "findings": [one.to_data() for one in done.findings],
            }
        )
        return 0
    _tell(list(done.findings))
    for one in releases:
        print(f"{one['family']}\t{one['number']}")
    for key in done.definition_keys:
        print(f"  {key}")
    return 0


def _refused(refused: DeploymentRefused, *, as_json: bool) -> int:
    errors = [one for one in refused.findings if one.severity == "error"]
    if as_json:
        print_json({"deployed": False, "findings": [one.to_data() for one in refused.findings]})
        return 1
    _tell(errors[1:])
    # The last line on stderr is the refusal itself, with its first reason.
    raise Failure(
        f"Nothing was deployed, {len(errors)} errors: {errors[0].says('en')}",
        f"没有发布任何内容，{len(errors)} 个错误：{errors[0].says('zh')}",
    ) from refused


def _tell(findings: list[Finding]) -> None:
    for one in findings:
        print(f"{one.severity} [{one.rule}] {one_line(one.says(language()))}", file=sys.stderr)
