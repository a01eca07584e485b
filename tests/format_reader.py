"""Reads an Inglenook vault from what vault/FORMAT.md says, without Inglenook.

    pip install argon2-cffi pynacl
    python tests/format_reader.py                      checks the vault in vault/tests/data
    python tests/format_reader.py VAULT < passphrase   prints its entries as JSON; or < recovery key
"""

import contextlib
import hashlib
import json
import pathlib
import sqlite3
import struct
import sys
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt

DATA = pathlib.Path(__file__).parent.parent / "vault" / "tests" / "data"
WORDS = (DATA.parent.parent / "src" / "recovery" / "words.txt").read_text(encoding="ascii").split()
FORMAT = struct.pack("<I", 1)
SCHEMA = [
    "CREATE TABLE slot(row INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE root(row INTEGER PRIMARY KEY, sealed BLOB NOT NULL)",
    "CREATE TABLE record(row INTEGER PRIMARY KEY, id BLOB NOT NULL, sealed BLOB NOT NULL)",
    "CREATE TABLE chunk(row INTEGER PRIMARY KEY, file BLOB NOT NULL, number INTEGER NOT NULL, "
    "sealed BLOB NOT NULL, UNIQUE(file, number))",
    None,
]


def keyed_hash(key, label, data):
    return hashlib.blake2b(data, digest_size=32, key=key, person=label).digest()


def unseal(key, associated, sealed):
    return decrypt(sealed[24:], associated, sealed[:24], key)


def recovery_key(phrase):
    """The 16 bytes of twelve words; None where they are no recovery key."""
    words = phrase.lower().split()
    if len(words) != 12 or not set(words) <= set(WORDS):
        return None
    bits = sum(WORDS.index(word) << 11 * at for at, word in enumerate(reversed(words)))
    key = (bits >> 4).to_bytes(16, "big")
    return key if hashlib.sha256(key).digest()[0] >> 4 == bits & 15 else None


def unlock(slot, passphrase, seen):
    """The master key and the vault id of a slot; None if the passphrase isn't this slot's."""
    memory, passes, lanes = struct.unpack_from("<III", slot, 48)
    assert len(slot) == 196 and slot[:12] == b"ink1slot" + FORMAT and slot[45:48] == b"\x01\0\0"
    assert 8192 <= memory <= 1 << 20 and 1 <= passes <= 16 and 1 <= lanes <= 8
    assert memory * passes <= 1 << 22
    secret = unicodedata.normalize("NFC", passphrase).encode()
    if slot[44] == 3:
        secret = recovery_key(passphrase)
    if slot[44] not in (1, 3) or secret is None:
        return None
    derived = hash_secret_raw(secret, slot[60:92], passes, memory, lanes, 32, Type.ID, 0x13)
    factor = bytes(32)
    commitment = keyed_hash(derived, b"ink1 slot commit", factor)
    wrapping = keyed_hash(derived, b"ink1 slot key", factor)
    if commitment != slot[92:124]:
        return None
    master = unseal(wrapping, slot[:124], slot[124:])
    seen.update(salt=slot[60:92].hex(), derived=derived.hex(), commitment=commitment.hex())
    seen.update(wrapping=wrapping.hex(), wrapped=slot[124:].hex(), master_key=master.hex())
    return master, slot[12:28]


def open_record(keys, vault, row_id, sealed):
    """Kind and payload of a record."""
    inner = unseal(keys["records"], b"ink1 record" + FORMAT + vault + row_id, sealed)
    kind, schema, length = struct.unpack_from("<BBI", inner)
    assert schema == 1 and not any(inner[6 + length :])
    return kind, inner[6 : 6 + length]


def check_root(db, keys, vault, rows, slots):
    sealed = db.execute("SELECT sealed FROM root WHERE row = 1").fetchone()[0]
    root = unseal(keys["root"], b"ink1 root" + FORMAT + vault, sealed)
    generation, count = struct.unpack_from("<QQ", root)
    hashes = [keyed_hash(keys["record set"], b"ink1 record", i + s[-16:]) for i, s in rows]
    total = sum(int.from_bytes(one, "little") for one in hashes) % (1 << 256)
    assert len(root) == 88 and count == len(rows) and root[80:] == bytes(8)
    assert root[16:48] == total.to_bytes(32, "little")
    assert root[48:80] == keyed_hash(keys["slot set"], b"ink1 slots", b"".join(slots))
    return {"generation": generation, "records": count}


def supersedes(newer, older):
    covers = lambda a, b: all(a.get(actor, 0) >= count for actor, count in b.items())
    return covers(newer, older) and not covers(older, newer)


