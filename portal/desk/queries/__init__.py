"""What the desk reads: the cycle and its figures, the mail, the record."""
