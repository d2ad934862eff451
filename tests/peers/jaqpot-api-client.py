"""Jaqpot's own client, jaqpot-api-client."""

from datetime import timedelta

import jaqpot_api_client.api as api
from jaqpot_api_client import ApiClient, Configuration
from jaqpot_api_client.exceptions import ApiException
from jaqpot_api_client.models import (
    CreateInvitationsRequest,
    Organization,
    OrganizationInvitation,
    OrganizationUserAssociationType,
    OrganizationVisibility,
    PartialUpdateOrganizationRequest,
    User,
)

from peer import HARD, Peer, all_apis, body, main, methods_of, utc

NO_ID = "00000000-0000-4000-8000-000000000000"


def apis(credential, base_url):
    client = ApiClient(Configuration(host=base_url))
    if credential["type"] == "key_pair":
        client.set_default_header("X-Api-Key", credential["key"])
        client.set_default_header("X-Api-Secret", credential["secret"])
    else:
        client.configuration.access_token = credential.get("access_token") or credential["token"]
    return all_apis(api, client)


def drive(peer):
    by_pair = peer.session(peer.identity("eleni@jaqpot.example", "key_pair")["credential"])
    eleni = peer.session(peer.identity("eleni@jaqpot.example", "oauth2")["credential"])
    nikos = peer.session(peer.identity("nikos@jaqpot.example")["credential"])
    olga = peer.session(peer.identity("olga@jaqpot.example")["credential"])
    nobody = peer.session({"type": "bearer", "token": "worn-out"})
    home = peer.organization
    number = organizations(eleni, by_pair, nikos, nobody, home)
    invitations(peer, eleni, by_pair, nikos, olga, nobody, home, number)
    peer.covers(methods_of(api, "organi[sz]ation|member|invit"), {})


def organizations(eleni, by_pair, nikos, nobody, home):
    with eleni.ok("OrganizationApi.get_all_organizations_by_user") as own:
        assert [(type(it), it.name, it.can_edit) for it in own] == [(Organization, home, True)]
        assert own[0].visibility is OrganizationVisibility.PRIVATE and utc(own[0].created_at)
        assert own[0].creator is None and own[0].organization_members == []
    with nobody.refused(401, "OrganizationApi.get_all_organizations_by_user") as error:
        assert error.body == ""
    with nikos.ok("OrganizationApi.get_all_organizations_for_user") as visible:
        assert {it.name: (it.visibility.value, it.can_edit) for it in visible} == {
            home: ("PRIVATE", False), "open-data": ("PUBLIC", False)
        }
    with nobody.refused(401, "OrganizationApi.get_all_organizations_for_user"):
        pass

    with by_pair.ok("OrganizationApi.get_organization_by_name", name=home) as found:
        assert isinstance(found.creator, User) and found.creator.email == "eleni@jaqpot.example"
        assert found.creator.email_verified is True and found.creator.created_at is None
        assert [(it.email, it.association_type, it.id) for it in found.organization_members] == [
            ("nikos@jaqpot.example", OrganizationUserAssociationType.MEMBER, None)
        ]
        assert (found.can_edit, found.is_member) == (True, False)
        assert utc(found.created_at) and utc(found.updated_at)
    with by_pair.refused(404, "OrganizationApi.get_organization_by_name", name=HARD) as error:
        assert body(error)["status"] == 404 and body(error)["path"]

    new = Organization(
        name="wet-lab_2", visibility=OrganizationVisibility.PRIVATE, contactEmail="wet+lab@jaqpot.example",
        description=HARD, contactPhone="+30 210/123", website="https://wet.example/?a=b&c", address=HARD,
    )
    with eleni.ok("OrganizationApi.create_organization", organization=new) as nothing:
        assert nothing is None
    with by_pair.refused(400, "OrganizationApi.create_organization", organization=new) as error:
        assert body(error) == {
            "status": 400, "code": None, "message": "Organization with name wet-lab_2 already exists."
        }
    with eleni.ok("OrganizationApi.get_organization_by_name", name="wet-lab_2") as made:
        assert (made.description, made.address, made.contact_phone) == (HARD, HARD, "+30 210/123")

    change = PartialUpdateOrganizationRequest(
        name="wet-lab_3", contactEmail="new@jaqpot.example", visibility=OrganizationVisibility.PUBLIC,
        description="Ünï \"quoted\"",
    )
    update = {"id": made.id, "partial_update_organization_request": change}
    with eleni.ok("OrganizationApi.partial_update_organization", **update) as changed:
        assert (changed.id, changed.name, changed.contact_email) == (made.id, "wet-lab_3", "new@jaqpot.example")
        assert changed.visibility is OrganizationVisibility.PUBLIC and changed.description == "Ünï \"quoted\""
        assert changed.creator.email == "eleni@jaqpot.example" and utc(changed.updated_at)
    with nikos.refused(403, "OrganizationApi.partial_update_organization", **update) as error:
        assert error.body == ""
    taken = PartialUpdateOrganizationRequest(
        name=home, contactEmail="new@jaqpot.example", visibility=OrganizationVisibility.PUBLIC
    )
    with by_pair.refused(
        409, "OrganizationApi.partial_update_organization", id=made.id, partial_update_organization_request=taken
    ) as error:
        assert body(error)["error"] == "Conflict"
    return found.id


