"""Settings. What an operator may set stands in docs/settings.md; everything else is decided here."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from environs import Env

from plein.listening.places import registers
from plein_web.site.processes import ADDRESS_FILE, DATABASE_FILE

env = Env()

HERE = Path(__file__).parent
HOME = Path(env.str("PLEIN_HOME", "plein-data")).resolve()
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
KEY_FILE = Path(env.str("PLEIN_KEY_FILE", str(HOME / "plein.key")))
MEDIA_ROOT = HOME / "media"


def _secret_key(path: Path) -> str:
    """Read the signing key; make one, readable by us alone, on the first start."""
    if not path.exists():
        # Written aside and then linked: two processes that start together end up with one key.
        descriptor, own = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(own, path)
        os.unlink(own)
    return path.read_text().strip()


SECRET_KEY = env.str("PLEIN_SECRET_KEY", "") or _secret_key(HOME / "signing.key")
DEBUG = False
# Where it is not set: what `plein up` last answered at, so that links of other commands lead there.
_SERVED = HOME / ADDRESS_FILE
ADDRESS = env.str("PLEIN_ADDRESS", _SERVED.read_text().strip() if _SERVED.exists() else "http://127.0.0.1:8321")
SECURE = ADDRESS.startswith("https://")
ALLOWED_HOSTS = [*env.list("PLEIN_HOSTS", ["localhost", "127.0.0.1", "[::1]"]), urlsplit(ADDRESS).hostname or ""]
CSRF_TRUSTED_ORIGINS = [ADDRESS]

# How to reach the rest of the world.
PROXY = env.str("PLEIN_PROXY", "") or None
CA_FILE = env.str("PLEIN_CA_FILE", "") or None
# Private addresses that channels may reach, beside those an administrator allows per town.
ALLOWED_ADDRESSES = env.list("PLEIN_ALLOWED_ADDRESSES", [])
# The open registers of places.
NEIGHBOURHOODS_URL = env.str("PLEIN_NEIGHBOURHOODS_URL", registers.NEIGHBOURHOODS)
ADDRESSES_URL = env.str("PLEIN_ADDRESSES_URL", registers.ADDRESSES)
# Where the practice square is kept; without it that network is not offered.
PRACTICE_SQUARE = env.str("PLEIN_PRACTICE_SQUARE", "")

INSTALLED_APPS = [
    "plein_web.town",
    "plein_web.channels",
    "plein_web.listening",
    "plein_web.inbox",
    "plein_web.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "plein_web.site.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "plein_web.site.middleware.language",
    "plein_web.site.middleware.signed_out",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "plein_web.site.urls"
ASGI_APPLICATION = "plein_web.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "environment": "plein_web.site.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "plein_web.site.jinja.shell",
            ],
        },
    },
    # allauth asks for a Django engine; all its pages that we use are overridden in Jinja2.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]
# A municipality's own look: a file with its tokens (`--basis-*`), and the class that they stand under.
PLEIN_THEME_CSS = env.str("PLEIN_THEME_CSS", "")
PLEIN_THEME_CLASS = env.str("PLEIN_THEME_CLASS", "")
FORM_RENDERER = "plein_web.site.jinja.FormRenderer"


def database_settings(url: str) -> dict:
    """Return Django's settings for a DATABASE_URL, with what we measured to be needed."""
    chosen = dj_database_url.parse(url)
    if "sqlite3" in chosen["ENGINE"]:
        # Deferred read-then-write transactions failed in 13-41 % under load, immediate ones never.
        chosen["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON;PRAGMA cache_size=-8000;PRAGMA temp_store=MEMORY;",
        }
    else:
        chosen["CONN_MAX_AGE"] = 60
        chosen["CONN_HEALTH_CHECKS"] = True
    return chosen


DATABASES = {"default": database_settings(env.str("DATABASE_URL", f"sqlite:///{HOME / DATABASE_FILE}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "town.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "plein_web.site.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "plein_web.site.accounts.ClosedDoor"
ACCOUNT_FORMS = {"login": "plein_web.site.accounts.SignInForm"}
ACCOUNT_RATE_LIMITS = {"setup": "10/m/ip"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SECURE:
    SECURE_SSL_REDIRECT = True
    # The supervisor's and the load balancer's own question comes without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Other names under the municipality's domain, and the browsers' preload list, are not ours to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
APPEND_SLASH = True

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("PLEIN_TIME_ZONE", "Europe/Amsterdam")

# Served from where they are installed: nothing is collected, nothing is copied.
STATIC_URL = "/static/"
STATIC_ROOT = HERE / "static"
WHITENOISE_MAX_AGE = 60 * 60
EMAIL_CONFIG = env.dj_email_url("PLEIN_EMAIL_URL", "consolemail://")
vars().update(EMAIL_CONFIG)
# Who mail is from: an address that the mail server lets us use.
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("PLEIN_EMAIL_FROM", f"plein@{urlsplit(ADDRESS).hostname or 'localhost'}")
LOGGING_CONFIG = None
