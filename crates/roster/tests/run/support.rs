//! A service with two organizations, and runs of a roster against it.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt, pending};
use futures_util::stream::StreamExt;
use orgport_core::config::ProviderConfig;
use orgport_core::{
    Answer, Clock, Email, Error, InvitationRef, Invitations, ManualClock, Members, NewInvitation,
    OrganizationId, Provider, Role, Timestamp, stream,
};
use orgport_memory::{Memory, MemoryProvider};
use orgport_roster::{Carried, Ended, Journal, Located, Outcome, Plan, Roster, Site, apply, plan};

/// A service whose owner is Olive, with the organizations `memory` and `memory/b`.
pub(crate) struct World {
    pub(crate) memory: Memory,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) olive: MemoryProvider,
    pub(crate) a: OrganizationId,
    pub(crate) b: OrganizationId,
    folder: tempfile::TempDir,
}

pub(crate) fn email(text: &str) -> Email {
    Email::verbatim(format!("{text}@x.example"))
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-01-01T00:00:00Z").expect("a time")));
        let memory = Memory::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
        let a = memory.add_organization("a", &email("olive")).expect("made");
        let b = memory.add_organization("b", &email("olive")).expect("made");
        let mut config = ProviderConfig::new("memory");
        config.organization = Some(a.clone());
        let olive = memory.provider_with(&email("olive"), config).expect("configured");
        Self { memory, clock, olive, a, b, folder: tempfile::tempdir().expect("a folder") }
    }

    /// With three members of the first organization beside its owner, and two who are asked in.
    pub(crate) async fn with_team() -> Self {
        let world = Self::new();
        world.member(&world.a, "bob", Role::Viewer);
        world.member(&world.a, "cem", Role::Admin);
        world.member(&world.a, "zoe", Role::Viewer);
        world.invite(&world.a, "dua", Role::Viewer).await;
        world.invite(&world.a, "yan", Role::Viewer).await;
        world
    }

    pub(crate) fn member(&self, organization: &OrganizationId, person: &str, role: Role) {
        self.memory.add_member(organization, &email(person), role).expect("added");
    }

    pub(crate) async fn invite(&self, organization: &OrganizationId, person: &str, role: Role) {
        let invitation = NewInvitation::to(email(person)).with_role(role);
        self.olive.invite(organization, invitation).await.expect("invited");
    }

    /// Everybody who is invited becomes a member.
    pub(crate) async fn accept_all(&self) {
        for organization in [&self.a, &self.b] {
            let filter = orgport_core::InvitationFilter::pending();
            let waiting: Vec<_> = stream::invitations(&self.olive, organization, &filter).collect().await;
            for row in waiting.into_iter().map(|row| row.expect("it can be read")) {
                let invitee = self.memory.provider(row.email.as_ref().expect("shown"));
                let reference = InvitationRef::new(organization.clone(), row.id);
                invitee.respond_to_invitation(&reference, Answer::Accept).await.expect("accepted");
            }
        }
    }

    /// The members and those who are invited, as `person role` and `person? role`.
    pub(crate) async fn people(&self, organization: &OrganizationId) -> Vec<String> {
        let site = self.olive.list_members(organization, None).await.expect("a page");
        let name = |email: Option<&Email>| {
            email.map(|email| email.as_str().trim_end_matches("@x.example").to_owned()).expect("shown")
        };
        let role = |role: Option<&Role>| role.map(ToString::to_string).unwrap_or_default();
        let members = site.items.into_iter().map(|row| row.expect("it can be read"));
        let mut people: Vec<_> =
            members.map(|row| format!("{} {}", name(row.email.as_ref()), role(row.role.as_ref()))).collect();
        let filter = orgport_core::InvitationFilter::pending();
        let waiting = self.olive.list_invitations(organization, &filter, None).await.expect("a page");
        people.extend(waiting.items.into_iter().map(|row| {
            let row = row.expect("it can be read");
            format!("{}? {}", name(row.email.as_ref()), role(row.role.as_ref()))
        }));
        people.sort();
        people
    }

    /// How many mails each of these people had.
    pub(crate) fn mails(&self, person: &str) -> usize {
        self.memory.mails().iter().filter(|mail| mail.email == email(person)).count()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("team.toml")
    }

    /// The roster with this access; everybody in it is at `x.example`.
    pub(crate) fn roster(&self, access: &str) -> Roster {
        let people = ["ada", "bob", "cem", "dua", "eve", "fay", "gus", "olive"];
        let people = people.map(|name| format!("[people.{name}]\nemail = \"{name}@x.example\"\n")).concat();
        std::fs::write(self.file(), people + access).expect("written");
        Roster::load(self.file()).expect("it is right")
    }

    pub(crate) async fn located(&self, roster: &Roster) -> Vec<Located> {
        let provider: Arc<dyn Provider> = Arc::new(self.olive.clone());
        let (located, missed) = Located::find(&roster.places(), |_| Ok(Arc::clone(&provider))).await;
        assert!(missed.is_empty(), "{missed:?}");
        located
    }

    pub(crate) async fn sites(&self, roster: &Roster) -> Vec<Site> {
        Located::observe(&self.located(roster).await, &*self.clock).await
    }

    pub(crate) fn journal(&self, roster: &Roster) -> Journal {
        Journal::open(roster, None, Arc::clone(&self.clock) as Arc<dyn Clock>).expect("it can be opened")
    }

    pub(crate) async fn plan(&self, roster: &Roster) -> Plan {
        plan(roster, &self.sites(roster).await, &Carried::default())
    }

    /// Plans and carries it out.
    pub(crate) async fn run(&self, roster: &Roster) -> Vec<Outcome> {
        let journal = self.journal(roster);
        let plan = plan(roster, &self.sites(roster).await, &journal.carried());
        self.apply(roster, &plan, &journal).await
    }

    pub(crate) async fn apply(&self, roster: &Roster, plan: &Plan, journal: &Journal) -> Vec<Outcome> {
        let outcomes = self.apply_until(roster, plan, journal, pending().boxed()).await;
        outcomes.into_iter().map(|outcome| outcome.expect("the journal can be written")).collect()
    }

    pub(crate) async fn apply_until(
        &self,
        roster: &Roster,
        plan: &Plan,
        journal: &Journal,
        stop: BoxFuture<'_, ()>,
    ) -> Vec<Result<Outcome, Error>> {
        let located = self.located(roster).await;
        apply(roster, plan, &located, journal, &*self.clock, stop).collect().await
    }
}

/// Outcomes as people read them.
pub(crate) fn shown(outcomes: &[Outcome]) -> Vec<String> {
    outcomes.iter().map(ToString::to_string).collect()
}

pub(crate) fn all_done(outcomes: &[Outcome]) -> bool {
    outcomes.iter().all(|outcome| matches!(outcome.ended, Ended::Done))
}
