"""NuExtract's own client, numind."""

import numind.openapi_client.api as api
from numind.exceptions import ApiException
from numind.openapi_client import ApiClient, Configuration
from numind.models import (
    CreateOrganizationRequest,
    InvitationResponse,
    InviteMemberRequest,
    MemberResponse,
    OrganizationResponse,
    UpdateOrganizationRequest,
)

from peer import HARD, Peer, all_apis, body, main, methods_of

NOBODY = "00000000-0000-4000-8000-00000000000 /ü+"
LIST = "OrganizationsApi.get_api_organizations"
CREATE = "OrganizationsApi.post_api_organizations"
UPDATE = "OrganizationsApi.put_api_organizations_organizationid"
DELETE = "OrganizationsApi.delete_api_organizations_organizationid"
MEMBERS = "OrganizationsApi.get_api_organizations_organizationid_members"
INVITE = "OrganizationsApi.post_api_organizations_organizationid_members"
REMOVE = "OrganizationsApi.delete_api_organizations_organizationid_members_userid"
INVITATIONS = "OrganizationsApi.get_api_organizations_organizationid_members_invitations"
REVOKE = "OrganizationsApi.delete_api_organizations_organizationid_members_invitations_invitationid"


def apis(credential, base_url):
    configuration = Configuration(host=base_url, access_token=credential.get("access_token") or credential["key"])
    return all_apis(api, ApiClient(configuration))


def drive(peer):
    ada = peer.session(peer.identity("ada@nuextract.example", "oauth2")["credential"])
    bob = peer.session(peer.identity("bob@nuextract.example")["credential"])
    by_key = peer.session(peer.identity("ada@nuextract.example", "api_key")["credential"])
    home = peer.organization

    with ada.ok(LIST) as organizations:
        assert all(isinstance(it, OrganizationResponse) for it in organizations)
        assert [(it.id, it.name) for it in organizations] == [(home, "Example Organization")]
    with by_key.refused(403, LIST) as error:
        assert body(error)["code"] and body(error)["message"]

    with ada.ok(CREATE, create_organization_request=CreateOrganizationRequest(name=HARD)) as made:
        assert isinstance(made, OrganizationResponse) and made.name == HARD and made.id != home
    with by_key.refused(403, CREATE, create_organization_request=CreateOrganizationRequest(name="x")):
        pass
    rename = UpdateOrganizationRequest(name="Ünï\"\\\t")
    with ada.ok(UPDATE, organization_id=made.id, update_organization_request=rename) as renamed:
        assert isinstance(renamed, OrganizationResponse)
        assert (renamed.id, renamed.name) == (made.id, "Ünï\"\\\t")
    with bob.refused(403, UPDATE, organization_id=home, update_organization_request=rename) as error:
        assert body(error)["code"] and body(error)["message"]
    with ada.refused(404, UPDATE, organization_id=NOBODY, update_organization_request=rename) as error:
        assert body(error)["message"]

    with ada.ok(MEMBERS, organization_id=home) as members:
        assert all(isinstance(it, MemberResponse) for it in members)
        by_email = {it.email: it for it in members}
        assert by_email["ada@nuextract.example"].roles == ["admin"]
        assert by_email["bob@nuextract.example"].display_name == "Bob Example"
        assert not by_email["bob@nuextract.example"].roles
    with ada.refused(404, MEMBERS, organization_id=NOBODY):
        pass

    email = "eve+test@Example.org"
    with ada.ok(INVITE, organization_id=home, invite_member_request=InviteMemberRequest(email=email)) as nothing:
        assert nothing is None and peer.mails(email) == ["invite"]
    with by_key.refused(403, INVITE, organization_id=home, invite_member_request=InviteMemberRequest(email=email)):
        assert peer.mails(email) == ["invite"]
    with ada.ok(INVITATIONS, organization_id=home) as invitations:
        assert [type(it) for it in invitations] == [InvitationResponse]
        assert (invitations[0].email, invitations[0].roles or []) == (email, [])
    with by_key.refused(403, INVITATIONS, organization_id=home):
        pass
    with ada.ok(REVOKE, organization_id=home, invitation_id=invitations[0].id) as nothing:
        assert nothing is None
    with ada.refused(404, REVOKE, organization_id=home, invitation_id=NOBODY) as error:
        assert body(error)["code"] and body(error)["message"]
    with ada.ok(INVITATIONS, organization_id=home) as invitations:
        assert invitations == []

    with ada.refused(404, REMOVE, organization_id=home, user_id=NOBODY):
        pass
    with ada.ok(REMOVE, organization_id=home, user_id=by_email["bob@nuextract.example"].id) as nothing:
        assert nothing is None
    with ada.ok(MEMBERS, organization_id=home) as members:
        assert [it.email for it in members] == ["ada@nuextract.example"]

    with ada.ok(DELETE, organization_id=made.id) as nothing:
        assert nothing is None
    with ada.refused(404, DELETE, organization_id=made.id) as error:
        assert body(error)["code"] and body(error)["message"]

    peer.covers(methods_of(api, "organi[sz]ation|member|invit"), {})


def invite(apis, organization, email):
    apis.OrganizationsApi.post_api_organizations_organizationid_members(
        organization_id=organization, invite_member_request=InviteMemberRequest(email=email)
    )


def pending(apis, organization):
    rows = apis.OrganizationsApi.get_api_organizations_organizationid_members_invitations(organization)
    return [it.email for it in rows]


def revoke(apis, organization, email):
    rows = apis.OrganizationsApi.get_api_organizations_organizationid_members_invitations(organization)
    row = next(it for it in rows if it.email == email)
    apis.OrganizationsApi.delete_api_organizations_organizationid_members_invitations_invitationid(organization, row.id)


def members(apis, organization):
    rows = apis.OrganizationsApi.get_api_organizations_organizationid_members(organization)
    return [it.email for it in rows]


def remove(apis, organization, email):
    rows = apis.OrganizationsApi.get_api_organizations_organizationid_members(organization)
    row = next(it for it in rows if it.email == email)
    apis.OrganizationsApi.delete_api_organizations_organizationid_members_userid(organization, row.id)


if __name__ == "__main__":
    verbs = {it.__name__: it for it in (invite, pending, revoke, members, remove)}
    main(Peer("nuextract", apis, ApiException), drive, verbs)
