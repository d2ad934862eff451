"""Koyeb's own client, koyeb-sdk."""

import koyeb.api as api
from koyeb.api import ApiClient, Configuration
from koyeb.api.exceptions import ApiException
from koyeb.api.models import (
    CreateAccessTokenRequest,
    CreateCredential,
    CreateOrganizationInvitationRequest,
    CreateOrganizationRequest,
    Credential,
    CredentialType,
    DeactivateOrganizationRequest,
    Error,
    ErrorWithFields,
    Organization,
    OrganizationInvitation,
    OrganizationInvitationStatus,
    OrganizationMember,
    OrganizationMemberStatus,
    OrganizationStatus,
    PublicOrganization,
    PublicUser,
    UpdateOrganizationDefaultProjectRequest,
    UpdateOrganizationNameRequest,
    UserFlags,
    UserRoleRole,
)

from peer import Peer, all_apis, main, methods_of, utc

NO_ID = "no id/ü+%"
BILLING = "bills and budgets, which the sandbox does not simulate"
NOT_ADMINISTRATION = "another matter than organizations, members and invitations"


def apis(credential, base_url):
    configuration = Configuration(
        host=base_url, api_key={"Bearer": credential["key"]}, api_key_prefix={"Bearer": "Bearer"}
    )
    return all_apis(api, ApiClient(configuration))


def missing(error, status=404):
    """A typed refusal without fields."""
    assert isinstance(error.data, Error) and error.data.status == status
    assert error.data.code and error.data.message


def drive(peer):
    ada = peer.session(peer.identity("ada@acme.example")["credential"])
    automation = peer.session(peer.identity("")["credential"])
    grace = peer.session(peer.identity("grace@elsewhere.example")["credential"])
    nobody = peer.session({"type": "api_key", "key": "worn-out"})

    account(peer, ada, automation, grace, nobody)
    invitations(peer, ada, grace, nobody)
    members(peer, ada, grace)
    organizations(peer, ada, grace)
    tokens(peer, ada, automation, nobody)

    pattern = "organi[sz]ation|member|invit|CredentialsApi|get_current_user"
    budget = {f"OrganizationApi.{verb}_budget": BILLING for verb in ("create", "delete", "get", "update")}
    peer.covers(methods_of(api, pattern), {
        **budget,
        "OrganizationApi.upsert_signup_qualification": BILLING,
        "UsagesApi.get_organization_usage": BILLING,
        "UsagesApi.get_organization_usage_details": BILLING,
        "QuotasApi.get_organization_quotas_usage": BILLING,
        "QuotasApi.review_organization_capacity": BILLING,
        "OrganizationApi.github_installation": NOT_ADMINISTRATION,
        "OrganizationApi.get_github_installation": NOT_ADMINISTRATION,
        "RepositoriesApi.resync_organization": NOT_ADMINISTRATION,
        "InviteApi.create_invite": "recommends the platform to somebody; nobody joins an organization by it",
        "OrganizationApi.update_organization_plan": BILLING,
    })


