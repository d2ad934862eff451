"""Verifies the evidence of an offboarding against the sandbox's own state.

Reads the vendors' APIs by itself, with nothing of orgport's, and compares what the file says of each
place, change and rest with what is there and with the requests that arrived.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

GRACE = "grace@acme.example"
ROLES = {"koyeb": "owner", "losant": "viewer", "trieve": "member"}
VENDORS = ["github", "jaqpot", "koyeb", "losant", "nuextract", "trieve"]

# GitHub makes organizations on its web page alone.
GITHUBS_SECOND = "acme-labs"


def http(method, url, headers=None, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        text = response.read()
    return json.loads(text) if text else None


class World:
    """A sandbox, and the command in a folder of its own."""

    def __init__(self, orgport, folder):
        self.orgport, self.folder = str(Path(orgport).resolve()), folder
        self.server = subprocess.Popen(
            [self.orgport, "sandbox", "--write", "orgport.toml"], cwd=folder, stderr=subprocess.DEVNULL
        )
        config = Path(folder, "orgport.toml")
        for _ in range(200):
            if config.exists():
                break
            time.sleep(0.05)
        text = config.read_text()
        self.control = re.search(r"# Control: (\S+)", text)[1]
        # A person's key, since only people have several organizations.
        identities = http("GET", f"{self.control}/identities")
        keys = {}
        for one in identities:
            if one["vendor"] == "trieve":
                keys.setdefault(bool(one["email"]), one["credential"]["key"])
        text = text.replace(keys[False], keys[True]).replace('credential = "organization"', 'credential = "user"')
        Path(folder, "person.toml").write_text(text)
        self.providers = tomllib.loads(text)["providers"]

    def run(self, *arguments, code=0):
        command = [self.orgport, "--config", "person.toml", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == code, (arguments, done)
        return done

    def json(self, *arguments):
        return json.loads(self.run("--format", "json", *arguments).stdout)

    def auth(self, vendor, organization):
        """What authorizes a read of an organization."""
        auth = self.providers[vendor]["auth"]
        if vendor == "jaqpot":
            return {"X-Api-Key": auth["key"], "X-Api-Secret": auth["secret"]}
        token = auth.get("access_token") or auth.get("token") or auth.get("key")
        if vendor == "koyeb":
            url = f"{self.providers[vendor]['base_url']}/v1/organizations/{organization}/access_token"
            token = http("POST", url, {"authorization": f"Bearer {token}"}, {})["token"]
        headers = {"authorization": f"Bearer {token}"}
        if vendor == "trieve":
            headers["TR-Organization"] = organization
        return headers

    def read(self, vendor, organization, path):
        url = self.providers[vendor]["base_url"] + path.format(org=urllib.parse.quote(organization))
        return http("GET", url, self.auth(vendor, organization))


def rows(value):
    """The objects of any list in a response."""
    if isinstance(value, list):
        return [row for row in value if isinstance(row, dict)]
    return [row for part in value.values() if isinstance(part, list) for row in rows(part)]


def of(row, person):
    return person in json.dumps(row)


def invitations(world, vendor, organization, person):
    """The invitations that wait for the person, as the vendor itself shows them."""
    path = {
        "github": "/orgs/{org}/invitations?per_page=100",
        "jaqpot": "/v1/organizations/{org}/invitations",
        "koyeb": "/v1/organization_invitations?statuses=PENDING&limit=100",
        "losant": "/orgs/{org}/invites",
        "nuextract": "/api/organizations/{org}/members/invitations",
        "trieve": "/api/invitations/{org}",
    }[vendor]
    waits = lambda row: row.get("used") is not True and row.get("status", "PENDING") == "PENDING"
    found = rows(world.read(vendor, organization, path))
    return [row for row in found if of(row, person) and waits(row)]


def memberships(world, vendor, organization, person):
    """The memberships of the person, as the vendor itself shows them."""
    path = {
        "github": "/orgs/{org}/members?per_page=100",
        "jaqpot": "/v1/organizations/{org}",
        "koyeb": "/v1/organization_members?organization_id={org}&limit=100",
        "losant": "/orgs/{org}",
        "nuextract": "/api/organizations/{org}/members",
        "trieve": "/api/organization/users/{org}",
    }[vendor]
    found = world.read(vendor, organization, path)
    if vendor == "jaqpot":
        found = found.get("organizationMembers") or []
    if vendor == "losant":
        found = found["members"]
    return [row for row in rows(found) if of(row, person) and row.get("status") != "DELETED"]


def settle_in(world):
    """Asks Grace in at the first organization of each vendor, and makes her a member of the second; at GitHub, whose
    members show no addresses, she stays invited."""
    places = []
    for vendor in VENDORS:
        at = ("--provider", vendor)
        first = world.providers[vendor]["organization"]
        second = GITHUBS_SECOND if vendor == "github" else world.json(*at, "org", "create", f"second-{vendor}")["id"]
        if vendor == "koyeb":
            # As it is made it has room for one person.
            url = f"{world.providers[vendor]['base_url']}/v1/organizations/{second}/plan"
            http("POST", url, world.auth(vendor, second), {"plan": "pro"})
        role = ("--role", ROLES[vendor]) if vendor in ROLES else ()
        for organization in (first, second):
            world.run(*at, "--org", organization, "invitation", "create", GRACE, *role)
            places.append((vendor, organization))
        if vendor == "github":
            continue
        accepted = {"vendor": vendor, "email": GRACE, "organization": second}
        http("POST", f"{world.control}/accept", body=accepted)
    return places


def template(call):
    """`DELETE /orgs/{orgId}` as what finds such requests."""
    method, path = call.split(" ", 1)
    return method, re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)) + "$")


def verify(world, places, evidence):
    """Holds an evidence file against the sandbox. Returns what is still there."""
    there = {}
    for vendor, organization in places:
        found = invitations(world, vendor, organization, GRACE) + memberships(world, vendor, organization, GRACE)
        there[vendor, organization] = len(found)
    told = {(one["place"]["provider"], one["place"]["organization"]): one for one in evidence["places"]}
    assert set(told) == set(there), "every place is told, and no other"
    for place, left in there.items():
        assert len(told[place]["left"]) == left, (place, left, told[place])
        gone = [step for step in told[place]["steps"] if step["ended"] in ("done", "already_gone")]
        assert (left == 0) == (len(gone) > 0), (place, told[place])
    assert evidence["verdict"] == ("left" if any(there.values()) else "gone"), evidence["verdict"]

    # Every change that arrived is in the file, and every change in the file arrived.
    arrived = [
        one
        for one in http("GET", f"{world.control}/requests")
        if one["method"] != "GET" and not one["path"].endswith("/access_token")
    ]
    steps = [(place, step) for place, one in told.items() for step in one["steps"]]
    changes = [
        (place[0], exchange)
        for place, step in steps
        for exchange in step["requests"]
        if not exchange["call"].startswith("GET") and not exchange["call"].endswith("/access_token")
    ]
    assert len(arrived) == len(changes), (arrived, changes)
    for vendor, exchange in changes:
        method, path = template(exchange["call"])
        match = next(
            one
            for one in arrived
            if (one["vendor"], one["method"], one["status"]) == (vendor, method, exchange["status"])
            and path.search(one["path"])
        )
        arrived.remove(match)
    return there


def main(orgport):
    with tempfile.TemporaryDirectory() as folder:
        world = World(orgport, folder)
        try:
            places = settle_in(world)
            before = [
                place
                for place in places
                if invitations(world, *place, GRACE) or memberships(world, *place, GRACE)
            ]
            assert before == places, "she is somewhere at all twelve places"
            http("DELETE", f"{world.control}/requests")
            # Jaqpot neither revokes nor removes, so that two things are left.
            world.run("offboard", GRACE, "--all-orgs", "--yes", "--evidence", "gone.json", code=10)
            text = Path(folder, "gone.json").read_text()
            there = verify(world, places, json.loads(text))
            assert sorted(place[0] for place, left in there.items() if left) == ["jaqpot", "jaqpot"], there
            for provider in world.providers.values():
                for name, secret in provider["auth"].items():
                    if name in ("key", "secret", "token", "access_token", "refresh_token"):
                        assert secret not in text, "no credential is in it"

            # A file that says something else is found out.
            for wrong in (forged_rest, forged_change):
                evidence = json.loads(text)
                wrong(evidence)
                try:
                    verify(world, places, evidence)
                except (AssertionError, StopIteration):
                    continue
                raise SystemExit(f"{wrong.__name__} is not found out")
        finally:
            world.server.terminate()
            world.server.wait()
    print("the evidence is what the sandbox shows and has seen: 12 places, 10 changes, 2 left")


def forged_rest(evidence):
    next(one for one in evidence["places"] if one["left"])["left"].clear()


def forged_change(evidence):
    next(one for one in evidence["places"] if one["steps"])["steps"][0]["requests"].clear()


main(*sys.argv[1:])
