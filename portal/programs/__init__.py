"""Program, cycle, rounds, windows, districts, schools and rubrics: what an award is, as data."""
