"""nginx with the file of OPERATIONS.md, run: what it hands on, what it answers itself."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from articles import workflow
from articles.models import Article, Photo
from comments.models import Comment
from newsroom import gate
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import words
from tests.comments.makers import sent_by
from tests.conftest import WITHOUT_NGINX
from tests.page_cache import servers
from tests.page_cache.servers import Answer
from tests.security.at_work import session_of
from tests.test_operations import NAMED, PAGE, needs

HOST = "bao.example.vn"
FORM, TOKEN = "application/x-www-form-urlencoded", "t" * 32


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator["Front"]:
    """Run nginx with the file of the page, in front of what listens on the port `upstream`.

    Fails where nginx does not take the file as it stands there.
    """
    make_certificate(folder)
    subprocess.run(["nginx", "-t", "-c", str(written(folder, file_of_nginx(folder)))], check=True)
    http_port, https_port = servers.free_port(), servers.free_port()
    server = re.sub(r"listen \[::\].*\n", "", file_of_nginx(folder))
    server = server.replace("listen 80;", f"listen {servers.HOST}:{http_port};")
    server = server.replace("listen 443 ", f"listen {servers.HOST}:{https_port} ")
    server = server.replace("server 127.0.0.1:8000 ", f"server {servers.HOST}:{upstream} ")
    command = ["nginx", "-p", str(folder), "-c", str(written(folder, server)), "-g", "daemon off;"]
    process = subprocess.Popen(command)
    try:
        front = Front(http_port, https_port, folder / "newsroom.crt")
        servers.until(lambda: front.is_there() or process.poll() is not None, 10)
        yield front
    finally:
        process.terminate()
        process.wait(servers.STOP_SECONDS)


def make_certificate(folder: Path) -> None:
    """Make it by the command of the page."""
    command = re.search(r"^openssl req .*?[^\\]$", PAGE, re.DOTALL | re.MULTILINE)[0]
    words = re.sub(r"/etc/ssl/(?:private|certs)", str(folder), command).replace("\\\n", "")
    subprocess.run(words.split(), check=True, capture_output=True)


def file_of_nginx(folder: Path) -> str:
    """Return the file of the page with all that it reads and writes in a folder."""
    server = NAMED["/etc/nginx/sites-available/newsroom"]
    server = re.sub(r"/etc/ssl/(?:private|certs)", str(folder), server)
    return server.replace("/var/lib/nginx/newsroom", str(folder / "cache"))


def written(folder: Path, server: str) -> Path:
    """Write the whole that the file of a site belongs into; return its path."""
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    whole = f"{user} pid {folder}/pid; error_log {folder}/log; events {{}} http {{ {places}\n"
    (folder / "nginx.conf").write_text(f"{whole}{server} }}")
    return folder / "nginx.conf"


class Front:
    """What readers reach: nginx on its two ports, asked as the host of the page."""

    def __init__(self, http_port: int, https_port: int, certificate: Path):
        self.http_port, self.https_port = http_port, https_port
        self.certificate = certificate

    def is_there(self) -> bool:
        """Whether it takes connections."""
        with suppress(OSError):
            socket.create_connection((servers.HOST, self.https_port), timeout=5).close()
            return True
        return False

    def line(self) -> socket.socket:
        """Return a connection by HTTPS, the certificate looked at."""
        plain = socket.create_connection((servers.HOST, self.https_port), timeout=30)
        known = ssl.create_default_context(cafile=self.certificate)
        return known.wrap_socket(plain, server_hostname=HOST)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask on a connection of its own."""
        with self.line() as line:
            return _answered(line, method, path, body, headers)

    def ask_plainly(self, path: str) -> Answer:
        """Ask without HTTPS."""
        with socket.create_connection((servers.HOST, self.http_port), timeout=30) as line:
            return _answered(line, "GET", path, None, {})

    def post(self, path: str, body: bytes, kind: str = FORM, session: str = "") -> Answer:
        """Send a form as our own page does, as who has this session if any."""
        cookies = f"__Host-csrftoken={TOKEN}" + (f"; __Host-sessionid={session}" if session else "")
        headers = {"Cookie": cookies, "Content-Type": kind, "Origin": f"https://{HOST}"}
        return self.ask("POST", path, body, **headers)


def _answered(
    line: socket.socket, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> Answer:
    asked = http.client.HTTPConnection(HOST)
    asked.sock = line
    asked.request(method, path, body, {"Host": HOST, **headers})
    response = asked.getresponse()
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, found, response.read())


def filled(fields: dict[str, str], length: int) -> bytes:
    """Return a form of so many bytes: its text is as long as that takes."""
    sent = urlencode(fields | {"csrfmiddlewaretoken": TOKEN, "text": ""}).encode()
    return sent.replace(b"&text=", b"&text=" + b"a" * (length - len(sent)))


def upload(data: bytes) -> tuple[bytes, str]:
    """Return the form of a photo, and what kind of form it is."""
    file = SimpleUploadedFile("anh.png", data, "image/png")
    words = {"alt": "Cầu", "caption": "Cầu mới", "credit": "Bá Phúc"}
    fields = {"csrfmiddlewaretoken": TOKEN, "file": file, **words}
    return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT


