"""A file of scores, ranked without a database: what `portal rank SCORES.csv --winners K` does.

Public interface (pure):

    parse_scores(content, *, weights=None, scale=None) -> ScoreFile     raises ScoreFileError naming lines
    analyze(source, winners, *, seed=0) -> Analysis                     ranking, agreement, tie
    report(analysis) -> str                                             for reading
    to_csv(analysis), to_json(analysis), to_svg(analysis) -> str        for keeping
"""

from portal.selection.scorefile.analysis import Analysis, analyze, student_columns
from portal.selection.scorefile.parse import Problem, ScoreFile, ScoreFileError, ScoreRow, parse_scores
from portal.selection.scorefile.report import chance_text, report
from portal.selection.scorefile.writers import to_csv, to_json, to_svg

__all__ = [
    "Analysis",
    "Problem",
    "ScoreFile",
    "ScoreFileError",
    "ScoreRow",
    "analyze",
    "chance_text",
    "inert",
    "parse_scores",
    "report",
    "student_columns",
    "to_csv",
    "to_json",
    "to_svg",
]
