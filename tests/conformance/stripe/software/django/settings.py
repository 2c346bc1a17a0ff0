"""Settings of a plain Django project with dj-stripe, as its documentation has them; nothing is patched."""

import os

SECRET_KEY = "of this test only"
DEBUG = True  # dj-stripe takes another API host in development only
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "djstripe"]
# Webhooks come several at a time, and SQLite takes one writer: each waits for its turn from the beginning.
TURNS = {"timeout": 60, "transaction_mode": "IMMEDIATE"}
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"], "OPTIONS": TURNS}
}

# Tables are made from the models at once: a hundred migrations one by one take SQLite a minute.
MIGRATION_MODULES = {"djstripe": None}

STRIPE_API_HOST = os.environ["STRIPE_URL"]
STRIPE_TEST_SECRET_KEY = os.environ["STRIPE_API_KEY"]
STRIPE_LIVE_MODE = False
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
