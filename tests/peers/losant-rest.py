"""Losant's own client in Python, losant-rest."""

import inspect
import re

from losant_rest.client import Client
from losant_rest.losant_error import LosantError

from peer import HARD, Peer, main

NO_ID = "0" * 24
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
RESOURCES = ("org", "orgs", "org_invites", "me", "auth")
OTHER_MATTER = "another matter than organizations, members and invitations"
NOT_DRIVEN = {
    "me": "add_recent_item change_password delete device_counts disable_two_factor_auth disconnect_github "
    "enable_two_factor_auth fetch_recent_items generate_two_factor_auth notebook_minute_counts patch "
    "payload_counts payload_counts_breakdown transfer_resources verify_email",
    "auth": "authenticate_device authenticate_user_github authenticate_user_saml sso_domain",
    "org": "device_counts notebook_minute_counts payload_counts payload_counts_breakdown",
}


def apis(credential, base_url):
    return Client(auth_token=credential.get("token"), url=base_url)


def typed(row, **types):
    """Whether a row has fields of these types, this client having no models."""
    return all(isinstance(row.get(name), type) for name, type in types.items())


def refusal(error, type):
    """The typed part of a refusal."""
    assert error.data["type"] == type and error.data["message"]


def drive(peer):
    admin = peer.session(peer.identity("admin@losant.example", "bearer")["credential"])
    viewer = peer.session(peer.identity("viewer@losant.example")["credential"])
    outsider = peer.session(peer.identity("outsider@losant.example")["credential"])
    anonymous = peer.session({"type": "none"})
    worn_out = peer.session({"type": "bearer", "token": "worn-out"})
    home = peer.organization

    organizations(peer, admin, viewer, anonymous, worn_out, home)
    invites(peer, admin, viewer, home)
    invitees(peer, admin, outsider, anonymous, home)
    members(admin, viewer, home)
    account(peer, admin, anonymous, worn_out)
    peer.covers(methods(), excluded())


def organizations(peer, admin, viewer, anonymous, worn_out, home):
    with admin.ok("orgs.get", sortField="name", sortDirection="desc", page=0, perPage=5, filterField="name", filter="Sand*") as page:
        assert (page["count"], page["totalCount"], page["page"], page["perPage"]) == (1, 1, 0, 5)
        assert page["sortDirection"] == "desc" and page["filter"] == "Sand*" and page["_type"] == "orgs"
        org = page["items"][0]
        assert org["id"] == org["orgId"] == home and DATE.fullmatch(org["creationDate"])
        assert typed(org, members=list, summary=dict, name=str)
    with admin.ok("orgs.get", filterField="name", filter="R&D +ü/*", summaryInclude="memberCount,appCount") as page:
        assert page["items"] == [] and page["totalCount"] == 0
    with admin.refused(400, "orgs.get", sortField="colour") as error:
        refusal(error, "Validation")
    with anonymous.refused(403, "orgs.get") as error:
        refusal(error, "Forbidden")
    with worn_out.refused(401, "orgs.get") as error:
        refusal(error, "Unauthorized")

    new = {"name": HARD, "description": "Zeile 1\nZeile \"2\"", "billingEmail": "bills+1@acme.example", "iconColor": "#fff"}
    with admin.ok("orgs.post", organization=new, summaryExclude="payloadCount") as made:
        assert (made["name"], made["description"]) == (HARD, new["description"])
        assert [it["role"] for it in made["members"]] == ["admin"] and made["_links"]["self"]["href"] == f"/orgs/{made['id']}"
    with admin.refused(400, "orgs.post", organization={"name": "x", "colour": "red"}) as error:
        refusal(error, "Validation")
    with admin.ok("org.get", orgId=made["id"], losantdomain="acme.example") as org:
        assert org["billingEmail"] == new["billingEmail"]
    with admin.refused(404, "org.get", orgId=NO_ID) as error:
        refusal(error, "NotFound")
    with admin.ok("org.patch", orgId=made["id"], organization={"name": "Zwei", "mfaMode": "adminRequired"}) as org:
        assert (org["name"], org["mfaMode"], org["description"]) == ("Zwei", "adminRequired", new["description"])
        assert org["lastUpdated"] >= org["creationDate"]
    with admin.refused(400, "org.patch", orgId=made["id"], organization={"id": made["id"]}) as error:
        refusal(error, "Validation")
    me = made["members"][0]["userId"]
    move = {"destinationId": me, "destinationType": "user", "applicationIds": [], "dashboardIds": [NO_ID]}
    with admin.ok("org.transfer_resources", orgId=made["id"], transfer={**move, "dashboardIds": []}) as done:
        assert done == {"success": True}
    with viewer.refused(403, "org.transfer_resources", orgId=home, transfer=move) as error:
        refusal(error, "Forbidden")
    with admin.ok("org.delete", orgId=made["id"]) as done:
        assert done == {"success": True}
    with admin.refused(404, "org.delete", orgId=made["id"]) as error:
        refusal(error, "NotFound")


