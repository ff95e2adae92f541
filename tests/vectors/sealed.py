#!/usr/bin/python3
"""Writes sealed.json: what docs/protocol.md, section 14, comes to in another implementation (Debian's
python3-cryptography, and python3-nacl for the conversions of libsodium). Written once; the project's own code never
writes it. Run: /usr/bin/python3 tests/vectors/sealed.py > tests/vectors/sealed.json
"""
import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

try:
    from nacl import bindings as sodium
except ImportError:
    sodium = None

P = 2**255 - 19
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RAW = dict(encoding=serialization.Encoding.Raw, format=serialization.PublicFormat.Raw)


def base58(data):
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def expand(prk, info, length):
    out, block, n = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([n]), hashlib.sha256).digest()
        out, n = out + block, n + 1
    return out[:length]


def hkdf(ikm, salt, info, length=32):
    return expand(extract(salt, ikm), info, length)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def label(word):
    return b"agentnet-e2e-1 " + word.encode() + b"\0"


def field(data):
    return len(data).to_bytes(2, "big") + data


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def seal(key, aad, text):
    return ChaCha20Poly1305(key).encrypt(bytes(12), text, aad)


class Agent:
    def __init__(self, n):
        self.seed = bytes([n]) * 32
        self.private = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.private.public_key().public_bytes(**RAW)
        self.id = base58(self.public)
        head = bytearray(hashlib.sha512(self.seed).digest()[:32])
        head[0] &= 248
        head[31] &= 127
        head[31] |= 64
        self.x_secret = bytes(head)
        y = int.from_bytes(self.public, "little") & (2**255 - 1)
        u = (1 + y) * pow(1 - y, P - 2, P) % P
        self.x_public = u.to_bytes(32, "little")
        own = X25519PrivateKey.from_private_bytes(self.x_secret).public_key()
        assert own.public_bytes(**RAW) == self.x_public
        if sodium is not None:
            secret = self.seed + self.public
            assert sodium.crypto_sign_ed25519_pk_to_curve25519(self.public) == self.x_public
            assert sodium.crypto_sign_ed25519_sk_to_curve25519(secret) == self.x_secret

    def sign(self, data):
        return self.private.sign(data)

    def shared(self, other_x_public):
        own = X25519PrivateKey.from_private_bytes(self.x_secret)
        return own.exchange(X25519PublicKey.from_public_bytes(other_x_public))


# RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305.
KEM = b"KEM" + (0x20).to_bytes(2, "big")
SUITE = b"HPKE" + (0x20).to_bytes(2, "big") + (1).to_bytes(2, "big") + (3).to_bytes(2, "big")


def labeled_extract(suite, salt, word, ikm):
    return extract(salt, b"HPKE-v1" + suite + word + ikm)


def labeled_expand(suite, prk, word, info, length):
    return expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + word + info, length)


def hpke_keys(shared, info):
    context = b"\0" + labeled_extract(SUITE, b"", b"psk_id_hash", b"") + labeled_extract(
        SUITE, b"", b"info_hash", info
    )
    secret = labeled_extract(SUITE, shared, b"secret", b"")
    key = labeled_expand(SUITE, secret, b"key", context, 32)
    return key, labeled_expand(SUITE, secret, b"base_nonce", context, 12)


def hpke_seal(ephemeral, recipient, info, aad, text):
    """ephemeral: 32 secret bytes; recipient: 32 public bytes."""
    own = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = own.public_key().public_bytes(**RAW)
    dh = own.exchange(X25519PublicKey.from_public_bytes(recipient))
    prk = labeled_extract(KEM, b"", b"eae_prk", dh)
    shared = labeled_expand(KEM, prk, b"shared_secret", enc + recipient, 32)
    key, nonce = hpke_keys(shared, info)
    return enc, ChaCha20Poly1305(key).encrypt(nonce, text, aad), shared


def padme(length):
    length = max(length, 128)
    e = length.bit_length() - 1
    s = e.bit_length()
    mask = (1 << (e - s)) - 1
    return (length + mask) & ~mask


def padded(data):
    return data + b"\x80" + bytes(padme(len(data) + 1) - len(data) - 1)


def statement(kind, room, author, digest):
    return label(kind) + field(room.encode()) + field(author) + digest


