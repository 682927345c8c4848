"""`portal rank`: what it reads, what it refuses and on which line, what it prints and writes."""

import csv
import io
import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.selection.command import rank
from portal.selection.scorefile import ScoreFileError, analyze, parse_scores, report, to_csv, to_json, to_svg
from tests.cases import table

GOOD = """file,reviewer,Student growth,Student belonging,Craft
Ana,r1,4,3,3
Ana,r2,3,3,4
Ben,r1,2,3,
Ben,r3,3,3,2
Chloë,r2,4,4,4
Chloë,r3,4,3,4
Dev,r1,2,2,1
Dev,r2,2,1,2
"""


def problems(content, **options):
    with pytest.raises(ScoreFileError) as caught:
        parse_scores(content, **options)
    return [(problem.line, problem.text) for problem in caught.value.problems]


def run(tmp_path, content, *options):
    path = tmp_path / "scores.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(rank, [str(path), *options])


# Reading


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.encode("utf-16-le"),
        GOOD.replace(",", "|"),
        "sep=;\n" + GOOD.replace(",", ";"),
        GOOD.encode("cp1252"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("file,reviewer", " File , REVIEWER "),
        GOOD.replace("Ana", '"Ana"'),
        "\n\n" + GOOD + "\n\n",
        GOOD.replace("Ben,r1,2,3,\n", "Ben,r1,2,3,n/a\n"),
    ],
)
def test_whatever_a_spreadsheet_saves_is_read_alike(content):
    read = parse_scores(content, scale=(1, 4))
    assert read.files == ["Ana", "Ben", "Chloë", "Dev"]
    assert read.criteria == ("Student growth", "Student belonging", "Craft")
    assert read.scores.tolist() == parse_scores(GOOD).scores.tolist()


def test_quoted_names_may_hold_commas_and_line_breaks_and_lines_stay_right():
    content = 'file,reviewer,score\n"Ana,\nof Room 3",r1,3\nBen,r1,x\n'
    assert problems(content) == [(4, "'x' in column score is no number.")]


def test_weights_count_and_an_empty_cell_costs_nothing():
    read = parse_scores(GOOD, weights={"student growth": 50, "Student belonging": 25, "Craft": 25})
    assert read.scores[0] == pytest.approx(3.5)
    craft = [3, 4, 2, 4, 4, 1, 2]
    growth, belonging = [4, 3, 2, 3, 4, 4, 2, 2], [3, 3, 3, 3, 4, 3, 2, 1]
    level = (50 * sum(growth) / 8 + 25 * sum(belonging) / 8 + 25 * sum(craft) / 7) / 100
    centered = (50 * (2 - sum(growth) / 8) + 25 * (3 - sum(belonging) / 8)) / 75
    assert read.scores[2] == pytest.approx(level + centered)


def test_one_score_a_review_is_taken_as_it_is():
    read = parse_scores("file,reviewer,score\na,r,71.5\nb,r,-3\n")
    assert read.scores.tolist() == [71.5, -3.0]


# Refusing


@pytest.mark.parametrize("number", ["x", "3,5", "nan", "inf", "1_0", "4 points", "=1+1"])
def test_what_is_no_number_is_refused_by_line(number):
    content = f'file,reviewer,score\na,r,3\nb,r,"{number}"\nc,r,2\n'
    assert problems(content) == [(3, f"{number!r} in column score is no number.")]


def test_off_the_scale_is_refused_by_line_and_its_ends_are_not():
    content = "file,reviewer,score\na,r,1\nb,r,4\nc,r,4.5\nd,r,0\n"
    assert [line for line, _ in problems(content, scale=(1, 4))] == [4, 5]
    assert len(parse_scores(content).rows) == 4


def test_a_second_review_by_the_same_reviewer_is_refused_by_line():
    assert problems(GOOD + "Ana,r1,2,2,2\n") == [(10, "r1 has a second review of Ana; the first is on line 2.")]


