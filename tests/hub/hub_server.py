"""A Hub on the loopback address: the protocol of huggingface.co as its client speaks it, and its faults on demand.

    with HubServer({"org/name": folder}) as hub: os.environ["HF_ENDPOINT"] = hub.endpoint

Small files are answered through a relative 307, large ones through a 302 to another origin, which stands for the content network, refuses requests
without ranges of files that are too large, and must never see a token. `faults` maps a file name to a Fault.
"""
import dataclasses
import functools
import hashlib
import http.server
import json
import os
import pathlib
import sys
import threading
import time
import urllib.parse

LARGE = 64 << 10  # bytes; more are in large file storage


@dataclasses.dataclass
class Fault:
    """What happens to the first `times` ranged answers of a file."""
    kind: str  # status, slow, stuck, cut, lying-range, whole, other-bytes, endless-redirect, changed-tag, bad-bytes
    times: int = 1
    status: int = 503
    headers: dict = dataclasses.field(default_factory=dict)


class HubServer:
    def __init__(self, models, token=None, gated=(), delay=0.0, page=1000):
        self.models = {name: pathlib.Path(folder) for name, folder in models.items()}
        self.token, self.gated, self.delay, self.page = token, set(gated), delay, page
        self.faults, self.requests, self.leaks, self.bytes_sent = {}, [], [], 0
        self.signed, self.uses, self.uses_of_a_signature = 0, {}, 0  # 0: a signed address never runs out
        self.lock = threading.Lock()
        self.commits = {name: hashlib.sha1(name.encode()).hexdigest() for name in models}
        self.hub = Server(("127.0.0.1", 0), self.handler(HubHandler))
        self.content = Server(("127.0.0.1", 0), self.handler(ContentHandler))
        self.endpoint = f"http://127.0.0.1:{self.hub.server_port}"
        self.content_address = f"http://127.0.0.1:{self.content.server_port}"

    def handler(self, kind):
        return type("Handler", (kind,), {"server_state": self})

    def __enter__(self):
        for server in (self.hub, self.content):
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in (self.hub, self.content):
            server.shutdown()
            server.server_close()

    def take_fault(self, name):
        with self.lock:
            fault = self.faults.get(name)
            if fault is None or fault.times <= 0:
                return None
            fault.times -= 1
            return fault


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that goes away in the middle of an answer is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@functools.cache
def digest(path, kind):
    """SHA-256 of a file, or the name that git gives its content. Files do not change while a server runs: faults change answers.
    A file that is only made up names its own."""
    if made_up := getattr(path, "digest", None):
        return made_up
    content = hashlib.new(kind)
    if kind == "sha1":
        content.update(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as file:
        while piece := file.read(1 << 24):
            content.update(piece)
    return content.hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server_state = None

    def log_message(self, *_):
        pass

    def answer(self, status, body=None, headers=None):
        if body is None:  # as real servers explain themselves
            body = b"<html>" + b"see elsewhere " * 150 + b"</html>"
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if "Content-Length" not in (headers or {}):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            if self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass

    def do_HEAD(self):
        self.do_GET()

    def send_file(self, path, tag, weak=False, more=None):
        state = self.server_state
        size = path.stat().st_size
        fault = state.take_fault(path.name)
        kind = fault.kind if fault else ""
        if kind == "status":
            return self.answer(fault.status, None, fault.headers)
        if kind == "endless-redirect":
            return self.answer(302, None, {"Location": self.path})
        begin, end = 0, size - 1
        wanted = self.headers.get("Range")
        if wanted:
            first, last = wanted.removeprefix("bytes=").split("-")
            begin, end = int(first), min(int(last or size), size - 1)
        with path.open("rb") as file:
            file.seek(begin)
            body = file.read(end - begin + 1)
        if kind == "bad-bytes":
            body = bytes([body[0] ^ 1]) + body[1:]
        if kind in ("slow", "stuck"):
            time.sleep(1 if kind == "slow" else 20)
        headers = {"ETag": '"changed"' if kind == "changed-tag" else ('W/' if weak else '') + f'"{tag}"', "Accept-Ranges": "bytes", **(more or {})}
        status = 200
        if wanted and kind != "whole":
            shift = 7 if kind == "lying-range" else 0
            headers["Content-Range"] = f"bytes {begin + shift}-{end + shift}/{size}"
            status = 206
        elif kind == "whole":
            body = path.read_bytes()
        with state.lock:
            state.bytes_sent += len(body)
        if kind == "cut":
            headers["Content-Length"] = str(len(body))
            body = body[: len(body) // 2]
            self.close_connection = True
        return self.answer(status, body, headers)


class HubHandler(Handler):
    def do_GET(self):
        state = self.server_state
        time.sleep(state.delay)
        url = urllib.parse.urlparse(self.path)
        parts = [urllib.parse.unquote(part) for part in url.path.split("/") if part]
        with state.lock:
            state.requests.append(self.path)
        if parts[:2] == ["api", "models"] and len(parts) >= 6:
            return self.answer_api("/".join(parts[2:4]), parts[4], parts[5], url)
        if parts[:2] == ["api", "resolve-cache"]:
            name, file = "/".join(parts[3:5]), parts[-1]
            path = state.models[name] / file
            return self.send_file(path, digest(path, "sha1"), more={"X-Repo-Commit": state.commits[name]})
        if len(parts) >= 5 and parts[2] == "resolve":
            return self.resolve("/".join(parts[:2]), parts[3], parts[4])
        return self.answer(404, None, {"X-Error-Code": "RepoNotFound"})

    def denied(self, name):
        state = self.server_state
        given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if state.token and given != state.token:
            self.answer(401, None, {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository Not Found"})
            return True
        if name not in state.models:
            self.answer(404, None, {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository Not Found"})
            return True
        return False

    def answer_api(self, name, what, revision, url):
        state = self.server_state
        if self.denied(name):
            return None
        commit = state.commits[name]
        if what == "revision":
            if revision not in ("main", "refs/pr/1", commit):
                return self.answer(404, None, {"X-Error-Code": "RevisionNotFound", "X-Error-Message": f"Invalid rev id: {revision}"})
            return self.answer(200, json.dumps({"id": name, "sha": commit}).encode(), {"Content-Type": "application/json"})
        entries = []
        for path in sorted(state.models[name].iterdir(), key=lambda path: path.name):
            if not path.is_file():
                entries.append({"type": "directory", "path": path.name, "size": 0, "oid": "0" * 40})
                continue
            entry = {"type": "file", "path": path.name, "size": path.stat().st_size, "oid": digest(path, "sha1")}
            if path.stat().st_size > LARGE:
                entry["lfs"] = {"oid": digest(path, "sha256"), "size": path.stat().st_size, "pointerSize": 134}
            entries.append(entry)
        start = int(urllib.parse.parse_qs(url.query).get("cursor", ["0"])[0])
        headers = {"Content-Type": "application/json"}
        if start + state.page < len(entries):
            headers["Link"] = f'<{state.endpoint}{url.path}?recursive=false&cursor={start + state.page}>; rel="next"'
        return self.answer(200, json.dumps(entries[start:start + state.page]).encode(), headers)

    def resolve(self, name, revision, file):
        state = self.server_state
        if self.denied(name):
            return None
        if name in state.gated:
            return self.answer(403, None, {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access to model is restricted"})
        path = state.models[name] / file
        if revision not in ("main", state.commits[name]) or not path.is_file():
            return self.answer(404, None, {"X-Error-Code": "EntryNotFound"})
        revision = state.commits[name]
        headers = {"X-Repo-Commit": revision}
        if path.stat().st_size > LARGE:
            with state.lock:
                state.signed += 1
                signature = state.signed
            headers["Location"] = f"{state.content_address}/{urllib.parse.quote(name)}/{urllib.parse.quote(file)}?Signature={signature}"
            headers["X-Linked-Size"] = str(path.stat().st_size)
            headers["X-Linked-Etag"] = f'"{digest(path, "sha256")}"'
            return self.answer(302, None, headers)
        headers["Location"] = f"/api/resolve-cache/models/{name}/{revision}/{urllib.parse.quote(file)}"
        return self.answer(307, None, headers)


class ContentHandler(Handler):
    def do_GET(self):
        state = self.server_state
        time.sleep(state.delay)
        with state.lock:
            state.requests.append("content:" + self.path)
            if self.headers.get("Authorization"):
                state.leaks.append(self.path)
        url = urllib.parse.urlparse(self.path)
        parts = [urllib.parse.unquote(part) for part in url.path.split("/") if part]
        signature = urllib.parse.parse_qs(url.query).get("Signature", [""])[0]
        with state.lock:
            uses = state.uses[signature] = state.uses.get(signature, 0) + 1
        if state.uses_of_a_signature and signature and uses > state.uses_of_a_signature:
            return self.answer(403)
        path = state.models["/".join(parts[:2])] / parts[2]
        fault = state.faults.get(path.name)
        if not path.is_file() and not fault:
            return self.answer(404)
        return self.send_file(path, "content-" + str(path.stat().st_size), weak=len(state.requests) % 2 == 0)


if __name__ == "__main__":
    with HubServer({name: folder for name, folder in (pair.split("=", 1) for pair in sys.argv[1:])}) as hub:
        print(hub.endpoint, flush=True)
        threading.Event().wait()
