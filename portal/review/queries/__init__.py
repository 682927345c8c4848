"""What there is to see of panels, plans, files to read, the sheet, and the scores that count."""

from portal.review.queries.results import ScoreRow, own_reviews_are_in, scores_of_round, standing

__all__ = ["ScoreRow", "own_reviews_are_in", "scores_of_round", "standing"]
