"""The community's client for GitHub in Python, PyGithub."""

import inspect
import re
from types import SimpleNamespace

from github import Auth, Github, GithubException
from github.AuthenticatedUser import AuthenticatedUser
from github.GithubObject import NotSet
from github.NamedUser import NamedUser, OrganizationInvitation
from github.Organization import Organization
from github.Team import Team

from peer import HARD, Peer, main, utc

IN_PUBLIC = "what is shown in public, which decides nothing"
REPOSITORIES = "people of repositories, who are no members"
EXCLUDED = {
    IN_PUBLIC: "Github.get_organizations NamedUser.get_orgs Organization.add_to_public_members Organization.get_public_members "
    "Organization.has_in_public_members Organization.remove_from_public_members",
    REPOSITORIES: "AuthenticatedUser.accept_invitation AuthenticatedUser.get_invitations Organization.convert_to_outside_collaborator "
    "Organization.get_outside_collaborators Organization.remove_outside_collaborator",
    "another matter than organizations, members and invitations": "AuthenticatedUser.get_organization_events",
}
TELLS_BY_FALSE = "a refusal is False, and no error"
ONLY = {f"{name} refused": TELLS_BY_FALSE for name in ("Organization.has_in_members", "Organization.cancel_invitation", "OrganizationInvitation.cancel")}


def apis(credential, base_url):
    """The client's calls with the texts and numbers that their objects stand for, each one request."""

    def client(lazy):
        auth = Auth.Token(credential.get("key") or credential["token"])
        return Github(auth=auth, base_url=base_url, retry=None, seconds_between_requests=None, seconds_between_writes=None, lazy=lazy)

    eager, lazy = client(False), client(True)

    def of(kind, **attributes):
        return kind(lazy.requester, {}, attributes, completed=True)

    def org(method):
        return lambda org, **arguments: getattr(lazy.get_organization(org), method)(**arguments)

    def about(method):
        """A method of the organization about a person, whom it knows by the login."""
        return lambda org, username, **rest: getattr(lazy.get_organization(org), method)(of(NamedUser, login=username), **rest)

    def rows(method):
        return lambda org, **arguments: list(getattr(lazy.get_organization(org), method)(**arguments))

    def get_members(org, filter=NotSet, role=NotSet):
        return list(lazy.get_organization(org).get_members(filter, role))

    def invite_user(org, team_ids=None, invitee_id=None, **person):
        if team_ids is not None:
            person["teams"] = [of(Team, id=id) for id in team_ids]
        if invitee_id is not None:
            person["user"] = of(NamedUser, id=invitee_id)
        return lazy.get_organization(org).invite_user(**person)

    def get_user(username=None):
        user = eager.get_user(username) if username else eager.get_user()
        return user if user.id else None

    def cancel(org, invitation_id):
        row = of(OrganizationInvitation, id=invitation_id, invitation_teams_url=f"/orgs/{org}/invitations/{invitation_id}/teams", url=f"/orgs/{org}/invitations/{invitation_id}")
        return row.cancel()

    me = lazy.get_user
    return SimpleNamespace(
        Github=SimpleNamespace(get_organization=eager.get_organization, get_user=get_user, get_user_by_id=lambda account_id: eager.get_user_by_id(account_id)),
        Organization=SimpleNamespace(
            edit=org("edit"),
            get_members=get_members,
            invitations=rows("invitations"),
            invite_user=invite_user,
            cancel_invitation=lambda org, invitation_id: lazy.get_organization(org).cancel_invitation(of(NamedUser, id=invitation_id)),
            has_in_members=about("has_in_members"),
            add_to_members=about("add_to_members"),
            remove_from_members=about("remove_from_members"),
            remove_from_membership=about("remove_from_membership"),
        ),
        OrganizationInvitation=SimpleNamespace(cancel=cancel),
        NamedUser=SimpleNamespace(
            get_organization_membership=lambda org, username: of(NamedUser, login=username).get_organization_membership(org)
        ),
        AuthenticatedUser=SimpleNamespace(
            get_orgs=lambda: list(me().get_orgs()),
            get_organization_memberships=lambda: list(me().get_organization_memberships()),
            get_organization_membership=lambda org: me().get_organization_membership(org),
        ),
    )


def refusal(error, message):
    assert re.search(message, error.data["message"]), error.data
    assert error.data["status"] == str(error.status) and error.data["documentation_url"]


