"""What every environment shares. The environment is read in this folder and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from brygga.core.logs import private_details
from brygga.settings.redis_address import celery_address
from brygga.settings.schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE

# Lets classes of Django's own take a type in brackets, as its stubs say they do.
django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[3]


def environment_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


SECRET_KEY = os.environ.get("BRYGGA_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = environment_list("BRYGGA_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment_list("BRYGGA_TRUSTED_ORIGINS")
# Demo mode opens one-click sign-in and a public mailbox; only dev and test settings can turn it on.
DEMO_MODE = False
SITE_ADDRESS = os.environ.get("BRYGGA_SITE_ADDRESS", "http://localhost:8000").rstrip("/")
CONTACT_EMAIL = os.environ.get("BRYGGA_CONTACT_EMAIL", "hej@brygga.example")

INSTALLED_APPS = [
    "brygga.core",
    "brygga.taxonomy",
    "brygga.outbox",
    "brygga.users",
    "brygga.audit",
    "brygga.organisations",
    "brygga.challenges",
    "brygga.search",
    "brygga.notifications",
    "brygga.pages",
    "innovators",
    "funders",
    "matching",
    "intermediaries",
    "brygga.users.admin_apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "django_celery_beat",
    "django_structlog",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Outermost, so that redirects and refusals of those below carry its header too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are a third as long on a slow line. What is secret in them cannot be guessed from their length: the
    # middleware adds random bytes, and the token of a form is masked anew each time.
    "django.middleware.gzip.GZipMiddleware",
    "brygga.core.middleware.isolation_headers",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "brygga.core.middleware.wrong_method_page",
    "brygga.users.middleware.require_second_factor",
]

ROOT_URLCONF = "brygga.urls"
WSGI_APPLICATION = "brygga.wsgi.application"
ASGI_APPLICATION = "brygga.asgi.application"
FORM_RENDERER = "brygga.core.forms.BryggaRenderer"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "brygga.core.context_processors.site",
                "brygga.notifications.context_processors.unread_notices",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# -- data ------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60, conn_health_checks=True)
    if os.environ.get("DATABASE_URL")
    else {"ENGINE": "django.db.backends.postgresql", "NAME": ""}
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": {
        "BACKEND": "brygga.core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": os.environ.get("BRYGGA_REDIS_PREFIX", "brygga"),
    }
}
# Sessions live in PostgreSQL, so that people stay signed in while Redis is away.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "brygga.pages.errors.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# -- language --------------------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

# -- people ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["brygga.users.backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "pages:home"
ACCOUNT_ADAPTER = "brygga.users.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "login": "brygga.users.account_forms.LoginForm",
    "signup": "brygga.users.account_forms.SignupForm",
    "request_login_code": "brygga.users.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "brygga.users.account_forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "brygga.users.account_forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "brygga.users.account_forms.ConfirmPasswordResetCodeForm",
    "add_email": "brygga.users.account_forms.AddEmailForm",
    "change_email": "brygga.users.account_forms.ChangeEmailForm",
    "change_password": "brygga.users.account_forms.ChangePasswordForm",
    "set_password": "brygga.users.account_forms.SetPasswordForm",
    "reset_password": "brygga.users.account_forms.ResetPasswordForm",
    "reset_password_from_key": "brygga.users.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "brygga.users.account_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "brygga.users.account_forms.AuthenticateForm",
    "reauthenticate": "brygga.users.account_forms.MfaReauthenticateForm",
    "activate_totp": "brygga.users.account_forms.ActivateTOTPForm",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
# Long enough to find the mail, short enough for six digits with three attempts.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "pages:start"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("BRYGGA_TRUSTED_PROXY_COUNT", "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Brygga"
USERSESSIONS_TRACK_ACTIVITY = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# -- mail ------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("BRYGGA_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("BRYGGA_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("BRYGGA_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BRYGGA_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("BRYGGA_EMAIL_TLS", "") == "1"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("BRYGGA_FROM_EMAIL", "Brygga <brygga@brygga.example>")

# -- jobs ------------------------------------------------------------------------------------------
CELERY_BROKER_URL = celery_address(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Three times the longest task: a killed worker's message comes back after this.
    "visibility_timeout": 3 * 600,
    "global_keyprefix": os.environ.get("BRYGGA_REDIS_PREFIX", "brygga") + ":",
    "socket_connect_timeout": 3,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "matching.rescore_*": {"queue": "short"},
    # Hands out lost parts of a run, so it must not stand in line behind parts.
    "matching.tend": {"queue": "short"},
    "matching.tell_followers": {"queue": "short"},
    "outbox.deliver_mail": {"queue": "short"},
    "pages.heartbeat": {"queue": "short"},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "brygga.core.beat:GuardedScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# -- matching --------------------------------------------------------------------------------------
# A part of a run is handed out again when its worker has been silent for so long.
MATCHING_LEASE_SECONDS = float(os.environ.get("BRYGGA_MATCHING_LEASE_SECONDS", "30"))
# Where this machine keeps encoded profiles; empty: nowhere. Everything in it can be deleted.
MATCHING_CACHE_FOLDER = os.environ.get("BRYGGA_MATCHING_CACHE", str(ROOT / ".local" / "matching"))
# Initiatives in one part of a run; 0: as many as make some seconds of work.
MATCHING_SHARD_ROWS = int(os.environ.get("BRYGGA_MATCHING_SHARD_ROWS", "0"))
# The folder of a model of word or text vectors that the next full run uses beside the words themselves; empty:
# none. And its share of the text score.
MATCHING_DENSE_MODEL = os.environ.get("BRYGGA_DENSE_MODEL", "")
MATCHING_DENSE_WEIGHT = float(os.environ.get("BRYGGA_DENSE_WEIGHT", "0.3"))

# -- public numbers --------------------------------------------------------------------------------
# How long counts for the public are kept; 0: made for each reader. They are renewed when something changes.
PUBLIC_COUNTS_SECONDS = 600

# -- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = ROOT / "staticfiles"

# What two sides send each other lies here: a folder that no web server serves.
PRIVATE_FILES_FOLDER = os.environ.get("BRYGGA_PRIVATE_FILES", str(ROOT / ".local" / "files"))
PRIVATE_FILES = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": PRIVATE_FILES_FOLDER,
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
UPLOAD_MOST_BYTES = 10 * 1024 * 1024
UPLOAD_MOST_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "brygga.core.uploads.LimitedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# -- safety ----------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # The design system draws its check marks and arrows as data: images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# -- API -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "brygga.users.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # Closed to strangers, and to tokens without the scope that the view names.
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "brygga.users.authentication.ScopeOfView",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "600/min"},
    # Without it the limit would trust any X-Forwarded-For that a caller makes up.
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "EXCEPTION_HANDLER": "brygga.core.api.exception_handler",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Bearer"}
KNOX_TOKEN_MODEL = "users.ApiToken"
# Its own token table is swapped for ours, but its migrations would make it all the same.
MIGRATION_MODULES: dict[str, str | None] = {"knox": None}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Brygga API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "DESCRIPTION": "Initiatives, support offers, taxonomy and your own matches. Answers and errors are JSON; "
    "texts for people are in Swedish or English, as `Accept-Language` asks.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_NAME_OVERRIDES": {
        "LanguageEnum": "brygga.core.enums.Language",
        "StateEnum": "brygga.core.enums.PublicationState",
        "OrganisationKindEnum": "brygga.taxonomy.enums.OrganisationKind",
        "SupportKindEnum": "brygga.taxonomy.enums.SupportKind",
        "AreaKindEnum": "brygga.taxonomy.enums.AreaKind",
    },
    "TAGS": [
        {"name": "index", "description": "Where everything is."},
        {"name": "initiatives", "description": "What people want to change, and what they need for it."},
        {"name": "offers", "description": "Money, knowledge, premises, time and mandate that is on offer."},
        {"name": "matches", "description": "Your own matches, with reasons."},
        {"name": "taxonomy", "description": "What the codes mean."},
    ],
}

# -- logs ------------------------------------------------------------------------------------------
# Neither addresses nor user agents: a log line names a user by number only.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "private": {"()": "brygga.core.logs.PrivateDetails"},
        "one-line": {"()": "brygga.core.logs.OneLine"},
    },
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                private_details,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": LOG_PROCESSORS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["private"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # Robots ask for hosts that are not ours all day.
        "django.security.DisallowedHost": {"filters": ["one-line"]},
    },
}