def test_every_bad_line_is_named_at_once():
    content = GOOD + "Eva,,3,3,3\n,r1,3,3,3\nFay,r1,3,3,3,9\nGus,r1,,,3\n"
    found = problems(content)
    assert found == [
        (10, "The reviewer is missing."),
        (11, "The file is missing."),
        (12, "6 cells, but the header has 5 columns."),
    ]
    assert problems(GOOD + "Gus,r1,,,3\n") == [(10, "Only 33% of the weight is judged; a review needs 60%.")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The file is empty."),
        ("\n \n", "The file is empty."),
        ("file,reviewer,score\n", "no reviews"),
        ("name,reviewer,score\na,r,1\n", "no column file"),
        ("file,score\na,1\n", "no column reviewer"),
        ("file,reviewer\na,r\n", "no column score"),
        ("file,reviewer,score,Craft\na,r,1,2\n", "not both (Craft)"),
        ("file,reviewer,Craft,craft\na,r,1,2\n", "may appear once: craft"),
        ("file,reviewer,,Craft\na,r,1,2\n", "Column 3 has no name"),
        ("file,reviewer,score\na,r,\n", "The score is missing."),
    ],
)
def test_files_that_cannot_be_ranked_say_why(content, said):
    assert said in problems(content)[0][1]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"growth": 1}, "is no criterion"),
        ({"Student growth": 1, "Craft": 1}, "Student belonging"),
        ({"Student growth": 0, "Student belonging": 0, "Craft": 0}, "at least one above zero"),
        ({"Student growth": -1, "Student belonging": 1, "Craft": 1}, "zero or more"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, said):
    assert any(said in text for _, text in problems(GOOD, weights=weights))


@pytest.mark.parametrize("winners", [0, -1, 5])
def test_the_number_of_winners_must_fit(winners):
    with pytest.raises(ScoreFileError, match="between 1 and 4"):
        analyze(parse_scores(GOOD), winners)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_with_sentences(content):
    try:
        read = parse_scores(content)
    except ScoreFileError as refused:
        said = str(refused)
    else:
        said = f"{len(read.rows)} reviews"
    assert said


@given(st.text(alphabet="ab,\"\n\r;\t1.5-= \x00", max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_rows_below_a_good_header_are_read_or_refused(body):
    try:
        read = parse_scores("file,reviewer,score\n" + body)
    except ScoreFileError as refused:
        lines = [problem.line for problem in refused.problems]
        total = body.count("\n") + body.count("\r") + 2
    else:
        lines, total = [row.line for row in read.rows], body.count("\n") + body.count("\r") + 2
    assert all(line is None or 1 <= line <= total for line in lines)


# The command


def test_the_report_stands_raw_beside_adjusted(tmp_path):
    made = run(tmp_path, GOOD, "--winners", "2", "--scale", "1-4", "--seed", "3")
    assert made.exit_code == 0, made.output
    for word in ("4 files, 3 readers, 8 reviews, 2 places", "seed 3", "raw", "adjusted", "chance", "Krippendorff",
                 "strictest first", "Where readers part", "Chloë"):  # fmt: skip
        assert word in made.stdout
    again = run(tmp_path, GOOD, "--winners", "2", "--scale", "1-4", "--seed", "3")
    assert again.stdout == made.stdout


def test_published_ratings_go_through_the_command(tmp_path):
    rows = [f"t{i},j{j},{value:g}" for i, row in enumerate(table("shrout_fleiss_1979")) for j, value in enumerate(row)]
    out = tmp_path / "out.json"
    made = run(tmp_path, "\n".join(["file,reviewer,score", *rows]), "--winners", "2", "--out", str(out))
    assert made.exit_code == 0, made.output
    assert "one review 0.29, the mean of 4.0 0.62" in made.stdout
    assert "Everybody read everything" in made.stdout
    assert round(json.loads(out.read_text())["agreement"]["icc"]["single"], 4) == 0.2898


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--winners", "0"], "between 1 and 4"),
        (["--winners", "9"], "between 1 and 4"),
        (["--winners", "two"], "not a valid integer"),
        ([], "--winners"),
        (["--winners", "1", "--scale", "4-1"], "lowest first"),
        (["--winners", "1", "--scale", "4"], "not of the form 1-4"),
        (["--winners", "1", "--scale", "1-3"], "Line 2: 4 in column Student growth is off the scale 1 to 3."),
        (["--winners", "1", "--weights", "Craft"], "not of the form criterion=25"),
        (["--winners", "1", "--weights", "Craft=x"], "not of the form criterion=25"),
        (["--winners", "1", "--weights", "Craft=1,Craft=2"], "twice"),
        (["--winners", "1", "--weights", "Crafts=1"], "is no criterion"),
        (["--winners", "1", "--out", "x.pdf"], "must end in .csv, .json or .svg"),
        (["--winners", "1", "--out", "/nowhere/at/all.csv"], "cannot be written"),
        (["--winners", "1", "--seed", "-1"], "--seed"),
    ],
)
def test_wrong_calls_end_with_a_sentence_and_2(tmp_path, options, said):
    made = run(tmp_path, GOOD, *options)
    assert made.exit_code == 2
    assert said in made.stderr
    assert "Traceback" not in made.output


