"""Settings, read from the environment. Every name that can be set starts with EDS_; docs/operate.md lists them."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from pythonjsonlogger.core import RESERVED_ATTRS

from eds.project import production, storages
from eds.project.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = Environment(os.environ)

DEBUG = ENVIRONMENT.flag("EDS_DEBUG", False)
DEMO = ENVIRONMENT.flag("EDS_DEMO", False)
# Production refuses what is only for trying it out (eds.project.production).
EDS_PURPOSE = ENVIRONMENT.one_of("EDS_PURPOSE", ["production", "trial"], "trial" if DEMO or DEBUG else "production")
DATA_DIR = Path(ENVIRONMENT.text("EDS_DATA_DIR") or BASE_DIR / "var")

SECRET_KEY = ENVIRONMENT.text("EDS_SECRET_KEY")
if not SECRET_KEY and EDS_PURPOSE == "trial":
    SECRET_KEY = production.TRIAL_KEY

ALLOWED_HOSTS = ENVIRONMENT.names("EDS_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.names("EDS_TRUSTED_ORIGINS")

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
        ENVIRONMENT.address(
            "EDS_DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}", ["postgres", "postgresql", "sqlite"]
        ),
        conn_max_age=ENVIRONMENT.number("EDS_DATABASE_KEPT_SECONDS", 600, most=3600),
        conn_health_checks=True,
        disable_server_side_cursors=ENVIRONMENT.flag("EDS_DATABASE_POOLED", False),
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_BROKER_URL = ENVIRONMENT.address("EDS_BROKER_URL", "filesystem://", ["filesystem", "redis", "rediss"])
# Limits on tries and used codes hold over all processes: through Redis where there are many machines, else through files.
_CACHE_URL = ENVIRONMENT.address("EDS_CACHE_URL", storages.cache_beside(_BROKER_URL), ["redis", "rediss"])
CACHES = {"default": storages.cache(_CACHE_URL, DATA_DIR / "cache")}

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
# A hospital, or the hall of a workshop, sits behind one address. Wrong passwords have limits of their own.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "eds.people.second_factor.MFAAdapter"
MFA_TOTP_TOLERANCE = 1  # clocks of phones that are up to half a minute out
# For equality leads, deputies and site administrators. The demo logs in by a button.
EDS_REQUIRE_SECOND_FACTOR = ENVIRONMENT.flag("EDS_REQUIRE_SECOND_FACTOR", not DEMO)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(ENVIRONMENT.text("EDS_STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
_VENDORED = BASE_DIR / "var" / "frontend"  # made by scripts/prepare_frontend.py, never committed
if _VENDORED.is_dir():
    STATICFILES_DIRS.append(_VENDORED)
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = ""  # files are served by permission only
STORAGES = {
    "default": storages.files(ENVIRONMENT),
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
    "default": ENVIRONMENT.number("EDS_SMALL_NUMBERS", 10, least=1),
    "characteristics": {
        "gender-reassignment": ENVIRONMENT.number("EDS_SMALL_NUMBERS_GENDER_REASSIGNMENT", 20, least=1)
    },
    "hide_zeros": ENVIRONMENT.flag("EDS_SMALL_NUMBERS_HIDE_ZEROS", False),
}

# The product's own limits
EDS_WORKER_SILENT_SECONDS = ENVIRONMENT.number("EDS_WORKER_SILENT_SECONDS", 30, least=1)
EDS_JOB_LEASE_SECONDS = ENVIRONMENT.number("EDS_JOB_LEASE_SECONDS", 30, least=1)
EDS_SWEEP_SECONDS = ENVIRONMENT.number("EDS_SWEEP_SECONDS", 5, least=1)
# How long migrate waits for a table that is in use; whoever wants the table after it waits as long.
EDS_MIGRATE_LOCK_SECONDS = ENVIRONMENT.number("EDS_MIGRATE_LOCK_SECONDS", 5, least=1, most=600)
EDS_DEMO_YEAR = ENVIRONMENT.number("EDS_DEMO_YEAR", 0)
EDS_DRAFT_HOURS = ENVIRONMENT.number("EDS_DRAFT_HOURS", 30 * 24, least=1)
EDS_LOGGED_OUT_TEXT_HOURS = ENVIRONMENT.number("EDS_LOGGED_OUT_TEXT_HOURS", 24, least=1)
EDS_DRAFT_CHARACTERS = 600_000
EDS_BASE_URL = ENVIRONMENT.address("EDS_BASE_URL", "http://localhost:8000", ["http", "https"])

# Mail. In the demo mails are kept and shown, and never leave.
EDS_MAILS_KEPT = ENVIRONMENT.flag("EDS_MAILS_KEPT", DEMO)
_MAIL = urlsplit(ENVIRONMENT.address("EDS_EMAIL_URL", "", ["smtp", "smtps"]))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = not EMAIL_USE_SSL and parse_qs(_MAIL.query).get("tls", ["1"]) != ["0"]
EMAIL_PORT = _MAIL.port or (465 if EMAIL_USE_SSL else 587)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENVIRONMENT.text("EDS_EMAIL_FROM", "Equality Delivery System <no-reply@localhost>")
EDS_INVITATION_DAYS = ENVIRONMENT.number("EDS_INVITATION_DAYS", 14, least=1)
EDS_SIGN_IN_LINK_MINUTES = ENVIRONMENT.number("EDS_SIGN_IN_LINK_MINUTES", 60, least=1)
EDS_REMIND_DAYS = ENVIRONMENT.numbers("EDS_REMIND_DAYS", "7,2")

# Celery: a message only says that a row waits (eds.jobs), so the broker may lose it.
CELERY_BROKER_URL = _BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if CELERY_BROKER_URL.startswith("filesystem:"):
    _BROKER_DIR = DATA_DIR / "broker"
    CELERY_BROKER_TRANSPORT = "eds.jobs.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "messages"),
        "data_folder_out": str(_BROKER_DIR / "messages"),
        "control_folder": str(_BROKER_DIR / "control"),
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    # A server that hangs must not hang a page that only wants to leave a message there.
    # One that is away is asked once: else each job and mail of a page would wait six seconds. The sweeper asks again.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 3,
        "socket_timeout": 10,
        "socket_keepalive": True,
        "max_retries": 0,
    }
CELERY_BEAT_SYNC_EVERY = 1  # the schedule's file tells that the scheduler lives (scripts/fresh.py)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "eds.jobs.tasks.sweep", "schedule": EDS_SWEEP_SECONDS},
    "settle-overdue-outcomes": {"task": "grading.tasks.settle_overdue_outcomes", "schedule": 600},
    "finish-destroying-files": {"task": "eds.files.tasks.finish_destroying", "schedule": 600},
    "forget-unfinished-files": {"task": "eds.files.tasks.forget_unfinished", "schedule": 3600},
    "forget-old-unsaved-texts": {"task": "eds.ui.tasks.forget_old_unsaved_texts", "schedule": 3600},
    "remind-before-dates": {"task": "eds.pages.tasks.remind", "schedule": 3600},
    "follow-plans": {"task": "objectives.tasks.follow_plans", "schedule": 3600},
    "forget-old-sessions": {"task": "eds.people.tasks.forget_old_sessions", "schedule": 86_400},
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
_HTTPS = ENVIRONMENT.flag("EDS_HTTPS", EDS_PURPOSE == "production")
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
EDS_BEHIND_PROXY = ENVIRONMENT.flag("EDS_BEHIND_PROXY", False)
if EDS_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else the limit on log-ins from one address would count everybody together
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

# Who may read numbers of jobs and mails at /metrics; without a key there is no such page.
EDS_METRICS_KEY = ENVIRONMENT.text("EDS_METRICS_KEY")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "eds.ui.request_id.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
            # Django hands the whole request along, whose address may hold the key of a link
            "reserved_attrs": [*RESERVED_ATTRS, "request"],
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": ENVIRONMENT.one_of("EDS_LOG_FORMAT", ["line", "json"], "line"),
            "filters": ["request_id"],
        }
    },
    "root": {
        "handlers": ["console"],
        "level": ENVIRONMENT.one_of("EDS_LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "INFO"),
    },
    "loggers": {
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}

if EDS_PURPOSE == "production":
    for _name, _why in production.refusals(
        demo=DEMO, debug=DEBUG, key=SECRET_KEY, mails_kept=EDS_MAILS_KEPT, hosts=ALLOWED_HOSTS
    ).items():
        ENVIRONMENT.refuse(_name, _why)
ENVIRONMENT.finish()
