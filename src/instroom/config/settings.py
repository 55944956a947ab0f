"""Django's settings. A site's choices come from the environment (docs/reference/settings.md)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from instroom.config.database import postgresql, sqlite
from instroom.config.disk import least_free
from instroom.config.file_store import files_place, s3_credentials
from instroom.config.home import home
from instroom.config.listening import is_host, networks, proxies, site_url
from instroom.config.log_floods import SparingHandler
from instroom.config.log_lines import FORMATS, log_format
from instroom.config.mailing import mail_server, sender
from instroom.config.numbers import whole_number_between
from instroom.config.retention import retention
from instroom.config.secret import metrics_token, new_key, secret_keys
from instroom.core.errors import SettingsError

INSTROOM_HOME = home()
INSTROOM_FILES = files_place(os.environ.get("INSTROOM_FILES", ""))
"""None: the folder `files` of INSTROOM_HOME."""
INSTROOM_S3_KEYS = s3_credentials(os.environ.get("INSTROOM_S3_KEY", ""), os.environ.get("INSTROOM_S3_SECRET", ""))
INSTROOM_FREE_BYTES = least_free()
"""With less than this free on the disk of INSTROOM_HOME, nothing is taken in."""
INSTROOM_URL = site_url(os.environ.get("INSTROOM_URL", ""))
"""The address of the web pages. With https, cookies are sent over TLS only, and browsers are told to keep using it."""

_url = os.environ.get("INSTROOM_DATABASE_URL", "")
DATABASES = {"default": postgresql(_url) if _url else sqlite(INSTROOM_HOME / "instroom.sqlite3")}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "instroom.store",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY, *SECRET_KEY_FALLBACKS = secret_keys(INSTROOM_HOME) or [new_key()]  # without a home: of this process only

AUTH_USER_MODEL = "store.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "sign-in"
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds
INSTROOM_SECOND_FACTOR = os.environ.get("INSTROOM_SECOND_FACTOR") or "optional"
if INSTROOM_SECOND_FACTOR not in ("off", "optional", "required"):
    raise SettingsError("setting-second-factor")

INSTROOM_ADDRESS = INSTROOM_URL or f"http://{os.environ.get('INSTROOM_HTTP') or '127.0.0.1:8000'}"
"""The start of all addresses in mails."""
INSTROOM_FTP_NAME = os.environ.get("INSTROOM_FTP_NAME") or urlsplit(INSTROOM_ADDRESS).hostname or ""
if INSTROOM_FTP_NAME and not is_host(INSTROOM_FTP_NAME):
    raise SettingsError("setting-ftp-name")
"""The host name at which suppliers find the file server."""
INSTROOM_SMTP = os.environ.get("INSTROOM_SMTP", "")
_sender = f"Instroom <instroom@{urlsplit(INSTROOM_ADDRESS).hostname}>"
DEFAULT_FROM_EMAIL = sender(os.environ.get("INSTROOM_MAIL_FROM") or _sender)
_server = mail_server(INSTROOM_SMTP or "smtp://localhost")
EMAIL_HOST, EMAIL_PORT = _server.host, _server.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _server.user, _server.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _server.starttls, _server.tls
EMAIL_TIMEOUT = 20  # seconds
INSTROOM_METRICS_TOKEN = metrics_token(os.environ.get("INSTROOM_METRICS_TOKEN", ""))
"""By which Prometheus may read `/metrics`; "": nobody may."""
INSTROOM_MAIL_DAYS = whole_number_between("INSTROOM_MAIL_DAYS", os.environ.get("INSTROOM_MAIL_DAYS"), 30, 1, 3660)
INSTROOM_TOKEN_DAYS = whole_number_between("INSTROOM_TOKEN_DAYS", os.environ.get("INSTROOM_TOKEN_DAYS"), 366, 1, 366)
"""The longest life of a token for a program that is made from now on."""
INSTROOM_RETENTION = retention(
    os.environ.get("INSTROOM_KEEP_FILES_DAYS"),
    os.environ.get("INSTROOM_KEEP_LEDGER_MONTHS"),
    os.environ.get("INSTROOM_KEEP_AUDIT_MONTHS"),
)
"""Of the customers whose own policies say nothing else."""
INSTROOM_WEBHOOK_PRIVATE = networks("INSTROOM_WEBHOOK_PRIVATE", os.environ.get("INSTROOM_WEBHOOK_PRIVATE", ""))
"""The site's own networks to which webhooks may be sent, also without TLS."""
INSTROOM_PROVIDER_PRIVATE = networks("INSTROOM_PROVIDER_PRIVATE", os.environ.get("INSTROOM_PROVIDER_PRIVATE", ""))
"""The site's own networks in which customers' sign-in providers may be, also without TLS."""

TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds

# The web: `instroom web` and `instroom serve`.
_WEB = Path(__file__).parent.parent / "doors" / "web"
_WEB_MODULES = "instroom.doors.web"
LOCALE_PATHS = [_WEB / "locale"]
ROOT_URLCONF = "instroom.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(_WEB.glob("*/templates")),  # one for each subject, beside its code; file names are unique
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                f"{_WEB_MODULES}.frame.context_processors.frame_context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                f"{_WEB_MODULES}.words.filters",
                f"{_WEB_MODULES}.words.elements",
            ],
        },
    }
]
MIDDLEWARE = [
    f"{_WEB_MODULES}.frame.security.add_headers",
    f"{_WEB_MODULES}.frame.health.answer_health",
    f"{_WEB_MODULES}.frame.tracing.trace_requests",
    f"{_WEB_MODULES}.frame.refusals.log_refusals",
    "instroom.doors.api.problem_middleware.answer_with_problems",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    f"{_WEB_MODULES}.frame.language.use_chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    f"{_WEB_MODULES}.frame.provider_session.keep_to_customer",
    f"{_WEB_MODULES}.frame.ended_session.SignInAgain",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    f"{_WEB_MODULES}.frame.second_factor_gate.SecondFactorGate",
    f"{_WEB_MODULES}.frame.failures.FailurePages",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
APPEND_SLASH = False
CSRF_FAILURE_VIEW = f"{_WEB_MODULES}.frame.failures.csrf_failure"

_address = urlsplit(INSTROOM_URL)
_tls = _address.scheme == "https"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([_address.hostname] if _address.hostname else [])]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"] if _address.netloc else []
_host = "__Host-" if _tls else ""  # a browser takes such a cookie from this host alone, and over TLS
CSRF_COOKIE_NAME, SESSION_COOKIE_NAME = f"{_host}instroom-form", f"{_host}instroom"
LANGUAGE_COOKIE_NAME = f"{_host}instroom-language"
INSTROOM_DEVICE_COOKIE = f"{_host}instroom-device"
"""By which a browser is known in which somebody has signed in before (`flow.people.devices`)."""
INSTROOM_PROVIDER_COOKIE = f"{_host}instroom-provider"
"""What must be known again when somebody comes back from their own sign-in provider (`flow.sign_in_providers`)."""
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _tls
SESSION_ENGINE = "instroom.store.sessions"  # which says how long they last
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _tls else 0
_proxies = proxies("INSTROOM_PROXY", os.environ.get("INSTROOM_PROXY", ""))
SECURE_SSL_REDIRECT = _tls and bool(_proxies)  # only the proxy knows which requests used TLS
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # HSTS for the site's other hosts is not ours to decide
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [f"{_WEB_MODULES}.frame.uploads.UploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

INSTROOM_LOG_FORMAT = log_format(os.environ.get("INSTROOM_LOG_FORMAT", ""))
"""How the lines on standard error are written: `text`, or `json`, an object a line."""
_LEVELS = {
    "instroom": "INFO",
    "django": "ERROR",
    "django.security.DisallowedHost": "CRITICAL",  # scanners cause it: answered with 400, not worth a traceback
    "opentelemetry": "WARNING",  # such as that nobody takes the spans
    "pyftpdlib": "WARNING",  # `instroom.ftp` logs sessions and transfers itself
    "waitress": "ERROR",  # it warns whenever a request waits for a thread
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": FORMATS[INSTROOM_LOG_FORMAT]},
    "handlers": {"stderr": {"()": SparingHandler, "formatter": "line"}},
    "loggers": {name: {"handlers": ["stderr"], "level": level, "propagate": False} for name, level in _LEVELS.items()},
}
