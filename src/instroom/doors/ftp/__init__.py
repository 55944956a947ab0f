"""The file server: FTP, FTPES and FTPS, on pyftpdlib (product.md F). The differences are in docs/adr."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # pyftpdlib uses asyncore; from Python 3.12 it brings its own
    import asynchat  # noqa: F401
