"""What nobody honest would send: values, scripts, formulas and files. Every effect that one could have bears `MARK`."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

MARK = "qzx7mark"
SUMS = "13391"  # what a template that ran `{{1913*7}}` would have written

VALUES = (
    "", " ", "0", "-1", "1e309", "NaN", "9" * 40, "-" + "9" * 25, "9223372036854775808", "0x10", "1.5", "٣", "²",
    "true", "null", "[]", "{}", '{"a":', "a\0b", "\ud7ff", "\ufffe", "\u202ereversed", "e\u0301" * 200,
    "👩‍🏫" * 50, "ß" * 300, "x" * 5000, "word " * 4000, "\r\nBcc: x@evil.example", "a\nb\r\nc\x0bd\x1be", "%s%n%(x)s",
    "{0}{name}{", "{{7*7}}", "${7*7}", "' OR '1'='1", "'; DROP TABLE people;--", "%", "_", "\\", "../../etc/passwd",
    "2026-02-30", "9999-12-31T23:59", "0001-01-01", "2026-13-45T99:99", "24:00", "a@b", "x@y..z", f"{'a' * 300}@x.org",
    "//evil.example", "javascript:1", "\tx", "#fff", "#12345", "nothing-of-the-kind", "en", "1", "2", "on",
)  # fmt: skip

_CALL = f"alert('{MARK}')"
_SHAPES = (
    "<script>{c}</script>", "<img src=x onerror={c}>", "<svg onload={c}>", "<iframe src=javascript:{c}></iframe>",
    "<a href=javascript:{c}>x</a>", "javascript:{c}", "<object data=javascript:{c}></object>", "<body onload={c}>",
    "<details open ontoggle={c}>x</details>", "<b hx-get=/x?{m} hx-trigger=load>x</b>", "<style>@import '{m}'</style>",
    "<base href=//{m}.example>", "<meta http-equiv=refresh content=0;url=//{m}.example>", "<link rel=x href={m}>",
    "<form action=//{m}.example><input name=x>", "<b style=x:{m}>x</b>", "<math href=javascript:{c}>x</math>",
    "<x{m}>", "<svg><script>{c}</script></svg>", "{{{{1913*7}}}}{m}", "{{%if 1%}}{m}", "[{m}](javascript:{c})",
)  # fmt: skip
_BEFORE = ("", '">', "'>", "</textarea>", "</title>", "</script>", "-->", "]]>", '" autofocus onfocus=alert(1) x="',
           "' onmouseover='alert(1)", "\\u003c", "&lt;", "\x0b", "Ada ")  # fmt: skip
PAYLOADS = tuple(before + shape.format(c=_CALL, m=MARK) for shape in _SHAPES for before in _BEFORE)[:300]

_FORMULAS = ("=HYPERLINK(\"http://{m}.example\";\"x\")", "=1+1&\"{m}\"", "+1+1+\"{m}\"", "-1-\"{m}\"",
             "@SUM(1)&\"{m}\"", "=cmd|' /C calc'!\"{m}\"",
             "=WEBSERVICE(\"http://{m}\")", "=IMPORTXML(\"http://{m}\",\"//a\")")  # fmt: skip
FORMULAS = tuple(b + f.format(m=MARK) for f in _FORMULAS for b in ("", "\t", " ", "\n", "\u3000"))


def odd_name(rng: random.Random) -> str:
    """A name of a field that no form has."""
    return rng.choice(("__proto__", "q_nothing", "a[b][]", "x" * 300, "ü", "id", "program_id", "state", "role", "0"))


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _png(width: int, height: int, content: bytes = b"") -> bytes:
    """A PNG whose header promises this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(content or b"\0"))
        + chunk(b"IEND", b"")
    )


_BOOK = {
    "[Content_Types].xml": b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
    "xl/workbook.xml": b"<workbook><sheets><sheet name='a' sheetId='1'/></sheets></workbook>",
}
_BILLION = (
    b"<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'>"
    + b"".join(b"<!ENTITY c%d '%s'>" % (i, (b"&b;" if not i else b"&c%d;" % (i - 1)) * 10) for i in range(9))
    + b"]><a>&c8;</a>"
)


def _bodies() -> dict[str, bytes]:
    """The contents, by what is wrong with them."""
    script = f"<script>{_CALL}</script>".encode()
    row = f"Educator,Story,Email,Relation\r\n{PAYLOADS[0]},{FORMULAS[0]},x@example.org,{PAYLOADS[1]}\r\n".encode()
    return {
        "empty": b"", "nul": b"\0" * 4000, "text": b"just words", "page": b"<html>" + script, "rows": row,
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload=\"" + _CALL.encode() + b'">' + script + b"</svg>",
        "cut zip": _zip({"a": b"x" * 999})[:60],
        "zip bomb": _zip({**_BOOK, "xl/worksheets/sheet1.xml": b"0" * 30_000_000}),
        "many parts": _zip({f"x{i}": b"" for i in range(2000)}),
        "entities": _zip({**_BOOK, "xl/workbook.xml": _BILLION}),
        "climbing": _zip({"../../evil": b"x", **_BOOK}), "cut png": _png(30, 30)[:40], "huge png": _png(60_000, 60_000),
        "odd png": _png(3, 3, b"\0" * 5), "no png": _png(0, 0), "cut jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
        "cut gif": b"GIF89a\xff\xff\xff\xff", "polyglot": b"GIF89a/*" + script, "pdf": b"%PDF-1.7\n" + script,
        "exe": b"MZ" + b"\0" * 200, "utf16": "Educator,Story\nÄ,ß".encode("utf-16"),
        "bad utf8": b"Educator\n\xff\xfe\xfa",
        "one line": b"a," * 50_000, "quotes": b'Educator\n"never closed' * 50, "deep": b'"' * 9_999,
        "bom": b"\xef\xbb\xbf", "returns": b"\r\r\r\n\n\r", "wide": b"Educator" + b",x" * 3_000 + b"\n1",
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, "webp": b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    }  # fmt: skip


def files() -> Iterator[tuple[str, bytes]]:
    """Sixty files: each content under two names."""
    names = (
        "x.csv",
        "x.png",
        f"<img src=x onerror={_CALL}>.xlsx",
        "../../x.jpg",
        "x.pdf\r\nX-Evil: 1",
        "a" * 400 + ".xlsx",
    )
    for i, content in enumerate(_bodies().values()):
        yield names[i % len(names)], content
        yield ("x.xlsx" if content.startswith((b"PK", b"\xd0")) else names[(i + 1) % len(names)]), content
