"""A double of a Pact broker: as much of its HAL as Pact's library and command line ask for, kept in memory.

It is no broker: it computes no matrix, it only says what a test has put in. Written after what the tools were
seen to ask, on their own terms (`application/hal+json`, links by relation).
"""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


class BrokerDouble:
    """One broker on a free port of this machine, and all that it was told."""

    def __init__(self, token=None):
        self.token = token
        self.pacts = {}  # consumer, provider -> pact
        self.published, self.results, self.paths, self.refused = [], [], [], 0
        self.marks = set()  # branch:provider:main:2, tag:provider:prod:2
        self.is_deployable, self.asked = True, None

    def __enter__(self):
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                double.serve(self)

            do_POST = do_PUT = do_GET  # noqa: N815 - http.server's names

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, handler):
        size = int(handler.headers.get("Content-Length") or 0)
        body = json.loads(handler.rfile.read(size) or b"null") if size else None
        path = unquote(urlsplit(handler.path).path)
        self.paths.append(f"{handler.command} {path}")
        if self.token is not None and handler.headers.get("Authorization") != f"Bearer {self.token}":
            self.refused += 1
            status, told = 401, {"error": "who are you?"}
        else:
            status, told = self.answer(handler.command, path.strip("/").split("/"), body)
        raw = json.dumps(told).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/hal+json;charset=utf-8")
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    def answer(self, method, parts, body):  # noqa: C901, PLR0911 - one row for each address
        match parts:
            case [""]:
                return 200, self._index()
            case ["contracts", "publish"]:
                return 200, self._publish(body)
            case ["pacts", "provider", provider, "for-verification"]:
                self.asked = body or self.asked
                listed = [self._listed(*sides) for sides in self.pacts if sides[1] == provider]
                own = {"href": f"{self.url}/{'/'.join(parts)}"}
                return 200, {"_embedded": {"pacts": listed}, "_links": {"self": own}}
            case ["pacts", "provider", provider, *_] if "consumer" not in parts:
                found = [self._link(*sides) for sides in self.pacts if sides[1] == provider]
                return 200, {"_links": {"pb:pacts": found, "self": {"href": self.url}}}
            case ["pacts", "provider", provider, "consumer", consumer, *_]:
                if method == "POST":
                    self.results.append(body)
                    return 201, {"_links": {"self": {"href": f"{self.url}/results/1"}}}
                return 200, self._pact(consumer, provider)
            case ["pacticipants", name]:
                return 200, self._pacticipant(name)
            case ["pacticipants", name, kind, mark, "versions", version] if method == "PUT":
                self.marks.add(f"{kind}:{name}:{mark}:{version}")
                return 200, {"_links": {}}
            case ["pacticipants", name, "versions", version, kind, mark] if method == "PUT":
                self.marks.add(f"{kind}:{name}:{mark}:{version}")
                return 200, {"_links": {}}
            case ["matrix"]:
                return 200, self._matrix()
        return 404, {"error": "/".join(parts)}

    def _index(self):
        templated = {
            "pb:provider-pacts-for-verification": "/pacts/provider/{provider}/for-verification",
            "pb:latest-provider-pacts": "/pacts/provider/{provider}/latest",
            "pb:provider-pacts": "/pacts/provider/{provider}",
            "pb:latest-provider-pacts-with-tag": "/pacts/provider/{provider}/latest/{tag}",
            "pb:provider-pacts-for-branch": "/pacts/provider/{provider}/branch/{branch}",
            "pb:latest-provider-pacts-for-branch": "/pacts/provider/{provider}/branch/{branch}",
            "pb:pacticipant": "/pacticipants/{pacticipant}",
            "pb:pacticipant-version-tag": "/pacticipants/{pacticipant}/versions/{version}/tags/{tag}",
        }
        links = {name: {"href": self.url + path, "templated": True} for name, path in templated.items()}
        links["pb:publish-contracts"] = {"href": f"{self.url}/contracts/publish"}
        return {"_links": {"self": {"href": self.url}, **links}}

    def _publish(self, body):
        self.published.append(body)
        for one in body["contracts"]:
            pact = json.loads(base64.b64decode(one["content"]))
            self.pacts[one["consumerName"], one["providerName"]] = pact
        made = [self._link(one["consumerName"], one["providerName"]) for one in body["contracts"]]
        told = [{"type": "success", "text": "kept by a double", "level": "success", "message": "kept"}]
        return {"notices": told, "logs": told, "_links": {"pb:contracts": made}}

    def _link(self, consumer, provider):
        href = f"{self.url}/pacts/provider/{provider}/consumer/{consumer}/version/1"
        return {"href": href, "name": consumer, "title": "Pact"}

    def _listed(self, consumer, provider):
        properties = {"pending": False, "notices": []}
        own = {**self._link(consumer, provider), "name": f"Pact between {consumer} and {provider}"}
        return {"shortDescription": "newest", "verificationProperties": properties, "_links": {"self": own}}

    def _pact(self, consumer, provider):
        own = self._link(consumer, provider)
        links = {
            "self": own,
            "pb:publish-verification-results": {"href": f"{own['href']}/verification-results"},
            "pb:provider": {"href": f"{self.url}/pacticipants/{provider}", "name": provider},
            "pb:consumer": {"href": f"{self.url}/pacticipants/{consumer}", "name": consumer},
        }
        return {**self.pacts[consumer, provider], "_links": links}

    def _pacticipant(self, name):
        base = f"{self.url}/pacticipants/{name}"
        links = {
            "self": {"href": base},
            "pb:version-tag": {"href": f"{base}/versions/{{version}}/tags/{{tag}}", "templated": True},
            "pb:branch-version": {
                "href": f"{base}/branches/{{branch}}/versions/{{version}}",
                "templated": True,
            },
        }
        return {"name": name, "_links": links}

    def _matrix(self):
        reason = "all is verified" if self.is_deployable else "nothing is verified"
        told = {"deployable": self.is_deployable, "reason": reason, "success": 1, "failed": 0, "unknown": 0}
        return {"summary": told, "notices": [{"type": "info", "text": reason}], "matrix": []}