def account(peer, ada, automation, grace, nobody):
    with ada.ok("ProfileApi.get_current_user") as reply:
        assert reply.user.email == "ada@acme.example" and reply.user.email_validated is True
        assert UserFlags.MAX_ORGANIZATIONS_1000 in reply.user.flags and utc(reply.user.created_at)
    with automation.refused(403, "ProfileApi.get_current_user") as error:
        missing(error, 403)
    with ada.ok("ProfileApi.get_current_organization") as reply:
        assert isinstance(reply.organization, Organization)
        assert (reply.organization.id, reply.organization.name) == (peer.organization, "acme")
        assert reply.organization.status is OrganizationStatus.ACTIVE and reply.organization.trialing is False
        assert utc(reply.organization.plan_updated_at)
    with nobody.refused(401, "ProfileApi.get_current_organization") as error:
        missing(error, 401)
    with ada.ok(
        "ProfileApi.list_user_organizations", limit="1", offset="0", order="desc", search="ACM",
        statuses=["ACTIVE", "WARNING"],
    ) as reply:
        assert [it.name for it in reply.organizations] == ["acme"] and reply.has_next is False
        assert (reply.limit, reply.offset) == (1, 0)
    with ada.ok("ProfileApi.list_user_organizations", search="a+b c/ü&=%") as reply:
        assert reply.organizations == []
    with grace.refused(400, "ProfileApi.list_user_organizations", limit="101") as error:
        assert isinstance(error.data, ErrorWithFields) and error.data.fields[0].var_field == "limit"
    with ada.ok("OrganizationQuotasApi.get_quotas", organization_id=peer.organization) as reply:
        assert int(reply.quotas.max_organization_members) > 0
    with grace.refused(404, "OrganizationQuotasApi.get_quotas", organization_id=NO_ID) as error:
        missing(error)


def invitations(peer, ada, grace, nobody):
    resource = "OrganizationInvitationsApi."
    create, email = resource + "create_organization_invitation", "jane+ops@example.com"
    with ada.ok(create, body=CreateOrganizationInvitationRequest(email=email)) as reply:
        made = reply.invitation
        assert isinstance(made, OrganizationInvitation) and peer.mails(email) == ["invite"]
        assert (made.email, made.organization_id, made.invitee) == (email, peer.organization, None)
        assert made.role is UserRoleRole.OWNER and made.status is OrganizationInvitationStatus.PENDING
        assert utc(made.expires_at) and isinstance(made.organization, PublicOrganization)
        assert isinstance(made.inviter, PublicUser) and made.inviter.email == "ada@acme.example"
    with ada.refused(400, create, body=CreateOrganizationInvitationRequest(email="nobody here")) as error:
        assert isinstance(error.data, ErrorWithFields) and error.data.code == "invalid_argument"
        assert [it.var_field for it in error.data.fields] == ["email"]
    with ada.refused(400, create, body=CreateOrganizationInvitationRequest(email=email)):
        assert peer.mails(email) == ["invite"]
    with ada.ok(create, body=CreateOrganizationInvitationRequest(email="grace@elsewhere.example")) as reply:
        graces = reply.invitation
        assert graces.invitee.email == "grace@elsewhere.example" and graces.invitee_id == graces.invitee.id
    with ada.ok(create, body=CreateOrganizationInvitationRequest(email="henry@example.com")) as reply:
        henrys = reply.invitation

    with ada.ok(resource + "list_organization_invitations", limit="2", offset="1", statuses=["PENDING", "EXPIRED"]) as reply:
        assert [it.email for it in reply.invitations] == ["grace@elsewhere.example", "henry@example.com"]
        assert (reply.limit, reply.offset, reply.count) == (2, 1, 3)
    with grace.refused(400, resource + "list_organization_invitations", user_id=NO_ID):
        pass
    with ada.ok(resource + "get_organization_invitation", id=made.id) as reply:
        assert reply.invitation == made or reply.invitation.inviter is None
    with ada.refused(404, resource + "get_organization_invitation", id=NO_ID) as error:
        missing(error)

    peer.change("/clock", advance_seconds=60)
    with ada.ok(resource + "resend_organization_invitation", id=made.id, body={}) as reply:
        assert reply.invitation.id == made.id and reply.invitation.expires_at > made.expires_at
        assert peer.mails(email) == ["invite", "resend"]
    with ada.refused(404, resource + "resend_organization_invitation", id=NO_ID, body={}) as error:
        missing(error)
    with ada.ok(resource + "delete_organization_invitation", id=made.id) as nothing:
        assert nothing == {}
    with ada.refused(404, resource + "delete_organization_invitation", id=made.id) as error:
        missing(error)

    invitee(peer, grace, graces, henrys, nobody)


