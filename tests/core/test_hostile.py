"""What no person types: addresses that leave the site after signing in, the sign NUL, numbers beyond any number."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.core.web import safe_next
from tests.cast import sign_in, text_of
from tests.review.stage import Stage
from tests.selection.judged import judged

ELSEWHERE = (
    "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/\r/evil.example",
    "/\n/evil.example", "/\x7f/evil.example", "", None,
)  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_out_of_the_site(cast, target):
    assert safe_next(target) == "/"
    answer = cast.browser("sam").get("/sign-in", query_string={"next": target} if target else {})
    assert answer.location in ("/", "/desk")


def test_a_page_of_ours_stays_the_target(cast):
    assert safe_next("/files/abc?q=Peña y más") == "/files/abc?q=Peña y más"
    assert cast.browser("sam").get("/sign-in?next=/account").location == "/account"


@pytest.mark.parametrize("url", ["/files/a%00b", "/account?next=%00", "/desk?%00=1"])
def test_the_sign_nul_is_refused_at_the_door(cast, url):
    assert cast.browser("sam").get(url).status_code == 422


def test_a_form_with_the_sign_nul_is_refused_also_of_a_stranger(cast):
    assert cast.browser().post("/account/browsers/x/end", {"name": "a\x00b"}).status_code == 422


def test_numbers_beyond_any_number_are_no_error(cast):
    judged(cast)
    sam, huge = cast.browser("sam"), "9" * 26
    for page in (f"/cycles/{cast.cycle}/files?district={huge}", f"/cycles/{cast.cycle}/silent-schools?district={huge}"):
        assert sam.get(page).status_code == 200
    ticked = {"nomination": "9" * 5000, "verdict": "aside"}
    assert sam.post(f"/cycles/{cast.cycle}/fair-play", ticked).status_code == 422
    sam.post(f"/cycles/{cast.cycle}/announcement")
    letter = {"subject": "News", "body": "Dear {name}", "revision": huge}
    assert sam.post(f"/cycles/{cast.cycle}/announcement/letters/winner/en", letter).status_code == 422


def test_a_revision_beyond_any_number_is_no_revision(cast):
    stage = Stage(cast)
    stage.make_panel("priya")
    sheet = f"/assignments/{stage.assign('priya', stage.file('Ana Uno'))}"
    saved = cast.browser("priya").post(f"{sheet}/scores/learning", {"level-learning": "3", "seen-learning": "9" * 5000})
    assert saved.status_code == 303


def test_what_htmx_saved_while_signed_out_is_sent_again_and_leads_back_to_its_page(cast):
    stage = Stage(cast)
    file = stage.file("Ana Uno")
    stage.make_panel("priya")
    sheet = f"/assignments/{stage.assign('priya', file)}"
    stranger = cast.browser()
    asked = stranger.post(f"{sheet}/scores/learning", {"level-learning": "3", "seen-learning": ""}, hx=True)
    kept = parse_qs(urlsplit(asked.headers["HX-Redirect"]).query)["next"][0]
    sign_in(cast.app, stranger.client, cast.person("priya"))
    page = stranger.get(kept)
    assert f'action="{sheet}/scores/learning"' in page.get_data(as_text=True)
    again = stranger.post(f"{sheet}/scores/learning", {"level-learning": "3", "seen-learning": ""})
    assert (again.status_code, again.location) == (303, sheet)
    assert "checked" in stranger.get(sheet).get_data(as_text=True)


@pytest.mark.parametrize(("page", "back"), [
    ("http://localhost/desk?program=teach-on", "/desk?program=teach-on"), ("http://[", "/"), ("", "/"),
    ("https://evil.example//evil.example", "/"),
])  # fmt: skip
def test_a_button_pressed_while_signed_out_leads_back_to_its_page(cast, page, back):
    stranger, headers = cast.browser(), {"HX-Request": "true", "HX-Current-URL": page}
    token = {"csrf_token": stranger.token()}
    asked = stranger.client.post("/account/browsers/x/end", data=token, headers=headers)
    signing_in = cast.browser("sam").get(asked.headers["HX-Redirect"])
    assert signing_in.location == back


def test_a_file_that_is_too_large_is_refused_with_the_limit_in_words(cast):
    cast.app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/imports"
    answer = sam.post(url, {"sheet": (io.BytesIO(b"x" * 1_100_000), "export.csv")})
    assert answer.status_code == 413
    assert "at most 1 MB" in text_of(answer)
    assert sam.post(url, {"sheet": (io.BytesIO(b"a,b\n1,2\n"), "export.csv")}).status_code == 303
