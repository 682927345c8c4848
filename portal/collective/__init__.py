"""The Teacher Leader Collective: past winners are invited, join, and find each other."""
