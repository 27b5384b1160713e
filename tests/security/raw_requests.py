"""Requests no browser sends, byte by byte: smuggled, folded, broken, huge; all bear a MARK."""

from collections.abc import Iterator

MARK = b"dauvetx"
HOST = b"Host: testserver\r\n"
CLOSE = b"Connection: close\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
INNER = b"GET /admin/ HTTP/1.1\r\nHost: testserver\r\nX: dauvetx\r\n\r\n"


def get(target: bytes = b"/", headers: bytes = HOST, line_end: bytes = b"\r\n") -> bytes:
    return b"GET " + target + b" HTTP/1.1" + line_end + headers + CLOSE + b"\r\n"


def post(headers: bytes, body: bytes = b"", path: bytes = b"/binh-luan/1/") -> bytes:
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + FORM + headers + CLOSE + b"\r\n" + body


def corpus() -> list[bytes]:
    """All of them, whole ones: each can be answered as it stands."""
    return [
        *smuggled(),
        *lengths(),
        *chunks(),
        *header_lines(),
        *header_sizes(),
        *hosts(),
        *targets(),
        *first_lines(),
        *kinds_of_body(),
    ]


def smuggled() -> Iterator[bytes]:
    """Two ways of saying where a body ends, of which two servers would each believe another."""
    hidden = b"0\r\n\r\n" + INNER
    length = b"Content-Length: %d\r\n" % len(hidden)
    for coding in (
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: \tchunked",
        b"TRANSFER-ENCODING:chunked",
        *(b"Transfer-Encoding : chunked", b"Transfer-Encoding: identity, chunked"),
        *(b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity"),
        *(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x", b"Transfer_Encoding: chunked"),
        b"Transfer-Encoding:\r\n chunked",
        b'Transfer-Encoding: "chunked"',
        b"X: y\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\x0b",
        b"\x00Transfer-Encoding: chunked",
        b"Transfer-Encoding: \xffchunked",
    ):
        yield post(length + coding + b"\r\n", hidden)
        yield post(coding + b"\r\n" + length, hidden)
    yield post(b"Content-Length: 0\r\n", INNER)
    yield post(b"", INNER)
    yield get(headers=HOST + b"Content-Length: %d\r\n" % len(INNER)) + INNER


def lengths() -> Iterator[bytes]:
    """Lengths that are none."""
    for said in (
        b"-1",
        b"+3",
        b"3 ",
        b" 3",
        b"0x3",
        b"3,3",
        b"3, 4",
        b"",
        b"3e0",
        b"3.0",
        b"\xd9\xa3",
        b"03",
        *(b"99999999999999999999", b"9" * 400, b"1000000000000", b"NaN", b"3;q=1", b"3\x00"),
    ):
        yield post(b"Content-Length: " + said + b"\r\n", b"a=b")
    yield post(b"Content-Length: 3\r\nContent-Length: 3\r\n", b"a=b")
    yield post(b"Content-Length: 3\r\nContent-Length: 4\r\n", b"a=bc")
    yield post(b"Content-Length: 70000\r\n", b"a" * 70_000)
    yield post(b"Content-Length: 26300000\r\n", path=b"/admin/login/")
    yield post(b"Content-Length: 3\r\nExpect: 100-continue\r\n", b"a=b")
    yield post(b"Content-Length: 3\r\nExpect: dauvetx\r\n", b"a=b")


def chunks() -> Iterator[bytes]:
    """Bodies in pieces, most of them broken."""
    for body in (
        b"3\r\na=b\r\n0\r\n\r\n",
        b"0\r\n\r\n",
        b"zz\r\na=b\r\n0\r\n\r\n",
        b"-3\r\na=b\r\n0\r\n\r\n",
        b"3;dauvetx=1\r\na=b\r\n0\r\n\r\n",
        b"3\na=b\n0\n\n",
        b"0003\r\na=b\r\n0\r\nX: dauvetx\r\n\r\n",
        b"ffffffffffffffff\r\na=b",
        b"10000000000000000\r\na",
        b"3\r\na=bXX0\r\n\r\n",
        b"0x3\r\na=b\r\n0\r\n\r\n",
        b"3" + b";x" * 9_000 + b"\r\na=b\r\n0\r\n\r\n",
        b"1\r\na\r\n" * 2_000 + b"0\r\n\r\n",
        b"\r\n\r\n",
        b"0\r\n" + b"X: dauvetx\r\n" * 2_000 + b"\r\n",
    ):
        yield post(b"Transfer-Encoding: chunked\r\n", body)


def header_lines() -> Iterator[bytes]:
    """Lines of a head that are not as they should be."""
    for line in (
        b" folded: dauvetx\r\n",
        b"X: a\r\n dauvetx\r\n",
        b"X: a\r\n\tdauvetx\r\n",
        b"X : dauvetx\r\n",
        b"dauvetx\r\n",
        b": dauvetx\r\n",
        b"X: a\rdauvetx\r\n",
        b"X: a\x00dauvetx\r\n",
        b"X\x00: dauvetx\r\n",
        b"X: \xff\xfedauvetx\r\n",
        b"\xc3\xa9: dauvetx\r\n",
        b"X: a\ndauvetx: b\r\n",
        b"X(): dauvetx\r\n",
        b"Cookie: sessionid=\xff; dauvetx=\xc3\r\n",
        b"Cookie: ;;;=;dauvetx\r\n",
        b"Cookie: " + b"a=b; " * 900 + b"\r\n",
        b"Range: bytes=0-0,0-0,0-0\r\n",
        b"Range: bytes=99999999999999999999-\r\n",
        b"If-None-Match: dauvetx\r\n",
        b"If-Modified-Since: dauvetx\r\n",
        b"If-None-Match: " + b'"",' * 2_000 + b"\r\n",
        b"If-Modified-Since: Thu, 99 Jan 99999 00:00:00 GMT\r\n",
        b"Accept-Encoding: \xff\r\n",
        b"Accept: " + b"a/b;q=0.1," * 900 + b"\r\n",
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
        b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n",
        b"Content-Type: dauvetx\r\n",
        b"X-Forwarded-For: dauvetx\r\n",
        b"X-Forwarded-Proto: dauvetx\r\nX_Forwarded_Proto: https\r\n",
        b"Sec-Fetch-Site: dauvetx\r\nOrigin: http://[dauvetx\r\nReferer: http://[::dauvetx\r\n",
        b"newsroom.refused: dauvetx\r\n",
    ):
        yield get(headers=HOST + line)
    yield get(line_end=b"\n")
    yield get(line_end=b"\r")
    yield b"GET / HTTP/1.1\nHost: testserver\nConnection: close\n\n"


def header_sizes() -> Iterator[bytes]:
    """Heads that are larger, or hold more, than any browser's."""
    for count in (90, 101, 110, 1_000, 5_000):
        yield get(headers=HOST + b"".join(b"X-%d: dauvetx\r\n" % one for one in range(count)))
    for size in (8_000, 70_000, 300_000, 500_000):
        yield get(headers=HOST + b"X: dauvetx" + b"a" * size + b"\r\n")
        yield get(headers=HOST + b"a" * size + b": dauvetx\r\n")
        yield get(b"/?q=" + b"a" * size)
        yield get(b"/" + b"a" * size + b"/")


def hosts() -> Iterator[bytes]:
    """Names the site does not have."""
    for name in (
        b"",
        b"dauvetx.example",
        b"testserver:dauvetx",
        b"testserver:99999999",
        b"dauvetx@testserver",
        b"testserver@dauvetx.example",
        b"testserver, dauvetx.example",
        b"testserver/dauvetx",
        b"[::1",
        b"testserver\\dauvetx",
        b"testserver#dauvetx",
        b"\xc4\x91dauvetx.example",
        b"testserver\x00.dauvetx",
        *(b"." * 300, b"dauvetx" * 60, b"testserver%00dauvetx", b"[dauvetx]", b"127.0.0.1.dauvetx"),
    ):
        yield get(headers=b"Host: " + name + b"\r\n")
    yield get(headers=b"")
    yield get(headers=HOST + b"Host: dauvetx.example\r\n")
    yield get(headers=b" Host: testserver\r\n")


def targets() -> Iterator[bytes]:
    """Addresses that mean something else to each who reads them."""
    for target in (
        b"http://dauvetx.example/",
        b"http://testserver/",
        b"https://testserver:x/",
        b"//dauvetx.example/",
        b"ftp://dauvetx.example/",
        b"javascript:dauvetx",
        b"*",
        b"testserver",
        b"?dauvetx",
        b"#dauvetx",
        b"/#dauvetx",
        b"/%",
        b"/%zz",
        b"/%c0%af",
        b"/%c0%ae%c0%ae/",
        b"/%e0%80%af",
        b"/%f8%80%80%80%af",
        b"/%ff%fe",
        b"/%ed%a0%80",
        b"/%00",
        b"/static/%00",
        b"/static/../../etc/passwd",
        b"/static/%2e%2e/%2e%2e/etc/passwd",
        b"/static/..%5c..%5cetc",
        b"/anh/../x-1.webp",
        b"/%0d%0aX-Mark:%20dauvetx",
        b"/\\..\\",
        b"/;dauvetx=1/",
        b"/a\x00b",
        b"/\xff",
        b"/a b",
        b"/\t",
        b"/thoi-su/x-99999999999999999999.html",
        b"/binh-luan/99999999999999999999/",
        b"/" + b"../" * 2_000,
        b"/tim-kiem/?q=%ff%fe",
        b"/tim-kiem/?q=%00",
        b"/tim-kiem/?q=" + b"(" * 500,
        b"/sitemap.xml?p=9999999999999999999999",
        b"/?truoc=%00",
        b"/?" + b"&" * 5_000,
        b"/healthz?dauvetx",
    ):
        yield get(target)


def first_lines() -> Iterator[bytes]:
    """First lines of no request, and methods of no form."""
    rest = b"\r\n" + HOST + CLOSE + b"\r\n"
    for method in b"get HEAD OPTIONS TRACE CONNECT PATCH DELETE PURGE PROPFIND DAUVETX".split():
        yield method + b" / HTTP/1.1" + rest
    for line in (
        b"GET / HTTP/0.9",
        b"GET / HTTP/1.0",
        b"GET / HTTP/1.2",
        b"GET / HTTP/2.0",
        b"GET / HTTP/9",
        b"GET /",
        b"GET  / HTTP/1.1",
        b"GET / http/1.1",
        b"GET / HTTP/1.1 dauvetx",
        b"G\x00T / HTTP/1.1",
        b"GET\t/\tHTTP/1.1",
        b"\xff\xfe / HTTP/1.1",
        b"GET / HTTP/1.1\r\n GET",
        b"PRI * HTTP/2.0\r\n\r\nSM",
        b"A" * 9_000 + b" / HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"SSH-2.0-dauvetx",
        b"\r\n\r\nGET / HTTP/1.1",
        b"{}",
    ):
        yield line + rest


def kinds_of_body() -> Iterator[bytes]:
    """Whole bodies that no form of ours makes."""
    bodies = (
        (b"multipart/form-data", b"x"),
        (b"multipart/form-data; boundary=", b"--\r\n"),
        (b"multipart/form-data; boundary=" + b"b" * 300, b"--b\r\n"),
        (
            b"multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=\r\n\r\n\r\n--b--",
        ),
        (
            b"multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; filename="../\x00dauvetx"\r\n\r\nx\r\n--b--',
        ),
        (b"multipart/form-data; boundary=b", b"--b\r\n" * 3_000),
        (b"multipart/form-data; boundary=b; charset=hex", b"--b--"),
        (b"application/x-www-form-urlencoded", b"a=b&" * 9_000),
        (b"application/x-www-form-urlencoded", b"%ff%fe=%00&\x00=\xff&a=%zz&text=%ed%a0%80"),
        (b"application/json", b"[" * 60_000),
        (b"\xff/\xfe", b"dauvetx"),
    )
    for kind, body in bodies:
        head = b"POST /binh-luan/1/ HTTP/1.1\r\n" + HOST + CLOSE + b"Content-Type: " + kind
        yield head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
