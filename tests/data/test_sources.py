import contextlib
import gzip
import hashlib
import io
import json
import logging
import os
import socket
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from backprop.data import downloads, file_tables, sources
from backprop.data.canonical_form import canonical
from backprop.data.dataset import DataError
from backprop.data.urls import without_secrets

EX4 = Path(__file__).parents[2] / "resources" / "ex4.csv"
SHA256 = "762a7281f19f075ca06aff6a368a7d7217d6b62d7846ca8042e5f398decf5af9"
COLUMNS = {"features": ("exam_1", "exam_2"), "label": "admitted"}


def obtain(source, *, timeout=10.0, attempts=3, **changes):
    """Obtain a data set with the columns of ex4 and short time limits."""
    with patch.multiple(downloads, TIMEOUT=timeout, ATTEMPTS=attempts):
        return sources.obtain(source, **COLUMNS | changes)


def ex4_archive(x=None, y=None, *, names=("ex4Data/ex4x.dat", "ex4Data/ex4y.dat"), more=()):
    """Return an archive like the published one: a folder with two files of ``%1.7e`` columns."""
    ex4 = obtain("bundled", file=EX4)
    members = list(more)
    for name, values in zip(names, (x, y), strict=True):
        if values is None:
            values = ex4.x if name == names[0] else ex4.y
        text = io.StringIO()
        np.savetxt(text, values, fmt="%1.7e", delimiter="   ")
        members.append((name, text.getvalue()))
    return archive(members)


