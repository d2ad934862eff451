//! Both sides work on each other's invitations.

use std::time::Duration;

use futures_util::TryStreamExt;
use orgport::{
    Answer, AnyProvider, Email, Invitation, InvitationFilter, InvitationRef, Invitations, Member,
    MemberEmails, Members, NewInvitation, Operation, OrganizationId, Provider, Role, Support, stream,
};
use orgport_sandbox::{Identity, Mail, MailKind, Sandbox};
use serde_json::{Value, json};

use crate::driver::{Client, Player};
use crate::{Failure, Log, setup};

/// Plays all scenes, and answers how many deeds of one side were seen by the other.
pub(crate) async fn play(client: &Client, sandbox: &Sandbox, log: &mut Log) -> Result<usize, Failure> {
    let identity = sandbox.identity(client.vendor)?;
    let ours = setup::provider(&identity)?;
    let organization = ours.default_organization().ok_or("administrators have an organization")?.clone();
    let theirs = Player::start(client, sandbox).await?;
    let mut table = Table { client, sandbox, identity, ours, theirs, organization, seen: 0, log };
    for scene in SCENES {
        if let Err(error) = table.play(scene).await {
            table.log.failure(client, format!("cross play, {}: {error}", scene.name()));
        }
    }
    Ok(table.seen)
}

/// Longer than the vendors' limits count.
const AN_HOUR: Duration = Duration::from_hours(1);

#[derive(Clone, Copy)]
enum Scene {
    TheirsInOurHands,
    OursInTheirHands,
    TheirsAccepted,
    TheirsDeclined,
    OursAccepted,
    OursDeclined,
    Role,
}

const SCENES: [Scene; 7] = [
    Scene::TheirsInOurHands,
    Scene::OursInTheirHands,
    Scene::TheirsAccepted,
    Scene::TheirsDeclined,
    Scene::OursAccepted,
    Scene::OursDeclined,
    Scene::Role,
];

impl Scene {
    fn name(self) -> &'static str {
        match self {
            Self::TheirsInOurHands => "an invitation of theirs in our hands",
            Self::OursInTheirHands => "an invitation of ours in their hands",
            Self::TheirsAccepted => "their invitation accepted by us",
            Self::TheirsDeclined => "their invitation declined by us",
            Self::OursAccepted => "our invitation accepted by them",
            Self::OursDeclined => "our invitation declined by them",
            Self::Role => "a role set by them",
        }
    }
}

/// Both sides of one vendor.
struct Table<'a> {
    client: &'a Client,
    sandbox: &'a Sandbox,
    identity: Identity,
    ours: AnyProvider,
    theirs: Player,
    organization: OrganizationId,
    seen: usize,
    log: &'a mut Log,
}

