#!/usr/bin/env python3
"""Writes dist/sbom.cdx.json: all that an installation consists of, as CycloneDX, from uv.lock and what is vendored."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "src" / "instroom" / "doors" / "web" / "static"
VENDORED = {"htmx": "0BSD", "icons": "ISC AND MIT", "source-sans-3": "OFL-1.1"}
"""What others made and stands in the source: the name of its licence file, and the licence."""
EXPORT = ("export", "--frozen", "--quiet", "--no-default-groups", "--format", "cyclonedx1.5")


def main() -> None:
    command = [ROOT / ".uv" / "bin" / "uv", *EXPORT, "--preview-features", "sbom-export"]
    exported = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    document = json.loads(exported.stdout)
    for known, licence in VENDORED.items():
        document["components"].append(component := _vendored(known, licence))
        document["dependencies"].append({"ref": component["bom-ref"], "dependsOn": []})
    target = ROOT / "dist" / "sbom.cdx.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {len(document['components'])} components")  # noqa: T201 - it is its answer


def _vendored(known: str, licence: str) -> dict[str, object]:
    """A package of which files stand in the source, from the first lines of its licence file."""
    origin = re.findall(r"(?m)^Origin: (\S+)", (STATIC / f"{known}.LICENSE.txt").read_text(encoding="utf-8"))[0]
    package, version = re.findall(r"registry\.npmjs\.org/(.+)/-/.+-([\d.]+)\.tgz", origin)[0]
    return {
        "type": "library",
        "bom-ref": package,
        "name": package,
        "version": version,
        "purl": f"pkg:npm/{quote(package)}@{version}",
        "licenses": [{"expression": licence}],
        "externalReferences": [{"type": "distribution", "url": origin}],
    }


if __name__ == "__main__":
    main()
