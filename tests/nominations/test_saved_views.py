"""Saved views of the list of files: saved from what one sees, opened, changed, shared, deleted; and who may."""

import html
import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, func, select, update
from werkzeug.test import TestResponse

from portal.accounts.models import Role
from portal.core.audit import AuditEntry
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.jobs import REGISTRY
from portal.nominations.models import SavedView
from portal.nominations.rules.views import MOST_VIEWS
from portal.programs.models import District
from tests.cast import Cast, text_of
from tests.core.test_races import at_once, poster
from tests.nominations.consenting import add_file, ask, path_of
from tests.nominations.test_files_columns import heads
from tests.nominations.test_files_together import shown_on
from tests.statements import statements


def url(cast: Cast, rest: str = "") -> str:
    return f"/cycles/{cast.cycle}/files{rest}"


def save(
    cast: Cast, name: str, query: str = "?step=ask&cols=name,email", who: str = "sam", **fields: Any
) -> TestResponse:
    return cast.browser(who).post(url(cast, f"/views/new{query}"), {"name": name, **fields})


def saved(
    cast: Cast, name: str = "To ask", who: str = "sam", query: str = "?step=ask&cols=name,email", **fields: Any
) -> str:
    """Saves a view; its public id."""
    answer = save(cast, name, query, who, **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location.partition("view=")[2])


def views(cast: Cast) -> list[SavedView]:
    with cast.app.app_context():
        return list(db.session.scalars(select(SavedView).order_by(SavedView.id)))


def tabs(cast: Cast, who: str = "sam", query: str = "") -> list[tuple[str, bool]]:
    """(text, current) of the links above the list."""
    page = cast.browser(who).get(url(cast, query)).get_data(as_text=True)
    row = re.search(r'<div id="views">(.*?)</div>', page, re.S)
    assert row
    found = re.findall(r"<li><a ([^>]*)>(.*?)</a>", row[1], re.S)
    return [(html.unescape(re.sub("<[^>]+>", "", text)).strip(), "aria-current" in tag) for tag, text in found]


def verbs(cast: Cast) -> list[str]:
    with cast.app.app_context():
        query = select(AuditEntry.verb).where(AuditEntry.verb.like("view.%")).order_by(AuditEntry.id)
        return list(db.session.scalars(query))


def test_what_one_sees_is_saved_and_seen_again(cast: Cast) -> None:
    add_file(cast, "Ask Me")
    add_file(cast, "Not Me", email="")
    assert tabs(cast) == []
    page = cast.browser("sam").get(url(cast, "?step=ask&cols=name,email")).get_data(as_text=True)
    assert "/views/new?step=ask&amp;cols=name,email" in page
    assert "To screen" not in text_of(cast.browser("sam").get(url(cast, "/views/new?q=Zed&cols=name")))
    view = saved(cast)
    page = cast.browser("sam").get(url(cast, f"?view={view}")).get_data(as_text=True)
    assert heads(page) == ["Educator", "Work e-mail"]
    assert ("Ask Me" in page, "Not Me" in page) == (True, False)
    assert tabs(cast, query=f"?view={view}") == [("All files", False), ("To ask", True), ("About the views", False)]
    assert tabs(cast)[0] == ("All files", True)
    sheet = cast.browser("sam").get(url(cast, f".csv?view={view}")).get_data(as_text=True)
    assert sheet.splitlines()[0].endswith("Educator,Work e-mail")
    assert len(sheet.splitlines()) == 2


def test_chips_and_fields_narrow_a_view_further_and_the_page_says_so(cast: Cast) -> None:
    add_file(cast, "Ask Me")
    add_file(cast, "Not Me", email="")
    view = saved(cast)
    sam = cast.browser("sam")
    page = sam.get(url(cast, f"?view={view}")).get_data(as_text=True)
    every = next(html.unescape(u) for u in re.findall(r'<a class="chip" href="([^"]+)"', page))
    page = sam.get(every).get_data(as_text=True)  # the chip "All": without the view's own chip
    assert "Not Me" in page
    assert "This is no longer what “To ask” shows" in html.unescape(page)
    assert heads(page) == ["Educator", "Work e-mail"]
    page = sam.get(url(cast, f"?view={view}&q=&district=&consent=&screening=&order=step")).get_data(as_text=True)
    assert "Not Me" in page  # a form sent without scripts says every field


