"""An erasure reaches what no longer hangs on the file: second nominations, refused rows, corrected addresses."""

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import Base, db, transaction
from portal.core.outbox import Message
from portal.nominations.models import ImportRow, ImportRun, Nomination
from tests.cast import Cast
from tests.nominations.consenting import add_file, ask, path_of


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
    from tests.cast import letters, links_in

    link = next(u for u in links_in(letters(cast.app)[-1].text) if u.startswith("/nominee/")).partition("?")[0]
    assert cast.browser().post(f"{link}/erase").status_code == 303
    left = _everything(cast).lower()
    assert "canary" not in left
    assert "other person" in left
    assert path_of(link) == link
