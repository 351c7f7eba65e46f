"""Settings, read top to bottom. What differs by place comes from the environment; see .env.example.

Two ways to run the same code. Embedded: nothing set, everything under var/. Production: a
DATABASE_URL is set, and then nothing is guessed: a missing SECRET_KEY or ALLOWED_HOSTS is refused.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config import error_reports
from config.environment import Environment
from config.private_files import make_private
from config.secret_key import read_or_create_secret_key
from config.timetable import timetable
from platforms.release import VERSION

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
Environment.read_env(BASE_DIR / ".env")

# --- Place ---------------------------------------------------------------------------------------
EMBEDDED = not env.str("DATABASE_URL", default="")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
try:
    make_private(VAR_DIR)
except OSError as error:
    raise ImproperlyConfigured(f"VAR_DIR: {VAR_DIR} cannot be used: {error.strerror}") from error
_HERE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"  # where config.supervise listens
SITE_URL = env.str("SITE_URL", default=_HERE).rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(f"SITE_URL: write it like https://example.org, not {SITE_URL!r}")
# Whom platforms and readers may write to. Without it no page is visited.
CONTACT_EMAIL = env.address("CONTACT_EMAIL") or "curators@localhost"
# Who runs this site: a name, and a postal address where the law asks for one. /about shows both.
SITE_OWNER = env.str("SITE_OWNER", default="")
SITE_OWNER_ADDRESS = env.str("SITE_OWNER_ADDRESS", default="")
# What /privacy says besides; the desk's front page names what is missing.
SITE_IMPRINT = env.list("SITE_IMPRINT", default=[])
DATA_CONTROLLER = env.str("DATA_CONTROLLER", default="") or SITE_OWNER
DATA_CONTACT = env.address("DATA_CONTACT")
DATA_PROCESSORS = env.list("DATA_PROCESSORS", default=[])
SUPERVISORY_AUTHORITY = env.str("SUPERVISORY_AUTHORITY", default="")
LEGAL_BASIS_ALERTS = env.str("LEGAL_BASIS_ALERTS", default="Art. 6 (1) (a) GDPR")  # consent
LEGAL_BASIS_OTHER = env.str("LEGAL_BASIS_OTHER", default="Art. 6 (1) (f) GDPR")  # interest
WEB_LOG_DAYS = env.int("WEB_LOG_DAYS", default=None)

# --- Security ------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not EMBEDDED:
        raise ImproperlyConfigured(
            "SECRET_KEY: must be set when DATABASE_URL is set. Make one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
        )
    SECRET_KEY = read_or_create_secret_key(VAR_DIR / "secret-key")
# Former keys: what they signed (links in mails, sessions) is still accepted, and nothing is signed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS: must be set when DATABASE_URL is set; write the host name of SITE_URL"
    )

_BEHIND_TLS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BEHIND_TLS else None
SECURE_SSL_REDIRECT = _BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz(/web)?$"]  # the supervisor asks over plain HTTP
# Browsers remember HSTS for this long; nobody can revoke it sooner. Subdomains may belong to
# others, and leaving a preload list takes months: both are off unless the operator sets them.
SECURE_HSTS_SECONDS = env.count("SECURE_HSTS_SECONDS", 365 * 24 * 3600 if _BEHIND_TLS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # they demand the two settings above
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _BEHIND_TLS
SESSION_COOKIE_AGE = 12 * 3600  # seconds; only the desk has sessions: a working day
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # deleted when the reader closes the browser
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
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Application ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "platforms",
    "consent",
    "csp",
    "consent.desk.apps.DeskConfig",  # django.contrib.admin
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # for its templates
]
MIDDLEWARE = [
    "consent.web.head_requests.leave_out_bodies",  # first: others read bodies for their headers
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "consent.web.page_language.speak_as_addressed",
    "consent.web.body_limits.limit_bodies",
    "consent.web.refusals.explain_refused_methods",
    "consent.web.refusals.refuse_null_characters",
    "consent.web.outage_page.ExplainOutages",
    "consent.web.redirects.forgive_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "consent.web.default_deny.DefaultDeny",
    "consent.web.desk_messages.DeskMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: replaces the response of a login that is locked out
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms comes first
DATA_UPLOAD_MAX_NUMBER_FILES = 1  # the cookies of a lent session; public forms take no files
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: refuses whoever guessed too often
    "django.contrib.auth.backends.ModelBackend",
]

# --- Logins at the desk --------------------------------------------------------------------------
LOGIN_URL = "admin:login"
DESK_REQUIRES_TWO_FACTORS = env.bool("DESK_REQUIRES_TWO_FACTORS", default=not EMBEDDED)
OTP_TOTP_ISSUER = f"Default On ({urlsplit(SITE_URL).hostname})"
# A name is locked for one network address only, so that nobody can lock out others.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "consent.web.client_address.login_address_of"
AXES_HANDLER = "consent.desk.login_limits.Handler"  # a slow limit for a name too
AXES_LOCKOUT_TEMPLATE = "admin/desk/locked_out.html"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # successful logins are not recorded
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Database and cache --------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'default-on.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets pages be read while a worker writes. IMMEDIATE takes the write lock when a
    # transaction starts, so that two writers wait for each other instead of failing midway.
    # secure_delete overwrites what is deleted: addresses of readers who left.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA secure_delete=ON",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A database that hangs is given up after seconds, so that visitors get an answer.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,  # seconds
        "tcp_user_timeout": 20_000,  # milliseconds
    } | DATABASES["default"].get("OPTIONS", {})
REDIS_URL = env.redis("REDIS_URL")
# A queue must forget nothing, a cache may: with a Redis each, each has the policy that fits it.
CACHE_URL = env.redis("CACHE_URL") or REDIS_URL
_caches: dict[str, dict[str, Any]] = {
    "default": {},
    # Rendered public pages. A cache of their own, so that many pages evict nothing else.
    "pages": {"KEY_PREFIX": "pages"},
    # How many requests each network made in this minute (consent/web/limits.py).
    "counts": {"KEY_PREFIX": "counts"},
}
if CACHE_URL:
    _redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        # Rendering a page takes less time than waiting for a Redis that hangs.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    CACHES = {name: _redis | more for name, more in _caches.items()}
else:
    _files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}
    _caches["pages"]["OPTIONS"] = {"MAX_ENTRIES": 3000}
    CACHES = {
        name: _files | more | {"LOCATION": VAR_DIR / "cache" / name}
        for name, more in _caches.items()
    }
    CACHES["counts"]["BACKEND"] = "consent.web.counting_files.CountingFiles"

# --- Celery --------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT = "config.queue_files:Transport"
    CELERY_WORKER_POOL = "config.solo_pool:TaskPool"
    _queue_dirs = {
        name: VAR_DIR / "queue" / name
        for name in ("messages", "control", "processed", "unreadable")
    }
    for _directory in _queue_dirs.values():
        _directory.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # One folder for both directions: web and worker share this machine.
        "data_folder_in": str(_queue_dirs["messages"]),
        "data_folder_out": str(_queue_dirs["messages"]),
        "control_folder": str(_queue_dirs["control"]),
        # Files in use: taken by a worker, or not yet written to the end.
        "processed_folder": str(_queue_dirs["processed"]),
        "unreadable_folder": str(_queue_dirs["unreadable"]),
        "polling_interval": 0.2,  # seconds; with kombu's default of one, results seem slow
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis is away
CELERY_TASK_IGNORE_RESULT = True
# What is due is in the database, and beat asks every minute; a task only starts the work. So
# nothing is lost when a worker dies with a message it has acknowledged. Late acknowledgement would
# end Celery's main process when Redis restarts during a task.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_TIME_LIMIT = 300
# Visits wait for other people's servers. Mails and the rest have a queue of their own, so that they
# are sent while all visits wait. A worker started without --queues serves both.
CELERY_TASK_QUEUES = [Queue("general"), Queue("visits")]
CELERY_TASK_DEFAULT_QUEUE = "general"
# Reading a long change for its suggestion takes up to a minute, and an import queues thousands.
CELERY_TASK_ROUTES = {
    "platforms.tasks.check_page": {"queue": "visits"},
    "consent.tasks.suggest_change": {"queue": "visits"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.beat:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5  # seconds between two looks at what is due
CELERY_BEAT_SCHEDULE = timetable([queue.name for queue in CELERY_TASK_QUEUES])

# --- Catalog and archive -------------------------------------------------------------------------
CATALOG_DIR = Path(env.str("CATALOG_DIR", default=str(BASE_DIR / "platforms" / "catalog")))
#: Where the files of the catalog are public and can be edited, without the name of a file.
CATALOG_URL = env.str("CATALOG_URL", default="").rstrip("/")
# file:///folder; other stores are named by their own scheme (docs/operating.md).
ARCHIVE_URL = env.str("ARCHIVE_URL", default=f"file://{VAR_DIR / 'archive'}")

ARCHIVE_S3_ENDPOINT = env.str("ARCHIVE_S3_ENDPOINT", default="")

# --- Evidence ------------------------------------------------------------------------------------
# An RFC 3161 authority that stamps the daily roots, and a PEM file with its root certificates.
STAMP_AUTHORITY_URL = env.str("STAMP_AUTHORITY_URL", default="")
STAMP_AUTHORITY_ROOTS = env.str("STAMP_AUTHORITY_ROOTS", default="")
# Bundles that were built for readers. They can be deleted at any time.
EVIDENCE_DIR = VAR_DIR / "evidence"

# --- Releases of the data ------------------------------------------------------------------------
# For the command deposit_release alone.
ZENODO_TOKEN = env.str("ZENODO_TOKEN", default="")

# --- Fetching ------------------------------------------------------------------------------------
FETCH_USER_AGENT = env.str(
    "FETCH_USER_AGENT", default=f"DefaultOn/{VERSION} (+{SITE_URL}/about; {CONTACT_EMAIL})"
)
FETCH_CONNECT_TIMEOUT = env.seconds("FETCH_CONNECT_TIMEOUT", 10.0)  # seconds
FETCH_READ_TIMEOUT = env.seconds("FETCH_READ_TIMEOUT", 20.0)  # seconds between two reads
FETCH_TOTAL_TIMEOUT = env.seconds("FETCH_TOTAL_TIMEOUT", 60.0)  # seconds for a whole visit
FETCH_MAX_BYTES = env.count("FETCH_MAX_BYTES", 20_000_000)  # after decompression
FETCH_HOST_PAUSE = env.seconds("FETCH_HOST_PAUSE", 10.0)  # seconds between visits to a host
# Longer than robots.txt, a page, its redirects and a browser can take together.
FETCH_LEASE = env.seconds("FETCH_LEASE", 300.0)  # seconds a worker may hold a page and its host
# Private networks that may be visited all the same: for tests and intranets.
FETCH_ALLOWED_NETWORKS = env.networks("FETCH_ALLOWED_NETWORKS")
FETCH_ALLOWED_PORTS = env.ports("FETCH_ALLOWED_PORTS", [80, 443])
# Limits of the process that reads a received page. Reading 20 MB, the largest page that is
# received, takes four seconds and 500 MB (measured).
READER_CPU_SECONDS = 30
READER_MEMORY = 1_500_000_000  # bytes of address space
READER_PATIENCE = 3.0  # how many times the processor time may pass by the clock, on a busy machine
FETCH_BROWSER = env.str("FETCH_BROWSER", default="")  # Chromium's path; "" looks for one
# As root Chromium runs without its sandbox: refused unless this is set, for throw-away containers.
FETCH_BROWSER_AS_ROOT = env.bool("FETCH_BROWSER_AS_ROOT", default=False)
# Fernet keys for the sessions that curators lend; the first encrypts, all decrypt.
SESSION_KEYS = env.fernet_keys("SESSION_KEYS")
HAND_CHECK_DAYS = env.count("HAND_CHECK_DAYS", 30)  # days between looks at pages behind a login
# Where import_wayback asks the Wayback Machine: itself, or what passes it on.
WAYBACK_URL = env.str("WAYBACK_URL", default="https://web.archive.org").rstrip("/")
# Where propose_archives asks whether the Wayback Machine has a copy of a source.
WAYBACK_AVAILABILITY_URL = env.str(
    "WAYBACK_AVAILABILITY_URL", default="https://archive.org"
).rstrip("/")

# --- Mail ----------------------------------------------------------------------------------------
if _mail_server := env.mail_server("EMAIL_URL"):
    vars().update(_mail_server)
    if _mail_server["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "consent.alerts.sending.smtp.EmailBackend"
else:
    EMAIL_BACKEND = "consent.alerts.sending.mail_files.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Default On <{CONTACT_EMAIL}>")
# Alerts come from a sender of their own, so that complaints about them do not hurt the mails
# that people ask for with a form (confirmations, links).
ALERTS_FROM_EMAIL = env.str("ALERTS_FROM_EMAIL", default=DEFAULT_FROM_EMAIL)
# Envelope senders are made from it: local+…@domain; its mailbox is read by process_bounces.
MAIL_RETURN_ADDRESS = env.str("MAIL_RETURN_ADDRESS", default=CONTACT_EMAIL)
MAIL_PACE = env.count("MAIL_PACE", 0)  # mails a second to one provider and worker; 0: no limit
# Providers that report bounces and complaints to /mail/webhooks/NAME, through django-anymail; the
# user:password that they send, and the key with which some of them sign.
MAIL_WEBHOOKS = env.list("MAIL_WEBHOOKS", default=[])
MAIL_WEBHOOK_SECRET = env.str("MAIL_WEBHOOK_SECRET", default="")
MAIL_WEBHOOK_SIGNING_KEY = env.str("MAIL_WEBHOOK_SIGNING_KEY", default="")
ANYMAIL = {
    "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET,
    "MAILGUN_WEBHOOK_SIGNING_KEY": MAIL_WEBHOOK_SIGNING_KEY,
    "MAILERSEND_SIGNING_SECRET": MAIL_WEBHOOK_SIGNING_KEY,
}
# What an operator has to decide: config/checks.py refuses a production site without it.
UNDECIDED = [
    name
    for name in ("CONTACT_EMAIL", "TRUSTED_PROXIES")
    if not EMBEDDED and not env.str(name, default="")
]
# The number of proxies in front of the site; the limits of forms and logins need real addresses.
TRUSTED_PROXIES = env.count("TRUSTED_PROXIES", 0)
SERVER_EMAIL = CONTACT_EMAIL
EMAIL_TIMEOUT = 20  # seconds; without one a mail server that hangs would hang a worker

# The lists of people who left and of mails that were sent, for the day a backup is restored. Keep
# them on another disk than database, archive and backups.
SUPPRESSION_PATH = env.str("SUPPRESSION_PATH", default=str(VAR_DIR / "suppression"))

# --- Language, time, static files, logging -------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]  # each named in itself
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Static files are public, whatever the umask: another user's web server may serve them.
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Requests for /metrics must send this token; without one the address does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# A file that a worker or beat touches while it works (config/liveness_file.py).
LIVENESS_FILE = env.str("LIVENESS_FILE", default="")
LOG_LEVEL = env.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], "INFO")
LOG_FORMAT = env.choice("LOG_FORMAT", ["text", "json"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"text": {"()": "config.logs.Text"}, "json": {"()": "config.logs.JSON"}},
    "filters": {
        "brief-outages": {"()": "config.logs.BriefOutages"},
        "brief-refusals": {"()": "config.logs.RefusalsWithoutTracebacks"},
        "ordinary-refusals": {"()": "config.logs.OrdinaryRefusals"},
        "without-keys": {"()": "config.logs.WithoutKeys"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["brief-outages", "brief-refusals", "ordinary-refusals", "without-keys"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Two lines for each task would hide the one line of each visit.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # Without gunicorn's own handler: it would write readers' keys and line breaks.
        "gunicorn.error": {"level": "WARNING", "propagate": True},
        # Its warnings name failed logins and locks; the rest is its own housekeeping.
        "axes": {"level": "WARNING"},
    },
}

# --- Error reports -------------------------------------------------------------------------------
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    error_reports.start(SENTRY_DSN, environment=urlsplit(SITE_URL).hostname or "")
#: The variables that these settings read; `check` names others that look like one of them.
KNOWN_VARIABLES = frozenset(env.asked)
