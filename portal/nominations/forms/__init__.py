"""The forms around nominations, a file for each part."""