def standing(revisions):
    """Heads with content, the one shown first. A revision is (id, body)."""
    others = [body["clock"] for _, body in revisions]
    heads = [r for r in revisions if not any(supersedes(c, r[1]["clock"]) for c in others)]
    living = [r for r in heads if "content" in r[1]]
    return sorted(living, key=lambda r: (sum(r[1]["clock"].values()), r[0]), reverse=True)


def by_thing(records, name):
    things = {}
    for row_id, body in records:
        things.setdefault(body[name], []).append((row_id, body))
    return {thing: standing(revisions) for thing, revisions in things.items()}


def read_attachment(db, attachment, content):
    """The bytes of an attachment, from its pieces."""
    select = "SELECT number, sealed FROM chunk WHERE file = ? ORDER BY number"
    pieces = db.execute(select, [bytes.fromhex(attachment)]).fetchall()
    whole = b""
    for at, (number, sealed) in enumerate(pieces):
        place = struct.pack("<QB", at, at == len(pieces) - 1)
        associated = b"ink1 chunk" + FORMAT + bytes.fromhex(attachment) + place
        assert number == at
        whole += unseal(bytes.fromhex(content["key"]), associated, sealed)
    assert pieces and not any(whole[content["length"] :])
    return whole[: content["length"]]


def read_vault(path, passphrase):
    """Everything a vault holds, and the values on the way, in hexadecimal digits."""
    seen = {}
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA application_id").fetchone()[0] == 0x496E6B6E, "not a vault"
        assert db.execute("PRAGMA user_version").fetchone()[0] == 1, "not format 1"
        assert [sql for (sql,) in db.execute("SELECT sql FROM sqlite_schema ORDER BY rowid")] == SCHEMA
        slots = [body for (body,) in db.execute("SELECT body FROM slot ORDER BY row")]
        opened = [one for one in (unlock(slot, passphrase, seen) for slot in slots) if one]
        assert opened, "wrong passphrase"
        master, vault = opened[0]
        names = ["records", "root", "record set", "slot set", "last seen"]
        keys = {name: keyed_hash(master, b"ink1 " + name.encode(), vault) for name in names}
        seen.update(vault_id=vault.hex(), records_key=keys["records"].hex(), root_key=keys["root"].hex())
        rows = db.execute("SELECT id, sealed FROM record ORDER BY row").fetchall()
        seen["root"] = check_root(db, keys, vault, rows, slots)
        kinds, values = {1: [], 3: []}, {}
        for row_id, sealed in rows:
            kind, payload = open_record(keys, vault, row_id, sealed)
            seen.setdefault("sealed", {})[row_id.hex()] = (sealed.hex(), payload)
            if kind == 2:
                (length,) = struct.unpack_from("<I", payload)
                values[json.loads(payload[4 : 4 + length])["name"]] = payload[4 + length :].hex()
            elif kind in kinds:
                kinds[kind].append((row_id.hex(), json.loads(payload)))
        attachments = {
            name: {"entry": heads[0][1]["entry"], "name": heads[0][1]["content"]["name"],
                   "bytes": read_attachment(db, name, heads[0][1]["content"]).hex()}
            for name, heads in by_thing(kinds[3], "attachment").items() if heads
        }
    entries = [
        {"entry": entry, "revision": heads[0][0], "conflicts": len(heads) - 1, "content": heads[0][1]["content"]}
        for entry, heads in by_thing(kinds[1], "entry").items() if heads
    ]
    entries.sort(key=lambda e: (e["content"]["date"], e["content"].get("time", ""), e["entry"]))
    return {**seen, "entries": entries, "values": values, "attachments": attachments}


def check():
    """Compares the vault in the repository with the values beside it."""
    winner = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert recovery_key(winner) == b"\x7f" * 16 and recovery_key(winner.replace("year", "zoo")) is None
    expected = json.loads((DATA / "format1.json").read_text(encoding="utf-8"))
    found = read_vault(DATA / "format1.inglenook", expected.pop("passphrase"))
    sealed, payload = found["sealed"][expected["record"]["id"]]
    record = {"id": expected["record"]["id"], "sealed": sealed, "payload": payload.decode()}
    wrong = [name for name in expected if {**found, "record": record}.get(name) != expected[name]]
    if wrong:
        sys.exit(f"format_reader.py and format1.json disagree: {', '.join(wrong)}")
    print(f"format 1 reads back: {len(found['entries'])} entries")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        vault = read_vault(pathlib.Path(sys.argv[1]), sys.stdin.readline().rstrip("\n"))
        print(json.dumps(vault["entries"], ensure_ascii=False, indent=1))
    else:
        check()
