"""What changes panels, conflicts, plans, assignments and reviews: one verb each."""
