"""Settings, read from the environment. Every name that can be set starts with EDS_; docs/operate.md lists them."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DEBUG = _flag("EDS_DEBUG", False)
DEMO = _flag("EDS_DEMO", False)
DATA_DIR = Path(os.environ.get("EDS_DATA_DIR", BASE_DIR / "var"))

SECRET_KEY = os.environ.get("EDS_SECRET_KEY", "")
if not SECRET_KEY:
    if not (DEMO or DEBUG):
        raise ImproperlyConfigured("EDS_SECRET_KEY is not set. Set it to a long random text that is kept secret.")
    SECRET_KEY = "only-for-the-demo-and-development-" + "x" * 30

ALLOWED_HOSTS = _list("EDS_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _list("EDS_TRUSTED_ORIGINS", "")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "eds.project",
    "eds.ui",
    "eds.jobs",
    "eds.files",
    "eds.history",
    "eds.people",
    "eds.frameworks",
    "eds.assessments",
    "eds.access",
    "evidence",
    "grading",
    "objectives",
    "reports",
    "eds.pages",
]

MIDDLEWARE = [
    "eds.project.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "eds.ui.middleware.KeepTypedTextMiddleware",
    "eds.project.middleware.PrivatePagesMiddleware",
    "eds.people.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "eds.project.urls"
WSGI_APPLICATION = "eds.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "eds.ui.context.site",
            ],
            "builtins": ["eds.ui.templatetags.ui", "eds.assessments.templatetags.criteria"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("EDS_DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files, so that limits on tries and used codes hold over all processes of this machine.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ANONYMOUS_USER_NAME = None  # guardian: no row that stands for everybody
GUARDIAN_MONKEY_PATCH_USER = False

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "eds.people.adapter.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "eds.people.second_factor.MFAAdapter"
MFA_TOTP_TOLERANCE = 1  # clocks of phones that are up to half a minute out
# For equality leads, deputies and site administrators. The demo logs in by a button.
EDS_REQUIRE_SECOND_FACTOR = _flag("EDS_REQUIRE_SECOND_FACTOR", not DEMO)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("EDS_STATIC_ROOT", DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
_VENDORED = BASE_DIR / "var" / "frontend"  # made by scripts/prepare_frontend.py, never committed
if _VENDORED.is_dir():
    STATICFILES_DIRS.append(_VENDORED)
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = ""  # files are served by permission only
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
EDS_UPLOAD_MAX_BYTES = 20_000_000
# Counts of people below the threshold never leave the organisation (R15); stricter by characteristic or by source.
EDS_SMALL_NUMBERS: dict[str, Any] = {
    "default": int(os.environ.get("EDS_SMALL_NUMBERS", "10")),
    "characteristics": {"gender-reassignment": int(os.environ.get("EDS_SMALL_NUMBERS_GENDER_REASSIGNMENT", "20"))},
    "hide_zeros": _flag("EDS_SMALL_NUMBERS_HIDE_ZEROS", False),
}

# The product's own limits
EDS_WORKER_SILENT_SECONDS = int(os.environ.get("EDS_WORKER_SILENT_SECONDS", "30"))
EDS_JOB_LEASE_SECONDS = int(os.environ.get("EDS_JOB_LEASE_SECONDS", "30"))
EDS_SWEEP_SECONDS = int(os.environ.get("EDS_SWEEP_SECONDS", "5"))
EDS_DEMO_YEAR = int(os.environ.get("EDS_DEMO_YEAR", "0"))
EDS_DRAFT_HOURS = int(os.environ.get("EDS_DRAFT_HOURS", str(30 * 24)))
EDS_LOGGED_OUT_TEXT_HOURS = int(os.environ.get("EDS_LOGGED_OUT_TEXT_HOURS", "24"))
EDS_DRAFT_CHARACTERS = 600_000
EDS_BASE_URL = os.environ.get("EDS_BASE_URL", "http://localhost:8000")

# Mail. In the demo mails are kept and shown, and never leave.
EDS_MAILS_KEPT = _flag("EDS_MAILS_KEPT", DEMO)
_MAIL = urlsplit(os.environ.get("EDS_EMAIL_URL", ""))
if _MAIL.scheme not in {"", "smtp", "smtps"}:
    raise ImproperlyConfigured("EDS_EMAIL_URL starts with smtp:// or smtps://.")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = not EMAIL_USE_SSL and parse_qs(_MAIL.query).get("tls", ["1"]) != ["0"]
EMAIL_PORT = _MAIL.port or (465 if EMAIL_USE_SSL else 587)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EDS_EMAIL_FROM", "Equality Delivery System <no-reply@localhost>")
EDS_INVITATION_DAYS = int(os.environ.get("EDS_INVITATION_DAYS", "14"))
EDS_SIGN_IN_LINK_MINUTES = int(os.environ.get("EDS_SIGN_IN_LINK_MINUTES", "60"))
EDS_REMIND_DAYS = sorted(int(days) for days in _list("EDS_REMIND_DAYS", "7,2"))

# Celery: a message only says that a row waits (eds.jobs), so the broker may lose it.
CELERY_BROKER_URL = os.environ.get("EDS_BROKER_URL", "filesystem://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
if CELERY_BROKER_URL.startswith("filesystem:"):
    _BROKER_DIR = DATA_DIR / "broker"
    CELERY_BROKER_TRANSPORT = "eds.jobs.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "messages"),
        "data_folder_out": str(_BROKER_DIR / "messages"),
        "control_folder": str(_BROKER_DIR / "control"),
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "eds.jobs.tasks.sweep", "schedule": EDS_SWEEP_SECONDS},
    "settle-overdue-outcomes": {"task": "grading.tasks.settle_overdue_outcomes", "schedule": 600},
    "forget-old-unsaved-texts": {"task": "eds.ui.tasks.forget_old_unsaved_texts", "schedule": 3600},
    "remind-before-dates": {"task": "eds.pages.tasks.remind", "schedule": 3600},
    "follow-plans": {"task": "objectives.tasks.follow_plans", "schedule": 3600},
    "forget-requests-for-links": {"task": "eds.pages.tasks.forget", "schedule": 3600},
}

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "eds.ui.views.csrf_failure"
_HTTPS = _flag("EDS_HTTPS", not (DEMO or DEBUG))
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
EDS_BEHIND_PROXY = _flag("EDS_BEHIND_PROXY", False)
if EDS_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "eds.project.middleware.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("EDS_LOG_LEVEL", "INFO")},
    "loggers": {
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
