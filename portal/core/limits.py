"""How often one address may ask: a brake on routes that send mail or guess codes. Counts are per process."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)


def init_app(app: Flask) -> None:
    """Binds the limiter; the test suite and the demo ask faster than people do."""
    config = app.config["PORTAL"]
    app.config["RATELIMIT_ENABLED"] = not (config.testing or config.demo)
    limiter.init_app(app)
