"""What needs me today, for every role; the mail that went out; the record of what happened."""
