"""Trieve's own client, trieve-py-client."""

from datetime import datetime

import trieve_py_client.api as api
from trieve_py_client import ApiClient, Configuration
from trieve_py_client.exceptions import ApiException
from trieve_py_client.models import (
    CreateApiKeyReqPayload,
    CreateApiKeyResponse,
    CreateOrganizationReqPayload,
    Invitation,
    InvitationData,
    Organization,
    OrganizationWithSubAndPlan,
    SlimUser,
    UpdateOrganizationReqPayload,
    UpdateUserOrgRoleReqPayload,
)

from peer import Peer, all_apis, body, main, methods_of

NO_ID = "00000000-0000-4000-8000-000000000000"
LINKS = {"app_url": "https://api.trieve.ai/api", "redirect_uri": "https://dashboard.trieve.ai/?org=1"}
UNAUTHORIZED = {"message": "Unauthorized"}


def apis(credential, base_url):
    configuration = Configuration(
        host=base_url, api_key={"ApiKey": credential["key"]}, api_key_prefix={"ApiKey": "Bearer"}
    )
    return all_apis(api, ApiClient(configuration))


def moment(value):
    """Times of this vendor have no zone."""
    return isinstance(value, datetime) and value.tzinfo is None and value.year > 2000


def drive(peer):
    owner = peer.session(peer.identity("owner@acme.example")["credential"])
    admin = peer.session(peer.identity("admin@acme.example")["credential"])
    by_key = peer.session(peer.identity("")["credential"])
    nobody = peer.session({"type": "api_key", "key": "tr-worn-out"})
    home = {"tr_organization": peer.organization}

    invitations(peer, owner, admin, by_key, nobody, home)
    people(peer, owner, admin, by_key, nobody, home)
    organizations(owner, admin, by_key, nobody, home)
    keys(owner, nobody, home)

    pattern = "organi[sz]ation|member|invit|UserApi|get_me$"
    peer.covers(
        methods_of(api, pattern),
        {
            "DatasetApi.get_datasets_from_organization": "datasets, no administration",
            "OrganizationApi.update_all_org_dataset_configs": "datasets, no administration",
            "UserApi.get_user_api_keys": "user keys, which are no longer issued",
            "UserApi.delete_user_api_key": "user keys, which are no longer issued",
        },
        {
            "OrganizationApi.get_organization_usage ok": "sent as a GET, which the vendor no longer routes",
            "OrganizationApi.get_organization_api_keys ok": "reads a bare list, the vendor answers a page",
        },
    )


def invitations(peer, owner, admin, by_key, nobody, home):
    post, email = "InvitationApi.post_invitation", "Ada.Lovelace+lab@Example.org"
    data = InvitationData(email=email, user_role=1, **LINKS)
    with by_key.ok(post, invitation_data=data, **home) as nothing:
        assert nothing is None and peer.mails(email) == ["invite"]
    with by_key.refused(400, post, invitation_data=data, **home) as error:
        assert error.data.message == f"User with email {email} has already been invited"
        assert peer.mails(email) == ["invite"]
    with admin.refused(400, post, invitation_data=InvitationData(email="b@example.org", user_role=2, **LINKS), **home) as error:
        assert error.data.message == "Can not invite user with higher role than yours"
    with owner.refused(400, post, invitation_data=InvitationData(email="b@example.org", user_role=9, **LINKS), **home):
        assert peer.mails("b@example.org") == []
    with nobody.refused(401, post, invitation_data=data, **home) as error:
        assert body(error) == UNAUTHORIZED

    peer.user("known@example.org")
    with owner.ok(post, invitation_data=InvitationData(email="known@example.org", user_role=0, **LINKS), **home) as nothing:
        assert nothing is None and peer.mails("known@example.org") == ["added"]

    listing = "InvitationApi.get_invitations"
    with owner.ok(listing, organization_id=peer.organization, **home) as rows:
        assert [type(it) for it in rows] == [Invitation]
        row = rows[0]
        assert (row.email, row.role, row.used, row.organization_id) == (email, 1, False, peer.organization)
        assert moment(row.created_at) and moment(row.updated_at)
    with nobody.refused(401, listing, organization_id=peer.organization, **home) as error:
        assert body(error) == UNAUTHORIZED
    with owner.refused(400, listing, organization_id="no uuid/ü+", **home) as error:
        assert error.data.message.startswith("Path deserialize error: UUID parsing failed")

    with admin.ok("InvitationApi.delete_invitation", invitation_id=row.id, **home) as nothing:
        assert nothing is None
    with admin.refused(400, "InvitationApi.delete_invitation", invitation_id=row.id, **home) as error:
        assert error.data.message == "Error getting invitation."
    with owner.ok(post, invitation_data=InvitationData(email="new@example.org", user_role=0, **LINKS), **home):
        pass
    peer.accept("new@example.org", peer.organization)
    with owner.ok(listing, organization_id=peer.organization, **home) as rows:
        assert [(it.email, it.used) for it in rows] == [("new@example.org", True)]


