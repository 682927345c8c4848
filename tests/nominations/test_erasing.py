"""An erasure reaches what no longer hangs on the file: second nominations, refused rows, corrected addresses."""

import pytest
from sqlalchemy import select, update

from portal.core.audit import AuditEntry, verify
from portal.core.clock import now
from portal.core.db import Base, db, transaction
from portal.core.outbox import Message
from portal.nominations.actions import erasing
from portal.nominations.models import ErasedMark, ImportRow, ImportRun, Nomination, NomineeFile
from portal.programs.models import Criterion
from portal.review.models import Assignment, Panel, Review, Score
from portal.selection.models import Correction, Decision, TieVote
from tests.cast import Cast, letters, run_jobs, text_of
from tests.nominations.consenting import add_file, ask, path_of, write_to_all
from tests.nominations.walking import confirm, nominate


def _everything(cast: Cast) -> str:
    with cast.app.app_context():
        return "\n".join(
            repr(row) for table in Base.metadata.sorted_tables for row in db.session.execute(table.select())
        )


def test_an_erasure_reaches_repeats_refused_rows_and_old_addresses(cast: Cast) -> None:
    file = add_file(cast, "Canaryname Rivera", email="canaryold@example.org", school="Old Mill High School")
    add_file(cast, "Other Person", email="other@example.org")
    with cast.app.app_context(), transaction() as s:
        first = s.scalars(select(Nomination).where(Nomination.educator_name != "Other Person")).first()
        assert first is not None
        first.educator_name = "Canaryname Rivera"
        s.add(
            Nomination(
                program_id=cast.program_id,
                cycle_id=cast.cycle_id,
                state="draft",
                educator_name="canaryname  rivera",
                story="Canarystory again",
                answers={"educator": "Canaryname Rivera"},
                nominator_email=first.nominator_email,
            )
        )
        run = ImportRun(program_id=cast.program_id, cycle_id=cast.cycle_id, name="export.csv", done_at=now())
        s.add(run)
        s.flush()
        for line, name in ((1, "Ms. Canaryname Rivera"), (2, "Other Person")):
            s.add(ImportRow(run_id=run.id, line=line, outcome="refused", remarks=[["no_story", {}]], educator=name))
    ask(cast, file)
    corrected = cast.browser("sam").post(f"/files/{file}/address", {"email": "canarynew@example.org"})
    assert corrected.status_code == 303
    assert "canaryold@example.org" in _everything(cast)
    with cast.app.app_context():
        message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert message is not None
        assert message.to == "canarynew@example.org"
    from tests.cast import links_in

    link = next(u for u in links_in(letters(cast.app)[-1].text) if u.startswith("/nominee/")).partition("?")[0]
    assert cast.browser().post(f"{link}/erase").status_code == 303
    left = _everything(cast).lower()
    assert "canary" not in left
    assert "other person" in left
    assert path_of(link) == link


def _scored(cast: Cast, public_id: str) -> None:
    """A review of the file with a line of evidence, a decision with its reason, and a chair's recorded choice."""
    priya, sam = cast.person("priya"), cast.person("sam")
    with cast.app.app_context(), transaction() as s:
        file = s.scalars(select(NomineeFile).where(NomineeFile.public_id == public_id)).one()
        shared = {"program_id": cast.program_id, "cycle_id": cast.cycle_id}
        panel = Panel(**shared, round_id=cast.round_id, name={"en": "P"})
        s.add(panel)
        s.flush()
        given = Assignment(**shared, round_id=cast.round_id, panel_id=panel.id, file_id=file.id, person_id=priya,
                           state="scored", released_at=now())  # fmt: skip
        s.add(given)
        s.flush()
        for version, state in ((1, "superseded"), (2, "submitted")):
            review = Review(**shared, round_id=cast.round_id, panel_id=panel.id, assignment_id=given.id,
                            version=version, rubric_id=cast.rubric_id, state=state, score=3.0,
                            submitted_at=now())  # fmt: skip
            s.add(review)
            s.flush()
            criterion = s.scalars(select(Criterion.id)).first()
            s.add(Score(review_id=review.id, criterion_id=criterion, level=3, evidence="Canary Rivera reads aloud",
                        saved_at=now()))  # fmt: skip
        s.add(Decision(**shared, file_id=file.id, outcome="finalist", reason="Canary was close", proposed_by_id=sam,
                       proposed_at=now(), public_note="Canary note"))  # fmt: skip
        s.flush()
        decision = s.scalars(select(Decision)).one()
        s.add(Correction(**shared, decision_id=decision.id, before="none", outcome="finalist", note="Canary asked",
                         state="withdrawn", proposed_by_id=sam, proposed_at=now()))  # fmt: skip
        for band, file_id, reason in (("b", file.id, "Canary first"), ("c", file.id + 99, "Another tie")):
            s.add(TieVote(**shared, round_id=cast.round_id, band=band, file_ids=[file_id], places=1, state="decided",
                          opened_by_id=sam, opened_at=now(), closed_at=now(), decided_at=now(), decided_by_id=sam,
                          reason=reason))  # fmt: skip


def _erase(cast: Cast, name: str = "Canary Rivera", email: str = "canary@example.org") -> str:
    file = add_file(cast, name, email=email, school="Old Mill High School")
    link = path_of(ask(cast, file))
    assert cast.browser().post(f"{link}/erase").status_code == 303
    return file


