"""What there is of nominations and files, for this viewer."""
