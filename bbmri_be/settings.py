"""All settings, read from the environment; safe for production where nothing is said.

Every name is in the table of docs/operations.md. A wrong or missing value stops the start with
one sentence.
"""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from environs import EnvError

from bbmri_be.environment import BASE_DIR, env, env_with_prefix
from bbmri_be.mail_environment import LONGEST_VARIED

VAR_DIR = BASE_DIR / "var"  # what the site writes: database, media, collected static files, mail

# `make run` keeps this machine's key and database there; what the environment says wins.
env.read_env(VAR_DIR / "local.env", recurse=False)

# Where it runs

DEBUG = env.choice("DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = env.secrets("OLD_SECRET_KEYS", "")
ADDRESS_KEY = env.secret("ADDRESS_KEY", SECRET_KEY)  # of the hashes that outlive addresses
BIND = env.address("BIND", "127.0.0.1")
PORT = env.whole("PORT", 8000, lowest=1, highest=65535)
WEB_WORKERS = env.whole("WEB_WORKERS", 2, lowest=1, highest=64)
WEB_THREADS = env.whole("WEB_THREADS", 4, lowest=1, highest=64)
SITE_URL = env.origin("SITE_URL", f"http://127.0.0.1:{PORT}")
IS_HTTPS = SITE_URL.startswith("https:")
SITE_HOST = urlsplit(SITE_URL).hostname
TRUSTED_PROXY_HOPS = env.whole("TRUSTED_PROXY_HOPS", 0, lowest=0, highest=10)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [SITE_HOST, *env.hosts("ALLOWED_HOSTS", "")]
if SITE_HOST in LOOPBACK:
    ALLOWED_HOSTS += LOOPBACK
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ADMIN_PATH = env.path_name("ADMIN_PATH", "admin")

# Analytics: none unless both are given, and then only of visitors who accept

MATOMO_URL = env.folder_address("MATOMO_URL", "")
MATOMO_SITE_ID = env.whole("MATOMO_SITE_ID", 0, lowest=0, highest=2**31)
if bool(MATOMO_URL) != bool(MATOMO_SITE_ID):
    raise EnvError("MATOMO_URL and MATOMO_SITE_ID: give both, or neither")

# The Directory of BBMRI-ERIC: none is asked where the address is empty

DIRECTORY_URL = env.page_address("DIRECTORY_URL", "https://directory.bbmri-eric.eu/ERIC/graphql")
DIRECTORY_SECONDS = env.whole("DIRECTORY_SECONDS", 60, lowest=1, highest=600)
DIRECTORY_MEGABYTES = env.whole("DIRECTORY_MEGABYTES", 32, lowest=1, highest=256)

# The Negotiator of BBMRI-ERIC: no request is handed over where the address is empty

NEGOTIATOR_URL = env.folder_address("NEGOTIATOR_URL", "")
NEGOTIATOR_NETWORK_HOURLY = env.whole("NEGOTIATOR_NETWORK_HOURLY", 30, lowest=1, highest=10**6)

# What is installed

INSTALLED_APPS = [
    "bbmri_be",
    "newsletter",
    "members",
    "pages",
    "visitors",
    "worker",
    "anymail",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "visitors.headers.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "visitors.requests.RefuseHostileInput",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "visitors.visit.MeetVisitor",
    "visitors.cache.page_cache.PageCache",
    "visitors.headers.SafeHeaders",  # again: a page is kept with its headers written out
    "visitors.language.LanguageFromPath",
    "pages.tree.links.RememberLinks",
    "visitors.visit.KeepSession",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pages.translating.guard.AskInEachLanguage",
    "pages.tree.redirects.ForgivingRedirects",
    "pages.guarding.guard.AskBeforeScreens",
]

ROOT_URLCONF = "bbmri_be.urls"
WSGI_APPLICATION = "bbmri_be.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# What it keeps

DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        "",
        statement_timeout=env.whole("STATEMENT_TIMEOUT", 0, lowest=0, highest=3600),
    )
}
CACHES = {"default": env.cache("CACHE_URL", "locmem://")}
MEDIA_ROOT = env.folder("MEDIA_ROOT", VAR_DIR / "media")
MEDIA_URL = "/media/"
STATIC_ROOT = env.folder("STATIC_ROOT", VAR_DIR / "static")
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has business with our files
FILE_UPLOAD_PERMISSIONS = 0o644  # nginx, another user, hands out the pictures
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long page in the editor has many

# Mail

_mail = env.mail("EMAIL_URL", "console:")
EMAIL_BACKEND = "worker.outbox.EmailBackend"  # whatever is sent is queued; the worker sends it
MAIL_TRANSPORT = _mail.pop("EMAIL_BACKEND")
EMAIL_HOST = _mail.get("EMAIL_HOST", "")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH")
EMAIL_TIMEOUT = env.whole("EMAIL_TIMEOUT", 90, lowest=1, highest=600)  # seconds
MAIL_PROVIDER = env.provider("MAIL_PROVIDER", "")
ANYMAIL = env_with_prefix("ANYMAIL_") | {"REQUESTS_TIMEOUT": min(EMAIL_TIMEOUT, 30)}
if MAIL_PROVIDER:
    MAIL_TRANSPORT = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mailbox("MAIL_FROM", f"BBMRI.be <noreply@{SITE_HOST}>")
MAIL_REPLY_TO = env.mailbox("MAIL_REPLY_TO", DEFAULT_FROM_EMAIL)
UNSUBSCRIBE_MAILTO = env.plain_mailbox("UNSUBSCRIBE_MAILTO", "")
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]

# Where mail comes back to that could not be delivered, over plain SMTP

