"""Uploads a file with the standard library: mode version host port user password file name."""

import ftplib
import ssl
import sys
from pathlib import Path

mode, version, host, port, user, password, file, name = sys.argv[1:]


class Implicit(ftplib.FTP_TLS):
    """TLS from the first byte."""

    @property
    def sock(self):
        return self._sock

    @sock.setter
    def sock(self, value):
        plain = value is None or isinstance(value, ssl.SSLSocket)
        self._sock = value if plain else self.context.wrap_socket(value)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
if mode == "ftp":
    client = ftplib.FTP()  # noqa: S321
else:
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version.replace(".", "_")]
    client = (Implicit if mode == "ftps" else ftplib.FTP_TLS)(context=context)
client.connect(host, int(port), timeout=60)
client.login(user, password)
if mode != "ftp":
    client.prot_p()
with Path(file).open("rb") as stream:
    client.storbinary(f"STOR {name}", stream)
client.quit()
