"""Checks bevis.json of a pack of evidence with the log's key, by nothing but Python's own library.

It shares no line with the system: RFC 8032 (Ed25519), RFC 6962 (Merkle tree) and c2sp.org/signed-note are read
anew here, so that two readings of them must agree. Usage: bevispakke.py NØKKEL bevis.json
"""

import base64
import hashlib
import json
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign):
        raise ValueError("not a point")
    return x if x & 1 == sign else P - x


def point(b):
    n = int.from_bytes(b, "little")
    y = n & (1 << 255) - 1
    x = x_of(y, n >> 255)
    return x, y, 1, x * y % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


def signed(key, message, signature):
    base_y = 4 * pow(5, P - 2, P) % P
    base = (x_of(base_y, 0), base_y, 1, x_of(base_y, 0) * base_y % P)
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    a, b = times(s, base), add(point(signature[:32]), times(h, point(key)))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def checkpoint(note, verifier):
    """Gives size and root of a note that the key has signed."""
    name, key_hash, key = verifier.strip().split("+", 2)
    raw = base64.b64decode(key)
    if raw[0] != 1 or hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_hash:
        raise ValueError("not a key")
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        dash, who, signature = line.split(" ")
        given = base64.b64decode(signature)
        if dash == "—" and who == name and given[:4].hex() == key_hash and signed(raw[1:], text.encode(), given[4:]):
            origin, size, root = text.split("\n")[:3]
            if origin != name:
                raise ValueError("another log's checkpoint")
            return int(size), base64.b64decode(root)
    raise ValueError("no signature of the key's")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaf, index, size, proof):
    """RFC 9162, 2.1.3.2, which is RFC 6962's proof as an algorithm."""
    if not 0 <= index < size:
        raise ValueError("not a leaf of the log")
    at, last, r = index, size - 1, leaf
    for p in proof:
        if last == 0:
            raise ValueError("too long a proof")
        if at & 1 or at == last:
            r = sha(b"\x01", p, r)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            r = sha(b"\x01", r, p)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("too short a proof")
    return r


def check(verifier, pack):
    size, root = checkpoint(pack["sjekkpunkt"], verifier)
    for entry in pack["innslag"]:
        salt, commitment = base64.b64decode(entry["salt"]), base64.b64decode(entry["forpliktelse"])
        if len(salt) != 32 or sha(salt, entry["innslag"].encode()) != commitment:
            raise ValueError("an entry is not what its leaf commits to")
        proof = [base64.b64decode(h) for h in entry["bevis"]]
        if root_of(sha(b"\x00", commitment), entry["indeks"], size, proof) != root:
            raise ValueError("an entry is not in the log")
    return len(pack["innslag"])


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as f:
        print(check(sys.argv[1], json.load(f)))
