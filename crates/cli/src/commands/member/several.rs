//! `orgport member remove` and `set-role` for many people.

use clap::Args;
use futures_util::{StreamExt, stream};
use orgport::find::Listed;
use orgport::{
    AnyProvider, Error, ErrorKind, Identity, Invitee, Member, MemberId, Operation, OrganizationId, Provider,
    Role, role_to_grant,
};

use crate::commands::many::named::{listed, refused};
use crate::commands::many::{About, Act, Candidate, Job, Many, Subject};
use crate::commands::places::read_only;
use crate::context::Context;
use crate::failure::Failure;
use crate::filters::{Filter, Filters, MemberFilters, Undated};
use crate::people::contradictions;
use crate::shortened::whole;

/// What is said of many beside their names.
#[derive(Debug, Args)]
pub(crate) struct Rest {
    #[command(flatten)]
    many: Many,
    #[command(flatten)]
    filters: MemberFilters,
}

impl Rest {
    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        let Many { from, dry_run } = &self.many;
        from.is_none() && !dry_run && !self.filters.are_set()
    }
}

/// Somebody by address or id, and the role to set.
type Named = (String, Option<Role>);

/// A change of many memberships.
pub(super) struct Change<'a> {
    pub(super) named: &'a [String],
    pub(super) rest: &'a Rest,
    /// The word of the role to set; none to end the membership.
    pub(super) role: Option<&'a str>,
}

impl Change<'_> {
    fn operation(&self) -> Operation {
        if self.role.is_some() { Operation::SetMemberRole } else { Operation::RemoveMember }
    }

    /// Does it for everybody who is meant.
    pub(super) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let operation = self.operation();
        let Many { dry_run, .. } = self.rest.many;
        let leave = if dry_run { None } else { Some(context.leave()?) };
        let config = context.config()?;
        let config = if dry_run { read_only(config) } else { config };
        let provider = context.provider_from(&config, operation)?;
        let role_of = |word: &str| config.role(provider.name(), word);
        let role = self.role.map(role_of).transpose()?;
        role.iter().try_for_each(|role| grantable(&provider, role))?;
        let named = self.named(context, &provider, role.as_ref(), &role_of)?;
        self.rest.many.refuse_nobody(named.len())?;
        if named.is_empty() && !self.rest.filters.are_set() {
            return Err(Failure::usage("which members? Name them, or say which by --email and others"));
        }
        let undated = Undated::default();
        let filter = Filter::new(&self.rest.filters, &config, provider.name(), &undated)?;
        let read = async {
            let organization = context.organization(&provider, operation).await?;
            let all = self.read(&provider, &organization, &named).await?;
            Ok::<_, Error>((organization, all, own(&provider).await))
        };
        let (organization, all, own) = context.interrupt.before_changes(read).await?;
        let meant = Meant { own: own.as_ref(), all: all.as_ref() };
        let mut candidates = Vec::new();
        let mut is_partial = false;
        if named.is_empty() {
            let all = all.as_ref().expect("filters need the list");
            let rows = all.rows().iter().filter(|row| filter.accepts(row));
            let rows = rows.map(|row| meant.of_row(row.clone(), role.as_ref()));
            let (oneself, others): (Vec<_>, Vec<_>) = rows.partition(|(subject, _)| subject.is_oneself);
            candidates = others;
            for (subject, _) in oneself {
                context.console.note(&format!("{subject}: left out: only a name means yourself"));
            }
            all.unreadable().iter().for_each(|error| context.console.error(error));
            is_partial = !all.unreadable().is_empty();
        } else {
            for (name, role) in &named {
                let one = meant.resolve(name, role.as_ref(), operation).await;
                if one.0.member.as_ref().is_none_or(|row| filter.accepts(row)) {
                    candidates.push(one);
                }
            }
        }
        undated.note(context.console);
        // Without oneself nothing else could be done.
        candidates.sort_by_key(|(subject, _)| subject.is_oneself);
        let (provider, organization) = (&provider, &organization);
        let about = About { context, provider, organization, operation, is_partial };
        Job { about, leave }.run(candidates, dry_run).await
    }

    /// Everybody who is named, each with the role to set.
    fn named(
        &self,
        context: &Context,
        provider: &AnyProvider,
        role: Option<&Role>,
        role_of: &dyn Fn(&str) -> Result<Role, Error>,
    ) -> Result<Vec<Named>, Failure> {
        let mut named: Vec<_> = self.named.iter().map(|name| (name.clone(), role.cloned())).collect();
        let Some(from) = &self.rest.many.from else { return Ok(named) };
        if role.is_none() {
            let people = listed(from, context.console, role_of, "removed")?;
            named.extend(people.into_iter().map(|person| (person.invitee.to_string(), None)));
            return Ok(named);
        }
        let people = listed(from, context.console, role_of, "changed")?;
        let found = contradictions(&people);
        if !found.is_empty() {
            return Err(Failure::usage(refused(&found, "changed")));
        }
        for person in people {
            if let Some(role) = &person.role {
                grantable(provider, role)?;
            }
            named.push((person.invitee.to_string(), person.role.or_else(|| role.cloned())));
        }
        Ok(named)
    }

    /// The list, unless ids alone are named and the credential may not read it.
    async fn read(
        &self,
        provider: &AnyProvider,
        organization: &OrganizationId,
        named: &[Named],
    ) -> Result<Option<Listed<Member>>, Error> {
        let is_id = |(name, _): &Named| Invitee::parse(name).is_err();
        let ids_do = !named.is_empty() && !self.rest.filters.are_set() && named.iter().all(is_id);
        match Listed::members(provider, organization).await {
            Err(error)
                if ids_do && matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) =>
            {
                Ok(None)
            }
            listed => listed.map(Some),
        }
    }
}

