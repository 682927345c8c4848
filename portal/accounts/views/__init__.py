"""Pages of signing in, and of who holds which role."""

from portal.accounts.views import people, signing

BLUEPRINTS = (signing.bp, people.bp)