def archive(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members:
            file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


# The data set


def test_the_bundled_file_is_ex4_in_canonical_form():
    ex4 = obtain("bundled", file=EX4, sha256=SHA256)
    assert canonical(ex4) == EX4.read_bytes()
    assert hashlib.sha256(EX4.read_bytes()).hexdigest() == SHA256
    assert (ex4.features, ex4.label) == (("exam_1", "exam_2"), "admitted")
    assert (ex4.x.shape, ex4.x.dtype) == ((80, 2), np.float64)
    np.testing.assert_array_equal(ex4.y, np.repeat([1, 0], 40))
    assert ex4.y.dtype == np.int64


def test_provenance_of_ex4():
    description = sources.provenance(
        data := obtain("bundled", file=EX4), "bundled", canonical(data)
    )
    assert json.loads(json.dumps(description)) == {
        "source": "bundled", "sha256": SHA256, "rows": 80, "features": ["exam_1", "exam_2"],
        "label": "admitted", "classes": {"0": 40, "1": 40}, "positive": "1", "categories": {},
        "missing": {}, "groups": None, "notes": [], "duplicated_rows": [[14, 40]],
    }  # fmt: skip


def test_rows_of_different_class_are_not_duplicates(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,0\n1,1\n2,0\n1,1\n2,0\n1,1\n")
    data = obtain("x", file=path, features=("a",), label="b")
    assert sources.provenance(data, "x", b"")["duplicated_rows"] == [[2, 4, 6], [3, 5]]


@pytest.mark.parametrize(
    "content",
    [
        ex4_archive(),
        ex4_archive(names=("x.dat", "Y.DAT")),
        ex4_archive(more=[("ex4Data/README", "x"), ("__MACOSX/ex4Data/._ex4x.dat", "\0")]),
        EX4.read_bytes(),
        b"\xef\xbb\xbf" + EX4.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n",
        b"\n\n" + EX4.read_bytes().replace(b"\n", b"\n\n"),
        EX4.read_bytes().replace(b"exam_1,exam_2,", b" exam_1 , exam_2 , "),
        EX4.read_bytes().replace(b".0,", b",").replace(b",1\n", b",1.0\n"),
        EX4.read_bytes().replace(b",1\n", b",\xc2\xa0+1e0\n").replace(b",0\n", b",-0\n"),
    ],
    ids=[
        "archive", "flat", "beside", "csv", "spreadsheet", "blank-lines", "blanks", "decimals",
        "odd",
    ],
)  # fmt: skip
def test_every_form_of_ex4_gives_the_same_data(tmp_path, content):
    (tmp_path / "data").write_bytes(content)  # without an ending that shows the format
    assert (
        canonical(obtain("data", file=tmp_path / "data", sha256=SHA256.upper())) == EX4.read_bytes()
    )


def test_columns_are_chosen_by_name_and_others_may_have_any_content(tmp_path):
    (tmp_path / "data.csv").write_text('admitted,name,exam_2,exam_1\n1,"A, B",2,3\n0,,5,6.5\n')
    dataset = obtain("data.csv", file=tmp_path / "data.csv")
    assert canonical(dataset) == b"exam_1,exam_2,admitted\n3.0,2.0,1\n6.5,5.0,0\n"


# Errors and their messages

GOOD = "exam_1,exam_2,admitted\n1,2,1\n3,4,0\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (" \n", ["empty"]),
        (b"exam_1\n\xff", ["line 2", "0xff", "UTF-8"]),
        (b"\xef\xbb\xbfexam_1\n\xff", ["line 2", "0xff", "UTF-8"]),
        ("exam_1,exam_2,admitted\n", ["no data rows"]),
        (GOOD.replace("exam_2", "Exam_2"), ["no column 'exam_2'", "did you mean 'Exam_2'?"]),
        (GOOD.replace("exam_2", "exam_1"), ["header", "'exam_1' twice"]),
        (GOOD.replace("3,4,0", "3,4"), ["row 2 (line 3)", "2 cells", "use 3"]),
        (GOOD.replace("3,4,0", "3,4,0,5"), ["row 2 (line 3)", "4 cells", "use 3"]),
        (GOOD.replace("3,4", "\n\n3,#"), ["row 2 (line 5)"]),
        (GOOD.replace("3,4", "3,4_0"), ["row 2 (line 3)", "'exam_2'", "'4_0'", "finite"]),
        (GOOD.replace("3,4", "3,1e999"), ["row 2 (line 3)", "'exam_2'", "'1e999'", "finite"]),
        (GOOD.replace("4,0", "4,1"), ["'admitted'", "only the class '1'", "two classes or more"]),
        (GOOD.replace("3,4", "3,\u0664"), ["row 2 (line 3)", "'exam_2'", "'\u0664'", "finite"]),
        (archive([]), ["0 files *x.dat", "holds nothing"]),
        (archive([("a/x.dat", "1 2"), ("notes", "")]), ["0 files *y.dat", "'a/x.dat', 'notes'"]),
        (ex4_archive(more=[("bx.dat", "")]), ["2 files *x.dat", "'bx.dat'"]),
        (ex4_archive(y=np.ones(79)), ["80 rows in *x.dat", "79 rows in *y.dat"]),
        (ex4_archive(x=np.ones((80, 3))), ["row 1 (line 1 of ex4Data/ex4x.dat)", "3 cells"]),
        (ex4_archive(y=np.ones((80, 2))), ["row 1 (line 1 of ex4Data/ex4y.dat)", "2 cells"]),
        (archive([("x.dat", "1 2\n\n3 z"), ("y.dat", "1\n0")]), ["row 2 (line 3 of x.dat)", "'z'"]),
        (archive([("x.dat", "1 2\n3 4"), ("y.dat", "1\nNA")]), ["row 2 (line 2 of y.dat)", "'NA'"]),
        (archive([("x.dat", b"\xff"), ("y.dat", "1\n3")]), ["x.dat", "UTF-8"]),
        (ex4_archive()[:-30], ["incomplete zip"]),
        (ex4_archive()[:100] + b"\0\0\0\0" + ex4_archive()[104:], ["damaged"]),
    ],
)
def test_content_that_cannot_be_used_is_refused(tmp_path, content, words):
    path = tmp_path / "exams"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataError) as caught:
        obtain("exams", file=tmp_path / "exams")
    for word in ["exams: ", *words]:
        assert word in str(caught.value)


