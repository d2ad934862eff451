"""Prints how many seconds on a processor a further list costs the vendor's own Python client.

    official.py KIND URL ORGANIZATION TIMES

It runs with the clients that tests/peers/run installs.
"""

import sys
import time


def nuextract(url, organization):
    import numind.openapi_client as api

    client = api.ApiClient(api.Configuration(host=url, access_token="nx-token"))
    read = api.OrganizationsApi(client).get_api_organizations_organizationid_members_invitations
    return lambda: read(organization)


def jaqpot(url, organization):
    import jaqpot_api_client as api

    client = api.ApiClient(api.Configuration(host=url, access_token="jq-token"))
    return lambda: api.OrganizationInvitationApi(client).get_all_invitations(organization)


def koyeb(url, organization):
    import koyeb.api as api

    client = api.ApiClient(
        api.Configuration(host=url, api_key={"Bearer": "ky-token"}, api_key_prefix={"Bearer": "Bearer"})
    )
    read = api.OrganizationInvitationsApi(client).list_organization_invitations
    return lambda: read(limit="100", offset="0").invitations


def trieve(url, organization):
    import trieve_py_client as api

    client = api.ApiClient(
        api.Configuration(host=url, api_key={"ApiKey": "tr-key"}, api_key_prefix={"ApiKey": "Bearer"})
    )
    return lambda: api.InvitationApi(client).get_invitations(organization, organization)


def losant(url, organization):
    from losant_rest.client import Client

    client = Client(auth_token="ls-token", url=url)
    return lambda: client.org.pending_invites(orgId=organization)


kind, url, organization, times = sys.argv[1:]
read = globals()[kind](url, organization)
assert len(read()) == 100
begun = time.process_time()
for _ in range(int(times)):
    read()
print((time.process_time() - begun) / int(times))