def invites(peer, admin, viewer, home):
    email, app = "Ada.Lovelace+lab@Example.org", "575ec8687ae143cd83dc4a97"
    invite = {
        "email": email, "role": "edit", "disallowTransfer": True,
        "applicationRoles": [{"resourceId": app, "role": "view"}], "dashboardRoles": [],
    }
    with admin.ok("org.invite_member", orgId=home, invite=invite) as rows:
        row = next(it for it in rows if it["email"] == email)
        assert (row["role"], row["hasExpired"], row["disallowTransfer"]) == ("edit", False, True)
        assert row["applicationRoles"] == invite["applicationRoles"] and DATE.fullmatch(row["inviteDate"])
        assert typed(row, id=str, ttl=int) and peer.mails(email) == ["invite"]
    with admin.refused(400, "org.invite_member", orgId=home, invite={"email": "x@example.org"}) as error:
        assert error.data == {"type": "Validation", "message": "invite.role is required"}
    with admin.refused(400, "org.invite_member", orgId=home, invite=invite) as error:
        refusal(error, "Validation")
        assert peer.mails(email) == ["invite"]
    with viewer.refused(403, "org.invite_member", orgId=home, invite=invite) as error:
        refusal(error, "Forbidden")
    with admin.ok("org.pending_invites", orgId=home) as again:
        assert again == rows
    with admin.refused(404, "org.pending_invites", orgId=NO_ID) as error:
        refusal(error, "NotFound")
    with admin.ok("org.revoke_invite", orgId=home, inviteId=row["id"]) as rest:
        assert rest == []
    with admin.refused(404, "org.revoke_invite", orgId=home, inviteId=row["id"]) as error:
        refusal(error, "NotFound")
    with admin.refused(400, "org.revoke_invite", orgId=home, inviteId="a&b c") as error:
        refusal(error, "Validation")


def invitees(peer, admin, outsider, anonymous, home):
    for role in ("collaborate", "view"):
        with admin.ok("org.invite_member", orgId=home, invite={"email": "outsider@losant.example", "role": role}):
            pass
        with outsider.ok("me.invites") as mine:
            assert [(it["role"], it["expired"], it["orgName"]) for it in mine] == [(role, False, "Sandbox Organization")]
            assert typed(mine[0], ttl=int, requiresMFA=bool, invitedBy=dict) and DATE.fullmatch(mine[0]["inviteDate"])
            id = mine[0]["id"]
        with outsider.ok("me.invite", inviteId=id) as row:
            assert row["id"] == id and row["invitedBy"]["email"] == "admin@losant.example"
        action = {"collaborate": "reject", "view": "accept"}[role]
        with outsider.ok("me.respond_to_invite", inviteId=id, response={"action": action}) as done:
            assert done == {"result": action + "ed", "orgId": home}
    with outsider.refused(404, "me.invite", inviteId=NO_ID) as error:
        refusal(error, "NotFound")
    with outsider.refused(400, "me.respond_to_invite", inviteId=id, response={"action": "maybe"}) as error:
        refusal(error, "Validation")
    with anonymous.refused(403, "me.invites") as error:
        refusal(error, "Forbidden")

    for email, accept in (("new+1@example.org", True), ("new+2@example.org", False)):
        with admin.ok("org.invite_member", orgId=home, invite={"email": email, "role": "none"}):
            pass
        peer.user(email)
        token = next(it["link"] for it in peer.ask("GET", "/mail") if it["email"] == email)
        with anonymous.ok("org_invites.get", token=token, email=email) as info:
            assert (info["orgName"], info["email"], info["role"]) == ("Sandbox Organization", email, "none")
            assert "id" not in info and typed(info, ttl=int) and DATE.fullmatch(info["inviteDate"])
        answer = {"email": email, "token": token, "accept": accept}
        with anonymous.ok("org_invites.post", invite=answer) as done:
            assert done == {"accepted": accept, "orgId": home}
        with anonymous.refused(404, "org_invites.get", token=token, email=email) as error:
            refusal(error, "NotFound")
    with anonymous.refused(404, "org_invites.post", invite={**answer, "token": "ü/ &+"}) as error:
        refusal(error, "NotFound")


