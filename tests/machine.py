"""A machine of Debian that boots: systemd in a container without a network."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.waiting import until

PROGRAMS = ("mmdebstrap", "systemd-nspawn", "nsenter")
START_SECONDS = 300
BARE = ("systemd", "systemd-sysv", "dbus")
NSPAWN = ("systemd-nspawn", "--quiet", "--register=no", "--keep-unit")


def missing() -> str:
    """What this computer lacks to make one; blank where it can."""
    if os.geteuid() != 0:
        return "root"
    return " and ".join(name for name in PROGRAMS if not shutil.which(name))


class Machine:
    """Of the release of Debian that runs here, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._nspawn: subprocess.Popen[bytes] | None = None
        release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines())
        words = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(BARE)}"]
        subprocess.run([*words, release["VERSION_CODENAME"], str(folder)], check=True)
        self.write("/etc/apt/apt.conf.d/90unattended", 'APT::Get::Assume-Yes "true";\n')

    def path(self, name: str) -> Path:
        """Where a file of the machine is here."""
        return self.folder / name.removeprefix("/")

    def write(self, name: str, text: str) -> None:
        self.path(name).write_text(text, encoding="utf-8")

    def prepare(self, line: str) -> str:
        """What root types before the machine has booted; it then has this computer's network, for apt."""
        return self._typed([*NSPAWN, "--pipe", "-D", str(self.folder), "--setenv=LANG=C.UTF-8"], line)

    def boot(self) -> None:
        words, quiet = ["--boot", "--private-network", "--console=pipe", "-D", self.folder], subprocess.DEVNULL
        self._nspawn = subprocess.Popen([*NSPAWN, *words], stdin=quiet, stdout=quiet, stderr=quiet)
        until(lambda: self._state() in ("running", "degraded"), START_SECONDS)

    def type(self, line: str, stdin: str = "", code: int = 0) -> str:
        """What root types on the machine, and what it answers."""
        return self._typed(self._inside(), line, stdin, code)

    def stop(self) -> None:
        """Switch it off."""
        if self._nspawn is None:
            return
        self._nspawn.terminate()
        try:
            self._nspawn.wait(60)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()
        self._nspawn = None

    def _state(self) -> str:
        command = [*self._inside(), "systemctl", "is-system-running"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def _inside(self) -> list[str]:
        assert self._nspawn is not None
        pid = self._nspawn.pid
        assert self._nspawn.poll() is None, "the machine has stopped"
        first = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").partition(" ")[0] or "0"
        return ["nsenter", "--target", first, *"--mount --pid --uts --ipc --net --cgroup --".split()]

    def _typed(self, inside: list[str], line: str, stdin: str = "", code: int = 0) -> str:
        settings = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
        command = [*inside, "sh", "-c", f"cd /root; {line}"]
        done = subprocess.run(command, input=stdin, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{line}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr
