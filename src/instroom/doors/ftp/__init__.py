"""The file server: FTP, FTPES and FTPS, on pyftpdlib (product.md F). What differs from it is in docs/adr."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # pyftpdlib stands on asyncore, and brings its own from 3.12 on
    import asynchat  # noqa: F401
