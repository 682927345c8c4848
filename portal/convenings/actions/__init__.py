"""Every change to convenings, proposals and the agenda, one verb each."""
