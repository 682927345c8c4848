"""A tie at the line: the panel's vote, who may cast it, what it shows and counts, then the chair; drawn as decided."""

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.nominations.models import NomineeFile
from portal.review.models import Panel, Seat
from portal.selection.models import TieVote
from tests.cast import letters, links_in, run_jobs, text_of
from tests.selection.judged import add_files, add_review, judged
from tests.selection.test_deciding import board_url, computed, conflict, outcomes, propose
from tests.statements import statements

TIED = ("Ben Next", "Cleo Third")


def public_ids(cast):
    with cast.app.app_context():
        return dict(db.session.execute(select(NomineeFile.name, NomineeFile.public_id)).all())


def opened(cast, levels=(4, 3, 3, 1)):
    """A round with a tie at the line; Chen opened the vote and the voters are told. The vote's address."""
    files = judged(cast, levels=levels)
    computed(cast)
    assert cast.browser("chen").post(f"/rounds/{cast.round}/tie/open").status_code == 303
    run_jobs(cast.app)
    return files, vote_url(cast)


def vote_url(cast):
    with cast.app.app_context():
        return f"/votes/{db.session.scalar(select(TieVote.public_id))}"


def ballot(cast, *ranked):
    ids = public_ids(cast)
    return {f"place-{ids[name]}": str(place) for place, name in enumerate(ranked, 1)}


def board(cast, who="sam", order=""):
    return text_of(cast.browser(who).get(board_url(cast) + (f"?order={order}" if order else "")))


def entries(cast, verb):
    with cast.app.app_context():
        return [dict(e.facts) for e in db.session.scalars(select(AuditEntry).where(AuditEntry.verb == verb))]


def test_the_panel_is_told_once_ranks_by_name_alone_and_the_last_ballot_settles_it(cast):
    _files, url = opened(cast)
    sam = cast.browser("sam")
    told = letters(cast.app, "selection/vote_opened")
    assert {m.to for m in told} == {"priya@example.org", "paul@example.org", "pia@example.org"}
    assert url in links_in(told[0].text)
    assert not any(name in m.text + m.html for m in told for name in ("Ada Best", *TIED))
    cast.browser("chen").post(f"/rounds/{cast.round}/tie/open")
    run_jobs(cast.app)
    assert len(letters(cast.app, "selection/vote_opened")) == 3
    priya = cast.browser("priya")
    desk = text_of(priya.get("/desk"))
    assert "Your vote is asked for" in desk
    page = priya.get(url)
    words = text_of(page)
    assert "The Teach On Project" in words
    assert all(name in words for name in TIED)
    for hidden in ("Ada Best", "Fay Last", "Dan Fourth", "3.00", "place is left", "Cut line", "in 100"):
        assert hidden not in words, hidden
    same = ballot(cast, "Ben Next") | dict.fromkeys(ballot(cast, "Cleo Third"), "1")
    refused = priya.post(url, same)
    assert refused.status_code == 422
    assert "same place" in text_of(refused)
    assert priya.post(url, {}).status_code == 422
    assert priya.post(url, ballot(cast, "Cleo Third", "Ben Next")).status_code == 303
    assert "Your vote is asked for" not in text_of(priya.get("/desk"))
    assert "Your ballot is in since" in text_of(priya.get(url))
    assert "1 of 3 ballots are in" in board(cast)
    assert "Still to vote: Paul Example, Pia Example." in board(cast)
    refused = propose(cast, sam)
    assert "Settle the tie" in text_of(refused)
    assert cast.browser("paul").post(url, ballot(cast, "Ben Next", "Cleo Third")).status_code == 303
    assert "2 of 3 ballots are in" in board(cast)
    assert cast.browser("paul").post(url, ballot(cast, "Cleo Third", "Ben Next")).status_code == 303
    assert cast.browser("pia").post(url, ballot(cast, "Ben Next", "Cleo Third")).status_code == 303
    shown = board(cast)
    assert "Settled by: The ranked vote of the panel. With a place: Cleo Third." in shown
    assert "3 ballots (Borda count): Cleo Third 2; Ben Next 1" in shown
    assert priya.post(url, ballot(cast, "Ben Next")).status_code == 403
    assert "The vote is closed" in text_of(priya.get(url))
    assert propose(cast, sam).status_code == 303
    assert outcomes(cast)["Cleo Third"] == ("winner", "proposed")
    assert outcomes(cast)["Ben Next"] == ("not_selected", "proposed")
    ids = public_ids(cast)
    (count,) = entries(cast, "tie.close")
    assert (count["method"], count["ballots"]) == ("borda", 3)
    assert sorted(count["points"]) == sorted([f"{ids['Cleo Third']} 2", f"{ids['Ben Next']} 1"])
    assert len(entries(cast, "tie.voted")) == 4


