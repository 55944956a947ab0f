"""Django's settings in tests: the product's own, with passwords and commits that cost no time.

scrypt takes 0.1 to 0.4 s on purpose, and tests set and ask hundreds of passwords. What scrypt keeps can still be read;
`tests/flow/test_password_hashing.py` is about the product's own list. SQLite does not wait for the disk: what is
committed then survives the end of every process, and only not that of the machine.
"""

from instroom.config.settings import *  # noqa: F403
from instroom.config.settings import DATABASES as OWN_DATABASES
from instroom.config.settings import PASSWORD_HASHERS as OWN_PASSWORD_HASHERS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *OWN_PASSWORD_HASHERS]

_default = OWN_DATABASES["default"]
if _default["ENGINE"].endswith("sqlite"):
    _options = _default["OPTIONS"]
    _hasty = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES = {"default": {**_default, "OPTIONS": {**_options, "init_command": _hasty}}}
