"""The programs that customers upload with, as commands (Debian's packages: see `make test-all`)."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent / "programs"
HOST = "127.0.0.1"


class Errand(NamedTuple):
    """What is to be uploaded, and how."""

    mode: str
    version: str
    """TLSv1.2 or TLSv1.3; "" without TLS."""
    port: int
    user: str
    password: str
    file: Path
    name: str


class Program(NamedTuple):
    """A program, and what it can."""

    name: str
    command: Callable[[Errand], list[str]]
    modes: tuple[str, ...] = ("ftp", "ftpes", "ftps")
    picks_version: bool = True

    def ways(self) -> list[tuple[str, str]]:
        """The modes and versions of TLS that it can."""
        versions = ["TLSv1.2", "TLSv1.3"] if self.picks_version else ["its own"]
        return [(mode, version) for mode in self.modes for version in ([""] if mode == "ftp" else versions)]


def curl(errand: Errand) -> list[str]:
    """https://curl.se, with OpenSSL."""
    scheme = "ftps" if errand.mode == "ftps" else "ftp"
    tls = ["--ssl-reqd"] if errand.mode == "ftpes" else []
    number = errand.version.removeprefix("TLSv")
    tls += ["--insecure", f"--tlsv{number}", "--tls-max", number] if number else []
    address = f"{scheme}://{HOST}:{errand.port}/{errand.name}"
    return ["curl", "-sS", *tls, "--user", f"{errand.user}:{errand.password}", "-T", str(errand.file), address]


def curl_resuming(errand: Errand) -> list[str]:
    """Goes on where the server says that the file ends."""
    return [*curl(errand), "--continue-at", "-"]


def lftp(errand: Errand, put: str = "put", wish: str = "") -> list[str]:
    """https://lftp.yar.ru, with GnuTLS, as FileZilla has it."""
    version = f"NORMAL:-VERS-ALL:+VERS-{errand.version.replace('v', '')}" if errand.version else "NORMAL"
    script = [
        "set cmd:fail-exit yes; set net:max-retries 1; set net:timeout 60; set ssl:verify-certificate no",
        f"set ssl:priority {version}",
        f"set ftp:ssl-force {'yes' if errand.version else 'no'}; set ftp:ssl-allow {'yes' if errand.version else 'no'}",
        "set ftp:ssl-protect-data yes",
        f"open -u {errand.user},{errand.password} {'ftps' if errand.mode == 'ftps' else 'ftp'}://{HOST}:{errand.port}",
        *([wish] if wish else []),
        f"{put} {errand.file} -o {errand.name}",
        "bye",
    ]
    return ["lftp", "--norc", "-c", "; ".join(script)]


def lftp_by_another_name(errand: Errand) -> list[str]:
    """Under a temporary name first."""
    return lftp(errand, wish="set xfer:use-temp-file yes")


def lftp_resuming(errand: Errand) -> list[str]:
    """Goes on where the server says that the file ends."""
    return lftp(errand, "put -c")


def rclone(errand: Errand) -> list[str]:
    """https://rclone.org, with Go's own TLS."""
    tls = {"ftp": [], "ftpes": ["--ftp-explicit-tls"], "ftps": ["--ftp-tls"]}[errand.mode]
    tls += ["--ftp-no-check-certificate"] if errand.version else []
    tls += ["--ftp-disable-tls13"] if errand.version == "TLSv1.2" else []
    where = ["--ftp-host", HOST, "--ftp-port", str(errand.port), "--ftp-user", errand.user]
    where += ["--ftp-pass", _obscured(errand.password), "--config", "/dev/null", "--retries", "1"]
    return ["rclone", "copyto", *where, *tls, "--ignore-times", str(errand.file), f":ftp:/{errand.name}"]


@cache
def _obscured(password: str) -> str:
    done = subprocess.run(["rclone", "obscure", password], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def ncftp(errand: Errand) -> list[str]:
    """https://www.ncftp.com."""
    account = ["-u", errand.user, "-p", errand.password, "-P", str(errand.port)]
    return ["ncftpput", "-V", *account, "-C", HOST, str(errand.file), errand.name]


def ncftp_by_another_name(errand: Errand) -> list[str]:
    """The same, under a temporary name first."""
    account = ["-u", errand.user, "-p", errand.password, "-P", str(errand.port)]
    return ["ncftpput", "-V", "-S", ".tmp", *account, HOST, "/", str(errand.file)]


def tnftp(errand: Errand) -> list[str]:
    """The ftp of NetBSD and macOS."""
    address = f"ftp://{errand.user}:{errand.password}@{HOST}:{errand.port}/{errand.name}"
    return ["tnftp", "-u", address, str(errand.file)]


_WITHOUT_TLS_13 = HERE / "gnutls.conf"


def wput(errand: Errand) -> list[str]:
    """https://wput.sourceforge.net, which always resumes. It never got as far as TLS 1.3, and no option says so."""
    address = f"ftp://{errand.user}:{errand.password}@{HOST}:{errand.port}/{errand.name}"
    tls = "--force-tls" if errand.version else "--disable-tls"
    command = ["wput", "--tries=1", "--waitretry=0", "--binary", tls, str(errand.file), address]
    return ["env", f"GNUTLS_SYSTEM_PRIORITY_FILE={_WITHOUT_TLS_13}", *command]


def _own(*command: str) -> Callable[[Errand], list[str]]:
    def command_of(errand: Errand) -> list[str]:
        facts = (errand.mode, errand.version, HOST, str(errand.port), errand.user, errand.password)
        return [*command, *facts, str(errand.file), errand.name]

    return command_of


_COMMONS_NET = "/usr/share/java/commons-net.jar"


@cache
def _compiled() -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory(prefix="instroom-java-")
    subprocess.run(["javac", "-cp", _COMMONS_NET, "-d", folder.name, str(HERE / "Put.java")], check=True)
    return folder


def java(errand: Errand) -> list[str]:
    """Apache Commons Net, compiled once."""
    return _own("java", "-cp", f"{_COMMONS_NET}:{_compiled().name}", "Put")(errand)


@cache
def _compiled_by_mono() -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory(prefix="instroom-mono-")
    subprocess.run(["mcs", f"-out:{folder.name}/Put.exe", str(HERE / "Put.cs")], check=True)
    return folder


def dotnet(errand: Errand) -> list[str]:
    """FtpWebRequest, which .NET brings itself, as Mono runs it; compiled once."""
    return _own("mono", f"{_compiled_by_mono().name}/Put.exe")(errand)


WPUT = Program("wput", wput, ("ftp",))
PYTHON = Program("python", _own(sys.executable, str(HERE / "put.py")))
PROGRAMS = [
    Program("curl", curl),
    Program("lftp", lftp),
    Program("lftp with a temporary name", lftp_by_another_name),
    Program("rclone", rclone),
    Program("ncftp", ncftp, ("ftp",)),
    Program("ncftp with a temporary name", ncftp_by_another_name, ("ftp",)),
    Program("tnftp", tnftp, ("ftp",)),
    WPUT,
    PYTHON,
    Program("perl", _own("perl", str(HERE / "put.pl"))),
    Program("php", _own("php", str(HERE / "put.php")), ("ftp", "ftpes"), picks_version=False),
    Program("java", java),
]
DOTNET = Program("dotnet", dotnet, ("ftp", "ftpes"), picks_version=False)
"""It never says close_notify: over TLS it needs an account that is let off."""
RESUMING = [Program("curl", curl_resuming), Program("lftp", lftp_resuming), WPUT]
"""Programs that are told to go on with what is there."""