def test_the_board_draws_a_settled_tie_as_it_was_decided(cast):
    _files, url = opened(cast)
    for who in ("priya", "paul", "pia"):
        cast.browser(who).post(url, ballot(cast, "Cleo Third"))
    shown = board(cast)
    line = shown.index("Cut line: 2 above")
    assert shown.index("Cleo Third") < line < shown.index("Ben Next", shown.index("Place Nominee"))
    assert "2= Cleo Third" in shown
    assert "Tie: has a place" in shown
    assert "Tie: below the line" in shown


def test_who_has_a_conflict_or_owes_a_review_has_no_ballot_and_learns_nothing(cast):
    files = judged(cast, levels=(4, 3, 3, 1))
    conflict(cast, "priya", files["Ben Next"])
    extra = add_files(cast, ("Gus Seventh",))
    with cast.app.app_context():
        panel_id = db.session.scalar(select(Panel.id))
    add_review(cast, panel_id, "paul", extra["Gus Seventh"], None)
    computed(cast)
    answer = cast.browser("chen").post(f"/rounds/{cast.round}/tie/open", {"order": "raw"}, follow=True)
    assert "One reader may vote" in text_of(answer)
    run_jobs(cast.app)
    assert {m.to for m in letters(cast.app, "selection/vote_opened")} == {"pia@example.org"}
    url = vote_url(cast)
    for who in ("priya", "paul", "wanda", "vera", "sam", "ada"):
        assert cast.browser(who).get(url).status_code == 404, who
        assert "Your vote is asked for" not in text_of(cast.browser(who).get("/desk"))
    assert cast.browser("pia").get(url).status_code == 200


def test_who_steps_back_after_voting_is_set_aside_and_who_left_the_panel_too(cast):
    files, url = opened(cast)
    for who in ("priya", "paul"):
        cast.browser(who).post(url, ballot(cast, "Ben Next", "Cleo Third"))
    conflict(cast, "priya", files["Cleo Third"])
    assert cast.browser("priya").get(url).status_code == 403
    paul = cast.people["paul"]
    with cast.app.app_context(), transaction() as s:
        s.scalars(select(Seat).where(Seat.person_id == paul)).one().state = "removed"
    cast.browser("pia").post(url, ballot(cast, "Cleo Third", "Ben Next"))
    assert "With a place: Cleo Third." in board(cast)
    (count,) = entries(cast, "tie.close")
    assert (count["ballots"], count["set_aside"]) == (1, 2)


