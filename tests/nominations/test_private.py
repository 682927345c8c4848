"""Children: what a story should not tell is said to its writer; a minor's name reaches only those who must know it."""

from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.nominations.private import private_words
from tests.cast import text_of
from tests.nominations.consenting import add_file
from tests.nominations.walking import Walker

NOTHING: dict[str, list[str]] = {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She gave him one question a day, and in March he read the page aloud.", NOTHING),
        ("He graded our essays with a green pen and never a D.", NOTHING),
        ("My son has ADHD and she knew.", {"health": ["adhd"]}),
        ("Mi hija tiene dislexia.", {"health": ["dislexia"]}),
        ("He was suspended twice. He got a D in math.", {"grades": ["got a d in"], "discipline": ["suspended"]}),
        ("He failed math, and she did not fail him.", {"grades": ["failed math"]}),
        ("Her GPA, her gpa.", {"grades": ["gpa"]}),
        ("Lo habían suspendido de la escuela.", {"discipline": ["suspendido"]}),
        ("The suspense in her voice, the anxious wait, a detentionary pun.", NOTHING),
        ("", NOTHING),
    ],
)
def test_what_a_story_should_not_tell(text, found):
    assert private_words([text]) == found


def test_the_writer_is_told_and_may_send_all_the_same(cast):
    walker = Walker(cast).begin().fill(story={"story": "My son was diagnosed with ADHD, and she never once raised it."})
    page = walker.get("check")
    said = text_of(page)
    assert "This may tell about a child’s health" in said
    assert "diagnosed, adhd" in said
    assert walker.send().status_code == 303
    assert "This may tell about" in text_of(walker.get("story"))


def test_nobody_is_told_anything_when_there_is_nothing(cast):
    assert "This may tell" not in text_of(Walker(cast).begin().fill().get("check"))


@pytest.fixture
def written(cast):
    at = now() - timedelta(days=1)
    young = {"nominator_name": "Inés Morales", "nominator_email": "ines@example.org", "answers": {"age": "between"}}
    adult = {"nominator_name": "Nora Bell", "nominator_email": "nora@example.org", "answers": {"age": "adult"}}
    more = {"submitted_at": at, "confirmed_at": at, "sharing": "yes"}
    cast.file = add_file(cast, nominations=({**young, **more}, {**adult, **more}))
    return cast


def test_a_minors_name_is_for_organizers(written):
    seen = text_of(written.browser("sam").get(f"/files/{written.file}"))
    assert "Inés Morales" in seen
    assert "Nora Bell" in seen
    audited = text_of(written.browser("ada").get(f"/files/{written.file}"))
    assert "Nora Bell" in audited
    assert "a writer under 18" in audited
    assert "Morales" not in audited
    assert "ines@example.org" not in audited


def test_the_nominee_learns_a_minors_first_name_at_the_most(written):
    from portal.nominations.models import NomineeFile
    from portal.nominations.queries.files import file_by_public_id
    from portal.nominations.rules.consent import voices

    with written.app.app_context():
        file = file_by_public_id(written.file)
        assert isinstance(file, NomineeFile)
        assert {voice.name for voice in voices(file.nominations)} == {"Inés", "Nora Bell"}
