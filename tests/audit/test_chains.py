"""Chains of audit rows: what is planted, changed, deleted, swapped or cut is found, and erasing a payload is not a crime."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from engine.audit import ADMINISTRATION, AuditEntry, anchor, append_administration, append_entry, verify
from engine.audit.anchors import anchor_hash
from engine.audit.chain import payload_digest, row_hash
from engine.model import AuditAnchor, AuditChain, AuditPayload, AuditRow
from engine.store import Store

NOW = datetime(2026, 2, 13, 8, tzinfo=UTC)


def write(store: Store, count: int = 5, start: int = 1) -> None:
    with store.transaction() as session:
        for number in range(start, start + count):
            entry = AuditEntry(
                NOW + timedelta(minutes=number),
                "li_na",
                "person.changed",
                f"person {number}",
                {"phone": f"138{number:08d}"},
            )
            append_administration(session, entry)


@pytest.fixture
def audited(any_store: Store) -> Store:
    write(any_store)
    return any_store


def problems(store: Store) -> list[tuple[str, int, str]]:
    with store.reading() as session:
        return [(one.chain, one.sequence, one.kind) for one in verify(session).problems]


def change(store: Store, *statements: Any) -> None:
    with store.transaction() as session:
        for statement in statements:
            session.execute(statement)


def row(sequence: int) -> Any:
    return AuditRow.chain == ADMINISTRATION, AuditRow.sequence == sequence


def payload(sequence: int) -> Any:
    return AuditPayload.chain == ADMINISTRATION, AuditPayload.sequence == sequence


def rehashed(store: Store, first: int, **changed: Any) -> Iterator[Any]:
    """What a careful forger writes: the changed row and all rows behind it with hashes that fit, and the head."""
    with store.reading() as session:
        rows = [
            dict(one)
            for one in session.execute(select(AuditRow.__table__).order_by(AuditRow.sequence)).mappings()
        ]
    previous = ""
    for one in rows:
        if one["sequence"] >= first:
            one |= changed if one["sequence"] == first else {}
            one["previous"] = previous
            one["hash"] = row_hash(one)
            yield update(AuditRow).where(*row(one["sequence"])).values(**one)
        previous = one["hash"]
    yield update(AuditChain).values(head=previous)


def test_a_chain_that_nobody_touched_is_sound(audited):
    with audited.reading() as session:
        report = verify(session)

    assert report.is_sound
    assert (report.rows, report.chains, report.erased, report.anchors) == (5, 1, 0, 0)


def test_an_empty_record_is_sound(any_store):
    assert problems(any_store) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "chen_bo"},
        {"act": "person.read"},
        {"subject": "person 9"},
        {"at": NOW + timedelta(hours=1)},
        {"payload_digest": "0" * 64},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
    ],
    ids=lambda changed: next(iter(changed)),
)
@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_change_of_any_column_is_found(audited, changed, sequence):
    change(audited, update(AuditRow).where(*row(sequence)).values(**changed))

    assert (ADMINISTRATION, sequence, "changed") in problems(audited)


@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_a_deleted_row_is_found(audited, sequence):
    change(audited, delete(AuditRow).where(*row(sequence)))

    assert (ADMINISTRATION, sequence, "missing") in problems(audited)


def test_a_tail_that_was_cut_is_found(audited):
    change(audited, delete(AuditRow).where(AuditRow.sequence > 3))

    assert (ADMINISTRATION, 4, "cut") in problems(audited)


def test_a_whole_chain_that_is_gone_is_found(audited):
    change(audited, delete(AuditRow))

    assert problems(audited) == [(ADMINISTRATION, 1, "cut")]


def test_two_rows_that_were_swapped_are_found(audited):
    change(
        audited,
        update(AuditRow).where(*row(2)).values(sequence=99),
        update(AuditRow).where(*row(3)).values(sequence=2),
        update(AuditRow).where(*row(99)).values(sequence=3),
    )

    assert {(ADMINISTRATION, 2, "changed"), (ADMINISTRATION, 3, "changed")} <= set(problems(audited))


def test_rows_swapped_with_hashes_of_their_own_are_found_by_what_comes_behind(audited):
    with audited.reading() as session:
        rows = {one["sequence"]: dict(one) for one in session.execute(select(AuditRow.__table__)).mappings()}
    for place, other in ((2, 3), (3, 2)):
        moved = rows[other] | {"sequence": place}
        moved["hash"] = row_hash(moved)
        change(audited, update(AuditRow).where(*row(place)).values(**moved))

    assert (ADMINISTRATION, 2, "swapped") in problems(audited)


def test_a_row_that_was_put_in_is_found(audited):
    forged = {
        "chain": ADMINISTRATION, "sequence": 6, "at": NOW, "actor": "chen_bo", "act": "role.granted", "subject": "chen_bo",
        "payload_digest": payload_digest("s", {}), "previous": "", "hash": "",
    }  # fmt: skip
    forged["hash"] = row_hash(forged)
    change(audited, insert(AuditRow).values(**forged))

    assert (ADMINISTRATION, 6, "swapped") in problems(audited)


def test_a_row_put_in_with_the_right_hash_does_not_fit_the_head(audited):
    with audited.reading() as session:
        head = session.execute(select(AuditChain.sequence, AuditChain.head)).one()
    forged, its_payload, _ = append_entry(
        (head.sequence, head.head), ADMINISTRATION, AuditEntry(NOW, "chen_bo", "x", "y")
    )
    change(audited, insert(AuditRow).values(**forged), insert(AuditPayload).values(**its_payload))

    assert problems(audited) == [(ADMINISTRATION, 6, "head_mismatch")]


def test_a_chain_without_a_case_is_found(audited):
    forged, its_payload, _ = append_entry((0, ""), "no-such-case", AuditEntry(NOW, "chen_bo", "x", "y"))
    change(audited, insert(AuditRow).values(**forged), insert(AuditPayload).values(**its_payload))

    assert problems(audited) == [("no-such-case", 1, "planted")]


def test_a_changed_payload_is_found(audited):
    change(audited, update(AuditPayload).where(*payload(2)).values(payload={"phone": "13900000000"}))

    assert problems(audited) == [(ADMINISTRATION, 2, "payload_changed")]


def test_a_changed_salt_is_found(audited):
    change(audited, update(AuditPayload).where(*payload(2)).values(salt="0" * 32))

    assert problems(audited) == [(ADMINISTRATION, 2, "payload_changed")]


@pytest.mark.parametrize(
    "erase",
    [
        lambda: delete(AuditPayload).where(*payload(2)),
        lambda: update(AuditPayload).where(*payload(2)).values(payload=None),
    ],
    ids=["row", "content"],
)
def test_an_erased_payload_leaves_the_chain_sound_and_is_counted(audited, erase: Callable[[], Any]):
    change(audited, erase())

    with audited.reading() as session:
        report = verify(session)
    assert report.is_sound
    assert report.erased == 1


def test_the_digest_of_an_erased_payload_cannot_be_guessed(audited):
    """The salt goes with the payload: else a telephone number could be tried out."""
    with audited.reading() as session:
        rows = session.execute(
            select(AuditRow.payload_digest, AuditPayload.salt).join(
                AuditPayload, AuditRow.sequence == AuditPayload.sequence
            )
        ).all()

    assert len({one.salt for one in rows}) == 5
    assert all(len(one.salt) == 32 for one in rows)
    assert payload_digest("", {"phone": "13800000001"}) not in {one.payload_digest for one in rows}


def test_a_forger_who_rehashes_the_whole_chain_is_found_by_the_anchor(audited):
    with audited.transaction() as session:
        assert anchor(session, NOW) == 1
    assert problems(audited) == []

    change(audited, *rehashed(audited, 2, actor="chen_bo"))

    assert problems(audited) == [(ADMINISTRATION, 5, "changed")]


def test_without_an_anchor_the_chain_alone_cannot_know(audited):
    """Why anchors are made from time to time, and kept elsewhere too."""
    change(audited, *rehashed(audited, 2, actor="chen_bo"))

    assert problems(audited) == []


def test_a_tail_cut_with_its_head_is_found_by_the_anchor(audited):
    with audited.transaction() as session:
        anchor(session, NOW)
    with audited.reading() as session:
        third = session.execute(select(AuditRow.hash).where(*row(3))).scalar_one()

    change(
        audited,
        delete(AuditRow).where(AuditRow.sequence > 3),
        update(AuditChain).values(sequence=3, head=third),
    )

    assert problems(audited) == [(ADMINISTRATION, 4, "cut")]


def test_a_chain_that_vanished_with_its_head_is_found_by_the_anchor(audited):
    with audited.transaction() as session:
        anchor(session, NOW)

    change(audited, delete(AuditRow), delete(AuditChain))

    assert problems(audited) == [(ADMINISTRATION, 1, "cut")]


def anchored(store: Store) -> None:
    for number in range(3):
        write(store, 2, start=10 * number + 10)
        with store.transaction() as session:
            assert anchor(session, NOW + timedelta(days=number)) == 1


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (lambda: update(AuditAnchor).where(AuditAnchor.number == 2).values(at=NOW), [2]),
        (lambda: update(AuditAnchor).where(AuditAnchor.number == 2).values(heads={}), [2]),
        (lambda: update(AuditAnchor).where(AuditAnchor.number == 2).values(hash="0"), [2, 3]),
        (lambda: delete(AuditAnchor).where(AuditAnchor.number == 1), [2]),
        (lambda: delete(AuditAnchor).where(AuditAnchor.number == 2), [3]),
    ],
    ids=["moment", "heads", "hash", "first deleted", "one deleted"],
)
def test_a_changed_anchor_is_found(any_store, tamper, found):
    anchored(any_store)
    assert problems(any_store) == []

    change(any_store, tamper())

    assert [
        number
        for chain, number, kind in problems(any_store)
        if (chain, kind) == ("anchors", "anchor_changed")
    ] == found


def test_an_anchor_rehashed_alone_no_longer_fits_the_next(any_store):
    anchored(any_store)
    with any_store.reading() as session:
        first = session.execute(select(AuditAnchor.__table__).where(AuditAnchor.number == 1)).mappings().one()
    heads = {ADMINISTRATION: [2, "0" * 64]}

    change(
        any_store,
        update(AuditAnchor)
        .where(AuditAnchor.number == 1)
        .values(heads=heads, hash=anchor_hash(1, first["at"], heads, "")),
    )

    assert ("anchors", 2, "anchor_changed") in problems(any_store)
    assert (ADMINISTRATION, 2, "changed") in problems(any_store)


def test_heads_that_did_not_move_are_not_anchored_again(audited):
    with audited.transaction() as session:
        assert anchor(session, NOW) == 1
        assert anchor(session, NOW) == 0
    write(audited, 1, start=20)
    with audited.transaction() as session:
        assert anchor(session, NOW) == 1

    with audited.reading() as session:
        assert verify(session).anchors == 2


def test_each_problem_is_said_in_both_languages(audited):
    change(audited, update(AuditRow).where(*row(2)).values(actor="chen_bo"), delete(AuditRow).where(*row(4)))

    with audited.reading() as session:
        said = [(one.says("zh"), one.says("en")) for one in verify(session).problems]

    assert (
        "审计链 administration 第 2 条内容被改动。",
        "Row 2 of audit chain administration was changed.",
    ) in said
    assert ("审计链 administration 第 4 条缺失。", "Row 4 of audit chain administration is missing.") in said


AWKWARD = {
    "amount": 1e16, "whole": 2.0, "tiny": 5e-324, "large": 1.5e300, "tenth": 0.1, "minus": -0.0, "big": 2**60,
    "text": "李娜 “引号” \\ \u2028 😀", "list": [1, [2.0, None, True]], "z": 1, "a": {"b": {"c": []}},
}  # fmt: skip


def test_a_payload_proves_itself_after_a_round_through_each_database(store):
    with store.transaction() as session:
        append_administration(session, AuditEntry(NOW, "li_na", "x", "y", AWKWARD))

    assert problems(store) == []


def test_a_payload_may_be_erased_in_each_database(store):
    write(store, 2)
    change(store, update(AuditPayload).where(*payload(1)).values(payload=None))

    with store.reading() as session:
        report = verify(session)
    assert report.is_sound
    assert report.erased == 1


def test_the_order_of_keys_does_not_matter_and_everything_else_does():
    assert payload_digest("s", {"a": 1, "b": 2}) == payload_digest("s", {"b": 2, "a": 1})
    for other in ({"a": 1, "b": "2"}, {"a": True, "b": 2}, {"a": 1}, {"a": 1, "b": 2, "c": None}, [1, 2]):
        assert payload_digest("s", other) != payload_digest("s", {"a": 1, "b": 2})
    assert payload_digest("t", {"a": 1, "b": 2}) != payload_digest("s", {"a": 1, "b": 2})


def test_two_rows_that_read_alike_have_different_hashes():
    first = {
        "previous": "a",
        "chain": "bc",
        "sequence": 1,
        "at": NOW,
        "actor": "d",
        "act": "e",
        "subject": "f",
        "payload_digest": "g",
    }

    assert row_hash(first) != row_hash(first | {"previous": "ab", "chain": "c"})
    assert row_hash(first) != row_hash(first | {"actor": 'd","e', "act": ""})
