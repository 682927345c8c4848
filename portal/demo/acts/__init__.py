"""What happened in the demo's years, one module for each part of the way."""
