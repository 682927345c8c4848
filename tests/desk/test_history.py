"""The record of a program: who may read it, what it says in words, what it does not tell."""

import pytest

from portal.core import audit
from portal.core.db import Base, Identified, transaction
from portal.desk.recorded import THINGS
from portal.desk.words import VERBS
from tests.cast import Cast, text_of
from tests.guards.test_flows import flows
from tests.nominations.consenting import add_file, ask, path_of

# Things of which the record of a program says nothing.
NEVER_IN_A_PROGRAM = {"keptform", "link", "signedin", "signinrequest", "storedfile", "upload"}


@pytest.mark.parametrize(
    ("who", "status"), [("sam", 200), ("ada", 200), ("chen", 403), ("priya", 403), ("wanda", 403), ("vera", 404)]
)
def test_organizers_and_auditors_read_the_record(cast: Cast, who: str, status: int) -> None:
    assert cast.browser(who).get("/history").status_code == status


def test_it_says_in_words_who_did_what_to_whom(cast: Cast) -> None:
    file = add_file(cast)
    link = path_of(ask(cast, file))
    cast.browser().post(f"{link}/accept")
    cast.browser("sam").post(f"/files/{file}/address", {"email": "new@example.org"})
    page = text_of(cast.browser("ada").get("/history"))
    assert "The nominee was asked" in page
    assert "Sam Example" in page
    assert "by a mailed link" in page
    assert page.index("The nominee accepted") < page.index("The nominee was asked")
    told = page.split("By whom")[1].split("Laurel")[0]
    assert "Tariq Bello Nominee file" in told
    for word in ("example.org", "$", file):
        assert word not in told


def test_an_erased_nominee_has_no_name_in_it_and_a_thing_of_elsewhere_is_not_named(cast: Cast) -> None:
    file = add_file(cast)
    cast.browser().post(f"{path_of(ask(cast, file))}/erase", {"sure": "y"})
    ada = cast.browser("ada")
    assert "The nominee was erased" in text_of(ada.get("/history"))
    assert "Tariq" not in text_of(ada.get("/history"))
    other = add_file(cast, "Nobody Acted")
    assert "Only what happened to Nominee file." in text_of(ada.get(f"/history?thing=file:{other}"))


def test_a_fact_names_what_it_refers_to_and_ids_are_no_reader_s(cast: Cast) -> None:
    one, two = add_file(cast, "Ana Ruiz"), add_file(cast, "Anna Ruiz", email="two@example.org")
    cast.browser("sam").post(f"/files/{one}/join/{two}")
    page = text_of(cast.browser("ada").get("/history")).split("By whom")[1].split("Laurel")[0]
    assert "Two nominee files were joined Nominee file: Anna Ruiz" in page
    assert two not in page
    facts = {"bulk": "x" * 22, "changed": ["name"]}
    with cast.app.app_context(), transaction():
        audit.record("system", "file.corrected", "file:abc", program_id=cast.program_id, **facts)
    page = text_of(cast.browser("ada").get("/history"))
    assert "Changed: name" in page
    assert "x" * 22 not in page


def test_every_thing_that_has_a_history_has_a_word() -> None:
    kinds = {
        getattr(m.class_, "audit_kind", m.class_.__name__.lower())
        for m in Base.registry.mappers
        if issubclass(m.class_, Identified)
    }
    assert kinds - set(THINGS) == NEVER_IN_A_PROGRAM
    assert len(kinds) > 30


def test_it_is_filtered_by_verb_and_thing(cast: Cast) -> None:
    one, two = add_file(cast, "One"), add_file(cast, "Two", email="two@example.org")
    ask(cast, one)
    ask(cast, two)
    cast.browser().post(f"{path_of(ask_again(cast))}/decline")
    ada = cast.browser("ada")
    declined = text_of(ada.get("/history?verb=consent.decline")).split("By whom")[1]
    assert "The nominee declined" in declined
    assert "was asked" not in declined
    only = ada.get(f"/history?thing=file:{one}").get_data(as_text=True)
    assert f"file:{two}" not in only


def ask_again(cast: Cast) -> str:
    """The newest nominee's link."""
    from tests.cast import letters, links_in

    return links_in(letters(cast.app, "nominations/consent_request")[-1].text)[0]


def test_who_scores_reads_nothing_of_scoring_and_nobody_reads_who_is_ahead(cast: Cast) -> None:
    cast.person("sam")
    with cast.app.app_context(), transaction():
        audit.record("system", "review.submit", "review:abc", program_id=cast.program_id, score="CANARY1")
        audit.record("system", "decision.by_hand", "decision:abc", program_id=cast.program_id, outcome="CANARY2")
        audit.record("system", "role.granted", "person:abc", program_id=cast.program_id, role="reviewer")
    page = text_of(cast.browser("ada").get("/history"))
    assert "A review was handed in" in page
    assert "CANARY" not in page
    cast.grant("sam", "reviewer")
    own = text_of(cast.browser("sam").get("/history"))
    assert "A role was given" in own
    assert "A review was handed in" not in own
    assert "by hand" not in own


def test_the_record_is_paged(cast: Cast) -> None:
    with cast.app.app_context(), transaction():
        for i in range(60):
            audit.record("system", "role.granted", f"person:{i}", program_id=cast.program_id)
    page = text_of(cast.browser("ada").get("/history?page=2"))
    assert "Page 2 of 3" in page


def test_every_move_of_every_flow_has_words() -> None:
    moves = [f"{flow.name}.{verb}" for flow in flows().values() for verb in flow.verbs]
    assert len(moves) > 60
    assert [move for move in moves if move not in VERBS] == []
