"""What organizers type about a program."""
