#!/usr/bin/python3
"""Writes sealed_file.json: what docs/protocol.md, section 17, makes of a file, in another implementation (Debian's
python3-cryptography). Written once; the project's own code never writes it.
Run: /usr/bin/python3 tests/vectors/sealed_file.py > tests/vectors/sealed_file.json
"""
import hashlib
import json
import math

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CHUNK = 65536


def padme(length):
    length = max(length, 128)
    exponent = int(math.log2(length))
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1
    return (length + mask) & ~mask


def seal(key, data):
    padded = data + bytes(padme(len(data)) - len(data))
    chunks = [padded[at:at + CHUNK] for at in range(0, len(padded), CHUNK)]
    sealed = b""
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        nonce = bytes(7) + number.to_bytes(4, "big") + bytes([1 if last else 0])
        sealed += ChaCha20Poly1305(key).encrypt(nonce, chunk, b"agentnet-e2e-1 file\0")
    return sealed


def main():
    key = bytes(range(32))
    rows = []
    for size in (0, 1, 128, 129, 65535, 65536, 65537, 131072, 200000):
        data = bytes(at * 7 % 251 for at in range(size))
        sealed = seal(key, data)
        row = dict(
            size=size, sha256=hashlib.sha256(data).hexdigest(), sealed_length=len(sealed),
            sealed_sha256=hashlib.sha256(sealed).hexdigest(),
        )
        if size < 128:
            row["sealed"] = sealed.hex()
        rows.append(row)
    print(json.dumps({"key": key.hex(), "files": rows}, indent=1))


main()
