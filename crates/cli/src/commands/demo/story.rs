//! The life of an invitation, in the neutral words alone: nothing here knows any vendor.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt};
use orgport::{
    AccountName, Answer, Capability, Email, Error, Invitation, InvitationFilter, InvitationRef,
    InviteOutcome, Invitee, Member, MemberEmails, NewInvitation, NewOrganization, Operation,
    OrganizationChoice, OrganizationId, Provider, Role, Support, find, stream,
};

use super::stage::{PEOPLE, Stage, person};
use super::summary::Chapter;
use super::teller::Teller;
use crate::failure::Failure;

/// Tells it from the beginning to the end.
///
/// # Errors
///
/// An operation that failed though it must work.
pub(super) async fn tell(
    stage: &dyn Stage,
    teller: &mut Teller,
    chapter: &mut Chapter,
) -> Result<(), Failure> {
    let provider: &dyn Provider = stage.provider();
    let Some(home) = provider.default_organization().cloned() else {
        teller.check(false, "The sandbox's account has no organization.")?;
        return Ok(());
    };
    let role = role_to_invite_with(provider.capability());
    let mut story = Story { stage, provider, org: home, role, teller, chapter, explained: HashSet::new() };
    story.found().await?;
    story.invite_three().await?;
    story.look().await?;
    story.resend().await?;
    story.accept().await?;
    story.change_role().await?;
    story.revoke().await?;
    story.invite_again().await?;
    story.lose_an_answer().await
}

/// The least powerful role that an invitation can carry, in everyday terms.
fn role_to_invite_with(capability: &Capability) -> Option<Role> {
    let wanted = [Role::Member, Role::Editor, Role::Viewer, Role::Admin, Role::Owner];
    wanted.into_iter().find(|role| capability.roles_at_invite.contains(role))
}

struct Story<'a> {
    stage: &'a dyn Stage,
    provider: &'a dyn Provider,
    org: OrganizationId,
    role: Option<Role>,
    teller: &'a mut Teller,
    chapter: &'a mut Chapter,
    /// What was said to take several calls.
    explained: HashSet<Operation>,
}

