"""The whole way on real input, through the pages: what `portal rehearse` does and the journey test asserts."""
