"""Settings of the web application, all from the environment; docs/reference/settings.md lists them.

Two modes. ``laptop`` (the default) serves one person on this machine: a one-time link printed at
start signs them in. ``server`` is for an organisation: real sign-in, HTTPS, secure cookies.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from nameplate.model.errors import UsageError

WORKSPACE = Path(os.environ.get("NAMEPLATE_WORKSPACE", "workspace")).resolve()
MODE = os.environ.get("NAMEPLATE_MODE", "laptop")
if MODE not in ("laptop", "server"):
    raise UsageError(f"NAMEPLATE_MODE is {MODE!r}", do="set it to laptop or server")
SERVER = MODE == "server"


def _secret_key() -> str:
    """The key from the environment, else one made once and kept in the workspace (mode 0600)."""
    given = os.environ.get("NAMEPLATE_SECRET_KEY")
    if given:
        return given
    path = WORKSPACE / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


def database(url: str) -> dict[str, Any]:
    """Django's settings for a DATABASE_URL: ``postgres://user:password@host:port/name``.

    Empty means SQLite in the workspace, in WAL mode with immediate transactions, so that a writer
    waits for another in place of failing. Raises UsageError for another scheme.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": WORKSPACE / "nameplate.sqlite3",
            "OPTIONS": {
                "timeout": 60,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise UsageError(
            f"DATABASE_URL begins with {parts.scheme!r}", do="give postgres://user:password@host/db"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = _secret_key()
DEBUG = False
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("NAMEPLATE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SERVER else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "nameplate.register",
    "nameplate.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nameplate.web.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "nameplate.web.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "nameplate.web.urls"
WSGI_APPLICATION = "nameplate.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "nameplate.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "nameplate.web.context.page",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "register.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_ADAPTER = "nameplate.web.accounts.AccountAdapter"
MFA_ADAPTER = "nameplate.web.accounts.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = True

OIDC_PROVIDERS: list[dict[str, str]] = []
"""Sign-in services of the organisation: what the sign-in page offers (provider_id, name)."""
if os.environ.get("NAMEPLATE_OIDC_ISSUER"):
    OIDC_PROVIDERS = [
        {
            "provider_id": "organisation",
            "name": os.environ.get("NAMEPLATE_OIDC_NAME", "your organisation's account"),
        }
    ]
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                **provider,
                "client_id": os.environ.get("NAMEPLATE_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("NAMEPLATE_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": os.environ["NAMEPLATE_OIDC_ISSUER"]},
            }
            for provider in OIDC_PROVIDERS
        ],
    }
}
SOCIALACCOUNT_ADAPTER = "nameplate.web.accounts.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("NAMEPLATE_SMTP_HOST")
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = os.environ.get("NAMEPLATE_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("NAMEPLATE_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("NAMEPLATE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("NAMEPLATE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("NAMEPLATE_MAIL_FROM", "nameplate@localhost")

AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 1
"""Hours: NCSC's guidance is to throttle, not to lock for good."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = None
"""Files are served from the package itself; nothing is collected."""
STATICFILES_DIRS = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = WORKSPACE / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR: str | None = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
NAMEPLATE_UPLOAD_LIMIT = int(os.environ.get("NAMEPLATE_UPLOAD_LIMIT", str(2 * 1024**3)))
"""Largest upload, bytes."""

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SERVER
SECURE_HSTS_SECONDS = 31536000 if SERVER else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVER
SECURE_HSTS_PRELOAD = SERVER
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SERVER else None
SESSION_COOKIE_SECURE = SERVER
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = SERVER
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "nameplate.web.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("NAMEPLATE_LOG_LEVEL", "WARNING")},
}
