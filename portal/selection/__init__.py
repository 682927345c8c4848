"""Ranking, agreement, deliberation, decision and announcement."""
