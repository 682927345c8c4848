"""Nominations, the nominee files they form, consent and screening."""
