"""Checks the signatures of a witness's file with Python alone and `openssl`: for whoever trusts none of our code.

    python3 check_witness.py witness.jsonl PUBLIC_KEY_HEX

Prints each line that is not signed by that key or by one that it leads to; exit code 1 when there is one. Lines with
`next` change the key (the older and the new one sign them), lines with `lost` put a new key in the place of one that is
lost: those are told, since nothing but the ledger's own operation vouches for them. What the lines say is compared with
the database by `ais verify`, or by hand: `SELECT hash FROM operation WHERE chain_id = … AND sequence = …`.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ED25519 = bytes.fromhex("302a300506032b6570032100")  # what stands before a raw public key in its DER form (RFC 8410)
COMMAND = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature"


def is_signature(spelled: str, key: str, signature: str, folder: Path) -> bool:
    """Whether `openssl` says that the text is signed by the key; both hexadecimal."""
    pem = base64.b64encode(ED25519 + bytes.fromhex(key)).decode()
    for name, content in (
        ("key.pem", f"-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n".encode()),
        ("signed", spelled.encode()),
        ("signature", bytes.fromhex(signature)),
    ):
        (folder / name).write_bytes(content)
    return subprocess.run(COMMAND.split(), cwd=folder, capture_output=True, check=False).returncode == 0


def read(line: str, folder: Path) -> dict[str, object] | None:
    """The values of a line whose signatures fit, else None."""
    try:
        values = json.loads(line)
        signed = {name: values[name] for name in values if name not in ("key", "signature", "countersignature")}
        spelled = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        signatures = [(values["key"], values["signature"])]
        if "next" in values:
            signatures.append((values["next"], values["countersignature"]))
        good = all(is_signature(spelled, key, signature, folder) for key, signature in signatures)
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return values if good and isinstance(values["chain"], str) and isinstance(values["sequence"], int) else None


def keys_of(lines: list[dict[str, object] | None], key: str) -> list[str]:
    """The keys that lead to this one and on from it, the oldest first."""
    after: dict[str, str] = {}
    for values in lines:
        if values is not None and "next" in values:
            after.setdefault(str(values["key"]), str(values["next"]))
        elif values is not None and "lost" in values:
            after.setdefault(str(values["lost"]), str(values["key"]))
    before = {new: old for old, new in reversed(after.items())}
    keys = [key]
    while before.get(keys[0], keys[0]) not in keys:
        keys.insert(0, before[keys[0]])
    while after.get(keys[-1], keys[-1]) not in keys:
        keys.append(after[keys[-1]])
    return keys


class Terms:
    """Which key may sign: of each chain, no line of an older key goes past the first line of a newer one."""

    def __init__(self, keys: list[str]) -> None:
        self.keys, self.now, self.first = keys, 0, dict[tuple[int, str], int]()

    def fault(self, values: dict[str, object]) -> str:
        """What is wrong with the key of a line, the lines taken in their order; "" = nothing."""
        key, chain, sequence = str(values["key"]), str(values["chain"]), int(str(values["sequence"]))
        if key not in self.keys:
            return "is not signed by this key or one that it leads to"
        number = self.keys.index(key)
        if "lost" in values and number == self.now + 1:
            print(f"{values['lost']} was lost; {key} signs in its place, and nobody but itself says so")
            self.begin(number, chain, sequence)
        if number > self.now:
            return "is signed by a key that was not in use then"
        newer = [self.first[later, chain] for later in range(number + 1, self.now + 1) if (later, chain) in self.first]
        changes = "next" in values or "lost" in values
        if number < self.now and not changes and (not newer or sequence > min(newer)):
            return "is signed by a key that was not in use then"
        if not changes:
            self.first.setdefault((number, chain), sequence)
        elif "next" in values and number == self.now and self.now + 1 < len(self.keys):
            self.begin(self.now + 1, chain, sequence)
        return ""

    def begin(self, number: int, chain: str, sequence: int) -> None:
        """The term of a key begins: its first line of a chain is at this operation or behind it."""
        self.now = number
        self.first[number, chain] = sequence


def main(path: Path, key: str) -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        lines = [read(line, Path(folder)) for line in path.read_text(encoding="utf-8").splitlines()]
    terms = Terms(keys_of(lines, key))
    for number, values in enumerate(lines, 1):
        fault = "is not signed by the key that it names" if values is None else terms.fault(values)
        if fault:
            print(f"line {number} {fault}")
            wrong += 1
    print(f"{wrong} lines are wrong" if wrong else "every line is signed by this key or one that it leads to")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
