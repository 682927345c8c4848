"""Fair play: what speaks against a nomination being one person's own word. Pure; it suggests, and a person judges.

`prints` compares texts, `mailboxes` addresses, `judge` weighs the evidence. Nothing here deletes or hides anything.
"""

from portal.nominations.fairplay.judge import FLAGGED, Evidence, Sent, judge, points
from portal.nominations.fairplay.mailboxes import series, stem, the_same_box
from portal.nominations.fairplay.prints import SHARED, likeness, shingles, sketch

__all__ = [
    "FLAGGED", "SHARED", "Evidence", "Sent", "judge", "likeness", "points", "series", "shingles", "sketch", "stem",
    "the_same_box",
]  # fmt: skip
