"""Two organizers at one file: nobody overwrites what they have not seen, and nothing typed is lost."""

import re

from tests.cast import Cast, text_of
from tests.nominations.consenting import add_file, look


def shown_on(page: str) -> str:
    """The mark in a page's form."""
    found = re.search(r'name="shown" value="([0-9a-f]{16})"', page)
    assert found
    return found.group(1)


def test_a_decision_is_not_overwritten_unseen(cast: Cast) -> None:
    file = add_file(cast, consent="open")
    url, sam, sofia = f"/files/{file}/screen", cast.browser("sam"), cast.browser("sofia")
    mark = shown_on(sam.get(url).get_data(as_text=True))
    assert mark == shown_on(sofia.get(url).get_data(as_text=True))
    first = {"decision": "ineligible", "reason": "Retired last year.", "shown": mark}
    assert sofia.post(url, first).status_code == 303
    late = sam.post(url, {"decision": "eligible", "reason": "A substitute since May.", "shown": mark})
    assert late.status_code == 409
    for words in ("Somebody else has decided", "Not eligible", "Retired last year.", "A substitute since May."):
        assert words in text_of(late), words
    assert look(cast, file).screening == "ineligible"
    again = {
        "decision": "eligible",
        "reason": "A substitute since May.",
        "shown": shown_on(late.get_data(as_text=True)),
    }
    assert sam.post(url, again).status_code == 303
    assert (look(cast, file).screening, look(cast, file).screening_reason) == ("eligible", "A substitute since May.")


def test_a_correction_is_not_overwritten_unseen(cast: Cast) -> None:
    file = add_file(cast)
    url, sam, sofia = f"/files/{file}/correct", cast.browser("sam"), cast.browser("sofia")
    mark = shown_on(sam.get(url).get_data(as_text=True))
    typed = {
        "school": "",
        "district": "",
        "school_name": "Cascade",
        "position_key": "teacher",
        "position": "Teacher",
        "shown": mark,
    }
    assert sofia.post(url, {**typed, "name": "Tariq A. Bello"}).status_code == 303
    late = sam.post(url, {**typed, "name": "Tarik Bello"})
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    assert "Tariq A. Bello · Cascade" in page
    assert 'value="Tarik Bello"' in page
    assert look(cast, file).name == "Tariq A. Bello"
    assert sam.post(url, {**typed, "name": "Tarik Bello", "shown": shown_on(page)}).status_code == 303
    assert look(cast, file).name == "Tarik Bello"


def test_an_address_is_not_overwritten_unseen(cast: Cast) -> None:
    file = add_file(cast, email="old@example.org")
    url, sam, sofia = f"/files/{file}/address", cast.browser("sam"), cast.browser("sofia")
    mark = shown_on(sam.get(f"/files/{file}").get_data(as_text=True))
    assert sofia.post(url, {"email": "sofias@example.org", "shown": mark}).status_code == 303
    late = sam.post(url, {"email": "sams@example.org", "shown": mark})
    assert late.status_code == 409
    assert "It now is sofias@example.org. You typed sams@example.org" in text_of(late)
    assert look(cast, file).email == "sofias@example.org"
    # What else changed meanwhile (here the screening) is nobody's business at this form.
    mark = shown_on(sam.get(f"/files/{file}").get_data(as_text=True))
    sofia.post(f"/files/{file}/screen", {"decision": "ineligible", "reason": "Retired."})
    assert sam.post(url, {"email": "sams@example.org", "shown": mark}).status_code == 303


def test_a_form_with_an_error_keeps_what_it_was_shown(cast: Cast) -> None:
    file = add_file(cast)
    url, sam, sofia = f"/files/{file}/screen", cast.browser("sam"), cast.browser("sofia")
    mark = shown_on(sam.get(url).get_data(as_text=True))
    sofia.post(url, {"decision": "ineligible", "reason": "Retired."})
    empty = sam.post(url, {"shown": mark})
    assert empty.status_code == 422
    kept = shown_on(empty.get_data(as_text=True))
    assert sam.post(url, {"decision": "eligible", "reason": "Came back.", "shown": kept}).status_code == 409