def message_key(key, salt):
    return hkdf(key, salt, b"agentnet-e2e-1 message")


def key_commitment(key):
    return hkdf(key, b"", b"agentnet-e2e-1 key")


def said(room, author, epoch, key, salt, message_id, head, text, kind="m"):
    head = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    content = field(head) + text.encode()
    digest = sha256(field(epoch), field(message_id.encode()), content)
    start = b"\1" + epoch + salt
    aad = (
        label("message")
        + field(room.encode())
        + field(author.public)
        + field(message_id.encode())
        + field(start)
    )
    signature = author.sign(statement("said", room, author.public, digest))
    sealed = seal(message_key(key, salt), aad, padded(signature + content))
    return aad, signature, f"agentnet-e2e-1.{kind}." + b64(start + sealed)


def hint(room, kc, public):
    return b"\0" + sha256(label("hint"), field(room.encode()), kc, public)[:7]


def wrap_info(room, author, n, parents, kc):
    return (
        label("wrap")
        + field(room.encode())
        + field(author.public)
        + n.to_bytes(8, "big")
        + bytes([len(parents)])
        + b"".join(parents)
        + kc
    )


def back(key, kc, parent_key):
    parent_kc = key_commitment(parent_key)
    under = hkdf(key, parent_kc, b"agentnet-e2e-1 back")
    return seal(under, label("back") + kc + parent_kc, parent_key)


def epoch(room, author, n, parents, key, members, salt, state, ephemerals):
    kc = key_commitment(key)
    info = wrap_info(room, author, n, parents, kc)
    body = b"\1" + n.to_bytes(8, "big") + bytes([len(parents)]) + b"".join(parents) + kc
    body += len(members).to_bytes(2, "big")
    for member, ephemeral in zip(members, ephemerals):
        enc, ct, _ = hpke_seal(ephemeral, member.x_public, info, b"", key)
        body += hint(room, kc, member.public) + enc + ct
    body += salt
    state = json.dumps(state, separators=(",", ":"), ensure_ascii=False).encode()
    aad = label("state") + field(room.encode()) + field(author.public) + sha256(body)
    body += seal(message_key(key, salt), aad, padded(state))
    digest = sha256(label("epoch"), field(room.encode()), field(author.public), body)
    signature = author.sign(statement("epoch", room, author.public, digest))
    return digest, "agentnet-e2e-1.e." + b64(body + signature)


def hexes(values):
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}


