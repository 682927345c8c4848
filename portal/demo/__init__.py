"""The living example: made once, through the same actions that people use, and served."""