@pytest.mark.skipif(not shutil.which("nginx"), reason=WITHOUT_NGINX)
def test_nginx_takes_the_file_and_says_itself_what_it_must(tmp_path):
    with nginx(tmp_path, servers.free_port()) as front:
        away = front.ask("GET", "/")
        assert away.status == 503
        assert "Xin thử lại sau ít phút" in away.body.decode()
        moved = front.ask_plainly("/thoi-su/?trang=2")
        assert (moved.status, moved.headers["location"]) == (
            301,
            f"https://{HOST}/thoi-su/?trang=2",
        )
        too_much = {"/binh-luan/1/": gate.READERS_BYTES + 1, "/admin/": gate.DESK_BYTES + 1}
        for path, length in too_much.items():
            large = front.ask("POST", path, **{"Content-Length": str(length)})
            assert large.status == 413
            assert "ảnh tối đa 20 MB" in large.body.decode()
        for path in ("/binh-luan/1/", "/admin/"):
            passed = front.post(path, b"a" * gate.READERS_BYTES)
            assert passed.status == 503, "handed on to whoever is away"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@needs("nginx")
@needs("openssl")
def test_a_site_is_served_through_nginx(tmp_path, record_property):
    article, told = factories.published(), {"SITE_URL": f"https://{HOST}"}
    told["ALLOWED_HOSTS"] = f"{servers.SITE},{HOST}"
    (tmp_path / "nginx").mkdir()
    with (
        servers.nodes(tmp_path, workers=1, **told) as [node],
        nginx(tmp_path / "nginx", node.port) as front,
    ):
        articles_are_kept_exactly(front, article)
        comments_are_taken(front, node, article)
        photos_are_taken(front)
        cut = seconds_until_cut(front, article)
    record_property(
        "measured",
        f"through nginx: forms to {gate.READERS_BYTES >> 10} KB, uploads to "
        f"{gate.DESK_BYTES >> 20} MB, one byte more 413; half a form cut after {cut:.0f} s",
    )


def articles_are_kept_exactly(front: Front, article: Article) -> None:
    """Each is given out whole, as unchanged, and no more once it is withdrawn."""
    path = article.get_absolute_url()
    first = front.ask("GET", path, X_Forwarded_Proto="http", X_Forwarded_Host="evil.example")
    assert first.status == 200
    assert article.newest_revision.headline in first.body.decode()
    assert front.ask("GET", path).body == first.body
    same = front.ask("GET", path, **{"If-None-Match": first.headers["etag"]})
    assert (same.status, same.body) == (304, b"")
    other = factories.published(headline="Sẽ gỡ ngay")
    servers.until(lambda: front.ask("GET", other.get_absolute_url()).status == 200, 1)
    workflow.withdraw(actor=None, article=other, reason="Sai tên người.")
    servers.until(lambda: front.ask("GET", other.get_absolute_url()).status == 410, 1)


def comments_are_taken(front: Front, node: servers.Node, article: Article) -> None:
    """One that fits is stored; nginx and the newsroom refuse the same byte as one too many."""
    path = f"/binh-luan/{article.pk}/"
    form = front.ask("GET", path)
    assert form.status == 200
    fields = sent_by(form.body.decode(), text="Qua cửa trước.")
    sent = urlencode(fields | {"csrfmiddlewaretoken": TOKEN}).encode()
    assert front.post(path, sent).status == 303
    assert Comment.objects.get().text == "Qua cửa trước."
    assert front.post(path, filled(fields, gate.READERS_BYTES)).status == 422, "read, and too long"
    beyond = filled(fields, gate.READERS_BYTES + 1)
    assert front.post(path, beyond).status == 413
    assert node._ask("POST", path, beyond.decode(), {"X-Forwarded-Proto": "https"}).status == 413
    assert Comment.objects.count() == 1


def photos_are_taken(front: Front) -> None:
    """One within the limit is stored; what is too large is said by the newsroom, then by nginx."""
    add, session = "/admin/articles/photo/add/", session_of(factories.user(Role.REPORTER))
    noise = BytesIO()
    side = 2_500
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(noise, "PNG")
    assert 17 << 20 < noise.tell() < 20 << 20
    assert front.post(add, *upload(noise.getvalue()), session).status == 302
    assert Photo.objects.get().width == side
    said = front.post(add, *upload(noise.getvalue() + bytes(4 << 20)), session)
    assert "lớn hơn 20 MB" in words(said.body.decode())
    large = front.post(add, *upload(bytes(gate.DESK_BYTES)), session)
    assert large.status == 413
    assert "ảnh tối đa 20 MB" in large.body.decode()
    assert Photo.objects.count() == 1


def seconds_until_cut(front: Front, article: Article) -> float:
    """Send half a form and wait; return after how long nginx gives up."""
    begun = time.monotonic()
    with front.line() as line:
        head = f"POST /binh-luan/{article.pk}/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000"
        line.sendall(f"{head}\r\nContent-Type: {FORM}\r\n\r\ntext=".encode())
        assert line.recv(1_000)[:12] in (b"", b"HTTP/1.1 408")
    cut = time.monotonic() - begun
    assert 9 <= cut <= 13
    return cut
