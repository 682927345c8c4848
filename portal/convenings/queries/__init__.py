"""What there is of convenings, proposals and the agenda, for this viewer."""