def test_a_file_that_is_not_there():
    made = CliRunner().invoke(rank, ["nowhere.csv", "--winners", "1"])
    assert (made.exit_code, "nowhere.csv cannot be read" in made.stderr) == (2, True)


def test_it_runs_as_the_portal_command_reading_standard_input():
    call = [sys.executable, "-c", "from portal.cli import main; main()", "rank", "-", "--winners", "2"]
    made = subprocess.run(call, input=GOOD.encode(), capture_output=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    assert "Chloë" in made.stdout.decode()


def test_a_negative_scale_is_read(tmp_path):
    made = run(tmp_path, "file,reviewer,score\na,r,-2\nb,r,2\n", "--winners", "1", "--scale", "-2-2")
    assert made.exit_code == 0, made.output


# The tie


TIED = """file,reviewer,Student growth,Student belonging,Craft
Ana,r1,4,3,2
Ana,r2,3,4,2
Ben,r1,2,3,4
Ben,r2,3,2,4
Cal,r1,2,3,4
Cal,r2,3,2,4
Dev,r1,1,1,1
Dev,r2,1,1,2
"""


def test_a_tie_is_settled_by_the_student_criteria_as_far_as_they_go():
    one = report(analyze(parse_scores(TIED), 1))
    assert "3 files share the raw score 3.000 and 1 place was left: Ana, Ben, Cal." in one
    assert "The two student criteria: Ana 3.500, Ben 2.500, Cal 2.500; Ana takes a place." in one
    assert "Still tied" not in one
    two = report(analyze(parse_scores(TIED), 2))
    assert "The median: Ben 3.000, Cal 3.000; nobody is ahead." in two
    assert "Still tied for 1 place: Ben, Cal." in two
    assert "The tie" not in report(analyze(parse_scores(TIED), 3))


# Writing


HOSTILE = """file,reviewer,score
"=HYPERLINK(""http://x"")",r1,4
+1,r1,3
@SUM(A1),r1,2
<script>alert(1)</script>,r1,1
"＝1+1",r1,0
"""


def test_formulas_are_inert_in_csv():
    rows = list(csv.DictReader(io.StringIO(to_csv(analyze(parse_scores(HOSTILE), 1)))))
    names = [row["file"] for row in rows]
    assert names == ["'=HYPERLINK(\"http://x\")", "'+1", "'@SUM(A1)", "<script>alert(1)</script>", "'＝1+1"]
    assert [float(row["raw"]) for row in rows] == [4, 3, 2, 1, 0]


def test_json_holds_everything_and_no_nan():
    body = json.loads(to_json(analyze(parse_scores(GOOD), 2)), parse_constant=pytest.fail)
    assert body["files"][0]["file"] == "Chloë"
    assert sum(row["chance"] for row in body["files"]) == pytest.approx(2)
    assert {"variances", "banners", "reviewers", "agreement", "tie", "seed", "method"} <= body.keys()


def test_the_picture_is_well_formed_described_and_harmless():
    picture = to_svg(analyze(parse_scores(HOSTILE + "\x07bell,r1,3\n"), 2))
    root = ElementTree.fromstring(picture)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "Ranking"
    assert "6 files, 2 with a place." in root.find(f"{space}desc").text
    assert "<script" not in picture
    assert len(root.findall(f"{space}circle")) == 2 + 2 * 6  # the legend's, then a dot and a ring a file


def test_the_picture_holds_equal_scores_and_one_file():
    for content in ("file,reviewer,score\na,r,3\n", "file,reviewer,score\na,r,3\nb,r,3\n"):
        ElementTree.fromstring(to_svg(analyze(parse_scores(content), 1)))
        assert "nan" not in to_svg(analyze(parse_scores(content), 1))


def test_the_command_writes_all_three(tmp_path):
    outs = [tmp_path / f"out.{kind}" for kind in ("csv", "json", "svg")]
    made = run(tmp_path, GOOD, "--winners", "2", *[part for out in outs for part in ("--out", str(out))])
    assert made.exit_code == 0, made.output
    assert outs[0].read_bytes().startswith(b"\xef\xbb\xbfplace,file,")
    assert json.loads(outs[1].read_text(encoding="utf-8"))["winners"] == 2
    assert outs[2].read_text(encoding="utf-8").startswith("<svg ")