impl Story<'_> {
    /// Begins a step, and says at once, before any request, if the vendor cannot do it.
    fn begin(&mut self, step: &'static str, operation: Operation) -> Result<bool, Failure> {
        self.teller.step(&capitalized(step))?;
        let support = self.provider.capability().support(operation);
        self.chapter.note(step, if support.works() { support.as_str() } else { "not at all" });
        match support {
            Support::Unsupported { because } => self.teller.tell(&format!("Not here: {because}."))?,
            Support::Composed { how, .. } if self.explained.insert(operation) => {
                self.teller.tell(&format!("By several calls: {how}."))?;
            }
            _ => {}
        }
        Ok(support.works())
    }

    async fn found(&mut self) -> Result<(), Failure> {
        if !self.begin("create an organization", Operation::CreateOrganization)? {
            return Ok(self.teller.tell(&format!("The story plays in {}.", self.org))?);
        }
        let made = self.provider.create_organization(NewOrganization::new("orgport-demo")).await?;
        self.teller.check(made.name.contains("orgport-demo"), &format!("There is {} now.", made.name))?;
        if self.provider.capability().organization_choice == OrganizationChoice::Credential {
            let text = format!("The credential stands for {}, so the story plays there.", self.org);
            return Ok(self.teller.tell(&text)?);
        }
        self.org = made.id;
        Ok(())
    }

    async fn invite_three(&mut self) -> Result<(), Failure> {
        self.begin("invite several people", Operation::Invite)?;
        let role = self.role.as_ref().map_or_else(String::new, |role| format!(" as {role}"));
        self.teller.tell(&format!("bea, cem and dua are invited in one call{role}."))?;
        let people = ["bea", "cem", "dua"].map(|name| self.invitation_to(name)).to_vec();
        let outcomes: Vec<_> = self.provider.invite_many(&self.org, people).collect().await;
        for (index, outcome) in outcomes {
            let outcome = outcome?;
            let invited = matches!(outcome, InviteOutcome::Invited(..));
            self.teller.check(invited, &format!("{}: {}.", PEOPLE[index], in_words(&outcome)))?;
        }
        self.expect_mails(&[("bea", 1), ("cem", 1), ("dua", 1)])
    }

    async fn look(&mut self) -> Result<(), Failure> {
        self.begin("list and filter", Operation::ListInvitations)?;
        let pending = self.pending(None).await?;
        let names = PEOPLE.iter().filter(|name| pending.iter().any(|one| one.is_for(&person(name).into())));
        let names: Vec<_> = names.copied().collect();
        self.teller.check(names == ["bea", "cem", "dua"], &format!("Waiting: {}.", names.join(", ")))?;
        let only = self.pending(Some(person("cem"))).await?;
        let right = only.len() == 1 && only[0].is_for(&person("cem").into());
        Ok(self.teller.check(right, "Filtered by address, the list has cem alone.")?)
    }

    async fn resend(&mut self) -> Result<(), Failure> {
        if !self.begin("resend", Operation::ResendInvitation)? {
            return Ok(());
        }
        let before = find::invitation(self.provider, &self.org, &person("cem")).await?;
        let after = self.provider.resend_invitation(&self.org, &before.id).await?;
        let kept = after.id == before.id;
        let text = if kept { "cem's invitation kept its id." } else { "cem's invitation has a new id." };
        self.teller.check(kept == self.provider.capability().resend_keeps_id, text)?;
        self.expect_mails(&[("cem", 2)])
    }

    async fn accept(&mut self) -> Result<(), Failure> {
        let email = person("bea");
        if self.begin("accept an invitation", Operation::RespondToInvitation)? {
            let invitation = find::invitation(self.provider, &self.org, &email).await?;
            let bea = self.stage.person(&email)?;
            let which = InvitationRef::new(self.org.clone(), invitation.id);
            let bea: &dyn Provider = &bea;
            let answered = bea.respond_to_invitation(&which, Answer::Accept).await?;
            let right = answered.status == Answer::Accept.status();
            self.teller.check(right, "bea accepts with a credential of her own.")?;
        } else {
            self.stage.accept_in_browser(&email, &self.org)?;
            self.chapter.note("accept an invitation", "browser");
            self.teller.tell("bea opens the link of the mail in a browser and accepts.")?;
        }
        self.begin("list members", Operation::ListMembers)?;
        let members: Vec<Member> = stream::members(self.provider, &self.org).try_collect().await?;
        let bea = self.member("bea")?;
        let bea = members.iter().find(|member| match &bea {
            Invitee::Account(name) => member.account.as_ref() == Some(name),
            _ => member.email.as_ref() == Some(&email),
        });
        let role = bea.and_then(|member| member.role.as_ref());
        let role = role.map_or_else(String::new, |role| format!(" as {role}"));
        Ok(self.teller.check(bea.is_some(), &format!("bea is one of {} members{role}.", members.len()))?)
    }

    /// A member by what the vendor shows of it: where that is no address, the simulator names accounts so.
    fn member(&self, name: &str) -> Result<Invitee, Error> {
        match self.provider.capability().member_emails {
            MemberEmails::Hidden => AccountName::new(name).map(Invitee::from),
            _ => Ok(person(name).into()),
        }
    }

    async fn change_role(&mut self) -> Result<(), Failure> {
        if !self.begin("change a role", Operation::SetMemberRole)? {
            return Ok(());
        }
        let bea = find::member(self.provider, &self.org, self.member("bea")?).await?;
        let roles = &self.provider.capability().roles_at_set_role;
        let wanted = [Role::Viewer, Role::Admin, Role::Member, Role::Owner].into_iter();
        let other = |role: &Role| roles.contains(role) && bea.role.as_ref() != Some(role);
        let Some(role) = wanted.into_iter().find(other) else {
            return Ok(self.teller.check(false, "There is no other role for bea.")?);
        };
        self.provider.set_member_role(&self.org, &bea.id, &role).await?;
        let after = find::member(self.provider, &self.org, self.member("bea")?).await?;
        Ok(self.teller.check(after.role.as_ref() == Some(&role), &format!("bea has the role {role} now."))?)
    }

    async fn revoke(&mut self) -> Result<(), Failure> {
        if !self.begin("revoke", Operation::RevokeInvitation)? {
            return Ok(());
        }
        let invitation = find::invitation(self.provider, &self.org, &person("dua")).await?;
        self.provider.revoke_invitation(&self.org, &invitation.id).await?;
        let gone = self.pending(Some(person("dua"))).await?.is_empty();
        Ok(self.teller.check(gone, "dua's invitation is gone.")?)
    }

    async fn invite_again(&mut self) -> Result<(), Failure> {
        self.begin("invite again", Operation::Invite)?;
        let cem = self.provider.invite(&self.org, self.invitation_to("cem")).await?;
        let right = matches!(cem, InviteOutcome::AlreadyInvited(..));
        self.teller.check(right, &format!("cem, who is invited: {}.", in_words(&cem)))?;
        let bea = self.provider.invite(&self.org, self.invitation_to("bea")).await?;
        let right = matches!(bea, InviteOutcome::AlreadyMember(..));
        self.teller.check(right, &format!("bea, who is in: {}.", in_words(&bea)))?;
        let resent = self.provider.capability().support(Operation::ResendInvitation).works();
        self.expect_mails(&[("cem", 1 + usize::from(resent)), ("bea", 1)])
    }

    async fn lose_an_answer(&mut self) -> Result<(), Failure> {
        self.begin("survive a lost answer", Operation::Invite)?;
        self.teller
            .tell("ela is invited; the connection breaks when the vendor has done it and not yet said so.")?;
        self.stage.lose_next_answer()?;
        let outcome = self.provider.invite(&self.org, self.invitation_to("ela")).await?;
        if let Some(lost) = self.stage.lost_answers() {
            self.teller.check(lost == 1, &format!("Answers lost on the way: {lost}."))?;
        }
        let found = matches!(outcome, InviteOutcome::Invited(_, orgport::Via::Look));
        self.teller
            .check(found, &format!("A look at the vendor's list settles it: {}.", in_words(&outcome)))?;
        self.chapter.note("survive a lost answer", if found { "held" } else { "failed" });
        self.expect_mails(&[("ela", 1)])
    }

    fn invitation_to(&self, name: &str) -> NewInvitation {
        let invitation = NewInvitation::to(person(name));
        match &self.role {
            Some(role) => invitation.with_role(role.clone()),
            None => invitation,
        }
    }

    async fn pending(&self, email: Option<Email>) -> Result<Vec<Invitation>, Error> {
        let mut filter = InvitationFilter::pending();
        filter.email = email;
        stream::invitations(self.provider, &self.org, &filter).try_collect().await
    }

    fn expect_mails(&mut self, expected: &[(&str, usize)]) -> Result<(), Failure> {
        let counts = expected.iter().map(|(name, _)| (*name, self.stage.mails(&person(name))));
        let counts: Vec<_> = counts.collect();
        let told =
            counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ");
        Ok(self.teller.check(counts == expected, &format!("Mails so far: {told}."))?)
    }
}

fn in_words(outcome: &InviteOutcome) -> &'static str {
    match outcome {
        InviteOutcome::Invited(..) => "invited",
        InviteOutcome::AlreadyInvited(..) => "already invited, nothing is sent",
        InviteOutcome::Joined(..) => "a member at once",
        InviteOutcome::AlreadyMember(..) => "already a member, nothing is sent",
        _ => "something new",
    }
}

fn capitalized(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}
