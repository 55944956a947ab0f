"""Django's settings in tests: the product's own, with passwords that cost no time.

scrypt takes 0.1 to 0.4 s on purpose, and tests set and ask hundreds of passwords. What scrypt keeps can still be read;
`tests/flow/test_password_hashing.py` is about the product's own list.
"""

from instroom.config.settings import *  # noqa: F403
from instroom.config.settings import PASSWORD_HASHERS as OWN_PASSWORD_HASHERS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *OWN_PASSWORD_HASHERS]
