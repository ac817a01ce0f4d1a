import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "3000"))
KEY = base64.b64decode(os.environ["SIGNING_SECRET"].removeprefix("whsec_"))
TOLERANCE_SECONDS = 300
seen = set()


def verify(headers, body):
    """Returns the id of a request whose signature is good, else None."""
    id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if id == "" or not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return None
    digest = hmac.new(KEY, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    wanted = b"v1," + base64.b64encode(digest)
    # There are several signatures while a secret is rotated.
    signatures = headers.get("webhook-signature", "").encode().split(b" ")
    return id if any(hmac.compare_digest(each, wanted) for each in signatures) else None


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        id = verify(self.headers, body)
        if id is None:
            return self.respond(401)
        if id not in seen:
            event = json.loads(body)
            alert = event["data"].get("alert") or {}
            print(event["type"], alert.get("title", ""), flush=True)  # your work goes here
            seen.add(id)
        self.respond(204)

    def respond(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


print(f"Listening on port {PORT}", flush=True)
ThreadingHTTPServer(("", PORT), Receiver).serve_forever()
