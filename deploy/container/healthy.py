"""Whether the web pages (`web`, without a word too) or the file server (`ftp`) of this container answer.

Python alone: the image holds no curl.
"""

import os
import socket
import sys
from http.client import HTTPConnection

SECONDS = 4
WORKS = 200


def web() -> bool:
    """`/healthz` of the port in INSTROOM_HTTP: the process and its database answer."""
    port = int(os.environ["INSTROOM_HTTP"].rpartition(":")[2])
    line = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    line.request("GET", "/healthz")
    return line.getresponse().status == WORKS


def ftp() -> bool:
    """The greeting of the port in INSTROOM_FTP_PORT."""
    with socket.create_connection(("127.0.0.1", int(os.environ["INSTROOM_FTP_PORT"])), SECONDS) as line:
        return line.recv(3) == b"220"


if __name__ == "__main__":
    ask = ftp if sys.argv[1:] == ["ftp"] else web
    try:
        sys.exit(not ask())
    except OSError:
        sys.exit(1)
