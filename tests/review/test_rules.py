"""The flows and permissions of this package as whole tables."""

from types import SimpleNamespace

import pytest

from portal.core.access import may
from portal.core.clock import now
from portal.review import rules

FLOWS = {
    rules.PANEL: {
        "forming": {"open": "scoring"},
        "scoring": {"close": "closed"},
        "closed": {"reopen": "scoring"},
    },
    rules.SEAT: {
        "invited": {"accept": "accepted", "decline": "declined", "remove": "removed", "invite_again": "invited"},
        "accepted": {"remove": "removed"},
        "declined": {"remove": "removed", "invite_again": "invited"},
        "removed": {"invite_again": "invited"},
    },
    rules.PLAN: {
        "asked": {"propose": "proposed", "block": "blocked", "discard": "discarded"},
        "proposed": {"release": "released", "discard": "discarded"},
        "blocked": {"discard": "discarded"},
        "released": {},
        "discarded": {},
    },
    rules.ASSIGNMENT: {
        "proposed": {"release": "released"},
        "released": {"score": "scored", "decline": "declined", "take_back": "declined", "recuse": "recused"},
        "scored": {"score": "scored", "recuse": "recused"},
        "declined": {},
        "recused": {"reinstate": "released", "reinstate_scored": "scored"},
    },
    rules.REVIEW: {"draft": {"submit": "submitted"}, "submitted": {"supersede": "superseded"}, "superseded": {}},
}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda f: f.name)
def test_every_state_and_verb(flow):
    found = {s: {v: flow[v][1] for v in flow.from_state(s)} for s in flow.states}
    assert found == FLOWS[flow]


class Person(SimpleNamespace):
    """Somebody with plain roles."""


def role(name, **scope):
    given = {"program_id": 1, "cycle_id": None, "panel_id": None, "convening_id": None, **scope}
    return SimpleNamespace(name=name, holds_now=lambda: True, **given)


WHO = {
    "organizer": Person(id=1, roles=[role("organizer")]),
    "chair": Person(id=2, roles=[role("chair", panel_id=7)]),
    "other chair": Person(id=3, roles=[role("chair", panel_id=8)]),
    "reviewer": Person(id=4, roles=[role("reviewer", panel_id=7)]),
    "auditor": Person(id=5, roles=[role("auditor")]),
    "other program": Person(id=6, roles=[role("organizer", program_id=2), role("chair", program_id=2)]),
    "member": Person(id=8, roles=[role("member")]),
    "nobody": None,
}
PANEL = SimpleNamespace(program_id=1, cycle_id=3, panel_id=7)


def assignment(**values):
    start = {
        "program_id": 1,
        "cycle_id": 3,
        "panel_id": 7,
        "person_id": 4,
        "state": "released",
        "conflicted": False,
        "declared_at": now(),
        "panel_state": "scoring",
        "file_stands": True,
        "reinstate_asked_by_id": None,
    }
    return SimpleNamespace(**{**start, **values})


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (rules.SEE_PANEL, {"organizer", "chair", "auditor"}),
        (rules.LEAD_PANEL, {"organizer", "chair"}),
        (rules.REMOVE_SEAT, {"organizer"}),
        (rules.OWN_QUEUE, set(WHO) - {"nobody"}),
    ],
)
def test_who_may_with_a_panel(permission, allowed):
    assert {who for who, person in WHO.items() if may(person, permission, PANEL)} == allowed


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (rules.OPEN, {"reviewer"}),
        (rules.READ, {"reviewer"}),
        (rules.SCORE, {"reviewer"}),
        (rules.RECUSE, {"reviewer"}),
        (rules.HAND_BACK, {"reviewer"}),
        (rules.REINSTATE, {"organizer"}),
        (rules.CONFIRM_REINSTATE, {"chair"}),
    ],
)
def test_who_may_with_an_assignment_of_the_reviewer(permission, allowed):
    thing = assignment(reinstate_asked_by_id=1)
    assert {who for who, person in WHO.items() if may(person, permission, thing)} == allowed


STATES = {
    "as released": {},
    "scored": {"state": "scored"},
    "recused": {"state": "recused"},
    "declined": {"state": "declined"},
    "proposed": {"state": "proposed"},
    "conflict": {"conflicted": True},
    "list not looked through": {"declared_at": None},
    "panel closed": {"panel_state": "closed"},
    "panel forming": {"panel_state": "forming"},
    "nominee left": {"file_stands": False},
}


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (rules.READ, {"as released", "scored", "panel closed", "panel forming"}),
        (rules.SCORE, {"as released", "scored"}),
        (
            rules.RECUSE,
            {
                "as released",
                "scored",
                "conflict",
                "list not looked through",
                "panel closed",
                "panel forming",
                "nominee left",
            },
        ),
        (rules.HAND_BACK, {"as released", "conflict", "list not looked through", "nominee left"}),
    ],
)
def test_in_which_state_the_reviewer_may(permission, allowed):
    reader = WHO["reviewer"]
    assert {s for s, values in STATES.items() if may(reader, permission, assignment(**values))} == allowed


@pytest.mark.parametrize("name", [s for s in STATES if s not in ("as released", "scored")])
def test_every_refusal_has_its_own_reason(name):
    answer = may(WHO["reviewer"], rules.SCORE, assignment(**STATES[name]))
    assert not answer
    assert str(answer.reason)


STANDING = rules.Standing(program_id=1, cycle_id=3, round_id=5, panel_id=7)


@pytest.mark.parametrize(
    ("values", "file_id", "allowed"),
    [
        ({}, None, {"organizer", "chair", "auditor"}),
        ({"owed": 1}, None, set()),
        ({"conflicted": frozenset({9})}, None, {"organizer", "chair", "auditor"}),
        ({"conflicted": frozenset({9})}, 9, set()),
        ({"conflicted": frozenset({9})}, 10, {"organizer", "chair", "auditor"}),
    ],
)
def test_who_may_see_results(values, file_id, allowed):
    standing = rules.Standing(**{**STANDING.__dict__, **values})
    standing = standing.of(file_id) if file_id else standing
    assert {who for who, person in WHO.items() if may(person, rules.SEE_RESULTS, standing)} == allowed


@pytest.mark.parametrize(
    ("person_id", "state", "allowed"), [(4, "accepted", True), (4, "removed", False), (9, "accepted", False)]
)
def test_conflicts_are_declared_for_ones_own_seat(person_id, state, allowed):
    seat = SimpleNamespace(program_id=1, person_id=person_id, state=state)
    assert bool(may(WHO["reviewer"], rules.DECLARE, seat)) is allowed