def test_the_chair_closes_the_vote_and_decides_what_it_left_tied(cast):
    _files, url = opened(cast)
    decide, ids, chen = f"/rounds/{cast.round}/tie/decide", public_ids(cast), cast.browser("chen")
    early = chen.post(decide, {"chosen": ids["Ben Next"], "reason": "The wider reach."})
    assert "The panel votes first" in text_of(early)
    cast.browser("priya").post(url, ballot(cast, "Ben Next", "Cleo Third"))
    cast.browser("paul").post(url, ballot(cast, "Cleo Third", "Ben Next"))
    assert chen.post(f"/rounds/{cast.round}/tie/close").status_code == 303
    assert chen.post(f"/rounds/{cast.round}/tie/close").status_code == 409
    assert cast.browser("pia").post(url, ballot(cast, "Ben Next")).status_code == 403
    assert "The chair's decision" in board(cast, "chen")
    assert "Open the panel's vote" not in board(cast, "chen")
    assert chen.post(f"/rounds/{cast.round}/tie/open").status_code == 422
    assert chen.post(decide, {"chosen": ids["Ben Next"], "reason": " "}).status_code == 422
    both = {"chosen": [ids["Ben Next"], ids["Cleo Third"]], "reason": "Both"}
    assert chen.post(decide, both).status_code == 422
    assert chen.post(decide, {"chosen": ids["Ben Next"], "reason": "The wider reach."}).status_code == 303
    assert "Chen Example: The wider reach." in board(cast)
    assert "Settled by: The chair's decision." in board(cast)


def test_where_nobody_may_vote_the_chair_decides(cast):
    files = judged(cast, levels=(4, 3, 3, 1))
    for who, name in (("priya", "Ben Next"), ("paul", "Cleo Third"), ("pia", "Ben Next")):
        conflict(cast, who, files[name])
    computed(cast)
    chen = cast.browser("chen")
    answer = chen.post(f"/rounds/{cast.round}/tie/open", {"order": "raw"}, follow=True)
    assert "Nobody on the panel is free to vote" in text_of(answer)
    assert letters(cast.app, "selection/vote_opened") == []
    assert "The chair's decision" in board(cast, "chen", "raw")
    chosen = {"order": "raw", "chosen": public_ids(cast)["Cleo Third"], "reason": "The wider reach."}
    assert chen.post(f"/rounds/{cast.round}/tie/decide", chosen).status_code == 303
    assert "With a place: Cleo Third." in board(cast, "chen", "raw")


def test_a_newer_ranking_without_the_tie_ends_the_vote(cast):
    files, url = opened(cast)
    with cast.app.app_context():
        panel_id = db.session.scalar(select(Panel.id))
    cast.grant("rita", "reviewer")
    add_review(cast, panel_id, "rita", files["Ben Next"], 4)
    computed(cast)
    assert cast.browser("priya").get(url).status_code == 404
    assert len(entries(cast, "tie.cancel")) == 1
    assert "Your vote is asked for" not in text_of(cast.browser("priya").get("/desk"))


@pytest.mark.parametrize(("who", "status"), [("sam", 303), ("chen", 303), ("priya", 403), ("ada", 403), ("vera", 404)])
def test_who_opens_a_vote(cast, who, status):
    judged(cast, levels=(4, 3, 3, 1))
    computed(cast)
    assert cast.browser(who).post(f"/rounds/{cast.round}/tie/open").status_code == status


def test_no_vote_without_a_tie(cast):
    judged(cast)
    sam = computed(cast)
    refused = sam.post(f"/rounds/{cast.round}/tie/open")
    assert refused.status_code == 422
    assert "Nothing is tied" in text_of(refused)


def test_a_board_with_an_open_vote_takes_no_more_queries_and_a_ballot_few_statements(cast):
    _files, url = opened(cast)
    sam, priya = cast.browser("sam"), cast.browser("priya")
    token = ballot(cast, "Ben Next") | {"csrf_token": priya.token()}
    with statements(cast.app) as seen:
        assert sam.get(board_url(cast)).status_code == 200
    assert len(seen) <= 6, "\n".join(seen)
    with statements(cast.app) as seen:
        assert priya.client.post(url, data=token).status_code == 303
    written = [q for q in seen if q.startswith(("UPDATE", "INSERT", "DELETE"))]
    assert len(written) <= 8, "\n".join(written)
