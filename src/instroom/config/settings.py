"""Django's settings. What a site may choose comes from the environment (docs/reference/settings.md)."""

import os
from pathlib import Path

from instroom.config.database import postgresql, sqlite

INSTROOM_HOME = Path(os.environ.get("INSTROOM_HOME") or "instroom-data").absolute()
INSTROOM_LAYOUTS = INSTROOM_HOME / "layouts"

_url = os.environ.get("INSTROOM_DATABASE_URL", "")
DATABASES = {"default": postgresql(_url) if _url else sqlite(INSTROOM_HOME / "instroom.sqlite3")}

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "instroom.store"]
AUTH_USER_MODEL = "store.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
SECRET_KEY = os.environ.get("INSTROOM_SECRET_KEY", "unused: nothing is signed at the command line")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
