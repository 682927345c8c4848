"""Joining and splitting: nothing is lost, both can be taken back, what the nominee answered stands."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.jobs.likely import compare_rest
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle
from tests.cast import Cast, text_of
from tests.nominations.consenting import add_file, look
from tests.nominations.test_files_page import STUDENT, nominations, page


def join(cast: Cast, kept: str, gone: str) -> Any:
    return cast.browser("sam").post(f"/files/{kept}/join/{gone}")


def who_wrote(cast: Cast, file: str) -> list[str]:
    return [n.nominator_email for n in nominations(cast, file)]


def two(cast: Cast, **gone: Any) -> tuple[str, str]:
    """Two files of one person, three nominations each by different people."""
    kept = add_file(cast, "Siobhán Sørensen", nominations=tuple({"nominator_email": f"k{i}@x.org"} for i in range(3)))
    usual = {"school": "", "email": "", "nominations": tuple({"nominator_email": f"g{i}@x.org"} for i in range(3))}
    return kept, add_file(cast, "Sørensen, Siobhan", **{**usual, **gone})


def test_join_and_take_back(cast: Cast) -> None:
    kept, gone = two(cast)
    assert join(cast, kept, gone).status_code == 303
    assert who_wrote(cast, kept) == ["k0@x.org", "k1@x.org", "k2@x.org", "g0@x.org", "g1@x.org", "g2@x.org"]
    browser = cast.browser("sam")
    assert browser.get(f"/files/{gone}").location == f"/files/{kept}"
    assert "Sørensen, Siobhan" not in text_of(browser.get(f"/cycles/{cast.cycle}/files"))
    seen = page(cast, kept)
    assert "Joined files Sørensen, Siobhan" in seen
    assert "Joined with another file." in seen
    assert browser.post(f"/files/{gone}/apart").location == f"/files/{kept}"
    assert who_wrote(cast, kept) == ["k0@x.org", "k1@x.org", "k2@x.org"]
    assert who_wrote(cast, gone) == ["g0@x.org", "g1@x.org", "g2@x.org"]
    assert look(cast, gone).joined_into_id is None
    assert "The other file stands alone again." in page(cast, kept)
    assert browser.post(f"/files/{gone}/apart").status_code == 409
    with cast.app.app_context():
        assert audit.verify()[1] == []


def test_who_wrote_in_both_counts_once_and_nothing_is_lost(cast: Cast) -> None:
    both = {"nominator_email": "both@x.org", "story": "My second story."}
    kept = add_file(cast, "A B", nominations=({"nominator_email": "both@x.org", "story": "My first story."},))
    gone = add_file(cast, "A. B", nominations=(both, {"nominator_email": "new@x.org"}))
    join(cast, kept, gone)
    assert who_wrote(cast, kept) == ["both@x.org", "new@x.org"]
    assert who_wrote(cast, gone) == ["both@x.org"]
    seen = page(cast, kept)
    assert "Second words by the same person" in seen
    assert "My second story." in seen
    cast.browser("sam").post(f"/files/{gone}/apart")
    assert who_wrote(cast, gone) == ["both@x.org", "new@x.org"]


def test_a_chosen_story_stays_chosen(cast: Cast) -> None:
    kept = add_file(cast, "A B", nominations=({"shown": True, "nominator_email": "a@x.org"},))
    others = ({"shown": True, "nominator_email": "b@x.org"}, STUDENT | {"shown": True, "nominator_email": "c@x.org"})
    gone = add_file(cast, "A. B", nominations=others)
    join(cast, kept, gone)
    assert [n.shown for n in nominations(cast, kept)] == [True, False, True]


def test_what_the_other_file_knew_fills_the_gaps(cast: Cast) -> None:
    kept = add_file(cast, "A B", email="")
    gone = add_file(cast, "A. B", email="ab@example.org", nominations=({"nominator_email": "z@x.org"},))
    join(cast, kept, gone)
    assert look(cast, kept).email == "ab@example.org"


@pytest.mark.parametrize(
    ("kept", "gone", "words"),
    [
        ("open", "asked", "Open that one and join this file into it."),
        ("asked", "accepted", "Open that one and join this file into it."),
        ("open", "declined", "The nominee said no in one of the two."),
        ("declined", "open", "The nominee said no in one of the two."),
    ],
)
def test_the_nominees_answer_stands(cast: Cast, kept: str, gone: str, words: str) -> None:
    first = add_file(cast, "A B", consent=kept, asked_at=now())
    second = add_file(cast, "A. B", consent=gone, asked_at=now(), nominations=({"nominator_email": "z@x.org"},))
    preview = cast.browser("sam").get(f"/files/{first}/join/{second}")
    assert words in text_of(preview)
    assert "Yes, join them" not in text_of(preview)
    assert ("Join the other way round" in text_of(preview)) == (gone != "declined" and kept != "declined")
    answer = join(cast, first, second)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert len(who_wrote(cast, second)) == 1


def test_a_file_of_another_cycle_or_program_is_not_there(cast: Cast) -> None:
    mine = add_file(cast, "A B")
    other = Cast(cast.app, slug="other")
    theirs = add_file(other, "A B")
    assert join(cast, mine, theirs).status_code == 404
    assert cast.browser("sam").get(f"/files/{mine}/join/{theirs}").status_code == 404
    assert "A B" not in text_of(cast.browser("sam").get(f"/files/{mine}/join")).split("Names like this one")[1]


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Sørensen, Siobhán", True),
        ("Ms. Siobhan Sorensen", True),
        ("Siobhán Søernsen", True),
        ("Siobhán Sorensen-Lee", True),
        ("Zachary Sørensen", False),
        ("Olivia Stone", False),
    ],
)
def test_names_like_this_one_are_proposed(cast: Cast, name: str, proposed: bool) -> None:
    file = add_file(cast, "Siobhán Sørensen")
    add_file(cast, name, school="Lantern Hill")
    seen = text_of(cast.browser("sam").get(f"/files/{file}/join"))
    assert (f"{name} Teacher · Lantern Hill" in seen) == proposed
    searched = text_of(cast.browser("sam").get(f"/files/{file}/join?q=lantern"))
    assert f"{name} Teacher · Lantern Hill" in searched


@pytest.mark.parametrize("compared", [False, True])
def test_a_nickname_is_proposed_here_as_on_the_page_of_likely_pairs(cast: Cast, compared: bool) -> None:
    file = add_file(cast, "Elizabeth Ortega", email="")
    for name, school in (("Liz Ortega", "Lantern Hill"), ("Ortega, Betty", "Cascade ES"), ("Elena Ortega", "")):
        add_file(cast, name, school=school, email="")
    if compared:
        with cast.app.app_context():
            compare_rest()
    proposed = text_of(cast.browser("sam").get(f"/files/{file}/join")).split("Names like this one")[1]
    assert proposed.index("Ortega, Betty") < proposed.index("Liz Ortega")  # at the same school
    assert "Elena" not in proposed


def test_searching_by_htmx_gets_the_candidates_alone(cast: Cast) -> None:
    file = add_file(cast, "A B")
    body = cast.browser("sam").get(f"/files/{file}/join?q=zzz", hx=True).get_data(as_text=True)
    assert body.strip().startswith('<section id="candidates"')
    assert "No file found" in body


def test_split_and_join_again(cast: Cast) -> None:
    other = {"educator_name": "Ada B. Lee", "school_name": "Old Mill", "shown": True}
    file = add_file(cast, "Ada Lee", nominations=({}, other))
    one = nominations(cast, file)[1]
    answer = cast.browser("sam").post(f"/nominations/{one.public_id}/split")
    own = answer.location.rsplit("/", 1)[1]
    assert own != file
    assert who_wrote(cast, own) == ["nora1@example.org"]
    assert who_wrote(cast, file) == ["nora0@example.org"]
    made = look(cast, own)
    assert (made.name, made.school_name, nominations(cast, own)[0].shown) == ("Ada B. Lee", "Old Mill", False)
    assert "One nomination got a file of its own." in page(cast, file)
    assert "Made from one nomination of another file." in page(cast, own)
    join(cast, file, own)
    assert who_wrote(cast, file) == ["nora0@example.org", "nora1@example.org"]


def test_the_only_nomination_is_not_split(cast: Cast) -> None:
    file = add_file(cast, nominations=({}, {"state": "withdrawn"}))
    first, withdrawn = nominations(cast, file)
    for one in (first, withdrawn):
        assert cast.browser("sam").post(f"/nominations/{one.public_id}/split").status_code == 422
    assert len(who_wrote(cast, file)) == 2


def test_later_nominations_find_the_file_that_stays(cast: Cast) -> None:
    kept = add_file(cast, "Siobhán Sørensen")
    gone = add_file(cast, "Siobhan Sorenson", school="Old Mill", nominations=({"nominator_email": "g@x.org"},))
    join(cast, kept, gone)
    with cast.app.app_context(), transaction() as s:
        cycle = s.get_one(Cycle, cast.cycle_id)
        found = matching.find(cycle, Educator("Siobhan Sorenson", school_name="Old Mill"))
        assert found is not None
        assert found.public_id == kept


def test_joins_of_joins_come_apart_in_order(cast: Cast) -> None:
    first, second = two(cast)
    third = add_file(cast, "S. Sørensen", nominations=({"nominator_email": "t@x.org"},))
    join(cast, second, third)
    join(cast, first, second)
    assert len(who_wrote(cast, first)) == 7
    browser = cast.browser("sam")
    assert browser.get(f"/files/{third}").location == f"/files/{first}"
    early = browser.post(f"/files/{third}/apart")  # from a page that was opened before
    assert early.status_code == 422
    assert "Take that join back first" in text_of(early)
    assert (len(who_wrote(cast, first)), look(cast, third).joined_into_id is None) == (7, False)
    browser.post(f"/files/{second}/apart")
    assert (len(who_wrote(cast, first)), len(who_wrote(cast, second))) == (3, 4)
    browser.post(f"/files/{third}/apart")
    assert (len(who_wrote(cast, second)), len(who_wrote(cast, third))) == (3, 1)
    with cast.app.app_context():
        assert db.session.scalars(select(NomineeFile.joined_into_id)).all() == [None] * 3