def drive(peer):
    keys = [it["credential"] for it in peer.identities if it["email"] == "ada@acme.example"]
    owner = peer.session(keys[0])
    reader = peer.session(next(it for it in keys if it["key"].startswith("github_pat_")))
    stranger = peer.session(peer.identity("grace@elsewhere.example")["credential"])
    wrong = peer.session({"type": "api_key", "key": "ghp_worn-out"})
    organizations(owner, reader, stranger, wrong)
    invitations(peer, owner, reader)
    invited(peer, owner, wrong)
    members(peer, owner, reader, stranger)
    accounts(owner, wrong)
    peer.covers(methods(), {name: why for why, names in EXCLUDED.items() for name in names.split()}, ONLY)


def organizations(owner, reader, stranger, wrong):
    with owner.ok("AuthenticatedUser.get_orgs") as rows:
        assert [it.login for it in rows] == ["acme", "acme-labs"] and rows[0].id != rows[1].id
    with reader.ok("AuthenticatedUser.get_orgs") as rows:
        assert rows == []
    with wrong.refused(401, "AuthenticatedUser.get_orgs") as error:
        refusal(error, "^Bad credentials$")
    with owner.ok("Github.get_organization", org="ACME") as row:
        assert (row.login, row.name, row.type) == ("acme", "Acme", "Organization")
        assert utc(row.created_at) and row.plan.filled_seats < row.plan.seats
    with stranger.ok("Github.get_organization", org="acme") as row:
        assert row.raw_data.get("plan") is None
    with owner.refused(404, "Github.get_organization", org="R&D +ü/*") as error:
        refusal(error, "^Not Found$")
    description = 'Zeile 1\nZeile "2"'
    with owner.ok("Organization.edit", org="acme", name=HARD, description=description, company="Zwei", billing_email="bills+1@acme.example", blog="b", email="e@x.io", location="l"):
        pass
    with owner.ok("Github.get_organization", org="acme") as row:
        assert (row.name, row.description) == (HARD, description)
    with owner.refused(422, "Organization.edit", org="acme", description="ü" * 161) as error:
        assert error.data["errors"][0]["field"] == "description"
    with reader.refused(403, "Organization.edit", org="acme", name="Drei") as error:
        refusal(error, "^Resource not accessible by personal access token$")


def invitations(peer, owner, reader):
    email, home = "Ada.Lovelace+lab@Example.org", peer.organization
    with owner.ok("Organization.invite_user", org=home, email=email, role="admin", team_ids=[12, 26]):
        assert peer.mails(email) == ["invite"]
    with owner.ok("Organization.invite_user", org=home, email=email):
        pass
    with owner.refused(422, "Organization.invite_user", org=home, email="ada@acme.example") as error:
        refusal(error, "^Validation Failed$")
        assert "already a part" in error.data["errors"][0]["message"]
    with reader.refused(403, "Organization.invite_user", org=home, email="x@x.io") as error:
        refusal(error, "not accessible")
    with owner.ok("Github.get_user", username="grace") as grace:
        assert (grace.login, grace.email) == ("grace", None)
    with owner.ok("Organization.invite_user", org=home, invitee_id=grace.id, role="direct_member"):
        pass
    with owner.ok("Organization.invitations", org=home) as rows:
        assert [(it.email, it.login, it.role) for it in rows] == [(email, None, "admin"), (None, "grace", "direct_member")]
        assert [it.team_count for it in rows] == [2, 0] and rows[0].inviter.login == "ada"
        assert utc(rows[0].created_at) and rows[0].invitation_source == "member"
    with owner.refused(404, "Organization.invitations", org="nowhere") as error:
        refusal(error, "^Not Found$")
    with owner.ok("OrganizationInvitation.cancel", org=home, invitation_id=rows[0].id) as done:
        assert done is True and peer.mails(email)[-1] == "notice"
    with owner.ok("OrganizationInvitation.cancel", org=home, invitation_id=rows[0].id) as done:
        assert done is False
    with owner.ok("Organization.cancel_invitation", org=home, invitation_id=rows[1].id) as done:
        assert done is True
    with owner.ok("Organization.cancel_invitation", org=home, invitation_id=rows[1].id) as done:
        assert done is False


