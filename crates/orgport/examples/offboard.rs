//! Somebody leaves: puts a person out at every vendor, looks whether she is really gone, and keeps the
//! proof. Here the vendors are the sandbox's.
//!
//! Prints:
//!
//! ```text
//! github: revoke the pending invitation of grace@acme.example as member
//! koyeb: revoke the pending invitation of grace@acme.example as owner
//! losant: revoke the pending invitation of grace@acme.example as viewer
//! nuextract: revoke the pending invitation of grace@acme.example
//! trieve: revoke the pending invitation of grace@acme.example as member
//! jaqpot: left is the pending invitation of grace@acme.example as member: Jaqpot has no call that revokes an invitation; it expires in a week
//! Left
//! DELETE /orgs/{org}/invitations/{invitation_id} → 204
//! GET /v1/organization_invitations/{id} → 200
//! DELETE /v1/organization_invitations/{id} → 200
//! GET /orgs/{orgId}/invites → 200
//! DELETE /orgs/{orgId}/invites → 200
//! DELETE /api/organizations/{organizationId}/members/invitations/{invitationId} → 200
//! GET /api/invitations/{organization_id} → 200
//! DELETE /api/invitation/{invitation_id} → 204
//! ```

use std::sync::Arc;

use orgport::roster::offboard::{Evidence, EvidenceFile, Options, carry_out, prepare};
use orgport::roster::{Scope, Subject, Target, locate};
use orgport::{Config, Email, NewInvitation, Provider, Role};
use orgport_sandbox::Sandbox;

const GRACE: &str = "grace@acme.example";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let config = Config::from_toml(&sandbox.configuration_toml())?;
    let mut targets = Vec::new();
    for name in config.names() {
        let provider = config.provider(Some(name))?;
        invite(&provider).await?;
        targets.push(Target::new(Arc::new(provider), Scope::Configured));
    }
    let (places, missed) = locate(&targets).await;

    // The file is taken before anything is changed, and appears when everything is in it.
    let folder = tempfile::tempdir()?;
    let file = EvidenceFile::create(folder.path().join("grace.json"))?;

    let options = Options::default();
    let plan = prepare(&places, missed, &[Subject::parse(GRACE)?], &options).await;
    for (place, step) in plan.steps() {
        println!("{place}: {}", step.act);
    }
    // Nothing is sent once this future resolves: a program would wait for Ctrl-C here.
    let outcome = carry_out(&places, plan, &options, std::future::pending()).await;
    for (place, left) in outcome.left() {
        println!("{place}: left is the {}: {}", left.what, left.because);
    }
    println!("{:?}", outcome.verdict());

    file.write(&Evidence::of(&outcome, env!("CARGO_PKG_VERSION")))?;
    let evidence: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("grace.json"))?)?;
    let requests = evidence["places"].as_array().into_iter().flatten().flat_map(|place| {
        let steps = place["steps"].as_array().into_iter().flatten();
        steps.flat_map(|step| step["requests"].as_array().into_iter().flatten())
    });
    for request in requests {
        println!("{} → {}", request["call"].as_str().unwrap_or_default(), request["status"]);
    }
    Ok(())
}

/// Has Grace asked in with the least of the vendor's roles.
async fn invite(provider: &dyn Provider) -> Result<(), Box<dyn std::error::Error>> {
    let organization = provider.default_organization().ok_or("none is configured")?;
    let roles = &provider.capability().roles_at_invite;
    let role = [Role::Viewer, Role::Member, Role::Owner].into_iter().find(|role| roles.contains(role));
    let mut invitation = NewInvitation::to(Email::parse(GRACE)?);
    invitation.role = role;
    provider.invite(organization, invitation).await?;
    Ok(())
}
