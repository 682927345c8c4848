"""Panels, reviewers, conflicts, assignment, calibration, reviews and scores."""