def invited(peer, owner, wrong):
    email, home = "new+1@example.org", peer.organization
    with owner.ok("Organization.invite_user", org=home, email=email):
        pass
    person = peer.session(peer.user(email)["credential"])
    with person.ok("AuthenticatedUser.get_organization_memberships") as rows:
        assert [(it.state, it.role, it.organization.login, it.user.login) for it in rows] == [("pending", "member", home, "new-1")]
    with wrong.refused(401, "AuthenticatedUser.get_organization_memberships") as error:
        refusal(error, "^Bad credentials$")
    with person.ok("AuthenticatedUser.get_organization_membership", org=home) as row:
        assert row.state == "pending" and row.direct_membership is True
    with person.refused(404, "AuthenticatedUser.get_organization_membership", org="nowhere") as error:
        refusal(error, "^Not Found$")
    peer.accept(email, home)
    with person.ok("AuthenticatedUser.get_organization_membership", org=home) as row:
        assert row.state == "active"


def members(peer, owner, reader, stranger):
    home, new = peer.organization, "new-1"
    with owner.ok("Organization.get_members", org=home, role="admin") as rows:
        assert [it.login for it in rows] == ["ada"] and "email" not in rows[0]._rawData
    with owner.ok("Organization.get_members", org=home, role="member", filter="2fa_disabled") as rows:
        assert [it.login for it in rows] == [new]
    with stranger.ok("Organization.get_members", org=home) as rows:
        assert rows == []
    with owner.refused(404, "Organization.get_members", org="nowhere") as error:
        refusal(error, "^Not Found$")
    for member, is_in in ((new, True), ("grace", False)):
        with owner.ok("Organization.has_in_members", org=home, username=member) as found:
            assert found is is_in
    with owner.ok("NamedUser.get_organization_membership", org=home, username=new) as row:
        assert (row.state, row.role, row.user.login) == ("active", "member", new)
    with owner.refused(404, "NamedUser.get_organization_membership", org=home, username="grace") as error:
        refusal(error, "^Not Found$")
    with owner.ok("Organization.add_to_members", org=home, username=new, role="admin"):
        pass
    with owner.ok("Organization.get_members", org=home, role="admin") as rows:
        assert [it.login for it in rows] == ["ada", new]
    with reader.refused(403, "Organization.add_to_members", org=home, username=new, role="member") as error:
        refusal(error, "not accessible")
    with owner.ok("Organization.add_to_members", org=home, username=new, role="member"):
        pass
    with owner.refused(403, "Organization.remove_from_members", org=home, username="ada") as error:
        refusal(error, "last owner")
    with owner.ok("Organization.remove_from_members", org=home, username=new):
        pass
    with owner.ok("Organization.add_to_members", org=home, username=new, role="member"):
        assert peer.mails("new+1@example.org")[-1] == "invite", "whoever is gone is invited"
    with owner.ok("Organization.remove_from_membership", org=home, username=new):
        pass
    with owner.refused(404, "Organization.remove_from_membership", org=home, username=new) as error:
        refusal(error, "^Not Found$")


def accounts(owner, wrong):
    with owner.ok("Github.get_user") as me:
        assert (me.login, me.name, me.email) == ("ada", "Ada", None) and utc(me.created_at)
    with wrong.refused(401, "Github.get_user") as error:
        refusal(error, "^Bad credentials$")
    with owner.ok("Github.get_user_by_id", account_id=me.id) as user:
        assert user.login == "ada"
    with owner.refused(404, "Github.get_user_by_id", account_id=1) as error:
        refusal(error, "^Not Found$")


def methods():
    wanted = {
        Github: r"^get_(organizations?|user|user_by_id)$",
        Organization: r"_(to|in|from)_(public_)?member|(get|public)_(public_)?members$|invit|collaborator|^edit$",
        AuthenticatedUser: r"_org|invitation",
        NamedUser: r"get_org",
        OrganizationInvitation: r"^cancel$",
    }
    return {
        f"{kind.__name__}.{name}"
        for kind, pattern in wanted.items()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if re.search(pattern, name) and not name.startswith("_")
    }


def rows(client, organization):
    return {it.email: it.id for it in client.Organization.invitations(organization)}


def login(client, user):
    return client.Github.get_user_by_id(int(user)).login


if __name__ == "__main__":
    verbs = {
        "invite": lambda client, organization, email: client.Organization.invite_user(organization, email=email),
        "pending": lambda client, organization: list(rows(client, organization)),
        "revoke": lambda client, organization, email: client.Organization.cancel_invitation(organization, rows(client, organization)[email]),
        "members": lambda client, organization: [str(it.id) for it in client.Organization.get_members(organization)],
        "set_role": lambda client, organization, user, role: client.Organization.add_to_members(organization, login(client, user), role=role),
        "remove": lambda client, organization, email: client.Organization.remove_from_members(organization, login(client, email)),
    }
    main(Peer("github", apis, GithubException), drive, verbs)
