"""Debian's ProFTPD with three modes (FTP, FTPES, FTPS), run by an ordinary user while it is measured."""

import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import Failed
from bench.servers import HOST, PASSWORD, Server, free_ports, running

_PROGRAM = "/usr/sbin/proftpd"
_PASSIVE = 40
_SECONDS = 30.0

_SITE = """\
LoadModule mod_tls.c
ServerType standalone
ServerName bench
DefaultAddress {host}
UseIPv6 off
UseReverseDNS off
User {user}
Group {group}
MaxInstances 300
PidFile {folder}/pid
ScoreboardFile {folder}/scoreboard
ControlsEngine off
DelayEngine off
SystemLog {folder}/log
WtmpLog off
Port {ftp}
{common}
<VirtualHost {host}>
Port {ftpes}
{common}
{tls}
</VirtualHost>
<VirtualHost {host}>
Port {ftps}
{common}
{tls} UseImplicitSSL
</VirtualHost>
"""
_COMMON = """\
AuthOrder mod_auth_file.c
AuthUserFile {folder}/passwd
RequireValidShell off
PassivePorts {first} {last}
TransferLog none
AllowOverwrite on
HiddenStores on"""  # as ours does, show a file under its own name only when it is complete
_TLS = """\
TLSEngine on
TLSProtocol TLSv1.2 TLSv1.3
TLSRequired on
TLSECCertificateFile {folder}/certificate.pem
TLSECCertificateKeyFile {folder}/key.pem
TLSOptions NoSessionReuseRequired"""


@contextmanager
def proftpd(certificate: Path, accounts: list[str]) -> Iterator[Server]:
    """Run ProFTPD with the certificate and key of this folder, with these accounts, all with our PASSWORD."""
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    with tempfile.TemporaryDirectory(prefix="instroom-proftpd-") as name:
        folder, first = Path(name), free_ports(3 + _PASSIVE)
        ports = {"ftp": first, "ftpes": first + 1, "ftps": first + 2}
        _furnish(folder, certificate, accounts, user, ports)
        with (folder / "said").open("wb") as said, running(_command(folder, user), {}, said) as process:
            _await(folder, ports["ftps"])
            yield Server(ports, process.pid, folder / "said")


def version() -> str:
    """Such as `ProFTPD 1.3.8`."""
    said = subprocess.run([_PROGRAM, "-v"], capture_output=True, text=True, check=True)
    found = re.search(r"[\d.]{3,}\w*", said.stdout + said.stderr)
    return f"ProFTPD {found[0] if found else ''}"


def _furnish(
    folder: Path, certificate: Path, accounts: list[str], user: pwd.struct_passwd, ports: dict[str, int]
) -> None:
    for file in ("certificate.pem", "key.pem"):
        shutil.copy(certificate / file, folder)
    hashed = _hashed()
    lines = []
    for account in accounts:
        (folder / account).mkdir()
        lines.append(f"{account}:{hashed}:{user.pw_uid}:{user.pw_gid}::{folder / account}:/bin/false\n")
    (folder / "passwd").write_text("".join(lines), encoding="utf-8")
    (folder / "proftpd.conf").write_text(_configuration(folder, user, ports), encoding="utf-8")
    for one in (folder, *folder.iterdir()):
        os.chown(one, user.pw_uid, user.pw_gid)
        one.chmod(0o700 if one.is_dir() else 0o600)


def _configuration(folder: Path, user: pwd.struct_passwd, ports: dict[str, int]) -> str:
    first = max(ports.values()) + 1
    common = _COMMON.format(folder=folder, first=first, last=first + _PASSIVE - 1)
    who = {"user": user.pw_name, "group": grp.getgrgid(user.pw_gid).gr_name}
    return _SITE.format(host=HOST, folder=folder, common=common, tls=_TLS.format(folder=folder), **who, **ports)


def _hashed() -> str:
    words = ["openssl", "passwd", "-6", "-stdin"]
    return subprocess.run(words, input=PASSWORD, capture_output=True, text=True, check=True).stdout.strip()


def _command(folder: Path, user: pwd.struct_passwd) -> list[str]:
    words = [_PROGRAM, "--nodaemon", "--quiet", "--config", str(folder / "proftpd.conf")]
    if os.getuid() == 0:
        words = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *words]
    return words


def _await(folder: Path, port: int) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Failed(f"ProFTPD did not start: {(folder / 'said').read_text(encoding='utf-8')}")
