"""Assign files to reviewers."""