/// Refuses a role that members cannot be given there.
pub(super) fn grantable(provider: &AnyProvider, role: &Role) -> Result<(), Error> {
    let grantable = role_to_grant(role, &provider.capability().roles_at_set_role, "a member");
    grantable.map(drop).map_err(|error| error.during(provider.name(), Operation::SetMemberRole))
}

/// Whom the credential stands for, where the vendor tells.
async fn own(provider: &AnyProvider) -> Option<Identity> {
    provider.get_identity().await.ok()
}

/// What tells who is meant.
struct Meant<'a> {
    own: Option<&'a Identity>,
    all: Option<&'a Listed<Member>>,
}

impl Meant<'_> {
    async fn resolve(&self, name: &str, role: Option<&Role>, operation: Operation) -> Candidate {
        let rows = self.all.map(Listed::rows).unwrap_or_default();
        let unknown =
            |name: &str| Subject { person: name.to_owned(), role: role.cloned(), ..Subject::default() };
        let id = match whole(name, stream::iter(rows.iter().map(Ok)).boxed(), |row| row.id.as_str()).await {
            Ok(id) => id,
            Err(error) => return (unknown(name), Err(error.within(operation))),
        };
        match self.all.map(|all| all.member(&id)) {
            Some(Ok(row)) => self.of_row(row.clone(), role),
            // An id that is not listed is the vendor's to judge.
            Some(Err(error)) if Invitee::parse(&id).is_ok() || error.kind() != ErrorKind::NotFound => {
                (unknown(&id), Err(error.within(operation)))
            }
            _ => (unknown(&id), MemberId::new(&*id).map(|id| act(id, role))),
        }
    }

    fn of_row(&self, row: Member, role: Option<&Role>) -> Candidate {
        let person = row.known_as();
        let is_oneself = self.own.is_some_and(|own| own.is_member(&row));
        let act = Ok(act(row.id.clone(), role));
        let role = role.cloned();
        (Subject { person, member: Some(row), role, is_oneself, ..Subject::default() }, act)
    }
}

fn act(id: MemberId, role: Option<&Role>) -> Act {
    match role {
        Some(role) => Act::SetRole(id, role.clone()),
        None => Act::Remove(id),
    }
}
