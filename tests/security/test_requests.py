"""Requests that are too large, come from other sites, or try to leave this one."""

import logging

import pytest
from pages import PASSWORD, new_case

from web.sizes import FORM_BYTES, JSON_BYTES, STRANGER_BYTES

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", ["/login", "/logout", "/preferences", "/inbox", "/nowhere"])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=b"])
def test_a_stranger_cannot_make_the_server_read_much(stranger, path, kind):
    head = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n' if "multipart" in kind else b"a="

    response = stranger.client.post(path, data=head + b"x" * STRANGER_BYTES, content_type=kind)

    assert response.status_code in (401, 413)
    assert len(response.data) < 20_000


def test_a_form_of_a_session_that_has_ended_is_shown_again(stranger):
    response = stranger.post("/tasks/1/complete", {"reply": "写了很久的答复" * 2_000})

    assert response.status_code == 401
    assert "写了很久的答复" in response.text


@pytest.mark.parametrize(("kind", "most"), [(FORM, FORM_BYTES), ("application/json", JSON_BYTES)])
def test_a_person_sends_large_files_only(li_na, kind, most):
    response = li_na.client.post(
        "/engine-rest/task", data=b" " * (most + 1), content_type=kind, auth=("li_na", PASSWORD)
    )

    assert response.status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 400),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://beside.example"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "file://"}, 200),
        ({}, 200),
    ],
)
def test_a_password_that_a_browser_remembers_serves_no_other_site(stranger, headers, status):

    response = stranger.client.post(
        "/engine-rest/task", data="{}", content_type="text/plain", auth=("li_na", PASSWORD), headers=headers
    )

    assert response.status_code == status


@pytest.mark.parametrize(
    "address",
    [
        *(
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\r\n/evil.example",
            "https://evil.example",
        ),
        *(
            "\\\\evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "///evil.example",
            "/\n\\evil.example",
        ),
    ],
)
def test_the_way_back_stays_on_this_site(stranger, address):
    stranger.get("/login")

    response = stranger.post("/login", {"username": "li_na", "password": PASSWORD, "next": address})

    assert response.headers["Location"] == "/"


def test_no_answer_repeats_the_name_of_the_host_that_was_asked_for(stranger):
    for path in ("/inbox", "//inbox", "/inbox/", "/login?next=//evil.example"):
        response = stranger.client.get(path, headers={"Host": "evil.example"})

        assert "evil.example" not in response.headers.get("Location", "")


def test_an_address_with_a_line_break_begins_no_line_in_the_log(app, li_na, engine, caplog, monkeypatch):
    app.testing = False
    monkeypatch.setitem(app.view_functions, "cases.show", app.view_functions["cases.search"])
    with caplog.at_level(logging.ERROR, "huiyin.web"):
        li_na.get("/cases/x%0aFORGED")

    assert [one.getMessage().count("\n") for one in caplog.records] == [0]


def test_a_form_that_is_too_large_for_its_refusal_is_refused_all_the_same(li_na):
    response = li_na.client.post("/inbox", data=b"a=" + b"x" * FORM_BYTES, content_type=FORM)

    assert response.status_code == 405


def test_private_pages_are_kept_by_no_cache(li_na, engine):
    case = new_case(engine)
    for path in ("/inbox", f"/cases/{case}", f"/cases/{case}/diagram.json", "/notices", "/head"):
        assert li_na.get(path).headers["Cache-Control"] == "no-store"
