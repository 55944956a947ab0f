#!/usr/bin/env python3
"""Writes dist/sbom.cdx.json: all that an installation consists of, as CycloneDX, from uv.lock and what is vendored."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
HTMX = ROOT / "src" / "instroom" / "doors" / "web" / "static" / "htmx.LICENSE.txt"
EXPORT = ("export", "--frozen", "--quiet", "--no-default-groups", "--format", "cyclonedx1.5")


def main() -> None:
    command = [ROOT / ".uv" / "bin" / "uv", *EXPORT, "--preview-features", "sbom-export"]
    exported = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    document = json.loads(exported.stdout)
    document["components"].append(_htmx())
    document["dependencies"].append({"ref": "htmx.org", "dependsOn": []})
    target = ROOT / "dist" / "sbom.cdx.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {len(document['components'])} components")  # noqa: T201 - it is its answer


def _htmx() -> dict[str, object]:
    """The one file of others that stands in the source."""
    known = HTMX.read_text(encoding="utf-8")
    version, origin, digest = (
        re.findall(pattern, known)[0]
        for pattern in (r"(?m)^htmx ([\d.]+)", r"(?m)^Origin: (\S+)", r"(?m)^SHA-256: ([0-9a-f]{64})")
    )
    return {
        "type": "library",
        "bom-ref": "htmx.org",
        "name": "htmx.org",
        "version": version,
        "purl": f"pkg:npm/htmx.org@{version}",
        "licenses": [{"license": {"id": "0BSD"}}],
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "externalReferences": [{"type": "distribution", "url": origin}],
    }


if __name__ == "__main__":
    main()