def invitee(peer, grace, graces, henrys, nobody):
    with grace.ok("ProfileApi.list_user_organization_invitations", limit="100", offset="0", statuses=["PENDING"]) as reply:
        assert [it.id for it in reply.invitations] == [graces.id] and reply.count == 1
    with nobody.refused(401, "ProfileApi.list_user_organization_invitations"):
        pass
    with grace.ok("ProfileApi.get_user_organization_invitation", id=graces.id) as reply:
        assert reply.invitation.organization.name == "acme"
    with grace.refused(404, "ProfileApi.get_user_organization_invitation", id=henrys.id) as error:
        missing(error)
    with grace.ok("ProfileApi.accept_organization_invitation", id=graces.id, body={}) as reply:
        assert reply.invitation.status is OrganizationInvitationStatus.ACCEPTED
    with grace.refused(400, "ProfileApi.accept_organization_invitation", id=graces.id, body={}) as error:
        assert error.data.code == "failed_precondition"
    henry = peer.session(peer.user("henry@example.com")["credential"])
    with henry.ok("ProfileApi.decline_organization_invitation", id=henrys.id, body={}) as reply:
        assert reply.invitation.status is OrganizationInvitationStatus.REFUSED
    with henry.refused(404, "ProfileApi.decline_organization_invitation", id=graces.id, body={}) as error:
        missing(error)


def members(peer, ada, grace):
    listing = "OrganizationMembersApi.list_organization_members"
    with ada.ok(
        listing, limit="100", offset="0", organization_id=peer.organization, organization_statuses=["ACTIVE"]
    ) as reply:
        assert all(isinstance(it, OrganizationMember) for it in reply.members) and reply.count == 2
        assert [it.user.email for it in reply.members] == ["ada@acme.example", "grace@elsewhere.example"]
        assert {(it.role, it.status) for it in reply.members} == {
            (UserRoleRole.OWNER, OrganizationMemberStatus.ACTIVE)
        }
        assert all(utc(it.joined_at) and it.organization.name == "acme" for it in reply.members)
        graces = reply.members[1]
    with grace.ok(listing, user_id=graces.user_id) as reply:
        assert [it.organization_id for it in reply.members] == [peer.organization]
    with ada.refused(400, listing, organization_statuses=["SLEEPY +"]) as error:
        assert error.data.fields[0].var_field == "organization_statuses"
    with ada.ok("SummaryApi.get_organization_summary", organization_id=peer.organization) as reply:
        assert reply.summary.members.total == "2"
        assert reply.summary.members.invitations_by_status == {"ACCEPTED": "1", "REFUSED": "1"}
    with ada.refused(404, "SummaryApi.get_organization_summary", organization_id=NO_ID) as error:
        missing(error)
    with ada.ok("OrganizationMembersApi.remove_organization_member", id=graces.id) as reply:
        assert reply.member.status is OrganizationMemberStatus.DELETED and reply.member.id == graces.id
    with ada.refused(404, "OrganizationMembersApi.remove_organization_member", id=graces.user_id) as error:
        missing(error)


