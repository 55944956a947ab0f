"""The file server: large uploads compared with ProFTPD, many sessions at once, and the delay of an answer."""

import itertools
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

from bench import servers, stores
from bench.figures import Figure, Steps, at_most, seconds, untargeted
from bench.parts.scale import Scale
from bench.peers.proftpd import proftpd
from bench.processes import Failed, child, progress
from bench.servers import HOST, PASSWORD, Server

_PATIENCE = 0.25  # seconds that our server waits before its verdict (INSTROOM_FTP_PATIENCE)
_TARGET = 2.0
_UPLOADING = 20
_ACCOUNTS = [f"hr{number}" for number in range(_UPLOADING)]
_PEER = "ProFTPD"
_SETTLED = 0.3  # seconds, so that work on the previous file is not in the next one's time


class Way(NamedTuple):
    """A mode, and for TLS its version."""

    mode: str
    version: str = ""

    def __str__(self) -> str:
        return f"{self.mode.upper()}, TLS {self.version}" if self.version else self.mode.upper()


class Took(NamedTuple):
    """The duration of an upload, in seconds."""

    whole: float  # from the connection to the 226
    sending: float  # of those, from STOR on


WAYS = [Way("ftp"), *(Way(mode, version) for mode in ("ftpes", "ftps") for version in ("1.2", "1.3"))]


def measure(files: Path, folder: Path, scale: Scale) -> list[Figure | Steps]:
    """Measure both servers in turns, so that a busy moment of the machine affects both."""
    store = stores.new("SQLite", "files", folder)
    child("bench.measured.accounts", "add", PASSWORD, *_ACCOUNTS, environ=store.environ)
    answering = stores.copy(store, "answers")
    with servers.ours(store) as server, proftpd(store.home / "ftp", _ACCOUNTS) as peer:
        figures = [*_uploads(server, peer, folder, scale), *_sessions(server, peer, store, scale)]
    figures += _answers(answering, files / "small" / "first.csv", scale)
    for one in (store, answering):
        stores.remove(one)
    return list(figures)


def _uploads(server: Server, peer: Server, folder: Path, scale: Scale) -> list[Figure]:
    file = folder / "large.csv"
    file.write_bytes(bytes(range(256)) * (scale.upload_mb << 12))
    took: dict[Way, list[tuple[Took, Took]]] = {way: [] for way in WAYS}
    for number in range(scale.times + 1):
        progress(f"uploads of {scale.upload_mb} MB: round {number} of {scale.times}")
        for way, found in took.items():
            found.append((_upload(server, way, file), _upload(peer, way, file)))
    # round 0 is dropped: in it both servers read the password and the folder for the first time
    return [figure for way, found in took.items() for figure in _compared(f"{scale.upload_mb} MB by {way}", found[1:])]


def _compared(what: str, found: list[tuple[Took, Took]]) -> list[Figure]:
    ours, theirs = (Took(*map(statistics.median, zip(*runs, strict=True))) for runs in zip(*found, strict=True))
    alone = ours.sending - _PATIENCE
    return [
        at_most(f"{what}, with signing in and the verdict's wait", ours.whole, _PEER, theirs.whole),
        at_most(f"{what}, sending alone", alone, _PEER, theirs.sending, _TARGET),
    ]


def _upload(server: Server, way: Way, file: Path) -> Took:
    scheme = "ftps" if way.mode == "ftps" else "ftp"
    words = ["curl", "--silent", "--show-error", "--user", f"{_ACCOUNTS[0]}:{PASSWORD}", "--upload-file", str(file)]
    words += ["--insecure", f"--tlsv{way.version}", "--tls-max", way.version] if way.version else []
    words += ["--ssl-reqd"] if way.mode == "ftpes" else []
    words += [
        "--write-out",
        "%{time_total} %{time_pretransfer}",
        f"{scheme}://{HOST}:{server.ports[way.mode]}/large.csv",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"curl, {way}: {done.stderr}")
    whole, before = map(float, done.stdout.split())
    time.sleep(_SETTLED)
    return Took(whole, whole - before)


def _sessions(server: Server, peer: Server, store: stores.Store, scale: Scale) -> list[Figure]:
    count, many = scale.sessions, list(itertools.islice(itertools.cycle(_ACCOUNTS), scale.sessions))
    progress(f"{count} sessions that do nothing")
    idle = _together(server, 0, many)
    before, after = idle["memory"]
    figures = [
        untargeted(f"opening {count} sessions, half of them with TLS", seconds(idle["seconds"])),
        untargeted(f"memory with {count} sessions", f"{after:.0f} MB", f"with none: {before:.0f} MB"),
        untargeted(f"processor for {count} sessions that do nothing", f"{100 * idle['cpu']:.1f} %"),
        _noop(f"NOOP beside {count} sessions that do nothing", idle),
    ]
    size = max(scale.upload_mb // 4, 1)
    progress(f"{_UPLOADING} sessions that upload {size} MB each")
    busy = _together(server, size, _ACCOUNTS)
    _compare(store, busy["sent"])
    theirs = _together(peer, size, _ACCOUNTS)
    what = f"{_UPLOADING} uploads of {size} MB at once, half of them with TLS"
    rate = f"{_UPLOADING * size / busy['seconds']:.0f} MB/s"
    figures.append(at_most(what, busy["seconds"], _PEER, theirs["seconds"]))
    figures.append(untargeted("… all of them together, each byte for byte", rate))
    return [*figures, _noop(f"NOOP beside {_UPLOADING} uploads", busy)]


def _together(server: Server, megabytes: int, accounts: list[str]) -> dict[str, Any]:
    places = (server.ports["ftp"], server.ports["ftpes"], server.pid)
    return child("bench.measured.sessions", *map(str, places), PASSWORD, str(megabytes), *accounts).answer


def _compare(store: stores.Store, sent: list[str]) -> None:
    """Raises Failed unless each file has been delivered byte for byte."""
    came = child("bench.measured.accounts", "came", environ=store.environ).answer["came"]
    if missing := set(sent) - set(came):
        raise Failed(f"{len(missing)} of {len(sent)} uploads were not delivered byte for byte")


def _noop(what: str, found: dict[str, Any]) -> Figure:
    middle, slow = found["noop"]
    return untargeted(what, seconds(middle), ratio=f"p95 {seconds(slow)}")


def _answers(store: stores.Store, file: Path, scale: Scale) -> list[Figure]:
    progress("from the end of an upload to its answer")
    with servers.ours(store, "serve") as server:
        words = (str(server.ports["ftpes"]), PASSWORD, _ACCOUNTS[0], str(file), str(2 * scale.times))
        found = child("bench.measured.answers", *words, environ=store.environ).answer
    names = {"checked": "its check begins", "answered": "its answer is in the directory"}
    return [
        untargeted(
            f"from the end of an upload until {what}",
            seconds(statistics.median(found[name])),
            ratio=f"at most {seconds(found[name][-1])}",
        )
        for name, what in names.items()
    ]
