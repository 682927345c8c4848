"""The settings of one installation: from the environment (`PORTAL_...`) and an optional file; problems in one list."""

import os
import sys
from pathlib import Path
from typing import Literal

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.core.tokens import new_secret

SETTINGS_FILE = "settings.env"


class SettingsError(Exception):
    """The settings can't be used; `problems` lists every one as a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """One value a field; the variable is the field's name in capitals after ``PORTAL_``."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    data: Path = Path("data")  # database, uploads and the job queue of an installation on one machine
    database_url: str = ""  # empty: SQLite inside `data`
    secret_key: str = ""  # signs cookies and derives mailed links; `portal init` makes one
    base_url: str = "http://127.0.0.1:8000"  # how people reach the server; mailed links begin with it
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 0  # 0: one a core
    web_threads: int = 4
    trusted_proxies: int = 0  # how many reverse proxies stand before the server

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "laurel@localhost"

    sign_in_minutes: int = 10
    sign_in_days: int = 30
    sqlite_synchronous: Literal["FULL", "NORMAL"] = "FULL"
    demo: bool = False  # shows the banner and the mailbox; sends no mail
    testing: bool = False

    @property
    def url(self) -> str:
        """The database's address for SQLAlchemy."""
        if not self.database_url:
            return f"sqlite:///{(self.data / 'portal.sqlite3').resolve()}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def problems(self) -> list[str]:
        """What would go wrong later, said now."""
        found = []
        if len(self.secret_key) < 32:
            found.append("PORTAL_SECRET_KEY needs at least 32 random characters; `portal init` makes one.")
        if not self.base_url.startswith(("http://", "https://")):
            found.append("PORTAL_BASE_URL must begin with http:// or https://.")
        if not self.url.startswith(("sqlite:///", "postgresql+psycopg://")):
            found.append("PORTAL_DATABASE_URL must be a sqlite:/// or postgresql:// address.")
        if self.sign_in_minutes < 1 or self.sign_in_days < 1:
            found.append("PORTAL_SIGN_IN_MINUTES and PORTAL_SIGN_IN_DAYS must be at least 1.")
        if not self.smtp_host and not (self.demo or self.testing):
            found.append("PORTAL_SMTP_HOST is missing: without a mail server nobody can be told anything.")
        return found


def current() -> Settings:
    """The settings of the running application."""
    from flask import current_app

    settings: Settings = current_app.config["PORTAL"]
    return settings


def settings_file(data: Path | None = None) -> Path:
    """Where the optional file lies: `PORTAL_SETTINGS`, or `settings.env` in the data folder."""
    named = os.environ.get("PORTAL_SETTINGS")
    return Path(named) if named else (data or Path(os.environ.get("PORTAL_DATA", "data"))) / SETTINGS_FILE


def load(*, check: bool = True, data: Path | None = None, **overrides: object) -> Settings:
    """Reads the settings: overrides win over the environment, the environment over the file.

    Raises SettingsError with every problem (values of the wrong kind and values that can't work) at once.
    """
    file = settings_file(data)
    if data is not None:
        overrides["data"] = data
    try:
        settings = Settings(_env_file=file if file.exists() else None, **overrides)  # type: ignore[call-arg, arg-type]
    except ValidationError as error:
        raise SettingsError([_sentence(e) for e in error.errors()]) from None
    problems = settings.problems() if check else []
    if problems:
        raise SettingsError(problems)
    return settings


def write_file(data: Path | None, *, base_url: str) -> str:
    """Writes the settings file with a new secret, readable by its owner alone; never over an existing one."""
    file = settings_file(data)
    if file.exists():
        return f"Settings: {file} is kept as it is."
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(
        "# Settings of this installation; the environment wins over them. The README lists all.\n"
        f"PORTAL_DATA={file.parent.resolve()}\n"
        f"PORTAL_SECRET_KEY={new_secret()}\n"
        f"PORTAL_BASE_URL={base_url}\n"
        "# Mail leaves through this server; nobody can be told anything without it.\n"
        "# PORTAL_SMTP_HOST=smtp.example.org\n# PORTAL_SMTP_USER=\n# PORTAL_SMTP_PASSWORD=\n"
        "# PORTAL_MAIL_FROM=award@example.org\n"
    )
    return f"Settings: {file} was written. Add your mail server there."


def _sentence(error: object) -> str:
    detail = dict(error)  # type: ignore[call-overload]
    name = "PORTAL_" + "_".join(str(p) for p in detail["loc"]).upper()
    return f"{name} is {str(detail.get('input'))!r}: {detail['msg']}."


def root() -> Path:
    """The folder that holds `templates`, `static` and `migrations`: beside the package, or inside an installed one."""
    package = Path(__file__).resolve().parent.parent
    beside = package.parent
    return beside if (beside / "templates" / "layout.html").exists() else package / "_bundled"


def complain(error: SettingsError) -> None:
    """Prints every problem to standard error."""
    print("The settings need mending:", *(f"  - {p}" for p in error.problems), sep="\n", file=sys.stderr)