def test_an_erasure_takes_the_names_of_minors_along(cast: Cast) -> None:
    child = {"for_child": True, "child_name": "Canarychild", "nominator_name": "Rosa Adult", "sharing": "yes"}
    teen = {"answers": {"age": "between"}, "nominator_name": "Canary Teen", "nominator_email": "canaryteen@example.org"}
    file = add_file(cast, nominations=(child, teen, {}))
    link = path_of(ask(cast, file))
    assert "canary" not in text_of(cast.browser("ada").get(f"/files/{file}")).lower()
    assert cast.browser().post(f"{link}/erase").status_code == 303
    assert "canary" not in text_of(cast.browser("ada").get(f"/files/{file}")).lower()
    assert "canary" not in _everything(cast).lower()
    assert "Rosa Adult" in _everything(cast), "who may ask what became of it"


def test_an_erasure_reaches_evidence_and_reasons_and_the_record_still_verifies(cast: Cast) -> None:
    file = add_file(cast, "Canary Rivera", email="canary@example.org")
    link = path_of(ask(cast, file))
    _scored(cast, file)
    assert _everything(cast).count("Canary Rivera reads aloud") == 2
    assert cast.browser().post(f"{link}/erase").status_code == 303
    assert "canary" in _everything(cast).lower()  # until the later packages have done their jobs
    run_jobs(cast.app)
    run_jobs(cast.app)
    left = _everything(cast)
    assert "canary" not in left.lower()
    assert "Another tie" in left
    with cast.app.app_context():
        assert db.session.scalars(select(Score.level)).all() == [3, 3]  # scores and decisions stay in the record
        assert db.session.scalars(select(Decision.outcome)).all() == ["finalist"]
        verbs = set(db.session.scalars(select(AuditEntry.verb)))
        assert {"review.evidence_erased", "decision.reasons_erased"} <= verbs
        assert verify()[1] == []
        from portal.review.actions.erasing import erase_file

        with transaction() as s:
            erase_file(s.scalars(select(NomineeFile).where(NomineeFile.public_id == file)).one())  # once more: nothing
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "review.evidence_erased")).all()) == 1


@pytest.mark.parametrize(
    ("name", "school", "email", "held"),
    [
        ("Ms. Canary RIVERA", "Old Mill High School", "", True),
        ("Somebody Else", "Cascade Elementary", "canary@example.org", True),
        ("Canary Rivera", "", "", True),
        ("Canary Rivera", "Cascade Elementary", "", False),
        ("Canary Riverton", "Old Mill High School", "", False),
    ],
)
def test_who_was_erased_and_is_nominated_again_goes_to_staff_first(
    cast: Cast, name: str, school: str, email: str, held: bool
) -> None:
    _erase(cast)
    run_jobs(cast.app)
    assert "canary" not in _everything(cast).lower()
    before = len(letters(cast.app, "nominations/consent_request"))
    given = {"educator": name, "school": school or "Cascade Elementary", "position": "teacher", "educator_email": email}
    walker = nominate(cast, educator=given)
    if not school:
        with cast.app.app_context(), transaction() as s:
            s.execute(update(NomineeFile).where(NomineeFile.name_key != "").values(school_key="", school_name=""))
    assert "erase" not in text_of(walker.get("sent")).lower()  # the nominator learns nothing
    confirm(cast, walker)
    file = walker.row().file.public_id
    sam = cast.browser("sam")
    sam.post(f"/files/{file}/address", {"email": email or "other@example.org"})
    write_to_all(cast)
    if not held:
        assert len(letters(cast.app, "nominations/consent_request")) == before + 1
        return
    assert len(letters(cast.app, "nominations/consent_request")) == before
    assert "To screen: erased before" in text_of(sam.get(f"/cycles/{cast.cycle}/files?step=screen"))
    assert "once asked us to erase everything about them" in text_of(sam.get(f"/files/{file}"))
    assert "once asked us to erase everything about them" in text_of(sam.get(f"/files/{file}/screen"))
    assert sam.post(f"/files/{file}/screen", {"decision": "eligible"}).status_code == 422
    sam.post(f"/files/{file}/screen", {"decision": "eligible", "reason": "They asked to be nominated."})
    write_to_all(cast)
    assert len(letters(cast.app, "nominations/consent_request")) == before + 1


def test_a_letter_that_goes_to_an_erased_person_s_address_is_refused(cast: Cast) -> None:
    _erase(cast)
    other = add_file(cast, "Ana Ruiz", email="ana@example.org")
    ask(cast, other)
    before = len(letters(cast.app))
    answer = cast.browser("sam").post(f"/files/{other}/address", {"email": "canary@example.org"})
    assert answer.status_code == 422
    assert "asked us to erase everything" in text_of(answer)
    assert len(letters(cast.app)) == before


def test_an_erased_person_s_address_in_a_pasted_list_is_noticed(cast: Cast) -> None:
    _erase(cast)
    add_file(cast, "Ana Ruiz", email="")
    sam = cast.browser("sam")
    sam.post(f"/cycles/{cast.cycle}/addresses/apply", {"list": "Ana Ruiz, canary@example.org"})
    assert "To send 0" in text_of(sam.get(f"/cycles/{cast.cycle}/letters"))
    assert "To screen: erased before" in text_of(sam.get(f"/cycles/{cast.cycle}/files?step=screen"))


def test_who_is_only_forgotten_in_time_leaves_no_mark(cast: Cast) -> None:
    file = add_file(cast, "Canary Rivera", email="canary@example.org", consent="declined", asked_at=now())
    with cast.app.app_context(), transaction() as s:
        erasing.erase("system", s.scalars(select(NomineeFile).where(NomineeFile.public_id == file)).one())
        assert s.scalars(select(ErasedMark)).all() == []
    assert "canary" not in _everything(cast).lower()
