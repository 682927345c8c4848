"""The form and page macros: what they tie together for readers who can't see, and what they show."""

import re

import pytest
from flask import render_template_string

from tests.look.page_maker import MOMENT


def attribute(html: str, tag_with: str, name: str) -> str:
    tag = re.search(rf"<[^>]*{tag_with}[^>]*>", html)
    assert tag, tag_with
    found = re.search(rf'\s{name}="([^"]*)"', tag[0])
    return found[1] if found else ""


def test_a_good_form_has_labels_and_hints_and_no_error(look):
    html = look.get("/look/forms").text
    assert 'for="story"' in html
    assert attribute(html, 'id="story"', "aria-describedby") == "story-h story-c"
    assert attribute(html, 'id="rel"', "aria-describedby") == "rel-h"
    assert "aria-invalid" not in html
    assert "errsum" not in html
    assert "<b>120</b>" in html
    assert "Saved 14:02" in html


def test_a_bad_form_ties_each_error_to_its_field(look):
    html = look.get("/look/forms?bad=1").text
    assert attribute(html, 'class="errsum"', "role") == "alert"
    assert re.findall(r'<li><a href="#([^"]+)"', html)[:3] == ["story", "rel-0", "long"]
    assert attribute(html, 'id="story"', "aria-invalid") == "true"
    assert attribute(html, 'id="story"', "aria-describedby") == "story-h story-e story-c"
    assert attribute(html, 'id="rel"', "aria-describedby") == "rel-h rel-e"
    assert 'role="status"' in html
    assert "The letter came back." in html


def test_what_was_typed_is_escaped(look_app):
    with look_app.test_request_context():
        html = render_template_string(
            '{% from "_kit/ui.html" import note, summary, tag %}'
            "{{ note(evil) }}{{ summary([(evil, evil, evil)]) }}{{ tag(evil, evil) }}",
            evil='"><script>x</script>',
        )
    assert "<script>" not in html


EVIL = '"><script>x</script>'
BOARD_ROW = {
    "place": "1", "name": EVIL, "url": EVIL, "sub": EVIL, "contested": True, "adjusted": 3.2, "raw": 3.1,
    "lo50": 3.1, "hi50": 3.3, "lo90": 3.0, "hi90": 3.4, "chance": 0.5, "reviews": 2, "flags": [("flag", EVIL)],
}  # fmt: skip


def test_the_board_escapes_what_people_wrote_though_its_numbers_are_not_escaped(look_app):
    scale = {"low": 1, "high": 4, "ticks": [(1, EVIL), (4, "4")]}
    with look_app.test_request_context():
        html = render_template_string(
            '{% from "_kit/charts.html" import interval_board %}{{ interval_board(rows, scale, cut=3, k=1) }}',
            rows=[BOARD_ROW, BOARD_ROW], scale=scale,
        )  # fmt: skip
    assert "<script>" not in html
    assert html.count("&lt;script&gt;x") == 2 * 4 + 1
    assert html.count('<svg class="plot" aria-hidden="true"><line') == 3


@pytest.mark.parametrize("status", [403, 404, 409, 410, 422, 429, 500])
def test_error_pages_say_one_thing_and_a_way_on(look_app, status):
    with look_app.test_request_context():
        html = render_template_string('{% include "errors/' + str(status) + '.html" %}', reason="Because & so.")
    assert html.count("<h1>") == 1
    assert 'class="btn' in html
    assert ("Because &amp; so." in html) == (status != 410)


def test_the_dead_link_page_offers_a_new_one_when_it_can(look_app):
    with look_app.test_request_context():
        html = render_template_string('{% include "errors/410.html" %}', renew_url="/renew")
    assert 'href="/renew"' in html


def test_the_resend_page_keeps_what_was_typed(look_app):
    fields = [("story", 'She said "why" & waited'), ("empty", "")]
    with look_app.test_request_context():
        html = render_template_string('{% include "errors/resend.html" %}', action="/nominate", fields=fields)
    assert 'name="story" value="She said &#34;why&#34; &amp; waited"' in html
    assert 'action="/nominate"' in html
    assert 'name="csrf_token"' in html
    assert 'name="empty" value=""' in html


def test_a_shared_page_holds_nothing_of_one_visitor(look_app):
    with look_app.test_request_context():
        html = render_template_string('{% extends "layout.html" %}', shared=True)
    assert "csrf" not in html.lower()
    assert "X-CSRFToken" not in html


@pytest.mark.parametrize("locale", ["en", "es"])
def test_the_frame_speaks_the_reader_s_language(look, locale):
    html = look.get(f"/look/public?lang={locale}").text
    assert f'<html lang="{locale}">' in html
    other = "es" if locale == "en" else "en"
    assert f'?lang={other}" lang="{other}"' in html


def test_charts_carry_their_numbers(look):
    html = look.get("/look/work").text
    board = html[html.index('class="t board"'):]
    assert "3.45 to 3.95" in board
    assert "Cut line: 5 above" in board
    assert "Nearly certain" in board


@pytest.mark.parametrize(("chance", "words"), [
    (0.999, "Nearly certain"), (0.95, "Very likely"), (0.7, "Likely"), (0.5, "About even"), (0.3, "Less likely"),
    (0.1, "Unlikely"), (0.001, "under 1 in 100"), (None, "not computed")])
def test_a_chance_in_words(look_app, chance, words):
    with look_app.test_request_context():
        html = render_template_string('{% from "_kit/charts.html" import chance %}{{ chance(p) }}', p=chance)
    assert words in html


def test_saved_tells_the_program_s_time(look_app):
    with look_app.test_request_context():
        html = render_template_string('{% from "_kit/forms.html" import saved %}{{ saved(at) }}', at=MOMENT)
    assert "Saved 14:02" in html


def test_mistakes_that_are_no_forms_own_stand_in_the_same_box(look_app):
    with look_app.test_request_context():
        html = render_template_string(
            '{% from "_kit/forms.html" import mistakes %}'
            '{{ mistakes("Not <yet>", [("The name", "/name"), ("The rest", none)], level=3) }}{{ mistakes("Alone") }}'
        )
    assert 'aria-labelledby="errsum-t" id="errsum"><h3 id="errsum-t">Not &lt;yet&gt;</h3>' in html
    assert '<ul><li><a href="/name">The name</a></li><li>The rest</li></ul>' in html
    assert html.count("<ul>") == 1