def test_names_are_each_owner_s_own(cast: Cast) -> None:
    saved(cast, "To ask")
    for name, words in (("to  ASK", "of this name already"), ("", "Write a name"), ("★", "letters or numbers"),
                        ("x" * 61, "60 characters")):  # fmt: skip
        answer = save(cast, name)
        assert (answer.status_code, words in text_of(answer)) == (422, True), name
    assert save(cast, "To ask", who="sofia").status_code == 303
    assert [view.name for view in views(cast)] == ["To ask", "To ask"]
    assert save(cast, "ﷺ" * 60).status_code == 303  # one letter that folds into many


def test_thirty_are_enough(cast: Cast) -> None:
    for i in range(MOST_VIEWS):
        saved(cast, f"View {i}")
    answer = save(cast, "One more")
    assert (answer.status_code, "Delete one that you no longer use" in text_of(answer)) == (422, True)
    assert save(cast, "One more", who="sofia").status_code == 303


def test_a_view_is_renamed_and_filled_with_what_one_sees(cast: Cast) -> None:
    add_file(cast)
    view, sam = saved(cast), cast.browser("sam")
    page = sam.get(url(cast, f"?view={view}&q=zed&cols=name,state&order=name")).get_data(as_text=True)
    change = re.search(r'href="([^"]*/views/[^"?]{22}\?[^"]*)"', page)
    assert change
    to = html.unescape(change[1])
    mark = shown_on(sam.get(to).get_data(as_text=True))
    assert sam.post(to, {"name": "Zeds", "seen": "y", "shown": mark}).status_code == 303
    (kept,) = views(cast)
    assert (kept.name, kept.name_key, kept.words, kept.columns) == (
        "Zeds", "zeds", {"q": "zed", "order": "name"}, ["name", "state"])  # fmt: skip
    mark = shown_on(sam.get(url(cast, f"/views/{view}?view={view}")).get_data(as_text=True))
    assert sam.post(url(cast, f"/views/{view}?view={view}"), {"name": "ZEDS", "shown": mark}).status_code == 303
    assert [(v.name, v.words["q"]) for v in views(cast)] == [("ZEDS", "zed")]
    assert verbs(cast) == []  # a private view is nobody's business


def test_what_is_shared_is_the_staff_s(cast: Cast) -> None:
    add_file(cast)
    view = saved(cast, shared="y")
    mine = saved(cast, "Mine alone")
    assert [name for name, _ in tabs(cast, "sofia")] == [
        "All files",
        "To ask, shared by Sam Example",
        "About the views",
    ]
    assert [name for name, _ in tabs(cast)] == [
        "All files",
        "To ask, shared by Sam Example",
        "Mine alone",
        "About the views",
    ]
    assert [name for name, _ in tabs(cast, "ada")][1] == "To ask, shared by Sam Example"
    sofia, ada = cast.browser("sofia"), cast.browser("ada")
    to = url(cast, f"/views/{view}?view={view}")
    mark = shown_on(sofia.get(to).get_data(as_text=True))
    assert sofia.post(to, {"name": "To ask now", "shared": "y", "shown": mark}).status_code == 303
    assert ada.post(to, {"name": "x", "shared": "y"}).status_code == 403
    assert ada.get(url(cast, f"/views/{view}/delete")).status_code == 403
    for path in (f"/views/{mine}", f"/views/{mine}/delete"):
        assert (sofia.get(url(cast, path)).status_code, ada.get(url(cast, path)).status_code) == (404, 404)
    assert tabs(cast, "sofia", f"?view={mine}")[0] == ("All files", True)
    assert "no longer shared" in text_of(sofia.get(url(cast, f"?view={mine}")))
    mark = shown_on(sofia.get(to).get_data(as_text=True))
    assert sofia.post(to, {"name": "To ask now", "shown": mark}).status_code == 303  # shared no longer
    assert tabs(cast, "sofia") == []
    assert verbs(cast) == ["view.shared", "view.changed", "view.unshared"]


def test_only_organizers_share(cast: Cast) -> None:
    assert save(cast, "Mine", who="ada", shared="y").status_code == 403
    view = saved(cast, "Mine", who="ada")
    assert (
        cast.browser("ada").post(url(cast, f"/views/{view}?view={view}"), {"name": "M", "shared": "y"}).status_code
        == 403
    )
    assert cast.browser("ada").post(url(cast, f"/views/{view}?view={view}"), {"name": "M"}).status_code == 303
    assert "Share it" not in text_of(cast.browser("ada").get(url(cast, "/views/new")))


