"""The stand-in's HTTP: the paths, filters and error bodies of v2beta1 that are used."""

import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.kfp_server.checks import RefusedError
from tests.support.kfp_server.runs import Runs

Json = dict[str, Any]
_API = "/apis/v2beta1"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    runs: Runs

    def do_GET(self) -> None:  # the base class calls it so
        self._answer(self._read)

    def do_POST(self) -> None:  # the same
        self._answer(self._write)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _read(self, path: str, query: dict[str, list[str]]) -> Json:
        if path == "/healthz":
            return {"multi_user": False}
        if path != "/runs":
            return self.runs.get(path.removeprefix("/runs/"))
        (predicate,) = json.loads(query["filter"][0])["predicates"]
        if (predicate["operation"], predicate["key"]) != ("EQUALS", "display_name"):
            raise RefusedError(400, 3, f"unrecognized predicate {predicate}")
        found = self.runs.named(predicate["stringValue"])
        return {"runs": found, "total_size": len(found)} if found else {}

    def _write(self, path: str, _: dict[str, list[str]]) -> Json:
        if path.endswith(":terminate"):
            self.runs.terminate(path.removeprefix("/runs/").removesuffix(":terminate"))
            return {}
        return self.runs.create(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, act: Any) -> None:
        parts = urlsplit(self.path)
        try:
            status, body = 200, act(parts.path.removeprefix(_API), parse_qs(parts.query))
        except RefusedError as error:
            status, body = error.status, error.body
        content = json.dumps(body, default=str).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main(port: int, folder: Path) -> None:
    """Serve until a signal; `secrets.json` in the folder holds the Secrets of the pods' namespace."""
    Handler.runs = Runs(folder, json.loads((folder / "secrets.json").read_text()))
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    signal.signal(signal.SIGTERM, lambda *_: Thread(target=server.shutdown).start())
    try:
        server.serve_forever()
    finally:
        Handler.runs.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