impl Table<'_> {
    async fn play(&mut self, scene: Scene) -> Result<(), Failure> {
        // The limits are full again, also as our provider sees them.
        self.sandbox.advance(AN_HOUR).await;
        self.ours = setup::provider(&self.identity)?;
        match scene {
            Scene::TheirsInOurHands => self.theirs_in_our_hands().await,
            Scene::OursInTheirHands => self.ours_in_their_hands().await,
            Scene::TheirsAccepted => self.theirs_answered_by_us(true).await,
            Scene::TheirsDeclined => self.theirs_answered_by_us(false).await,
            Scene::OursAccepted => self.ours_answered_by_them(true).await,
            Scene::OursDeclined => self.ours_answered_by_them(false).await,
            Scene::Role => self.role_set_by_them().await,
        }
    }

    async fn theirs_in_our_hands(&mut self) -> Result<(), Failure> {
        let email = "theirs+1@example.org";
        if !self.they_can("invite") {
            return Ok(());
        }
        self.they("invite", email).await?;
        let mut row = self.our_row(email).await?.ok_or("we do not see it")?;
        self.sees(true, "we list it")?;
        if self.we_can(Operation::ResendInvitation) {
            row = self.ours.resend_invitation(&self.organization, &row.id).await?;
            self.sees(self.mails(email) == 2, "resending it mails once more")?;
            let listed = self.they_list("pending", email).await?;
            self.sees(listed, "they list what we resent")?;
        }
        if self.we_can(Operation::RevokeInvitation) {
            self.ours.revoke_invitation(&self.organization, &row.id).await?;
            let listed = self.they_list("pending", email).await?;
            self.sees(!listed, "they list no more what we revoked")?;
        }
        Ok(())
    }

    async fn ours_in_their_hands(&mut self) -> Result<(), Failure> {
        let email = "ours+1@example.org";
        if !self.they_can("pending") {
            return Ok(());
        }
        self.we_invite(email).await?;
        let listed = self.they_list("pending", email).await?;
        self.sees(listed, "they list it")?;
        if self.they_can("resend") {
            self.they("resend", email).await?;
            self.sees(self.mails(email) == 2, "resending it mails once more")?;
            self.sees(self.our_row(email).await?.is_some(), "we list what they resent")?;
        }
        if self.they_can("revoke") {
            self.they("revoke", email).await?;
            self.sees(self.our_row(email).await?.is_none(), "we list no more what they revoked")?;
        }
        Ok(())
    }

    async fn theirs_answered_by_us(&mut self, accept: bool) -> Result<(), Failure> {
        let email = if accept { "theirs+2@example.org" } else { "theirs+3@example.org" };
        if !self.they_can("invite") || !self.can_be_answered(accept) {
            return Ok(());
        }
        self.they("invite", email).await?;
        let row = self.our_row(email).await?.ok_or("we do not see it")?;
        if self.we_can(Operation::RespondToInvitation) {
            let person = setup::provider(&self.sandbox.add_user(self.client.vendor, email)?)?;
            let invitation = InvitationRef::new(self.organization.clone(), row.id);
            let answer = if accept { Answer::Accept } else { Answer::Decline };
            person.respond_to_invitation(&invitation, answer).await?;
        } else if accept {
            self.sandbox.accept(self.client.vendor, email, self.organization.as_str())?;
        } else {
            return Ok(());
        }
        let listed = self.they_list("pending", email).await?;
        self.sees(!listed, "it waits no more for them")?;
        let shown = self.shown(email).await?;
        let listed = self.they_list("members", &shown).await?;
        self.sees(listed == accept, "they see who became a member")?;
        if accept && self.we_can(Operation::RemoveMember) {
            let member = self.our_member(email).await?.ok_or("we do not see the member")?;
            self.ours.remove_member(&self.organization, &member.id).await?;
            let listed = self.they_list("members", &shown).await?;
            self.sees(!listed, "they see whom we removed")?;
        }
        Ok(())
    }

    async fn ours_answered_by_them(&mut self, accept: bool) -> Result<(), Failure> {
        let email = if accept { "ours+2@example.org" } else { "ours+3@example.org" };
        if !self.they_can("pending") || !self.can_be_answered(accept) {
            return Ok(());
        }
        let row = self.we_invite(email).await?;
        if self.they_can("respond") {
            let person = self.sandbox.add_user(self.client.vendor, email)?;
            let answer = json!({"organization": self.organization, "id": row.id, "accept": accept});
            self.theirs.order(&person.credential, "respond", answer).await?;
        } else if accept {
            self.sandbox.accept(self.client.vendor, email, self.organization.as_str())?;
        } else {
            return Ok(());
        }
        self.sees(self.our_row(email).await?.is_none(), "it waits no more for us")?;
        self.sees(self.our_member(email).await?.is_some() == accept, "we see who became a member")?;
        if accept && self.they_can("remove") {
            let shown = self.shown(email).await?;
            self.they("remove", &shown).await?;
            self.sees(self.our_member(email).await?.is_none(), "we see whom they removed")?;
        }
        Ok(())
    }

    async fn role_set_by_them(&mut self) -> Result<(), Failure> {
        let email = "role@example.org";
        if !self.they_can("set_role") {
            return Ok(());
        }
        self.we_invite(email).await?;
        self.sandbox.accept(self.client.vendor, email, self.organization.as_str())?;
        let member = self.our_member(email).await?.ok_or("we do not see the member")?;
        // The administrator's word or number of each vendor that has roles to set, and what we call it.
        let (native, ours) = match self.client.vendor {
            "trieve" => (json!(1), Role::Admin),
            "github" => (json!("admin"), Role::Owner),
            _ => (json!("admin"), Role::Admin),
        };
        let organization = &self.organization;
        let arguments = json!({"organization": organization, "user": member.id, "role": native});
        self.theirs.order(&self.identity.credential, "set_role", arguments).await?;
        let changed = self.our_member(email).await?.and_then(|member| member.role);
        self.sees(changed == Some(ours), "we read the role that they set")?;
        Ok(())
    }

    fn sees(&mut self, holds: bool, what: &str) -> Result<(), Failure> {
        if !holds {
            return Err(format!("it does not hold that {what}").into());
        }
        self.seen += 1;
        Ok(())
    }

    fn mails(&self, email: &str) -> usize {
        let is_invitation = |mail: &&Mail| mail.email == email && mail.kind != MailKind::Notice;
        self.sandbox.mail().iter().filter(is_invitation).count()
    }
}

