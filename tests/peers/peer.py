"""What the drivers in Python share: calling, noting and asserting.

A driver is started with `drive` or `play`. It talks to the sandbox at $SANDBOX (the control URL) and
writes one JSON object per line to its standard output, for the program that started it.
"""

import json
import os
import re
import sys
import traceback
import urllib.request
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from types import SimpleNamespace

from pydantic import ValidationError

HARD = "Röntgen & Söhne / +1 100% 日本"
"""A name with what encoders stumble over."""


def write(**line):
    print(json.dumps(line, default=plain), flush=True)


def plain(value):
    """An argument as JSON, in the vendor's names."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.to_dict()


class Peer:
    """One official client under test. `apis` makes everything of one credential: an object whose
    attributes hold the methods, so that `"Orgs.get"` is found as `apis(…).Orgs.get`. `error` is
    what it raises for a refusal."""

    def __init__(self, vendor, apis, error):
        self.vendor, self.apis, self.error = vendor, apis, error
        self.control = os.environ["SANDBOX"]
        self.driven = {}
        self.calling = False
        self.identities = [it for it in self.ask("GET", "/identities") if it["vendor"] == vendor]
        self.base_url = self.identities[0]["settings"]["base_url"]
        self.organization = self.identities[0]["organization"]

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data=data, method=method)
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)

    def change(self, path, **body):
        """Changes the sandbox, which is done again in the replay, in the order of the notes."""
        assert not self.calling, "a call is noted when its block ends; change the sandbox outside of it"
        write(type="control", path=path, body=body)
        return self.ask("POST", path, body)

    def status(self, error):
        """The status of a refusal, as the client's own error tells it."""
        return error.status if isinstance(error, self.error) else None

    def user(self, email):
        return self.change("/users", vendor=self.vendor, email=email)

    def accept(self, email, organization):
        """What the person does in a browser."""
        self.change("/accept", vendor=self.vendor, email=email, organization=organization)

    def mails(self, email):
        return [it["kind"] for it in self.ask("GET", "/mail") if it["email"] == email]

    def identity(self, email, type=None):
        return next(
            it for it in self.identities
            if it["email"] == email and type in (None, it["credential"]["type"])
        )

    def session(self, credential):
        return Session(self, credential)

    def covers(self, methods, excluded, only=None):
        """Ends a drive: every method that the client has was driven to a success and to a refusal,
        or is excluded, or is one of `only` with the one of both that it can have."""
        only = only or {}
        wanted = {f"{name} {way}" for name in methods for way in ("ok", "refused")}
        free = {f"{name} {way}" for name in excluded for way in ("ok", "refused")} | set(only)
        driven = {f"{name} {way}" for name, ways in self.driven.items() for way in ways - {"unreadable"}}
        reasons = [f"{name}: {reason}" for name, reason in sorted({**excluded, **only}.items())]
        write(
            type="coverage",
            forgotten=sorted(wanted - free - driven),
            stale=sorted((free - wanted) | (free & driven) | (driven - wanted)),
            excluded=reasons,
        )


class Session:
    """The client with one credential."""

    def __init__(self, peer, credential):
        self.peer, self.credential, self.apis = peer, credential, peer.apis(credential, peer.base_url)

    @contextmanager
    def ok(self, call, **arguments):
        """Makes a call that has to succeed; the block asserts its typed result."""
        yield from self._call(call, arguments, None)

    @contextmanager
    def refused(self, status, call, **arguments):
        """Makes a call that has to fail with this status; the block asserts the error."""
        yield from self._call(call, arguments, status)

    @contextmanager
    def unreadable(self, call, **arguments):
        """Makes a call that succeeds with an answer that the client cannot read."""
        yield from self._call(call, arguments, "unreadable")

    def _call(self, call, arguments, refused):
        peer = self.peer
        way = "ok" if refused is None else "unreadable" if refused == "unreadable" else "refused"
        peer.driven.setdefault(call, set()).add(way)
        method = self.apis
        for part in call.split("."):
            method = getattr(method, part)
        note = {"call": call, "credential": self.credential, "arguments": dict(arguments)}
        peer.ask("DELETE", "/requests")
        result, problem = None, None
        try:
            result = method(**arguments)
            if refused is not None:
                problem = f"was not refused with {refused}: {result!r}"
        except Exception as error:
            result = error
            if refused != ("unreadable" if isinstance(error, ValidationError) else peer.status(error)):
                problem = f"{type(error).__name__}: {error}"
        requests = [it for it in peer.ask("GET", "/requests") if it["vendor"] == peer.vendor]
        if len(requests) != 1:
            problem = problem or f"{len(requests)} requests were sent"
        peer.calling = True
        try:
            yield result
        except Exception as error:
            line = traceback.extract_tb(error.__traceback__)[-1]
            problem = problem or f"{type(error).__name__} {error} in line {line.lineno}: {line.line}: {result!r}"
        peer.calling = False
        write(type="call", **note, request=requests[0] if requests else None, problem=problem)


def methods_of(module, pattern):
    """The methods of a generated client that concern organizations, members or invitations, by
    their own name or their class's. Each stands once, without its two raw variants."""
    found = set()
    for name, api in vars(module).items():
        if not isinstance(api, type) or not name.endswith("Api"):
            continue
        for method, value in vars(api).items():
            raw = method.endswith(("_with_http_info", "_without_preload_content"))
            if callable(value) and not method.startswith("_") and not raw:
                if re.search(pattern, name + "." + method, re.IGNORECASE):
                    found.add(f"{name}.{method}")
    return found


def all_apis(module, client):
    """One object of every API class of a generated client."""
    classes = {name: api for name, api in vars(module).items() if isinstance(api, type)}
    return SimpleNamespace(**{name: api(client) for name, api in classes.items() if name.endswith("Api")})


def body(error):
    """The JSON of a refusal, for clients that do not type it."""
    return json.loads(error.body)


def utc(value):
    """Whether a date carries its zone, and is not the beginning of time."""
    return isinstance(value, datetime) and value.utcoffset() is not None and value.year > 2000


def play(peer, verbs):
    """Does what standard input asks for, one verb of the cross play per line."""
    write(verbs=sorted(verbs))
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            apis = peer.apis(asked["credential"], peer.base_url)
            write(answer=verbs[asked["verb"]](apis, **asked["arguments"]))
        except Exception as error:
            write(error=f"{type(error).__name__}: {error}")


def main(peer, drive, verbs):
    if sys.argv[1:] == ["play"]:
        play(peer, verbs)
    else:
        drive(peer)
