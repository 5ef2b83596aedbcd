"""Checks the signatures of a witness's file with Python alone and `openssl`: for whoever trusts none of our code.

    python3 check_witness.py witness.jsonl PUBLIC_KEY_HEX

Prints each line that is not signed by that key; exit code 1 when there is one. What the lines say is compared with the
database by `ais verify`, or by hand: `SELECT hash FROM operation WHERE chain_id = … AND sequence = …`.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ED25519 = bytes.fromhex("302a300506032b6570032100")  # what stands before a raw public key in its DER form (RFC 8410)


def is_signed(line: str, key: str, folder: Path) -> bool:
    """Whether `openssl` says that a line is signed by the key (hexadecimal)."""
    values = json.loads(line)
    if values.pop("key") != key:
        return False
    signature = bytes.fromhex(values.pop("signature"))
    spelled = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    pem = base64.b64encode(ED25519 + bytes.fromhex(key)).decode()
    for name, content in (
        ("key.pem", f"-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n".encode()),
        ("signed", spelled.encode()),
        ("signature", signature),
    ):
        (folder / name).write_bytes(content)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pem",
        "-rawin",
        "-in",
        "signed",
        "-sigfile",
        "signature",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def main(path: Path, key: str) -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                signed = is_signed(line, key, Path(folder))
            except (ValueError, KeyError, AttributeError, TypeError):
                signed = False
            if not signed:
                print(f"line {number} is not signed by this key")
                wrong += 1
    print(f"{wrong} lines are wrong" if wrong else "every line is signed by this key")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
