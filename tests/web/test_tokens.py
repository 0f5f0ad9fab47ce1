"""The page of tokens: a secret is shown once, and the list tells everything else."""

import re

from pages import Browser

SECRET = re.compile(r"huiyin_[\w-]{43}")


def test_a_person_makes_a_token_sees_it_once_and_takes_it_back(li_na: Browser) -> None:
    assert "还没有令牌" in li_na.get("/tokens").text

    made = li_na.post("/tokens", {"name": "打印机", "scopes": ["read", "register"], "days": "30"})
    assert made.status_code == 200
    [secret] = set(SECRET.findall(made.text))
    assert made.headers["Cache-Control"] == "no-store"
    auth = {"Authorization": f"Bearer {secret}"}
    assert li_na.client.get("/engine-rest/process-instance", headers=auth).status_code == 200

    listed = li_na.get("/tokens").text
    assert secret not in listed
    assert f"…{secret[-4:]}" in listed
    assert "有效期至2026年3月15日" in listed
    assert "最近使用" in listed
    path = re.search(r'action="(/tokens/\w+/revoke)"', listed)
    assert path is not None
    assert "已撤销" in li_na.follow(path[1]).text
    assert li_na.client.get("/engine-rest/process-instance", headers=auth).status_code == 401


def test_what_was_typed_stays_when_something_is_missing(li_na: Browser) -> None:
    li_na.get("/tokens")

    refused = li_na.post("/tokens", {"name": "打印机", "days": "365"})

    assert refused.status_code == 400
    assert "请至少选择一项用途" in refused.text
    assert 'value="打印机"' in refused.text
    assert re.search(r'<option value="365" selected>', refused.text)


def test_nobody_is_offered_what_that_person_may_not_do(li_na: Browser) -> None:
    page = li_na.get("/tokens").text

    assert 'value="read"' in page
    assert 'value="deploy"' not in page
    assert 'value="external_tasks"' not in page
    assert "所有人的" not in page
    assert li_na.get("/tokens?of=everybody").status_code == 200
    assert li_na.post("/tokens", {"name": "x", "scopes": ["read"], "username": "wang_wei"}).status_code == 403
    assert li_na.post("/tokens/none/revoke").status_code == 404
