"""What every feature stands on; nothing here knows a nomination from a session."""