def test_nobody_overwrites_what_they_have_not_seen(cast: Cast) -> None:
    view = saved(cast, shared="y")
    sam, sofia, to = cast.browser("sam"), cast.browser("sofia"), url(cast, f"/views/{view}?view={view}")
    mark = shown_on(sam.get(to).get_data(as_text=True))
    assert sofia.post(to, {"name": "Sofia’s words", "shared": "y", "shown": mark}).status_code == 303
    late = sam.post(to, {"name": "Sam’s words", "shared": "y", "shown": mark})
    assert late.status_code == 409
    for words in ("Somebody else has changed this view", "Sofia’s words"):
        assert words in text_of(late)
    page = late.get_data(as_text=True)
    assert 'value="Sam’s words"' in page
    assert sam.post(to, {"name": "Sam’s words", "shared": "y", "shown": shown_on(page)}).status_code == 303
    assert [v.name for v in views(cast)] == ["Sam’s words"]


def test_a_view_is_deleted_after_a_page_that_asks(cast: Cast) -> None:
    view, private = saved(cast, shared="y"), saved(cast, "Mine")
    sam = cast.browser("sam")
    assert "nobody on the staff finds it afterward" in text_of(sam.get(url(cast, f"/views/{view}/delete")))
    assert len(views(cast)) == 2
    assert sam.post(url(cast, f"/views/{view}/delete")).status_code == 303
    assert cast.browser("sofia").post(url(cast, f"/views/{view}/delete")).status_code == 404
    assert sam.post(url(cast, f"/views/{private}/delete")).status_code == 303
    assert verbs(cast) == ["view.shared", "view.deleted"]
    assert "This view was deleted" in text_of(sam.get(url(cast, f"?view={view}")))
    assert [text for text, _here in tabs(cast, "sofia")] == ["All files", "About the views"]


def test_a_deleted_view_is_put_back_as_it_was_for_seven_days(cast: Cast) -> None:
    view, private = saved(cast, shared="y"), saved(cast, "Mine", "sofia")
    sam, sofia = cast.browser("sam"), cast.browser("sofia")
    sofia.post(url(cast, f"/views/{private}/delete"))
    answer = sam.post(url(cast, f"/views/{view}/delete"), follow=True)
    assert re.search("Deleted recently .* To ask Deleted", text_of(answer))
    assert "Mine" not in text_of(answer)
    for who in ("ada", "priya"):
        assert cast.browser(who).post(url(cast, f"/views/{view}/undo")).status_code in (403, 404)
    assert sam.post(url(cast, f"/views/{private}/undo")).status_code == 404
    assert "is back" in text_of(sofia.post(url(cast, f"/views/{view}/undo"), follow=True))
    assert sam.post(url(cast, f"/views/{view}/undo")).status_code == 404
    assert any(here and text.startswith("To ask") for text, here in tabs(cast, query=f"?view={view}"))
    assert verbs(cast) == ["view.shared", "view.deleted", "view.put_back"]
    kept = next(each for each in views(cast) if each.public_id == view)
    assert (kept.shared, kept.words, kept.columns) == (True, {"step": "ask"}, ["name", "email"])
    with cast.app.app_context(), time_machine.travel(now() + timedelta(days=7, minutes=1), tick=False):
        assert sofia.post(url(cast, f"/views/{private}/undo")).status_code == 404
        assert "Deleted recently" not in text_of(sofia.get(url(cast, "/views")))
        REGISTRY["nominations.forget_views"]()
    assert [each.public_id for each in views(cast)] == [view]


def test_the_name_of_a_deleted_view_is_free_and_a_view_whose_name_is_taken_stays_deleted(cast: Cast) -> None:
    sam, first = cast.browser("sam"), saved(cast)
    sam.post(url(cast, f"/views/{first}/delete"))
    second = saved(cast)
    refused = sam.post(url(cast, f"/views/{first}/undo"), follow=True)
    assert "There is a view of this name already" in text_of(refused)
    assert re.search("Deleted recently .* To ask Deleted", text_of(refused))
    sam.post(url(cast, f"/views/{second}/delete"))
    assert sam.post(url(cast, f"/views/{first}/undo")).status_code == 303
    for i in range(MOST_VIEWS - 1):
        saved(cast, f"View {i}")
    sam.post(url(cast, f"/views/{first}/delete"))
    saved(cast, "One more")
    assert "views of this list already" in text_of(sam.post(url(cast, f"/views/{first}/undo"), follow=True))