def organizations(peer, ada, grace):
    resource = "OrganizationApi."
    with ada.ok(resource + "create_organization", body=CreateOrganizationRequest(name="acme-labs")) as reply:
        made = reply.organization
        assert made.name == "acme-labs" and made.status is OrganizationStatus.WARNING
    with ada.refused(400, resource + "create_organization", body=CreateOrganizationRequest(name="Ac me/ü")) as error:
        assert error.data.fields[0].var_field == "name"
    with ada.ok(resource + "get_organization", id=made.id) as reply:
        assert reply.organization.name == "acme-labs"
    with ada.refused(404, resource + "get_organization", id=NO_ID) as error:
        missing(error)
    changes = Organization(billing_name="Ünï & Co", billing_email="bills+1@acme.example", city="Köln", company=True)
    with ada.ok(resource + "update_organization2", id=made.id, organization=changes) as reply:
        assert (reply.organization.billing_name, reply.organization.city) == ("Ünï & Co", "Köln")
        assert reply.organization.company is True and reply.organization.name == "acme-labs"
    with grace.refused(403, resource + "update_organization2", id=made.id, organization=changes):
        pass
    fields = {"organization": Organization(city="Nantes", billing_name="x"), "update_mask": "city,billing_name"}
    with ada.ok(resource + "update_organization", id=made.id, **fields) as reply:
        assert (reply.organization.city, reply.organization.billing_email) == ("Nantes", "bills+1@acme.example")
    with grace.refused(403, resource + "update_organization", id=made.id, **fields):
        pass
    rename = UpdateOrganizationNameRequest(name="acme-labs-2")
    with ada.ok(resource + "update_organization_name", id=made.id, body=rename) as reply:
        assert reply.organization.name == "acme-labs-2"
    taken = UpdateOrganizationNameRequest(name="acme")
    with ada.refused(400, resource + "update_organization_name", id=made.id, body=taken) as error:
        assert error.data.fields[0].var_field == "name"
    project = UpdateOrganizationDefaultProjectRequest(default_project_id="3b1f0c9a-8d7e-4f6a-b5c4-d3e2f1a0b9c8")
    with ada.ok(resource + "update_organization_default_project", id=made.id, body=project) as reply:
        assert reply.organization.default_project_id == project.default_project_id
    with grace.refused(403, resource + "update_organization_default_project", id=made.id, body=project):
        pass
    lifecycle(peer, ada, made.id)


def lifecycle(peer, ada, id):
    resource, skip = "OrganizationApi.", DeactivateOrganizationRequest(skip_confirmation=True)
    with ada.refused(404, resource + "deactivate_organization", id=NO_ID, body=skip) as error:
        missing(error)
    with ada.ok(resource + "deactivate_organization", id=id, body=DeactivateOrganizationRequest(skip_confirmation=False)) as reply:
        assert reply.organization.status is OrganizationStatus.WARNING
    mails = [it for it in peer.ask("GET", "/mail") if it["organization"] == id]
    confirmation = mails[-1]["link"].rsplit("/", 1)[1] if mails else "?"
    with ada.ok("OrganizationConfirmationsApi.confirm_organization_action", id=confirmation) as nothing:
        assert nothing == {}
    with ada.refused(404, "OrganizationConfirmationsApi.confirm_organization_action", id=confirmation) as error:
        missing(error)
    peer.change("/clock", advance_seconds=600)
    with ada.ok(resource + "get_organization", id=id) as reply:
        assert reply.organization.status is OrganizationStatus.DEACTIVATED
    with ada.ok(resource + "reactivate_organization", id=id, body={}) as reply:
        assert reply.organization.status is not OrganizationStatus.DEACTIVATED
    with ada.refused(404, resource + "reactivate_organization", id=NO_ID, body={}) as error:
        missing(error)
    with ada.ok(resource + "deactivate_organization", id=id, body=skip) as reply:
        assert reply.organization.status is OrganizationStatus.DEACTIVATING
    peer.change("/clock", advance_seconds=600)
    with ada.ok(resource + "delete_organization", id=id) as reply:
        assert reply.organization.status in (OrganizationStatus.DELETING, OrganizationStatus.DELETED)
    with ada.refused(404, resource + "delete_organization", id=id) as error:
        missing(error)