BOUNCE_MAILBOX = env.imap("BOUNCE_MAILBOX", "")
_user = BOUNCE_MAILBOX.get("user", "")
BOUNCE_ADDRESS = env.plain_mailbox("BOUNCE_ADDRESS", _user if "@" in _user else "")
BOUNCE_DELIMITER = env.delimiter("BOUNCE_DELIMITER", "")
if BOUNCE_MAILBOX and not BOUNCE_ADDRESS:
    raise EnvError("BOUNCE_ADDRESS: give the address whose mail comes into BOUNCE_MAILBOX")
if BOUNCE_DELIMITER and not 0 < len(BOUNCE_ADDRESS.partition("@")[0]) <= LONGEST_VARIED:
    raise EnvError(
        f"BOUNCE_DELIMITER: it needs a BOUNCE_ADDRESS of at most {LONGEST_VARIED} characters"
        " before its @"
    )

SENDING_MARK = env.folder("SENDING_MARK", VAR_DIR / "sending.json")

# Newsletter: who may ask how often, and how long what is kept

NEWSLETTER_NETWORK_HOURLY = env.whole("NEWSLETTER_NETWORK_HOURLY", 30, lowest=1, highest=10**6)
NEWSLETTER_SITE_HOURLY = env.whole("NEWSLETTER_SITE_HOURLY", 60, lowest=1, highest=10**6)
NEWSLETTER_ADDRESS_DAILY = env.whole("NEWSLETTER_ADDRESS_DAILY", 1, lowest=1, highest=10**6)
NEWSLETTER_ADDRESS_MONTHLY = env.whole("NEWSLETTER_ADDRESS_MONTHLY", 3, lowest=1, highest=10**6)
NEWSLETTER_RATE = env.whole("NEWSLETTER_RATE", 120, lowest=1, highest=10**6)  # mails a minute
NEWSLETTER_LEASE = env.whole("NEWSLETTER_LEASE", 300, lowest=5, highest=3600)  # seconds
NEWSLETTER_DAYS = {
    # days after which each is erased
    "sign_up": env.whole("NEWSLETTER_KEEP_SIGN_UPS", 7, lowest=4, highest=30),
    "left": env.whole("NEWSLETTER_KEEP_LEFT", 30, lowest=1, highest=365),
    "delivery": env.whole("NEWSLETTER_KEEP_DELIVERIES", 396, lowest=31, highest=3650),
    "report": env.whole("NEWSLETTER_KEEP_REPORTS", 90, lowest=8, highest=3650),
    "ledger": env.whole("NEWSLETTER_KEEP_LEDGER", 3 * 365, lowest=30, highest=36500),
}

# Languages: one list for Django and Wagtail; every address begins with one of them

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("en", _("English")),
    ("nl", _("Dutch")),
    ("fr", _("French")),
    ("de", _("German")),
]
LOCALE_PATHS = [BASE_DIR / "bbmri_be" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # editors mean the time in Belgium, wherever they are
WAGTAIL_I18N_ENABLED = True

# What the worker does, in this order; each name is a maker of a step (worker/steps.py)

WORKER_STEPS = [
    "newsletter.steps.decide_sign_ups",
    "newsletter.steps.answer_link_requests",
    "worker.outbox.send_outbox",
    "newsletter.steps.begin_what_is_due",
    "newsletter.steps.send_due",
    "newsletter.steps.finish_what_is_done",
    "newsletter.steps.read_bounces",
    "newsletter.steps.take_up_reports",
    "newsletter.steps.return_lapsed",
    "pages.steps.publish_scheduled_pages",
    "pages.steps.show_untranslated_pages",
    "newsletter.steps.settle_what_stays_uncertain",
    "newsletter.steps.erase_what_is_due",
    "worker.outbox.forget_settled",
    "members.steps.import_directory",
    "members.steps.forget_past_hours",
]

# Safety

CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "visitors.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 8 * 3600  # seconds: a working day
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # a probe asks the process itself, without TLS
SECURE_HSTS_SECONDS = 2 * 365 * 86400 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if TRUSTED_PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frame-ancestors of the policy governs framing; the check does not read it
    "security.W021",  # preloading HSTS binds every subdomain: the owner of bbmri.be decides
]
if not IS_HTTPS:
    # A site served on http, as `make run` does, has none of the four; SITE_URL says which it is.
    SILENCED_SYSTEM_CHECKS += [f"security.W{n:03}" for n in (4, 8, 12, 16)]

_PUBLIC_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "upgrade-insecure-requests": IS_HTTPS,
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _PUBLIC_POLICY}
# For the admin alone: Wagtail has inline scripts and styles, its preview frames pages.
ADMIN_POLICY = _PUBLIC_POLICY | {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]

# Wagtail

WAGTAIL_SITE_NAME = "BBMRI.be"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_FRONTEND_LOGIN_URL = f"/{ADMIN_PATH}/login/"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "pages.editing.rich_text.TidyRichText",
        "OPTIONS": {
            "features": ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]
        },
    },
}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "pages.search.backend"}}
WAGTAILIMAGES_IMAGE_MODEL = "pages.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "pages.uploads.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024  # bytes
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_AVIF_QUALITY = 55
WAGTAILIMAGES_WEBP_QUALITY = 75
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024  # bytes
TAGGIT_CASE_INSENSITIVE = True

# What it tells the operator: one line an event on standard error, no address, token or query string

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "visitors.errors.WithoutTokens"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {
            "handlers": ["stderr"],
            "level": "ERROR",
            "propagate": False,
            "filters": ["without_tokens"],
        },
        # Wagtail keeps its own log of who did what, in the database.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
