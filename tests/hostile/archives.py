"""Archives: cut short, damaged, lying, overlapping, swollen."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

from hostile.making import IDENTITY, SHEET, Make, Parts, Variant, both, ending, listed, own, pack, packed, plus, renamed

BLANKS = b" " * 45_000_000
NOISE = random.Random(1).randbytes(300_000)


def cut(share: float) -> Make:
    return packed(lambda data: data[: int(len(data) * share)])


def zeroed(start: float, end: float) -> Make:
    def change(data: bytes) -> bytes:
        a, b = int(len(data) * start), int(len(data) * end)
        return data[:a] + bytes(b - a) + data[b:]

    return packed(change)


def flipped(name: str, *, inside: bool) -> Make:
    """One bit of a member's own header, or of its packed bytes."""

    def change(data: bytes) -> bytes:
        at = data.find(name.encode()) + (len(name) + 400 if inside else 3)
        return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]

    return packed(change)


def twice(name: str, again: str) -> Make:
    """A member a second time, under a name that is the same to Excel."""

    def make(parts: Parts) -> bytes:
        out = io.BytesIO(pack(parts))
        with zipfile.ZipFile(out, "a") as archive:
            info = zipfile.ZipInfo("x")
            info.filename = again
            archive.writestr(info, parts[name])
        return out.getvalue()

    return make


def called(name: str) -> Make:
    return lambda parts: _named(parts, name)


def _named(parts: Parts, name: str) -> bytes:
    out = io.BytesIO(pack(parts))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"nothing")
    return out.getvalue()


def with_nul(parts: Parts) -> bytes:
    return _named(parts, "xl/media/a~.exe").replace(b"a~.exe", b"a\0.exe")


def bomb(size: int) -> bytes:
    """Zeros, deflated."""
    return zlib.compress(bytes(size), 9)


def one_place(parts: Parts) -> bytes:
    """Two hundred lines of the list that all point at one member."""
    data = pack({**parts, "xl/media/zeros.bin": bytes(1_000_000)})
    return _listing(data, "xl/media/zeros.bin", [f"xl/media/{n:05d}.bin" for n in range(200)])


def _listing(data: bytes, member: str, names: list[str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        it, start, count = archive.getinfo(member), archive.start_dir, len(archive.infolist())
    lines = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, it.compress_type, 0, 33, it.CRC, it.compress_size, it.file_size, len(n), 0, 0, 0, 0, 0, it.header_offset) + n.encode()
        for n in names
    )
    before = data[start : data.rfind(b"PK\5\6")]
    return data[:start] + before + lines + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, (count + len(names)) & 0xFFFF, (count + len(names)) & 0xFFFF, len(before + lines), start, 0)


def quoted(parts: Parts) -> bytes:
    """Headers that each quote the next as data, so that one kernel is unpacked many times (D. Fifield, 2019)."""
    kernel = zlib.compress(bytes(2_000_000), 9)[2:-4]
    body = bytes(2_000_000)
    files: list[tuple[bytes, bytes, int, int, int]] = []
    block, crc_body = kernel, body
    for n in range(40):
        name = f"xl/media/{39 - n:02d}.bin".encode()
        crc = zlib.crc32(crc_body)
        header = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(block), len(crc_body), len(name), 0) + name
        files.append((name, header, crc, len(block), len(crc_body)))
        quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header
        block, crc_body = quote + block, header + crc_body
    quotes, at, lines = b"", 0, []
    for n, (name, header, crc, size, length) in enumerate(reversed(files)):
        quotes += header if n == 0 else struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header
        offset = at + (0 if n == 0 else 5)
        lines.append(struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, size, length, len(name), 0, 0, 0, 0, 0, offset) + name)
        at = len(quotes)
    bomb = quotes + kernel
    data = pack(parts)
    end = data.rfind(b"PK\5\6")
    start = struct.unpack_from("<L", data, end + 16)[0]
    told = data[start:end] + b"".join(_moved(line, start) for line in lines)
    return data[:start] + bomb + told + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(parts) + 40, len(parts) + 40, len(told), start + len(bomb), 0)