def test_two_who_delete_or_put_back_do_it_once(cast: Cast) -> None:
    view = saved(cast, shared="y")
    path = url(cast, f"/views/{view}")
    for what, codes in (("delete", {303, 404, 409}), ("undo", {303, 404, 409})):
        found = at_once([poster(cast.browser(who), f"{path}/{what}") for who in ("sam", "sofia", "sam")])
        assert sorted(answer.status_code for answer in found).count(303) == 1
        assert {answer.status_code for answer in found} <= codes
    assert verbs(cast) == ["view.shared", "view.deleted", "view.put_back"]


def test_a_view_works_next_year_and_says_what_is_gone(cast: Cast) -> None:
    add_file(cast)
    with cast.app.app_context(), transaction() as s:
        district = District(program_id=cast.program_id, key="old", name="Old District", aliases=[])
        s.add(district)
        s.flush()
        number = district.id
    view = saved(cast, "Old ones", query=f"?district={number}&cols=name,district")
    assert "Old District" in text_of(cast.browser("sam").get(url(cast, "/views")))
    with cast.app.app_context(), transaction() as s:
        s.execute(delete(District).where(District.id == number))
    page = text_of(cast.browser("sam").get(url(cast, f"?view={view}")))
    assert "The district that this list was narrowed to is no longer in the program" in page
    assert "Tariq Bello" in page
    assert "It names something that is no longer there" in text_of(cast.browser("sam").get(url(cast, "/views")))
    with cast.app.app_context(), transaction() as s:
        s.execute(update(SavedView).values(words={"step": "a_step_of_old"}, columns=["name", "column_of_old"]))
    page = text_of(cast.browser("sam").get(url(cast, f"?view={view}")))
    assert "A part of this view names something that is no longer there" in page
    assert "Tariq Bello" in page


def test_whoever_loses_the_role_loses_the_views(cast: Cast) -> None:
    view = saved(cast, shared="y")
    sofia = cast.browser("sofia")
    assert sofia.get(url(cast, "/views")).status_code == 200
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Role).where(Role.person_id == cast.people["sofia"]).values(ends_at=now() - timedelta(0)))
    for path in (f"?view={view}", "/views", f"/views/{view}", f"/views/{view}/delete", f".csv?view={view}"):
        assert sofia.get(url(cast, path)).status_code == 404, path
    assert sofia.post(url(cast, f"/views/{view}"), {"name": "x"}).status_code == 404


def test_a_view_of_another_program_is_not_there(cast: Cast) -> None:
    view = saved(cast, shared="y")
    other = Cast(cast.app, slug="other")
    other.grant("olga", "organizer")
    olga = other.browser("olga")
    assert [name for name, _ in tabs(other, "olga")] == []
    assert olga.get(url(other, f"/views/{view}")).status_code == 404
    assert olga.get(url(cast, f"/views/{view}")).status_code == 404


def test_usual_columns_are_each_person_s_own(cast: Cast) -> None:
    add_file(cast)
    sam = cast.browser("sam")
    page = sam.get(url(cast, "?cols=name,email")).get_data(as_text=True)
    assert "Use these from now on" in page
    answer = sam.post(url(cast, "/columns?q=tariq&cols=name,email"), {"cols": "name,email"})
    assert (answer.status_code, answer.location) == (303, url(cast, "?q=tariq"))
    assert heads(sam.get(url(cast)).get_data(as_text=True)) == ["Educator", "Work e-mail"]
    assert sam.get(url(cast, ".csv")).get_data(as_text=True).splitlines()[0].endswith("Educator,Work e-mail")
    assert len(heads(cast.browser("sofia").get(url(cast)).get_data(as_text=True))) == 7
    assert sam.post(url(cast, "/columns"), {"cols": "name,state"}).status_code == 303
    assert heads(sam.get(url(cast)).get_data(as_text=True)) == ["Educator", "State"]
    assert tabs(cast) == []  # the usual columns are no view
    assert "columns that everybody begins with" in sam.get(url(cast)).get_data(as_text=True)
    assert [len(view.columns) for view in views(cast)] == [2]


