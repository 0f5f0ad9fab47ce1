"""Mail over a real SMTP server: what arrives, and which failures are worth a second try."""

from datetime import UTC, datetime

import pytest
from mail_server import deaf_server, free_port, mail_server

from engine.model import HandlerFailed
from engine.notices import MailChannel, MailSettings

NOTICE = {
    "notice_key": "n1",
    "instance_key": "case1",
    "address": "li_na@bank.example",
    "subject": "新待办：TS-2026-00001 答复客户",
    "body": "您有一项新的待办。\n\n办理：https://huiyin.example/tasks/1\n",
    "created_at": datetime(2026, 2, 13, 8, tzinfo=UTC),
}


def channel(port: int, **settings) -> MailChannel:
    return MailChannel(MailSettings("127.0.0.1", port, sender="Huiyin <huiyin@bank.example>", **settings))


def failure(notice: dict, port: int, **settings) -> HandlerFailed:
    with pytest.raises(HandlerFailed) as failed:
        channel(port, **settings).send(notice)
    assert failed.value.en.startswith("The mail could not be sent: ")
    assert failed.value.zh.startswith("邮件未能发送：")
    return failed.value


def test_a_notice_arrives_as_it_was_written():
    with mail_server() as (inbox, port):
        channel(port).send(NOTICE)

    (message,) = inbox.received
    assert message["Subject"] == NOTICE["subject"]
    assert message["From"] == "Huiyin <huiyin@bank.example>"
    assert message["To"] == "li_na@bank.example"
    assert message.get_content().replace("\r\n", "\n") == NOTICE["body"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Fri, 13 Feb 2026 08:00:00 +0000"
    assert inbox.recipients == ["li_na@bank.example"]


def test_a_second_try_bears_the_same_id_so_that_a_pair_shows_as_one():
    with mail_server() as (inbox, port):
        channel(port).send(NOTICE)
        channel(port).send(NOTICE)

    assert [message["Message-ID"] for message in inbox.received] == ["<n1@bank.example>"] * 2


def test_notices_of_one_case_stand_in_one_thread_and_others_in_none():
    with mail_server() as (inbox, port):
        channel(port).send(NOTICE)
        channel(port).send(NOTICE | {"notice_key": "n2"})
        channel(port).send(NOTICE | {"notice_key": "n3", "instance_key": None})

    assert [message["References"] for message in inbox.received] == ["<case-case1@bank.example>"] * 2 + [None]
    assert inbox.received[0]["In-Reply-To"] == inbox.received[1]["In-Reply-To"]


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: spy@rival.example",
        "Hello\nX-Evil: 1",
        "Hello\rBcc: spy@rival.example",
        "Hello\r\n\r\nNew body",
        "Hello\u2028Bcc: spy@rival.example",
        "Hello\x85Bcc: spy@rival.example",
        "Hello\x0b\x0c\x1c\x1d\x1eBcc: spy@rival.example",
        "Hello\0\x01\x1b[31m",
        "=?utf-8?q?Hello=0D=0ABcc:_spy=40rival.example?=",
        "\ud800 half a character",
        "长" * 3_000,
        "",
    ],
    ids=lambda subject: ascii(subject)[:40],
)
def test_a_subject_cannot_add_headers_or_a_body(subject):
    with mail_server() as (inbox, port):
        channel(port).send(NOTICE | {"subject": subject})

    (message,) = inbox.received
    assert inbox.recipients == ["li_na@bank.example"]
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message.get_content().startswith("您有一项新的待办")
    assert sorted(message.keys()) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    ["\n.\nQUIT\n", ".\n..\n", "", "x" * 100_000, "a\0b\x1b", "\ud83d", "最后一行没有换行"],
    ids=lambda body: ascii(body)[:20],
)
def test_a_body_cannot_end_the_mail_early(body):
    with mail_server() as (inbox, port):
        channel(port).send(NOTICE | {"body": body})

    (message,) = inbox.received
    expected = "".join(one for one in body if one.isprintable() or one == "\n")
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == expected.rstrip("\n")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@bank.example",
        "li_na@",
        "li_na@bank.example, spy@rival.example",
        "li_na@bank.example\r\nBcc: spy@rival.example",
        "li_na@bank.example\nRCPT TO:<spy@rival.example>",
        "<li_na@bank.example>",
        "Li Na <li_na@bank.example>",
        "li na@bank.example",
        "li_na@bank.example\0",
        "li_na@bank..example",
        "li_na@" + "x" * 300 + ".example",
        "\ud800@bank.example",
        "not an address",
    ],
    ids=lambda address: ascii(address)[:40],
)
def test_what_is_no_address_fails_for_good_and_reaches_nobody(address):
    with mail_server() as (inbox, port):
        failed = failure(NOTICE | {"address": address}, port)

    assert failed.permanent
    assert inbox.received == []
    assert inbox.recipients == []


def test_a_chinese_domain_is_written_as_the_network_wants_it():
    with mail_server() as (inbox, port):
        channel(port).send(NOTICE | {"address": "li_na@银行.中国"})

    assert inbox.recipients == ["li_na@xn--jn2a72x.xn--fiqs8s"]


@pytest.mark.parametrize(
    ("answers", "is_permanent", "said"),
    [
        ({"RCPT": "550 No such user"}, True, "550"),
        ({"RCPT": "450 Mailbox busy"}, False, "450"),
        ({"DATA": "554 Looks like spam"}, True, "554"),
        ({"DATA": "451 Try later"}, False, "451"),
        # What is wrong with us is mended, and then the mail should go.
        ({"MAIL": "550 Not from here"}, False, "550"),
        ({"MAIL": "421 Going down"}, False, "421"),
    ],
)
def test_a_refusal_is_final_only_where_no_second_try_could_help(answers, is_permanent, said):
    with mail_server(**answers) as (inbox, port):
        failed = failure(NOTICE, port)

    assert failed.permanent is is_permanent
    assert said in failed.en
    assert inbox.received == []


def test_a_server_that_is_not_there_is_tried_again():
    assert not failure(NOTICE, free_port()).permanent


@pytest.mark.parametrize(
    "greeting", [b"", b"554 Go away\r\n", b"hello\r\n", b"220 ready\r\n", b"\xff\xfe\r\n"], ids=ascii
)
def test_a_broken_server_is_tried_again(greeting):
    with deaf_server(greeting) as port:
        assert not failure(NOTICE, port).permanent


def test_a_server_that_stumbles_over_the_goodbye_has_taken_the_mail():
    """A failure here would send the mail twice."""
    with mail_server(stumbles=True) as (inbox, port):
        channel(port).send(NOTICE)

    assert len(inbox.received) == 1


def test_it_signs_in_where_a_name_is_set():
    with mail_server(credentials=("huiyin", "secret")) as (inbox, port):
        channel(port, username="huiyin", password="secret").send(NOTICE)

    assert len(inbox.received) == 1


@pytest.mark.parametrize(
    "settings", [{"username": "huiyin", "password": "wrong"}, {"username": "huiyin"}, {}]
)
def test_a_wrong_sign_in_is_tried_again_and_tells_no_password(settings):
    with mail_server(credentials=("huiyin", "secret")) as (inbox, port):
        failed = failure(NOTICE, port, **settings)

    assert not failed.permanent
    assert "wrong" not in failed.en
    assert inbox.received == []


def test_a_server_without_encryption_is_not_trusted_where_encryption_is_set():
    with mail_server() as (inbox, port):
        assert not failure(NOTICE, port, security="starttls").permanent
        assert not failure(NOTICE, port, security="tls").permanent

    assert inbox.received == []
