"""nginx and Caddy by the files in deploy, with the ports and folders of a test."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from instroom.flow.file_server.certificate import own_certificate

DEPLOY = Path(__file__).parents[1] / "deploy"
NGINX = (DEPLOY / "nginx" / "instroom.conf").read_text(encoding="utf-8")
CADDY = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
HOST = "instroom.voorbeeld.example"


def changed(text: str, changes: dict[str, str]) -> str:
    """The file with other ports and folders; each of them must be in it."""
    for found, put in changes.items():
        text, count = re.subn(found, put, text, flags=re.MULTILINE)
        assert count, found
    return text


class Proxy(NamedTuple):
    """What a proxy is given of this machine."""

    place: Path
    https: int
    http: int
    web: int

    def nginx(self) -> list[str]:
        """The command that runs nginx; what Debian has in /etc/nginx/nginx.conf is ours here."""
        made = own_certificate(self.place / "tls")
        text = changed(
            NGINX,
            {
                r"listen 443": f"listen 127.0.0.1:{self.https}",
                r"listen 80;": f"listen 127.0.0.1:{self.http};",
                r"^ *listen \[::\].*\n": "",
                r"/etc/ssl/instroom/fullchain.pem": str(made.certificate),
                r"/etc/ssl/instroom/privkey.pem": str(made.key),
                r"/var/log/nginx/": f"{self.place}/",
                r"127.0.0.1:8000": f"127.0.0.1:{self.web}",
            },
        )
        (self.place / "instroom.conf").write_text(text, encoding="utf-8")
        folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{one}_temp_path {self.place}/{one};\n" for one in folders)
        http = f"http {{ {temporary} include {self.place}/instroom.conf; }}"
        main = f"daemon off; pid {self.place}/pid; events {{}} {http}"
        (self.place / "nginx.conf").write_text(main, encoding="utf-8")
        return [where_is("nginx"), "-e", "stderr", "-c", str(self.place / "nginx.conf")]

    def caddy(self) -> list[str]:
        """The command that runs Caddy, with a certificate of ours: no authority gives one to this name."""
        made = own_certificate(self.place / "tls")
        text = changed(
            CADDY,
            {
                r"^\{$": f"{{\nadmin off\nhttp_port {self.http}\nhttps_port {self.https}",
                r"^\tservers \{$": f"storage file_system {self.place}\nservers {{",
                r"^(.*\{\$INSTROOM_HOST.*\} \{)$": rf"\1\ntls {made.certificate} {made.key}",
                r"127.0.0.1:8000": f"127.0.0.1:{self.web}",
            },
        )
        (self.place / "Caddyfile").write_text(text, encoding="utf-8")
        return [where_is("caddy"), "run", "--config", str(self.place / "Caddyfile")]

    def curl(self, *words: str) -> list[str]:
        """curl, for which the site's name leads to this proxy."""
        there = [f"{HOST}:{port}:127.0.0.1:{ours}" for port, ours in ((443, self.https), (80, self.http))]
        return ["curl", "-sS", "-k", "-m", "100", "--connect-to", there[0], "--connect-to", there[1], *words]

    def ask(self, *words: str) -> str:
        """What curl prints."""
        done = subprocess.run(self.curl(*words), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def is_ready(self) -> bool:
        """Whether the web pages can be reached through it."""
        done = subprocess.run(self.curl("-f", f"https://{HOST}/healthz"), capture_output=True, check=False)
        return done.returncode == 0

    def status(self, *words: str) -> str:
        """The status of the answer."""
        return self.ask("-o", "/dev/null", "-w", "%{http_code}", *words)


def where_is(name: str) -> str:
    """Debian has nginx in a folder of root's."""
    return shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin") or name
