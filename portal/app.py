"""The application factory: a table of contents of the house."""

import hashlib
from pathlib import Path

from flask import Flask, request
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal import features
from portal.core import db as database
from portal.core import hx, i18n, limits, queue, settings, shell, web
from portal.core.db import db

csrf = CSRFProtect()


def create_app(config: settings.Settings | None = None) -> Flask:
    """Makes the application; raises SettingsError with every problem of the settings at once."""
    config = config or settings.load()
    root = settings.root()
    app = Flask(
        "portal", root_path=str(Path(__file__).parent), static_folder=None, template_folder=str(root / "templates")
    )
    app.config.update(
        PORTAL=config,
        TESTING=config.testing,
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="laurel",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.base_url.startswith("https://"),
        MAX_CONTENT_LENGTH=25 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # an expiring token would lose a long essay
    )
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *([config.trusted_proxies] * 4))  # type: ignore[method-assign]
    _serve_static(app, root / "static")

    hx.htmx.init_app(app)
    csrf.init_app(app)
    i18n.init_app(app)
    database.init_app(app)
    Migrate(app, db, directory=str(root / "migrations"))
    _sign_in(app)
    limits.init_app(app)
    web.init_app(app)
    shell.init_app(app)
    features.init_app(app)
    queue.init_app(app)
    return app


def _serve_static(app: Flask, folder: Path) -> None:
    """Serves `static/` below a digest of its contents, so that browsers may keep every file forever."""
    whole = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    prefix = f"static/{whole.hexdigest()[:12]}"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=folder, prefix=prefix, max_age=31536000, immutable_file_test=lambda *_: True
    )
    app.jinja_env.globals["asset"] = lambda path: f"{request.script_root if request else ''}/{prefix}/{path}"


def _sign_in(app: Flask) -> None:
    from portal.accounts import queries

    manager = LoginManager()
    manager.login_view = "accounts.sign_in"
    manager.session_protection = None  # sign-ins are rows that can be revoked; the built-in check trusts a header
    manager.user_loader(queries.person_for_cookie)
    manager.init_app(app)
