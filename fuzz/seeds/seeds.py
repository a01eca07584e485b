"""Writes the seeds beside it: small inputs of each shape that a target reads."""

import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
ACTOR, OTHER = "00112233445566aa", "ffeeddccbbaa9900"
ENTRY, FILE = "10" * 16, "2f" * 16


def write(target, name, data):
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def record(kind, payload, schema=1, padding=64):
    if not isinstance(payload, bytes):
        payload = json.dumps(payload, separators=(",", ":")).encode()
    inner = struct.pack("<BBI", kind, schema, len(payload)) + payload + bytes(padding)
    return struct.pack("<H", len(inner)) + inner


def revision(clock, text=None, **more):
    body = {"entry": ENTRY, "clock": clock, "written": "2026-03-01T08:30:00"}
    if text is not None:
        body["content"] = {"date": "2026-03-01", "text": text, **more}
    return body


def value(name, data):
    head = json.dumps({"name": name, "clock": {ACTOR: 1}}).encode()
    return record(2, struct.pack("<I", len(head)) + head + data)


def records():
    one = revision({ACTOR: 1}, "Rain all day.", title="Rain", tags=["garden"], mood=4, starred=True,
                   time="08:30:00", zone="Europe/Zurich", later={"a": [1, 2]})
    two = revision({ACTOR: 2}, "Rain till noon.")
    apart = revision({ACTOR: 1, OTHER: 1}, "Sun.")
    gone = revision({ACTOR: 2, OTHER: 1})
    purged = {**gone, "purged": True}
    attached = {**revision({ACTOR: 1}), "attachment": FILE,
                "content": {"name": "a.jpg", "media_type": "image/jpeg", "length": 3, "key": "ab" * 32}}
    write("record", "entry", record(1, one))
    write("record", "conflict", record(1, one) + record(1, two) + record(1, apart))
    write("record", "deleted", record(1, one) + record(1, gone))
    write("record", "purged", record(1, one) + record(1, purged) + record(1, apart))
    write("record", "attachment", record(1, one) + record(3, attached))
    write("record", "value", value("theme", b"dark") + value("theme", b"light"))
    write("record", "newer", record(9, b"of a newer version") + record(1, b"{}", schema=2))


def n(value):
    """A number, seven bits a byte, the lowest first."""
    low = bytes([value & 0x7F | (0x80 if value > 0x7F else 0)])
    return low if value < 0x80 else low + n(value >> 7)


def text(words):
    return n(len(words.encode())) + words.encode()


def bits(codes):
    """Bits as a text of 0 and 1, the lowest of each byte first."""
    codes += "0" * (-len(codes) % 8)
    return bytes(int(codes[at:at + 8][::-1], 2) for at in range(0, len(codes), 8))


def derived():
    """Parts of a catalogue and of an index; the first byte says which."""
    actors = n(2) + bytes.fromhex(ACTOR) + bytes.fromhex(OTHER)
    day = struct.pack("<hBB", 2026, 3, 1)
    listed = bytes([4 | 8]) + day + n(0) + text("Rain all day.") + n(1) + text("garden") + n(5) + n(3)
    one = n(1) + bytes([1]) * 32 + bytes.fromhex(ENTRY) + n(1) + n(0) + n(1) + day + n(1 + 2 * 30600) + listed
    two = n(3) + bytes([2]) * 32 + bytes.fromhex(FILE) + n(2) + n(0) + n(2) + n(1) + n(300) + day + n(2 + 61200) + n(5) + b"\1"
    write("derived", "page", b"\0" + n(2) + actors + one + two)
    ref = n(7) + bytes([3]) * 32
    loose = b"".join(ref + bytes([code]) for code in (0, 2, 3)) + ref + b"\1" + text("theme") + n(1) + n(1) + n(9)
    write("derived", "contents", b"\1" + actors + n(2) + ref + n(1024) + ref + n(3) + n(4) + loose)
    member = bytes([4]) * 24 + n(12) + bytes([128]) + n(0)
    named = bytes([5]) * 24 + n(300) + bytes([1]) + n(7) + b"travel"
    words = n(0) + text("rain") + n(2) + n(4) + text("y") + n(1) + n(0) + text("été") + n(1)
    # Gaps with k of 0, then weights: 1 and 5; 3; 1.
    coded = bits("1" + "1" + "1" + "00101" + "01" + "011" + "1" + "1")
    way = bytes([1, 17, 0, 0, 18, 0, 0])
    write("derived", "segment", b"\2" + way + n(2) + member + named + n(3) + words + coded)


def patch(place, data):
    return struct.pack("<I", place)[:3] + bytes([len(data)]) + data


def files():
    page = 16 * 1024
    write("open", "sound", b"")
    write("open", "version", patch(60, b"\0\0\0\2"))
    write("open", "free-list", patch(32, b"\0\0\0\3\0\0\0\1"))
    write("open", "costs", patch(2 * page - 196 + 48, b"\xff" * 12))
    write("open", "pages", b"".join(patch(n * page, b"\x0d\0\0\0\1") for n in range(1, 6)))
    write("open", "whole", b"\xffSQLite format 3\0" + bytes(84))
    for n in range(1, 7):
        write("open", f"end-of-page-{n}", patch(n * page - 40, b"\1" * 8))


def imports():
    line = '{"date": "2024-02-29", "time": "18:05", "title": "Swallows", "text": "Back.", "tags": ["birds"]}\n'
    write("import", "lines", line + '{"date": "2024-03-01T10:00:00Z", "text": "x", "mood": 3, "starred": true}\n')
    write("import", "document", json.dumps({"entries": [json.loads(line), {"creationDate": "2020-01-01", "text": ""}]}))
    write("import", "list", f"[{line}, 1, null]")
    write("import", "utf16", line.encode("utf-16"))
    write("import", "bom", b"\xef\xbb\xbf" + line.encode())
    write("import", "deep", "[" * 200)
    write("import", "number", f'{{"date": "2024-02-29", "text": "x", "weather": {"5" * 69}}}\n')
    write("import", "wrong", '{"date": "2024-02-30", "text": 1}\n\n{"text": "no date"}\nnot json\n\xff')


def queries():
    for n, text in enumerate([
        "garden rain", '"by the sea" -work', "rain OR snow", "tag:garden person:Anna in:travel is:starred",
        "mood:4 mood:<3 mood:>=4 mood:2-4", "on:2021-03 before:2021-03-04 after:2020 since:2019 until:today",
        "march 2021", "last summer yesterday", "between 3 May and 7 June 2020", "größe strasse 日記",
        "-", '"', 'tag:"', "two weeks ago", "in the spring of 1999 or 2001", "has:mood has:title has:tag",
        "letzten Sommer", "hier soir", "la semana pasada", "31/12/2020 2020-12-31 12.31.20",
    ]):
        write("query", f"{n:02}", text)


for make in (records, derived, files, imports, queries):
    make()
