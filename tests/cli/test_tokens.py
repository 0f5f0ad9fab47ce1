"""Tokens by hand."""

from typing import Any


def test_it_makes_a_token_lists_it_without_its_secret_and_revokes_it(call: Any, database: str) -> None:
    where = ("--database", database)
    made = call("token", "add", "li_na", "--for", "printer", "--scope", "read", "--days", "30", *where)
    assert made.code == 0, made.stderr
    [secret] = made.out
    assert secret.startswith("huiyin_")

    listed = call("token", "list", "--json", *where)
    assert secret not in listed.stdout
    [token] = listed.json
    assert (token["username"], token["scopes"], token["state"]) == ("li_na", ["read"], "usable")
    assert "printer" in call("token", "list", "--user", "li_na", *where).stdout
    assert call("token", "list", "--user", "wang_wei", "--json", *where).json == []

    assert call("token", "revoke", token["key"], *where).code == 0
    assert call("token", "list", "--json", *where).json[0]["state"] == "revoked"


def test_it_says_in_one_line_what_is_wrong(call: Any, database: str) -> None:
    for arguments, named in (
        (("nobody", "--for", "x", "--scope", "read"), "nobody"),
        (("li_na", "--for", "x", "--scope", "everything"), "everything"),
        (("li_na", "--for", "x", "--scope", "people.change"), "people.change"),
    ):
        said = call("token", "add", *arguments, "--database", database)
        assert (said.code, len(said.err)) == (1, 1)
        assert named in said.err[0]
    assert call("token", "revoke", "none", "--database", database).code == 1