def main():
    ada, bob, eve = Agent(1), Agent(2), Agent(3)
    room = "p-" + "0123456789abcdef" * 2
    # RFC 9180, A.2.1: what comes of it is compared with what the RFC prints.
    rfc = dict(
        ephemeral=bytes.fromhex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"),
        recipient_secret=bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"),
        recipient=bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"),
        info=bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        aad=bytes.fromhex("436f756e742d30"),
        text=bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479"),
    )
    enc, ct, shared = hpke_seal(rfc["ephemeral"], rfc["recipient"], rfc["info"], rfc["aad"], rfc["text"])
    assert shared.hex() == "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7"
    assert enc.hex() == "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
    assert ct.hex() == (
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )

    key1, key2 = bytes([0x11]) * 32, bytes([0x22]) * 32
    salt = bytes(range(32))
    ephemerals = [bytes([0x40 + i]) * 32 for i in range(3)]
    state1 = {
        "title": "vault",
        "members": [ada.id],
        "admins": [ada.id],
        "invites": [],
    }
    root, root_text = epoch(room, ada, 0, [], key1, [ada], salt, state1, ephemerals)
    state2 = {
        "title": "vault",
        "members": [ada.id, bob.id, eve.id],
        "admins": [ada.id, bob.id],
        "invites": [{"pub": base58(eve.public), "by": ada.id, "until": 1800000000000, "uses": 2}],
        "back": [[b64(key_commitment(key1)), b64(back(key2, key_commitment(key2), key1))]],
    }
    second, second_text = epoch(
        room, ada, 1, [root], key2, [ada, bob, eve], bytes(reversed(salt)), state2, ephemerals
    )
    head = {"s": "s1-0", "n": 7, "at": 1790000000000, "saw": [[bob.id, "t1-0", 3]], "re": "m-1"}
    text = "Gr\u00fc\u00dfe, <&> \u2028 \U0001f600"
    aad, signature, message_text = said(room, bob, second[:16], key2, salt, "id-1", head, text)

    low, high = sorted([ada.public, bob.public])
    pair = hkdf(ada.shared(bob.x_public), b"", label("pair") + low + high, 48)
    assert ada.shared(bob.x_public) == bob.shared(ada.x_public)

    invite = Agent(9)
    at = 1790000000000
    join = label("join") + field(room.encode()) + bob.public + root + at.to_bytes(8, "big")
    join_body = b"\1" + invite.public + at.to_bytes(8, "big") + invite.sign(join)
    join_text = "agentnet-e2e-1.j." + b64(join_body)
    got = {"at": at, "got": {ada.id: [["m-1", "m-2"], ["m-1"]], eve.id: [[], ["m-3"]]}}
    _, _, receipt_text = said(room, bob, second[:16], key2, salt, "id-2", got, "", "g")
    # Ada, who invited, answers Bob, who asked, by the key that both have.
    refusals = []
    for n, no in enumerate(("used_up", "expired", "ended")):
        refusal = {"ask": sha256(join_body).hex(), "no": no}
        under = pair[:32], key_commitment(pair[:32])[:16]
        _, _, refusal_text = said(room, ada, under[1], under[0], salt, f"id-{3 + n}", refusal, "", "n")
        refusals.append({"author": ada.id, "id": f"id-{3 + n}", "epoch": under[1].hex(), "head": refusal, "sealed": refusal_text})
    until = 1790000000
    name, title, relay = "ada", "vault", "wss://relay.example.org/v1/ws"
    body = b"\2" + ada.public + until.to_bytes(5, "big") + invite.seed + root + bytes.fromhex(room[2:])
    body += bytes([len(title)]) + title.encode() + bytes([len(name)]) + name.encode()
    body += len(relay).to_bytes(2, "big") + relay.encode()
    invitation = "agentnet-invite-1." + b64(body + ada.sign(b"agentnet-invite-1\0" + body))

    print(json.dumps({
        "libsodium": sodium is not None,
        "agents": [
            hexes(dict(seed=a.seed, id=a.id, x_secret=a.x_secret, x_public=a.x_public)) for a in (ada, bob, eve)
        ],
        "hpke": hexes(dict(rfc, enc=enc, ct=ct)),
        "room": room,
        "keys": [key1.hex(), key2.hex()],
        "commitments": [key_commitment(key1).hex(), key_commitment(key2).hex()],
        "message": hexes(dict(
            author=bob.id, id="id-1", epoch=second[:16], salt=salt, key=message_key(key2, salt), aad=aad,
            signature=signature, head=head, text=text, sealed=message_text,
        )),
        "epochs": [
            hexes(dict(author=ada.id, n=0, hash=root, state=state1, sealed=root_text)),
            hexes(dict(author=ada.id, n=1, hash=second, state=state2, sealed=second_text)),
        ],
        "pair": {"ids": [ada.id, bob.id], "key": pair[:32].hex(), "room": "p-" + pair[32:].hex()},
        "join": {"joiner": bob.id, "invite_seed": invite.seed.hex(), "at": at, "root": root.hex(), "sealed": join_text},
        "receipt": {"author": bob.id, "id": "id-2", "head": got, "sealed": receipt_text},
        "refusals": refusals,
        "leaving": "agentnet-e2e-1.l." + b64(b"\1" + second[:16]),
        "record_request": "agentnet-e2e-1.q." + b64(b"\1" + second[:16]),
        "record_again": "agentnet-e2e-1.r." + b64(b"\1" + ada.public + base64.urlsafe_b64decode(root_text.split(".")[2] + "==")),
        "invitation": {
            "by": ada.id, "until": until * 1000, "seed": invite.seed.hex(), "root": root.hex(), "room": room,
            "title": title, "name": name, "relay": relay, "text": invitation,
        },
        "padme": [[length, padme(length)] for length in (0, 1, 127, 128, 129, 200, 255, 256, 1000, 4096, 4097, 33000, 48000)],
    }, indent=1, ensure_ascii=True))


main()
