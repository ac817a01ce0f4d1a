"""Checks what a Hookgate gateway sends. Python 3.9 or newer; Ed25519 needs the package `cryptography`.

To see what becomes of a request that you have kept:
    python3 docs/receivers/verify.py < requests.jsonl
where each line is {"scheme","key","now","method","url","headers","body"}, and for the scheme hmac "options" too.
"""

import base64
import hashlib
import hmac
import json
import re
import sys
import time

TOLERANCE_SECONDS = 300
SIGNED = ["@method", "@target-uri", "content-digest", "content-type", "webhook-id", "webhook-timestamp"]


class Refused(Exception):
    """The request is not to be trusted."""


def header(headers, name):
    value = headers.get(name, "")
    if value == "":
        raise Refused(f"the header {name} is missing")
    return value


def check_time(headers, now):
    timestamp = header(headers, "webhook-timestamp")
    if not re.fullmatch(r"[0-9]{1,11}", timestamp):
        raise Refused("webhook-timestamp is not a time")
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise Refused("the request is too old, or too new")
    return timestamp


def decode(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def is_signed(key, message, signature):
    """Whether a signature is this key's: the secret whsec_…, or the gateway's public key whpk_…"""
    kind, _, text = key.partition("_")
    secret = base64.b64decode(text, validate=True)
    if kind == "whsec":
        return hmac.compare_digest(hmac.new(secret, message, hashlib.sha256).digest(), signature)
    if kind != "whpk":
        raise ValueError("the key has to begin with whsec_ or whpk_")
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(secret).verify(signature, message)
        return True
    except InvalidSignature:
        return False


def verify_standard_webhook(key, headers, body, now):
    """The schemes standard-webhooks and standard-webhooks-ed25519. Names of headers are in lower case, `body` is bytes."""
    message = f"{header(headers, 'webhook-id')}.{check_time(headers, now)}.".encode() + body
    version = "v1a" if key.startswith("whpk_") else "v1"
    for item in header(headers, "webhook-signature").split(" "):
        name, _, text = item.partition(",")
        if name == version and is_signed(key, message, decode(text)):
            return
    raise Refused("no signature matches")


def verify_http_message(key, method, url, headers, body, now):
    """The scheme rfc9421, with either algorithm. `url` is the whole address, as the sender called it."""
    check_time(headers, now)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    if header(headers, "content-digest") != f"sha-256=:{digest}:":
        raise Refused("the body is not the one that was signed")
    derived = {"@method": method, "@target-uri": url}
    lines = [f'"{name}": {derived[name] if name in derived else header(headers, name).strip()}' for name in SIGNED]
    covered = "(" + " ".join(f'"{name}"' for name in SIGNED) + ");"
    signatures = dict(re.findall(r"\b(\w+)=:([^:]*):", header(headers, "signature")))
    # A signature that covers less is not looked at, and the algorithm is the key's: never what the request says.
    for label, params in re.findall(r"\b(\w+)=(\([^()]*\)[^,]*)", header(headers, "signature-input")):
        if not params.startswith(covered):
            continue
        base = "\n".join([*lines, f'"@signature-params": {params}'])
        if is_signed(key, base.encode(), decode(signatures.get(label, ""))):
            return
    raise Refused("no signature matches")


def verify_hmac(secret, headers, body, options, now):
    """The scheme hmac; `options` is the destination's `signing`. The time is checked if it is signed."""
    template, prefix = options["template"], options["prefix"]
    identifier = header(headers, "webhook-id") if "{{id}}" in template else ""
    timestamp = check_time(headers, now) if "{{timestamp}}" in template else ""
    head, tail = (
        part.replace("{{id}}", identifier).replace("{{timestamp}}", timestamp).encode()
        for part in template.split("{{body}}")
    )
    mac = hmac.new(secret.encode(), head + body + tail, options["algorithm"]).digest()
    text = mac.hex() if options["encoding"] == "hex" else base64.b64encode(mac).decode()
    # Two signatures stand in the header while a secret is rotated.
    for item in header(headers, options["header"]).split(" " if "," in prefix else ","):
        if hmac.compare_digest(item.encode(), (prefix + text).encode()):
            return
    raise Refused("no signature matches")


def check(line):
    given = json.loads(line)
    key, headers, body, now = given["key"], given["headers"], given["body"].encode(), given.get("now", time.time())
    if given["scheme"] == "rfc9421":
        verify_http_message(key, given["method"], given["url"], headers, body, now)
    elif given["scheme"] == "hmac":
        verify_hmac(key, headers, body, given["options"], now)
    else:
        verify_standard_webhook(key, headers, body, now)


if __name__ == "__main__":
    for line in sys.stdin.buffer:
        try:
            check(line)
            print("accepted")
        except Refused as reason:
            print(f"refused: {reason}")
