"""Laurel: one program for honoring educators, from the first nomination to what the winners do next."""