def _moved(line: bytes, by: int) -> bytes:
    return line[:42] + struct.pack("<L", struct.unpack_from("<L", line, 42)[0] + by) + line[46:]


def many(count: int) -> Make:
    return lambda parts: pack({**parts, **{f"xl/media/{n}.bin": b"" for n in range(count)}})


def nested(parts: Parts) -> bytes:
    inner = b"\0" * 5_000_000
    for n in range(5):
        inner = pack({f"{n}.zip": inner})
    return pack({**parts, "xl/embeddings/inside.zip": inner})


def in_comment(parts: Parts) -> bytes:
    """A second list of contents where the comment stands."""
    data = pack(parts)
    start = struct.unpack_from("<L", data, data.rfind(b"PK\5\6") + 16)[0]
    other = data[start:]
    return data[:-2] + struct.pack("<H", len(other)) + other


def two_in_one(parts: Parts) -> bytes:
    other = pack({n: b.replace(b"made a clear difference", b"made little difference ") for n, b in parts.items()})
    return other + pack(parts)


D, U = "DAMAGED", "UNSAFE_FILE"
ROWS = (
    *(Variant(f"cut at {share:.0%}", "the rest is missing, as after a copy that stopped", cut(share), code=D) for share in (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)),
    Variant("one byte short", "the last byte is missing", packed(lambda d: d[:-1]), code=D),
    Variant("no end record", "the last 22 bytes are missing", packed(lambda d: d[:-22]), code=D),
    Variant("two bytes", "nothing but PK", lambda _: b"PK", code=D),
    Variant("hole in the middle", "a tenth of it is zeros, as after a download in pieces", zeroed(0.45, 0.55), code=D),
    Variant("second half zeros", "space set aside and never written", zeroed(0.5, 1), code=D),
    Variant("first half zeros", "written from its end", zeroed(0, 0.5), code=D),
    Variant("piece left out", "a kilobyte is missing in the middle", packed(lambda d: d[:9000] + d[10_024:]), code=D),
    Variant("a lot behind it", "100 KB of zeros after the end", packed(lambda d: d + bytes(100_000)), code=D),
    Variant("bit in a header", "one bit of a member's own name is flipped", flipped(SHEET, inside=False), code=D),
    Variant("bit in the questions", "one bit of the packed questions is flipped", flipped(SHEET, inside=True), code=D),
    Variant("bit in the identity", "one bit of the packed hidden sheet is flipped", flipped(IDENTITY, inside=True), code=D),
    Variant("checksum", "the list gives another checksum for the questions", both(listed(SHEET, 16, "<L", 1)), code=D),
    Variant("stored bit flip", "nothing is packed, one letter of an answer is another", lambda p: pack(p, zipfile.ZIP_STORED).replace(b"made a clear difference", b"made a clear difFerence", 1), code=D),
    Variant("says it is larger", "the list says the questions are a byte longer", lambda p: both(listed(SHEET, 24, "<L", len(p[SHEET]) + 1))(p), code=D),
    Variant("says it is smaller", "the list says the questions are 100 bytes long", both(listed(SHEET, 24, "<L", 100)), code=D),
    Variant("says 4 GB", "the list says the questions are 4 GB long", both(listed(SHEET, 24, "<L", 0xFFFFFFF0))),
    Variant("says 4 GB packed", "the list says the questions take 4 GB in the file", both(listed(SHEET, 20, "<L", 0xFFFFFFF0))),
    Variant("packed shorter", "the list gives half the packed length", both(listed(SHEET, 20, "<L", 2000)), code=D),
    Variant("lies in its own header", "a member's own header says 4 GB, the list tells the truth", both(own(SHEET, 22, "<L", 0xFFFFFFF0), own(SHEET, 18, "<L", 9)), "accepted", ""),
    Variant("lies of its start", "the list points into the middle of a member", both(listed(SHEET, 42, "<L", 1234)), code=U),
    Variant("starts behind the end", "the list points behind the end of the file", both(listed(SHEET, 42, "<L", 0x7FFFFFF0)), code=U),
    Variant("list starts elsewhere", "the end record gives another start of the list", both(ending(16, "<L", 99))),
    Variant("list is longer", "the end record gives a length of the list that reaches before the file", both(ending(12, "<L", 0x7FFFFFFF)), code=D),
    Variant("counts wrong", "the end record says there is one member; the list has them all", both(ending(10, "<H", 1), ending(8, "<H", 1)), "accepted", ""),
    Variant("packed by LZMA", "method 14, which asks for memory as it likes", both(listed(SHEET, 10, "<H", 14), own(SHEET, 8, "<H", 14))),
    Variant("packed by bzip2", "method 12", both(listed(SHEET, 10, "<H", 12), own(SHEET, 8, "<H", 12))),
    Variant("packed by nobody", "method 77", both(listed(SHEET, 10, "<H", 77), own(SHEET, 8, "<H", 77))),
    Variant("packed two ways", "its own header says stored, the list deflated", both(own(SHEET, 8, "<H", 0)), code=D),
    Variant("encrypted", "the flag of a member that is encrypted", both(listed(SHEET, 8, "<H", 1), own(SHEET, 6, "<H", 1))),
    Variant("strongly encrypted", "the flag of a member that is strongly encrypted", both(listed(SHEET, 8, "<H", 0x41))),
    Variant("same member twice", "the questions stand in it twice", twice(SHEET, SHEET)),
    Variant("same but for capitals", "XL/Worksheets/Sheet2.xml as well", twice(SHEET, "XL/Worksheets/Sheet2.xml")),
    Variant("same but for slashes", r"xl\worksheets\sheet2.xml as well", twice(SHEET, SHEET.replace("/", "\\"))),
    Variant("same but for Unicode", "one name in two Unicode forms", lambda p: twice("x", "xl/media/cafe\u0301.bin")({**p, "x": b"", "xl/media/caf\u00e9.bin": b""})),
    Variant("leads upwards", "a member called ../../outside.txt", called("../../outside.txt")),
    Variant("leads upwards, Windows", r"a member called ..\..\outside.txt", called("..\\..\\outside.txt")),
    Variant("starts at the root", "a member called /etc/cron.d/x", called("/etc/cron.d/x")),
    Variant("drive letter", r"a member called C:\Windows\x.dll", called("C:\\Windows\\x.dll")),
    Variant("second stream", "a member called xl/workbook.xml:hidden", called("xl/workbook.xml:hidden")),
    Variant("NUL in a name", "a member called a, NUL, .exe", with_nul),
    Variant("swollen picture", "190 MB of zeros as a picture", plus({"xl/media/image1.png": bytes(190_000_000)})),
    Variant("swollen beyond all", "210 MB, beside noise that makes the ratio look fair", plus({"a.bin": bytes(206_000_000), "b.bin": NOISE, "c.bin": NOISE[::-1], "d.bin": NOISE[::3] * 3})),
    Variant("swollen questions", "45 MB of blanks after the questions, beside noise", lambda p: pack({**p, SHEET: p[SHEET] + BLANKS, "a.bin": NOISE})),
    Variant("swollen list of sheets", "5 MB of blanks after the list of sheets", lambda p: pack({**p, "xl/workbook.xml": p["xl/workbook.xml"] + BLANKS[:5_000_000]})),
    Variant("nested", "zips in zips in zips, zeros in the last", nested, "accepted", ""),
    Variant("3,000 members", "3,000 empty pictures", many(3000)),
    Variant("20,000 lines", "20,000 lines in the list of contents", lambda p: _listing(pack(p), SHEET, [f"{n:05d}" for n in range(20_000)])),
    Variant("all in one place", "200 lines of the list point at one member", one_place),
    Variant("quoted overlap", "40 members, each quoting the header of the next as its data", quoted),
    Variant("two archives", "another filled form before this one", two_in_one),
    Variant("two lists", "a second list of contents in the comment", in_comment, code=D),
    Variant("empty archive", "an archive of nothing", lambda _: pack({}), code="NOT_A_WORKBOOK"),
    Variant("other folder", "everything in a folder of its own, as when it was unpacked and packed again", lambda p: pack({f"Form/{n}": b for n, b in p.items()}), code="NOT_A_WORKBOOK"),
    Variant("questions gone", "the part with the questions is under another name", renamed(SHEET, "xl/worksheets/sheet99.xml"), code=D),
)