def invitations(peer, eleni, by_pair, nikos, olga, nobody, home, number):
    emails = ["Ada.Lovelace+lab@Example.org", "olga@jaqpot.example", "ada2@example.org"]
    request = CreateInvitationsRequest(emails=emails)
    with eleni.ok("OrganizationInvitationApi.create_invitations", org_name=home, create_invitations_request=request) as nothing:
        assert nothing is None and [peer.mails(it) for it in emails] == [["invite"]] * 3
    with nikos.refused(403, "OrganizationInvitationApi.create_invitations", org_name=home, create_invitations_request=request):
        assert peer.mails(emails[0]) == ["invite"]
    with eleni.refused(404, "OrganizationInvitationApi.create_invitations", org_name=HARD, create_invitations_request=request):
        pass
    with eleni.ok("OrganizationInvitationApi.get_all_invitations", org_name=home) as rows:
        assert all(isinstance(it, OrganizationInvitation) for it in rows)
        assert sorted(it.user_email for it in rows) == sorted(emails)
        assert {(it.status, it.user_id) for it in rows} == {("PENDING", None)}
        assert all(utc(it.expiration_date) for it in rows)
    with nikos.refused(403, "OrganizationInvitationApi.get_all_invitations", org_name=home) as error:
        assert error.body == ""

    ada, olgas, third = (next(it for it in rows if it.user_email == email) for email in emails)
    with olga.ok("OrganizationInvitationApi.get_invitation", name=home, uuid=ada.id) as row:
        assert row == ada
    with eleni.refused(404, "OrganizationInvitationApi.get_invitation", name=home, uuid=NO_ID) as error:
        assert body(error)["status"] == 404
    with eleni.refused(400, "OrganizationInvitationApi.get_invitation", name=home, uuid="no uuid/+ü"):
        pass

    peer.change("/clock", advance_seconds=60)
    with eleni.ok("OrganizationInvitationApi.resend_invitation", org_id=number, id=third.id) as nothing:
        assert nothing is None and peer.mails(emails[2]) == ["invite", "resend"]
    with nikos.refused(403, "OrganizationInvitationApi.resend_invitation", org_id=number, id=third.id):
        pass
    with by_pair.refused(404, "OrganizationInvitationApi.resend_invitation", org_id=999, id=third.id):
        pass
    with by_pair.refused(500, "OrganizationInvitationApi.resend_invitation", org_id=number, id="no-uuid"):
        pass
    with eleni.ok("OrganizationInvitationApi.get_invitation", name=home, uuid=third.id) as resent:
        assert resent.expiration_date - third.expiration_date >= timedelta(seconds=60)

    def answer(invitation, status):
        fields = {"userEmail": invitation.user_email, "expirationDate": invitation.expiration_date}
        return OrganizationInvitation(status=status, **fields)

    update = "OrganizationInvitationApi.update_invitation"
    with eleni.refused(400, update, name=home, uuid=ada.id, organization_invitation=answer(ada, "ACCEPTED")) as error:
        assert body(error)["message"].startswith("It appears that you are currently logged in with an email")
    with olga.ok(update, name=home, uuid=olgas.id, organization_invitation=answer(olgas, "ACCEPTED")) as accepted:
        assert (accepted.id, accepted.status, accepted.user_id) == (olgas.id, "ACCEPTED", None)
    with olga.refused(400, update, name=home, uuid=olgas.id, organization_invitation=answer(olgas, "REJECTED")) as error:
        assert body(error)["message"] == "This invitation has already status ACCEPTED"
    with nobody.refused(401, update, name=home, uuid=olgas.id, organization_invitation=answer(olgas, "REJECTED")):
        pass
    with eleni.ok("OrganizationApi.get_organization_by_name", name=home) as joined:
        assert [it.email for it in joined.organization_members] == ["nikos@jaqpot.example", "olga@jaqpot.example"]

    ada2 = peer.session(peer.user(emails[2])["credential"])
    with ada2.ok(update, name=home, uuid=third.id, organization_invitation=answer(resent, "REJECTED")) as rejected:
        assert rejected.status == "REJECTED" and rejected.expiration_date == resent.expiration_date

    # Of five calls in ten minutes the vendor lets four pass; the refusals above took none.
    for _ in range(3):
        with eleni.ok("OrganizationInvitationApi.create_invitations", org_name=home, create_invitations_request=request):
            pass
    with eleni.refused(429, "OrganizationInvitationApi.create_invitations", org_name=home, create_invitations_request=request) as error:
        assert body(error)["message"].startswith("You have exceeded")
        assert not any(name.lower().startswith("x-rate-limit") for name in error.headers)


def rows(apis, organization):
    return apis.OrganizationInvitationApi.get_all_invitations(organization)


def row(apis, organization, email):
    return next(it for it in rows(apis, organization) if it.user_email == email and it.status == "PENDING")


def invite(apis, organization, email):
    request = CreateInvitationsRequest(emails=[email])
    apis.OrganizationInvitationApi.create_invitations(organization, request)


def pending(apis, organization):
    return [it.user_email for it in rows(apis, organization) if it.status == "PENDING"]


def resend(apis, organization, email):
    number = apis.OrganizationApi.get_organization_by_name(organization).id
    apis.OrganizationInvitationApi.resend_invitation(number, row(apis, organization, email).id)


def respond(apis, organization, id, accept):
    found = apis.OrganizationInvitationApi.get_invitation(organization, id)
    found.status = "ACCEPTED" if accept else "REJECTED"
    apis.OrganizationInvitationApi.update_invitation(organization, id, found)


def members(apis, organization):
    return [it.email for it in apis.OrganizationApi.get_organization_by_name(organization).organization_members]


if __name__ == "__main__":
    verbs = {it.__name__: it for it in (invite, pending, resend, respond, members)}
    main(Peer("jaqpot", apis, ApiException), drive, verbs)