def people(peer, owner, admin, by_key, nobody, home):
    listing, role = "OrganizationApi.get_organization_users", "UserApi.update_user"
    with by_key.ok(listing, organization_id=peer.organization, **home) as rows:
        assert all(isinstance(it, SlimUser) and moment(it.created_at) for it in rows)
        assert {it.email: [o.role for o in it.user_orgs] for it in rows} == {
            "owner@acme.example": [2], "admin@acme.example": [1], "known@example.org": [0], "new@example.org": [0]
        }
        assert all(it.user_orgs[0].user_id == it.id and moment(it.user_orgs[0].updated_at) for it in rows)
        assert [it.orgs[0].name for it in rows] == ["acme"] * 4
        new = next(it for it in rows if it.email == "new@example.org")
    with nobody.refused(401, listing, organization_id=peer.organization, **home) as error:
        assert body(error) == UNAUTHORIZED
    promote = UpdateUserOrgRoleReqPayload(user_id=new.id, role=1)
    with by_key.ok(role, update_user_org_role_req_payload=promote, **home) as nothing:
        assert nothing is None
    above = UpdateUserOrgRoleReqPayload(user_id=new.id, role=2)
    with admin.refused(400, role, update_user_org_role_req_payload=above, **home) as error:
        assert error.data.message == "Can not grant a user a higher role than that of the requesting user's"
    unknown = UpdateUserOrgRoleReqPayload(user_id=NO_ID, role=0)
    with owner.refused(400, role, update_user_org_role_req_payload=unknown, **home) as error:
        assert error.data.message == "Error loading user by itself for get_user_by_id_query"
    with owner.ok("AuthApi.get_me") as me:
        assert isinstance(me, SlimUser) and (me.email, me.name) == ("owner@acme.example", "Olive Owner")
        assert [(it.organization_id, it.role) for it in me.user_orgs] == [(peer.organization, 2)]
    with by_key.refused(400, "AuthApi.get_me") as error:
        assert error.data.message == "Error loading user by itself for get_user_by_id_query"


def organizations(owner, admin, by_key, nobody, home):
    resource, home_id = "OrganizationApi.", home["tr_organization"]
    get, update, usage = resource + "get_organization", resource + "update_organization", resource + "get_organization_usage"
    with by_key.ok(get, organization_id=home_id, **home) as found:
        assert isinstance(found, OrganizationWithSubAndPlan) and found.subscription is None
        assert (found.organization.id, found.organization.name, found.organization.deleted) == (home_id, "acme", 0)
        assert found.plan.name == "Free" and found.plan.user_count == 5 and moment(found.organization.created_at)
    with by_key.refused(404, get, organization_id=NO_ID, tr_organization=NO_ID) as error:
        assert body(error) == {"message": "Not Found: Organization not found"}

    create, name = resource + "create_organization", "R&D <b>Ünï</b> / +1"
    with owner.ok(create, create_organization_req_payload=CreateOrganizationReqPayload(name=name)) as made:
        assert isinstance(made, Organization) and made.name == name and moment(made.created_at)
    with nobody.refused(401, create, create_organization_req_payload=CreateOrganizationReqPayload(name=name)) as error:
        assert body(error) == UNAUTHORIZED
    new = {"tr_organization": made.id}
    rename = UpdateOrganizationReqPayload(name="R&D <i>two</i>")
    with owner.ok(update, update_organization_req_payload=rename, **new) as changed:
        assert (changed.id, changed.name) == (made.id, "R&amp;D two")
    with admin.refused(403, update, update_organization_req_payload=rename, **home) as error:
        assert body(error) == {"message": "Forbidden"}
    with owner.refused(405, usage, organization_id=home_id, **home) as error:
        assert error.body == ""
    with owner.ok(resource + "delete_organization", organization_id=made.id, **new) as nothing:
        assert nothing is None
    with owner.refused(404, resource + "delete_organization", organization_id=made.id, **new):
        pass


def keys(owner, nobody, home):
    resource = "OrganizationApi."
    new = CreateApiKeyReqPayload(name="ci/ü +1", role=1, expires_at="2099-01-01T00:00:00Z", scopes=["GET /api/organization"])
    create, listing, delete = (
        resource + it for it in ("create_organization_api_key", "get_organization_api_keys", "delete_organization_api_key")
    )
    with owner.ok(create, create_api_key_req_payload=new, **home) as made:
        assert isinstance(made, CreateApiKeyResponse) and made.api_key.startswith("tr-")
    with nobody.refused(401, create, create_api_key_req_payload=new, **home):
        pass
    with owner.unreadable(listing, **home):
        pass
    with nobody.refused(401, listing, **home):
        pass
    with owner.ok(delete, api_key_id=NO_ID, **home) as nothing:
        assert nothing is None
    with nobody.refused(401, delete, api_key_id=NO_ID, **home):
        pass


def invite(apis, organization, email):
    data = InvitationData(email=email, user_role=0, **LINKS)
    apis.InvitationApi.post_invitation(organization, data)


def pending(apis, organization):
    return [it.email for it in apis.InvitationApi.get_invitations(organization, organization) if not it.used]


def revoke(apis, organization, email):
    rows = apis.InvitationApi.get_invitations(organization, organization)
    id = next(it.id for it in rows if it.email == email)
    apis.InvitationApi.delete_invitation(tr_organization=organization, invitation_id=id)


def members(apis, organization):
    return [it.email for it in apis.OrganizationApi.get_organization_users(organization, organization)]


def set_role(apis, organization, user, role):
    apis.UserApi.update_user(organization, UpdateUserOrgRoleReqPayload(user_id=user, role=role))


if __name__ == "__main__":
    verbs = {it.__name__: it for it in (invite, pending, revoke, members, set_role)}
    main(Peer("trieve", apis, ApiException), drive, verbs)
