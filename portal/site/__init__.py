"""The public pages of a program: what a visitor sees before they are anybody."""
