use orgport::Error;
use orgport::auth::Auth;
use orgport::http::{BaseUrl, ClientOptions};
use orgport::losant::{
    Flags, InviteAction, LosantClient, MeQuery, OrgFields, OrgInviteAction, OrgInvitePost, OrgMemberPatch,
    OrgPatch, OrgPost, OrgsQuery, ResourceRoles, ResourceTransfer, Summary, UserCredentials,
};
use orgport_sandbox::Sandbox;

use super::{Arguments, inexpressible, unknown};
use crate::Failure;

const ORG: &[&str] = &["name", "description", "planId", "billingEmail", "cardToken", "iconColor", "mfaMode"];

/// A client without credential, which no configuration makes.
pub(super) fn anonymous(sandbox: &Sandbox) -> Result<LosantClient, Failure> {
    let base_url = BaseUrl::parse(&sandbox.base_url("losant"), false)?;
    Ok(LosantClient::new(ClientOptions::new(base_url, Auth::anonymous()))?)
}

/// The calls of both clients: `snake_case` in Python, `camelCase` in JavaScript.
pub(super) async fn call(
    client: &LosantClient,
    call: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let client = &flagged(client, it);
    let (id, summary) = (it.opt("orgId").unwrap_or_default(), summary(it));
    let invite = it.opt("inviteId").unwrap_or_default();
    Ok(match call {
        "orgs.get" => client.orgs(&orgs(it)).await.map(drop),
        "orgs.post" => {
            client.create_org(&new_org(&it.typed("organization", ORG)?)?, &summary).await.map(drop)
        }
        "org.get" => client.org(&id, &summary).await.map(drop),
        "org.patch" => {
            client.patch_org(&id, &org_patch(&it.typed("organization", ORG)?), &summary).await.map(drop)
        }
        "org.delete" => client.delete_org(&id).await.map(drop),
        "org.pending_invites" | "org.pendingInvites" => client.pending_invites(&id).await.map(drop),
        "org.invite_member" | "org.inviteMember" => {
            client.invite_member(&id, &new_invite(&it.inner("invite")?)?).await.map(drop)
        }
        "org.revoke_invite" | "org.revokeInvite" => client.revoke_invite(&id, &invite).await.map(drop),
        "org.modify_member" | "org.modifyMember" => {
            client.modify_member(&id, &member(&it.inner("member")?)?, &summary).await.map(drop)
        }
        "org.remove_member" | "org.removeMember" => {
            client.remove_member(&id, &it.text("userId")?, &summary).await.map(drop)
        }
        "org.transfer_resources" | "org.transferResources" => {
            client.transfer_resources(&id, &transfer(&it.inner("transfer")?)?).await.map(drop)
        }
        "org_invites.get" | "orgInvites.get" => {
            client.emailed_invite(&it.text("email")?, &it.text("token")?.into()).await.map(drop)
        }
        "org_invites.post" | "orgInvites.post" => {
            let it = it.inner("invite")?;
            let (email, token) = (it.text("email")?, it.text("token")?.into());
            let accept = it.parsed("accept").ok_or("an answer is yes or no")?;
            client.answer_emailed_invite(&OrgInviteAction { email, token, accept }).await.map(drop)
        }
        "me.get" => {
            let query = MeQuery { include_recent: it.parsed("includeRecent"), summary };
            client.me(&query).await.map(drop)
        }
        "me.invites" => client.my_invites().await.map(drop),
        "me.invite" => client.my_invite(&invite).await.map(drop),
        "me.respond_to_invite" => match it.inner("response")?.text("action")?.as_str() {
            "accept" => client.respond_to_my_invite(&invite, InviteAction::Accept).await.map(drop),
            "reject" => client.respond_to_my_invite(&invite, InviteAction::Reject).await.map(drop),
            other => Err(inexpressible(format!("our type has no {other}"))),
        },
        "me.refresh_token" | "me.refreshToken" => client.refresh_token().await.map(drop),
        "auth.authenticate_user" | "auth.authenticateUser" => {
            client.log_in(&credentials(&it.inner("credentials")?)?).await.map(drop)
        }
        _ => return unknown(call),
    })
}

fn flagged(client: &LosantClient, it: &Arguments<'_>) -> LosantClient {
    let usual = Flags::default();
    let client = client.with_flags(Flags {
        actions: it.parsed("_actions").unwrap_or(usual.actions),
        links: it.parsed("_links").unwrap_or(usual.links),
        embedded: it.parsed("_embedded").unwrap_or(usual.embedded),
    });
    match it.opt("losantdomain") {
        Some(domain) => client.with_domain(domain),
        None => client,
    }
}

fn summary(it: &Arguments<'_>) -> Summary {
    let names = |name: &str| -> Vec<_> {
        it.opt(name).map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default()
    };
    Summary { exclude: names("summaryExclude"), include: names("summaryInclude") }
}

fn orgs(it: &Arguments<'_>) -> OrgsQuery {
    OrgsQuery {
        sort_field: it.opt("sortField"),
        sort_direction: it.opt("sortDirection"),
        page: it.parsed("page"),
        per_page: it.parsed("perPage"),
        filter_field: it.opt("filterField"),
        filter: it.opt("filter"),
        summary: summary(it),
    }
}

fn new_org(it: &Arguments<'_>) -> Result<OrgPost, Failure> {
    Ok(OrgPost { name: it.text("name")?, fields: org_fields(it) })
}

fn org_patch(it: &Arguments<'_>) -> OrgPatch {
    OrgPatch { name: it.opt("name"), fields: org_fields(it) }
}

fn org_fields(it: &Arguments<'_>) -> OrgFields {
    OrgFields {
        description: it.opt("description"),
        plan_id: it.opt("planId"),
        billing_email: it.opt("billingEmail"),
        card_token: it.opt("cardToken").map(Into::into),
        icon_color: it.opt("iconColor"),
        mfa_mode: it.opt("mfaMode"),
    }
}

fn new_invite(it: &Arguments<'_>) -> Result<OrgInvitePost, Failure> {
    Ok(OrgInvitePost {
        resources: resources(it)?,
        disallow_transfer: it.parsed("disallowTransfer"),
        ..OrgInvitePost::new(it.text("email")?, it.text("role")?)
    })
}

fn resources(it: &Arguments<'_>) -> Result<ResourceRoles, Failure> {
    Ok(ResourceRoles {
        application_roles: it.read("applicationRoles")?,
        dashboard_roles: it.read("dashboardRoles")?,
    })
}

fn member(it: &Arguments<'_>) -> Result<OrgMemberPatch, Failure> {
    Ok(OrgMemberPatch { user_id: it.text("userId")?, role: it.opt("role"), resources: resources(it)? })
}

fn transfer(it: &Arguments<'_>) -> Result<ResourceTransfer, Failure> {
    Ok(ResourceTransfer {
        destination_id: it.text("destinationId")?,
        destination_type: it.text("destinationType")?,
        application_ids: it.list("applicationIds"),
        dashboard_ids: it.list("dashboardIds"),
        strict: it.parsed("strict"),
    })
}

fn credentials(it: &Arguments<'_>) -> Result<UserCredentials, Failure> {
    Ok(UserCredentials {
        two_factor_code: it.opt("twoFactorCode").map(Into::into),
        requested_scopes: it.list("requestedScopes"),
        token_ttl: it.parsed("tokenTTL"),
        ..UserCredentials::new(it.text("email")?, it.text("password")?)
    })
}
