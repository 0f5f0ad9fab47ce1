"""`huiyin routes`: every route with its methods and the right that it needs."""

from typing import Any

import click
from flask import Flask

from web.access import need_of
from web.app import create_app
from web.cli.doors import settings_for
from web.cli.options import database_option, json_option
from web.cli.output import print_json, print_table
from web.wiring.build import build_engine

_ALWAYS = frozenset({"HEAD", "OPTIONS"})


@click.command()
@json_option
@database_option
def routes(as_json: bool, database: str | None) -> None:
    """List every route: rule, methods, whether strangers may use it, and the act that it needs."""
    del database  # Routes are the same over every database; none is opened.
    settings = settings_for("sqlite://", secret_key="only for listing")  # noqa: S106 - nothing is signed with it.
    engine = build_engine(settings)
    try:
        rows = route_rows(create_app(engine, settings))
    finally:
        engine.store.close()
    if as_json:
        print_json(rows)
        return
    print_table(
        ("rule", "methods", "public", "needs"),
        (
            (row["rule"], " ".join(row["methods"]), "public" if row["public"] else "", row["needs"])
            for row in rows
        ),
    )


def route_rows(app: Flask) -> list[dict[str, Any]]:
    rows = []
    for rule in app.url_map.iter_rules():
        need = need_of(app, rule.endpoint)
        is_public = need == "public"
        rows.append(
            {
                "rule": rule.rule,
                "methods": sorted((rule.methods or set()) - _ALWAYS),
                "public": is_public,
                "needs": None if is_public else need,
                "endpoint": rule.endpoint,
            }
        )
    return sorted(rows, key=lambda row: (row["rule"], row["methods"]))
