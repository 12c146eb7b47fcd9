"""Other things under the form's name."""

from __future__ import annotations

import base64
import gzip
import struct
import zlib

from hostile.making import Make, Variant, pack, packed

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def a(body: bytes) -> Make:
    return lambda _: body


def picture() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2L5B", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def office(main: str, body: bytes) -> bytes:
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{main}"/></Relationships>'
    return pack({"[Content_Types].xml": b"<Types/>", "_rels/.rels": relations.encode(), main: body})


N, D = "NOT_A_WORKBOOK", "DAMAGED"
ROWS = (
    Variant("pdf", "a PDF", a(b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"), code=N),
    Variant("pdf with a form in it", "a PDF with the workbook behind it; the answers are whole", packed(lambda d: b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n" + d), "accepted", ""),
    Variant("docx", "a Word document", a(office("word/document.xml", b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>')), code=N),
    Variant("pptx", "a presentation", a(office("ppt/presentation.xml", b"<p/>")), code=N),
    Variant("xlsb", "a binary workbook", a(office("xl/workbook.bin", b"\x83\x01\0")), code=N),
    Variant("ods", "a LibreOffice workbook", a(pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office/>", "META-INF/manifest.xml": b"<manifest/>"})), code=N),
    Variant("numbers", "an Apple Numbers workbook", a(pack({"Index/Document.iwa": b"\0x", "Metadata/Properties.plist": b"bplist00"})), code=N),
    Variant("plain zip", "a zip of photographs", a(pack({"IMG_0001.JPG": b"\xff\xd8\xff\xe0", "IMG_0002.JPG": b"\xff\xd8\xff\xe0"})), code=N),
    Variant("form in a zip", "the form, sent to a compressed folder", lambda p: pack({"form.xlsx": pack(p)}), code=N),
    Variant("csv", "comma separated values", a(b"Question,Answer\r\nName of Observer,Avery Exampleworth\r\n"), code=N),
    Variant("csv in UTF-16", "tabs and two bytes a letter", a("Question\tAnswer\r\n".encode("utf-16")), code=N),
    Variant("html", "a table of a web page", a(b"<html><table><tr><td>Name of Observer</td></tr></table></html>"), code=N),
    Variant("sign-in page", "the page that a portal gave instead of the file", a(b"\r\n<!DOCTYPE html><title>Sign in</title>"), code=N),
    Variant("xml of 2003", "Excel's XML of 2003", a(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'), code=N),
    Variant("rtf", "rich text", a(b"{\\rtf1 Name of Observer}"), code=N),
    Variant("png", "a picture of the form", a(picture()), code=N),
    Variant("jpeg", "a photograph of the form", a(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), code=N),
    Variant("xls", "Excel 97 to 2003", a(OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(2000)), code=N),
    Variant("mail", "an Outlook message", a(OLE + bytes(504) + "__substg1.0".encode("utf-16-le") + bytes(2000)), code=N),
    Variant("password", "a workbook with a password", a(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)), code="PASSWORD"),
    Variant("ole cut short", "eight bytes of an old workbook", a(OLE), code=N),
    Variant("gzip of it", "the form, gzipped", packed(gzip.compress), code=N),
    Variant("7z", "a 7-Zip archive", a(b"7z\xbc\xaf\x27\x1c\0\4" + bytes(64)), code=N),
    Variant("rar", "a RAR archive", a(b"Rar!\x1a\x07\x01\0" + bytes(64)), code=N),
    Variant("program", "a Windows program", a(b"MZ" + bytes(62) + b"PE\0\0"), code=N),
    Variant("link", "a Windows shortcut", a(bytes.fromhex("4C0000000114020000000000C000000000000046") + bytes(56)), code=N),
    Variant("link to the web", "a link to SharePoint", a(b"[InternetShortcut]\r\nURL=https://marlbrook.example/x.xlsx\r\n"), code=N),
    Variant("empty", "nothing", a(b""), code=D),
    Variant("zeros", "zeros, as many as the form is long", packed(lambda d: bytes(len(d))), code=D),
    Variant("one letter", "one byte", a(b"x"), code=N),
    Variant("too large", "31 MB of noise", packed(lambda d: d + b"\1" * 31_000_000)),
    Variant("text in base 64", "the form as a mail program writes it", packed(base64.encodebytes), code=N),
    Variant("line ends changed", "the form after a transfer as text", packed(lambda d: d.replace(b"\n", b"\r\n")), code=D),
    Variant("eighth bit lost", "the form after a transfer of seven bits", packed(lambda d: bytes(b & 0x7F for b in d))),
)