def test_a_page_costs_as_much_with_thirty_views(cast: Cast) -> None:
    add_file(cast)
    sam = cast.browser("sam")
    view = saved(cast)
    costs = []
    for more in (0, 29):
        for i in range(more):
            saved(cast, f"View {i}", shared="y" if i % 2 else "")
        for path in (f"?view={view}", "/views", f"/views/{view}?view={view}", "/views/new"):
            with statements(cast.app) as seen:
                assert sam.get(url(cast, path)).status_code == 200
            costs.append(len([s for s in seen if s.startswith(("SELECT", "WITH"))]))
    assert costs[:4] == costs[4:]
    assert max(costs) <= 6


def test_a_write_costs_eight_statements_at_most(cast: Cast) -> None:
    sam = cast.browser("sam")
    view = saved(cast, shared="y")
    to = url(cast, f"/views/{view}?view={view}")
    mark = shown_on(sam.get(to).get_data(as_text=True))
    writes = (
        (url(cast, "/views/new"), {"name": "Another", "shared": "y"}),
        (to, {"name": "Renamed", "shown": mark}),
        (url(cast, "/columns"), {"cols": "name,email"}),
        (url(cast, "/columns"), {"cols": "name,state"}),
        (url(cast, f"/views/{view}/delete"), {}),
        (url(cast, f"/views/{view}/undo"), {}),
    )
    for path, fields in writes:
        with statements(cast.app) as seen:
            assert sam.post(path, fields).status_code == 303
        written = [s for s in seen if s.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert 1 <= len(written) <= 8, (path, written)


@pytest.mark.parametrize("what", ["names", "limit", "usual"])
def test_two_windows_at_once(cast: Cast, what: str) -> None:
    sam = [cast.browser("sam") for _ in range(4)]
    for i in range(MOST_VIEWS - 1 if what == "limit" else 0):
        saved(cast, f"View {i}")
    start, answers = threading.Barrier(4), []

    def press(i: int) -> None:
        start.wait()
        if what == "usual":
            answers.append(sam[i].post(url(cast, "/columns"), {"cols": "name,email"}).status_code)
        else:
            name = "The same" if what == "names" else f"Last {i}"
            answers.append(sam[i].post(url(cast, "/views/new"), {"name": name}).status_code)

    threads = [threading.Thread(target=press, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ([303] * 4 if what == "usual" else [303, 422, 422, 422])
    with cast.app.app_context():
        total = db.session.scalar(select(func.count()).select_from(SavedView))
    assert total == {"names": 1, "limit": MOST_VIEWS, "usual": 1}[what]


@pytest.mark.parametrize(
    ("name", "query", "stays"),
    [
        ("Ask again", "?q=Canary", False),
        ("Ask again", "?q=rivera+old+mill", False),
        ("Ask again", "?q=rivera", True),  # and finds another one
        ("Ask again", "?q=canaryname%40example.org", False),
        ("Ask again", "?q=old+mill", True),
        ("Dr. Canáry Rivera, once more", "?step=ask", False),
        ("Canary", "?step=ask", False),
        ("Rivera", "?step=ask", True),
        ("Can", "?step=ask", True),  # a word of its own
        ("To ask", "?step=ask", True),
    ],
)
def test_an_erasure_reaches_views_that_name_or_search_for_nobody_else(
    cast: Cast, name: str, query: str, stays: bool
) -> None:
    file = add_file(cast, "Canary Rivera", email="canaryname@example.org", school="Old Mill High School")
    add_file(cast, "Ana Rivera", email="ana@example.org")
    link = path_of(ask(cast, file))
    save(cast, name, query=query, shared="y")
    assert cast.browser().post(f"{link}/erase").status_code == 303
    assert len(views(cast)) == stays
    assert ("view.deleted" in verbs(cast)) == (not stays)


def test_an_erasure_reaches_a_deleted_view_and_records_it_once(cast: Cast) -> None:
    file = add_file(cast, "Canary Rivera", email="canaryname@example.org")
    link, view = path_of(ask(cast, file)), saved(cast, "Canary", shared="y")
    cast.browser("sam").post(url(cast, f"/views/{view}/delete"))
    assert cast.browser().post(f"{link}/erase").status_code == 303
    assert (views(cast), verbs(cast)) == ([], ["view.shared", "view.deleted"])
    assert cast.browser("sam").post(url(cast, f"/views/{view}/undo")).status_code == 404
