"""What members and organizers type about convenings."""