def test_the_content_without_these_errors_is_accepted(tmp_path):
    (tmp_path / "exams").write_text(GOOD)
    assert len(obtain("exams", file=tmp_path / "exams").y) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent", "No such file"),
        (".", "Is a directory"),
        ("pipe", "a pipe"),
        ("zeros", "a device"),
    ],
)
def test_a_source_that_is_not_a_file_is_refused(tmp_path, name, words):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    with pytest.raises(DataError, match=words):
        obtain(name, file=tmp_path / name)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(file_tables, "MAX_BYTES", 1_000_000)
    (tmp_path / "bomb").write_bytes(archive([("x.dat", "0" * 1_000_001), ("y.dat", "1")]))
    with pytest.raises(DataError, match=r"x\.dat unpacks to 2 MB; use at most 1 MB"):
        obtain("bomb", file=tmp_path / "bomb")


# Downloads


class Server(ThreadingHTTPServer):
    """A local server that sends its replies in turn, and then repeats the last one."""

    daemon_threads = True

    def __init__(self, *replies):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = replies
        self.asked = 0
        self.ended = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/ex4Data.zip"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        reply = self.server.replies[min(self.server.asked, len(self.server.replies) - 1)]
        self.server.asked += 1
        with contextlib.suppress(ConnectionError):  # the client has hung up, as expected
            reply(self)

    def log_message(self, *_):
        pass


