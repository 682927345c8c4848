"""Tests of the same package."""