def tokens(peer, ada, automation, nobody):
    resource, home = "OrganizationApi.", peer.organization
    with ada.ok(resource + "create_access_token", id=home, body=CreateAccessTokenRequest(validity="3600s")) as reply:
        assert isinstance(reply.token, str)
    with ada.refused(400, resource + "create_access_token", id=home, body=CreateAccessTokenRequest(validity="999999s")) as error:
        assert error.data.fields[0].var_field == "validity"
    minted = peer.session({"type": "api_key", "key": reply.token})
    with minted.ok("ProfileApi.get_current_organization") as current:
        assert current.organization.id == home
    with ada.ok(resource + "switch_organization", id=home, body={}, seon_fp="print/1 +") as reply:
        assert reply.token.organization_id == home and utc(reply.token.expires_at)
    with nobody.refused(401, resource + "switch_organization", id=home, body={}):
        pass
    with ada.ok(resource + "unscope_organization_token", body={}) as reply:
        assert reply.token.organization_id in (None, "") and reply.token.id
    with automation.refused(403, resource + "unscope_organization_token", body={}) as error:
        missing(error, 403)

    new = CreateCredential(name="ci/ü +1", description="CI & token", type=CredentialType.ORGANIZATION, organization_id=home)
    with ada.ok("CredentialsApi.create_credential", credential=new) as reply:
        made = reply.credential
        assert (made.name, made.type, made.organization_id) == ("ci/ü +1", CredentialType.ORGANIZATION, home)
        assert made.token and utc(made.created_at)
    with nobody.refused(401, "CredentialsApi.create_credential", credential=new):
        pass
    query = {"type": "ORGANIZATION", "name": "ci/ü +1", "organization_id": home, "limit": "10", "offset": "0"}
    with ada.ok("CredentialsApi.list_credentials", **query) as reply:
        assert [(it.id, it.token or None) for it in reply.credentials] == [(made.id, None)] and reply.count == 1
    with ada.refused(400, "CredentialsApi.list_credentials", limit="0"):
        pass
    with ada.ok("CredentialsApi.get_credential", id=made.id) as reply:
        assert isinstance(reply.credential, Credential) and not reply.credential.token
    change = {"id": made.id, "credential": Credential(name="ci-2", type=CredentialType.ORGANIZATION), "update_mask": "name"}
    for method in ("update_credential", "update_credential2"):
        with ada.ok("CredentialsApi." + method, **change) as reply:
            assert (reply.credential.name, reply.credential.description) == ("ci-2", "CI & token")
        with ada.refused(404, "CredentialsApi." + method, **{**change, "id": NO_ID}) as error:
            missing(error)
    with ada.ok("CredentialsApi.delete_credential", id=made.id) as nothing:
        assert nothing == {}
    for method in ("get_credential", "delete_credential"):
        with ada.refused(404, "CredentialsApi." + method, id=made.id) as error:
            missing(error)


def invite(apis, organization, email):
    apis.OrganizationInvitationsApi.create_organization_invitation(CreateOrganizationInvitationRequest(email=email))


def rows(apis):
    return apis.OrganizationInvitationsApi.list_organization_invitations(limit="100", statuses=["PENDING"]).invitations


def row(apis, email):
    return next(it for it in rows(apis) if it.email == email)


def pending(apis, organization):
    return [it.email for it in rows(apis)]


def resend(apis, organization, email):
    apis.OrganizationInvitationsApi.resend_organization_invitation(row(apis, email).id, {})


def revoke(apis, organization, email):
    apis.OrganizationInvitationsApi.delete_organization_invitation(row(apis, email).id)


def respond(apis, organization, id, accept):
    profile = apis.ProfileApi
    answer = profile.accept_organization_invitation if accept else profile.decline_organization_invitation
    answer(id, {})


def memberships(apis, organization):
    return apis.OrganizationMembersApi.list_organization_members(organization_id=organization, limit="100").members


def remove(apis, organization, email):
    row = next(it for it in memberships(apis, organization) if it.user.email == email)
    apis.OrganizationMembersApi.remove_organization_member(row.id)


if __name__ == "__main__":
    verbs = {it.__name__: it for it in (invite, pending, resend, revoke, respond, remove)}
    verbs["members"] = lambda apis, organization: [it.user.email for it in memberships(apis, organization)]
    main(Peer("koyeb", apis, ApiException), drive, verbs)