def answers(content, status=200, length=None):
    def reply(handler):
        handler.send_response(status)
        if length != "unannounced":
            handler.send_header("Content-Length", str(length or len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def sends(head, content=b""):
    """Return a reply of these bytes, which are not checked by the library of the server."""

    def reply(handler):
        handler.wfile.write(head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + content)

    return reply


def redirects(*locations):
    """Return replies that redirect to each location in turn."""
    return [sends(b"HTTP/1.0 302 Found\nLocation: " + location) for location in locations]


def breaks_off(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf")


def dislikes_compression(handler):
    answers(ex4_archive(), 200 if handler.headers["Accept-Encoding"] == "identity" else 406)(
        handler
    )


def is_silent(handler):
    handler.server.ended.wait()


def hangs_up(handler):
    handler.close_connection = True


@pytest.fixture(autouse=True)
def _no_proxy_and_short_waits(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(downloads, "WAIT", 0.01)


GOOD_REPLY = answers(ex4_archive())
CHUNKED = b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked"
GZIP = b"HTTP/1.0 200 OK\nContent-Encoding: gzip"


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (GOOD_REPLY, 1),
        (answers(ex4_archive(), length="unannounced"), 1),
        (answers(b"sorry", status=500), 2),
        (answers(ex4_archive()[:400], length=len(ex4_archive())), 2),
        (breaks_off, 2),
        (sends(CHUNKED, b"4\r\nhalf\r\n"), 2),
        (sends(GZIP, gzip.compress(EX4.read_bytes())), 1),
        (sends(GZIP.replace(b"gzip", b"Identity"), ex4_archive()), 1),
        (dislikes_compression, 1),
        (hangs_up, 2),
        (is_silent, 2),
    ],
    ids=[
        "good", "unannounced", "500", "truncated", "broken-off", "chunk-missing", "gzip",
        "identity", "plain", "hung-up", "silent",
    ],
)  # fmt: skip
def test_a_download_succeeds_at_the_first_or_second_attempt(first, asked):
    with Server(first, GOOD_REPLY) as server:
        brief = {"timeout": 1.0} if first is is_silent else {}
        assert canonical(obtain(server.url, sha256=SHA256, **brief)) == EX4.read_bytes()
    assert server.asked == asked


@pytest.mark.parametrize(
    ("reply", "asked", "words"),
    [
        (answers(b"", status=404), 1, "answered 404 Not Found (attempt 1 of 3,"),
        (answers(b"", status=503), 3, "answered 503 Service Unavailable (attempt 3 of 3,"),
        (answers(b"x" * 400, length=1200), 3, "400 bytes read, 800 more expected) (attempt 3"),
        (hangs_up, 3, "closed connection without response (attempt 3 of 3,"),
        (is_silent, 3, "timed out (attempt 3 of 3, 0.2 s of silence"),
    ],
    ids=["404", "503", "truncated", "hung-up", "silent"],
)
def test_the_message_of_a_failed_download_has_the_cause_and_the_remedy(reply, asked, words):
    with Server(reply) as server, pytest.raises(DataError) as caught:
        obtain(server.url, **({"timeout": 0.2} if reply is is_silent else {}))
    for word in (f"{server.url}: the download failed: ", words, "set `source: bundled`"):
        assert word in str(caught.value)
    assert server.asked == asked


def test_a_closed_port_is_tried_again_and_named_without_secrets():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(DataError, match=r"Connection refused \(attempt 3 of 3") as caught:
        obtain(with_secrets(url))
    assert str(caught.value).startswith(url)
    assert_none_is_shown(str(caught.value))


@pytest.mark.parametrize(
    "reply",
    [
        answers(b"0" * 200_000),
        answers(b"0" * 200_000, length="unannounced"),
        sends(GZIP, gzip.compress(b"0" * 100_001)),
    ],
    ids=["whole", "unannounced", "compressed"],
)
def test_a_download_has_a_largest_size(monkeypatch, reply):
    monkeypatch.setattr(downloads, "MAX_BYTES", 100_000)
    with Server(reply) as server, pytest.raises(DataError, match="larger than 100 kB"):
        obtain(server.url)
    assert server.asked == 1


def test_one_changed_digit_is_detected():
    ex4 = obtain("bundled", file=EX4)
    ex4.x[6, 1] += 1
    digest = hashlib.sha256(canonical(ex4)).hexdigest()
    with Server(answers(ex4_archive(x=ex4.x))) as server, pytest.raises(DataError) as caught:
        obtain(server.url, sha256=SHA256)
    for word in (server.url, f"found SHA-256 {digest}", f"expected {SHA256}"):
        assert word in str(caught.value)


def test_progress_is_logged(caplog):
    caplog.set_level(logging.INFO, "backprop.data.downloads")
    content = EX4.read_bytes() + b"\n" * 33_000
    with Server(answers(content)) as server:
        obtain(server.url)
    assert caplog.messages[0] == f"{server.url}: attempt 1"
    assert caplog.messages[-1] == f"{server.url}: received 34 kB of 34 kB"


# Secrets in a URL

SECRETS = ("ann", "pa55", "word@", "t0ken", "fragm3nt")


def with_secrets(url):
    return url.replace("http://", "http://ann:pa55word@") + "?key=t0ken#fragm3nt"


def assert_none_is_shown(text):
    assert not [secret for secret in SECRETS if secret in text], text


def test_a_download_shows_no_secret_in_its_log_or_its_provenance(caplog):
    caplog.set_level(logging.INFO)
    with Server(GOOD_REPLY) as server:
        url = with_secrets(server.url)
        dataset = obtain(url, sha256=SHA256)
    assert server.url in caplog.text
    assert_none_is_shown("\n".join(r.getMessage() for r in caplog.records if "backprop" in r.name))
    assert sources.provenance(dataset, url, b"")["source"] == server.url


def test_no_library_logs_the_secrets_of_a_download(caplog):
    caplog.set_level(logging.INFO)
    with Server(sends(b"HTTP/1.0 200 OK\nno header", EX4.read_bytes())) as server:
        obtain(with_secrets(server.url))
    assert server.url in caplog.text
    assert_none_is_shown(caplog.text)


@pytest.mark.parametrize("reply", [answers(b"no", status=404), hangs_up, GOOD_REPLY])
def test_an_error_of_a_download_shows_no_secret(reply):
    with Server(reply) as server, pytest.raises(DataError) as caught:
        obtain(with_secrets(server.url), sha256="0" * 64)
    assert server.url in str(caught.value)
    assert_none_is_shown(str(caught.value))


@pytest.mark.parametrize("source", ["bundled", "data.csv", "a@b?c#d.csv", "https://example.org/x"])
def test_a_source_without_secrets_is_shown_as_it_is(source):
    assert without_secrets(source) == source


# Servers that do not follow the rules

MALFORMED = {
    "a port too large": b"http://127.0.0.1:99999/",
    "a host that is not normal": "http://ann:pa55word@\u2100.example/".encode(),
    "a control character": b"http://\x1b[31m/",
    "a file": b"file:///etc/passwd",
    "another protocol": b"ftp://ann:pa55word@127.0.0.1/data.csv?key=t0ken#fragm3nt",
    "a password with a slash": b"http://ann:pa55/word@127.0.0.1/data.csv?key=t0ken#fragm3nt",
    "nobody there": b"http://ann:pa55word@127.0.0.1:1/data.csv?key=t0ken#fragm3nt",
    "itself": b"/data.csv?key=t0ken",
}


def test_a_redirect_is_followed(caplog):
    caplog.set_level(logging.INFO, "backprop")
    with Server(*redirects(b"/x?t0ken"), GOOD_REPLY) as server:
        assert canonical(obtain(server.url, sha256=SHA256)) == EX4.read_bytes()
    assert_none_is_shown(caplog.text)


LAWLESS = {
    "too many headers": sends(b"HTTP/1.0 200 OK" + b"\nX-Header: x" * 200),
    "a reason with control characters": sends(b"HTTP/1.0 404 \x1b[31m" + b"x" * 1000),
    "a chunk without a size": sends(CHUNKED, b"zz\r\nhalf\r\n0\r\n\r\n"),
    "a choice": sends(b"HTTP/1.0 300 Multiple Choices"),
    "damaged gzip": sends(GZIP, gzip.compress(EX4.read_bytes())[:-8] + b"\0" * 8),
}


LAWLESS |= {f"a redirect to {case}": redirects(url)[0] for case, url in MALFORMED.items()}


@pytest.mark.parametrize("reply", LAWLESS.values(), ids=LAWLESS)
def test_an_answer_that_breaks_the_rules_ends_in_one_message(reply, caplog):
    caplog.set_level(logging.INFO, "backprop")
    with Server(reply) as server, pytest.raises(DataError) as caught:
        obtain(with_secrets(server.url))
    message = str(caught.value)
    assert message.startswith(f"{server.url}: the download failed: ")
    assert message.isprintable()  # in one line, too
    assert len(message) < 600
    assert_none_is_shown(message + caplog.text)
    assert "\x1b" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://ann:pa55word@[::1/x?key=t0ken",
        "http://ann:pa55word@\u2100.example/x",
        "http://ann:pa55/word@127.0.0.1/x?key=t0ken",
        "http://",
    ],
)
def test_a_url_that_is_not_valid_is_refused_and_shown_without_secrets(url):
    message = r"^http://.*: the download failed: .* not valid \(attempt 1 of 3"
    with pytest.raises(DataError, match=message) as caught:
        obtain(url)
    assert_none_is_shown(str(caught.value) + without_secrets(url))


def test_the_log_says_when_nobody_knows_whether_the_content_is_complete(caplog):
    caplog.set_level(logging.INFO, "backprop")
    with Server(GOOD_REPLY, answers(ex4_archive(), length="unannounced")) as server:
        obtain(server.url)
        assert "without a length" not in caplog.text
        obtain(server.url)
    assert "without a length; only `sha256` can show that it is complete" in caplog.text


LINES = EX4.read_bytes().splitlines(keepends=True)


def test_only_a_digest_shows_that_rows_are_missing_of_a_table_without_a_length():
    with Server(answers(b"".join(LINES[:50]), length="unannounced")) as server:
        assert len(obtain(server.url).y) == 49
        with pytest.raises(DataError, match="the data are not the expected ones"):
            obtain(server.url, sha256=SHA256)
