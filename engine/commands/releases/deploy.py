"""Puts procedure families live at once: everything of a deployment or nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.check_family import check_family
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.laid_over import laid_over
from engine.commands.releases.pointers import Pointing
from engine.commands.releases.put_live import put_live
from engine.commands.releases.store_release import DeploymentRefused, add_deployment, hold_numbers
from engine.commands.tried_again import tried_again
from engine.diagrams import Finding
from engine.people import Actor, require

__all__ = ["Deployed", "DeploymentRefused", "deploy"]


@dataclass(frozen=True)
class Deployed:
    """`definition_keys`: what this deployment made; empty when the same files are live already."""

    deployment_key: str
    releases: tuple[tuple[str, int], ...]  # (family, number)
    definition_keys: tuple[str, ...]
    findings: tuple[Finding, ...]  # warnings and advice
    deployed_at: datetime


@tried_again
def deploy(
    engine: Engine, actor: Actor, families: Sequence[FamilyFiles], *, name: str, source: str | None = None
) -> Deployed:
    """Draft, check and release in one act, for an owner who answers for it alone.

    Raises DeploymentRefused, Forbidden. Files that are live already make no second release.
    """
    require(actor, "release.deploy")
    now = engine.clock.now()
    with engine.store.reading() as session:
        whole = [laid_over(session, one, now) for one in families]
    checked = [check_family(one, engine.register, engine.handlers.topics()) for one in whole]
    findings = [finding for one in checked for finding in one.findings]
    if any(one.severity == "error" for one in findings):
        raise DeploymentRefused(findings)
    with engine.store.transaction() as session:
        hold_numbers(session)
        deployment_key = add_deployment(session, name=name, source=source, at=now, by=actor.username)
        put = [
            put_live(session, one, deployment_key, Pointing("deployed", now, actor.username, name))
            for one in checked
        ]
        releases = [(one.family, one.number) for one in put]
        keys = [key for one in put for key in one.definition_keys]
        taken_off = {one.family: one.taken_off for one in put if one.taken_off}
        findings += [one.as_finding() for one in put if one.taken_off]
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "release.deployed", name,
                {"releases": releases, "made": keys} | ({"taken_off": taken_off} if taken_off else {}),
            ),
        )  # fmt: skip
    return Deployed(deployment_key, tuple(releases), tuple(keys), tuple(findings), now)