def members(admin, viewer, home):
    with admin.ok("org.get", orgId=home, _actions="true", _links="false", _embedded="false") as org:
        assert "_actions" in org and "_links" not in org
        person = next(it for it in org["members"] if it["email"] == "viewer@losant.example")
        assert typed(person, firstName=str, role=str, twoFactorAuthEnabled=bool)
        me = next(it["userId"] for it in org["members"] if it["email"] == "admin@losant.example")
    change = {"userId": person["userId"], "role": "collaborate", "dashboardRoles": [{"resourceId": NO_ID, "role": "none"}]}
    with admin.ok("org.modify_member", orgId=home, member=change, summaryExclude="appCount") as org:
        changed = next(it for it in org["members"] if it["userId"] == person["userId"])
        assert changed["role"] == "collaborate" and changed["dashboardRoles"] == change["dashboardRoles"]
    with admin.refused(400, "org.modify_member", orgId=home, member={"userId": me, "role": "view"}) as error:
        refusal(error, "Validation")
    with admin.refused(404, "org.modify_member", orgId=home, member={"userId": NO_ID, "role": "view"}) as error:
        refusal(error, "NotFound")
    with viewer.refused(403, "org.remove_member", orgId=home, userId=me) as error:
        refusal(error, "Forbidden")
    with admin.ok("org.remove_member", orgId=home, userId=person["userId"], summaryInclude="memberCount") as org:
        assert person["userId"] not in {it["userId"] for it in org["members"]}
    with admin.refused(404, "org.remove_member", orgId=home, userId=NO_ID) as error:
        refusal(error, "NotFound")


def account(peer, admin, anonymous, worn_out):
    with admin.ok("me.get", includeRecent="false", summaryInclude="orgCount") as me:
        assert me["id"] == me["userId"] and me["email"] == "admin@losant.example" and DATE.fullmatch(me["creationDate"])
    with worn_out.refused(401, "me.get") as error:
        refusal(error, "Unauthorized")
    with admin.ok("me.refresh_token") as token:
        assert token["userId"] == me["id"] and isinstance(token["token"], str)
    with anonymous.refused(403, "me.refresh_token") as error:
        refusal(error, "Forbidden")
    login = peer.identity("editor@losant.example")["credential"]
    credentials = {"email": login["email"], "password": login["password"], "twoFactorCode": login["two_factor_code"]}
    with anonymous.ok("auth.authenticate_user", credentials={**credentials, "requestedScopes": ["all.User"], "tokenTTL": 0}) as token:
        assert typed(token, userId=str, token=str)
    with anonymous.refused(401, "auth.authenticate_user", credentials={**credentials, "password": "not this one"}) as error:
        assert error.data["type"] and error.data["message"]


def methods():
    """Every method of the resources that concern organizations and the own account."""
    client = Client()
    return {
        f"{resource}.{name}"
        for resource in RESOURCES
        for name, value in inspect.getmembers(getattr(client, resource), callable)
        if not name.startswith("_") and name != "client"
    } | {name for name in vars(client) if re.search("org|member|invit", name) and name not in RESOURCES}


def excluded():
    instances = "instance_member instance_members instance_org instance_org_invite instance_org_invites instance_org_member instance_org_members instance_orgs"
    reasons = dict.fromkeys(instances.split(), "needs a token of an instance operator, which no customer has")
    for resource, names in NOT_DRIVEN.items():
        reasons.update(dict.fromkeys((f"{resource}.{name}" for name in names.split()), OTHER_MATTER))
    return reasons


def invite(client, organization, email):
    client.org.invite_member(orgId=organization, invite={"email": email, "role": "view"})


def pending(client, organization):
    return [it["email"] for it in client.org.pending_invites(orgId=organization) if not it["hasExpired"]]


def revoke(client, organization, email):
    rows = client.org.pending_invites(orgId=organization)
    client.org.revoke_invite(orgId=organization, inviteId=next(it["id"] for it in rows if it["email"] == email))


def respond(client, organization, id, accept):
    client.me.respond_to_invite(inviteId=id, response={"action": "accept" if accept else "reject"})


def people(client, organization):
    return {it["email"]: it["userId"] for it in client.org.get(orgId=organization)["members"]}


def set_role(client, organization, user, role):
    client.org.modify_member(orgId=organization, member={"userId": user, "role": role})


def remove(client, organization, email):
    client.org.remove_member(orgId=organization, userId=people(client, organization)[email])


if __name__ == "__main__":
    verbs = {it.__name__: it for it in (invite, pending, revoke, respond, set_role, remove)}
    verbs["members"] = lambda client, organization: list(people(client, organization))
    main(Peer("losant", apis, LosantError), drive, verbs)