/// Our side.
impl Table<'_> {
    fn we_can(&mut self, operation: Operation) -> bool {
        match self.ours.capability().support(operation) {
            Support::Unsupported { because } => {
                self.log.remark(self.client, format!("cross play without our {operation}: {because}"));
                false
            }
            _ => true,
        }
    }

    /// Whether invited people have a call for this answer, whoever makes it.
    fn can_be_answered(&mut self, accept: bool) -> bool {
        let capability = self.ours.capability();
        let support = if accept { &capability.accepting } else { &capability.declining };
        match support {
            Support::Unsupported { because }
                if capability.support(Operation::RespondToInvitation).works() =>
            {
                let remark = format!("cross play without declining: {because}");
                self.log.remark(self.client, remark);
                false
            }
            _ => true,
        }
    }

    /// What lists of members show of somebody: the address, or where that is hidden the account's number.
    async fn shown(&self, email: &str) -> Result<String, Failure> {
        if self.ours.capability().member_emails != MemberEmails::Hidden {
            return Ok(email.to_owned());
        }
        let person = setup::provider(&self.sandbox.add_user(self.client.vendor, email)?)?;
        Ok(person.get_identity().await?.user_id.ok_or("an account has a number")?.to_string())
    }

    async fn we_invite(&self, email: &str) -> Result<Invitation, Failure> {
        let mut new = NewInvitation::to(Email::parse(email)?);
        let roles = &self.ours.capability().roles_at_invite;
        // The least that can be given, where there is more than one thing to give.
        let least = [Role::Viewer, Role::Member].into_iter().find(|role| roles.contains(role));
        if let Some(role) = least.or_else(|| roles.first().cloned()) {
            new = new.with_role(role);
        }
        let outcome = self.ours.invite(&self.organization, new).await?;
        outcome.invitation().cloned().ok_or_else(|| format!("{email}: {}", outcome.as_str()).into())
    }

    async fn our_row(&self, email: &str) -> Result<Option<Invitation>, Failure> {
        let filter = InvitationFilter::pending().with_email(Email::parse(email)?);
        let rows: Vec<_> = stream::invitations(&self.ours, &self.organization, &filter).try_collect().await?;
        Ok(rows.into_iter().next())
    }

    async fn our_member(&self, email: &str) -> Result<Option<Member>, Failure> {
        let shown = self.shown(email).await?;
        let is_it = |member: &Member| {
            let names =
                [member.email.as_ref().map(Email::as_str), member.user_id.as_ref().map(AsRef::as_ref)];
            names.contains(&Some(shown.as_str()))
        };
        let members: Vec<Member> = stream::members(&self.ours, &self.organization).try_collect().await?;
        Ok(members.into_iter().find(is_it))
    }
}

/// The official client.
impl Table<'_> {
    fn they_can(&mut self, verb: &str) -> bool {
        let can = self.theirs.can(verb);
        if !can {
            self.log.remark(self.client, format!("cross play without its {verb}: it has no such call"));
        }
        can
    }

    async fn they(&mut self, verb: &str, email: &str) -> Result<Value, Failure> {
        let arguments = json!({"organization": self.organization, "email": email});
        self.theirs.order(&self.identity.credential, verb, arguments).await
    }

    async fn they_list(&mut self, verb: &str, email: &str) -> Result<bool, Failure> {
        let arguments = json!({"organization": self.organization});
        let rows = self.theirs.order(&self.identity.credential, verb, arguments).await?;
        Ok(rows.as_array().ok_or("lists are lists")?.iter().any(|row| row == email))
    }
}
