"""A configurable question -> a form field -> a stored answer: the one place, for every form of the product."""
