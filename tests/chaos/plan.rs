//! What a seed stands for: which operations, and what goes wrong during each.

use std::fmt;

use fastrand::Rng;

/// A kind of trouble. Each is one fault of the sandbox, with the numbers left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    ResetBefore,
    ResetAfter,
    LateCommit,
    Latency,
    RequestTimeout,
    RateLimited,
    RateLimitedUnsaid,
    ServerError,
    ErrorPage,
    PageAsSuccess,
    Truncate,
    Hang,
    Stall,
    MailFails,
    NothingCreated,
    FailAfterRows,
    UnknownEnum,
    DropOptional,
    ActLate,
    LimitInOtherWords,
    Refusal,
    RefusalBehindRow,
    StrangeRow,
    OddValue,
    Twin,
    Slide,
    LyingTotal,
    Race,
    Outage,
}

impl Kind {
    pub(crate) const ALL: [Self; 29] = [
        Self::ResetBefore,
        Self::ResetAfter,
        Self::LateCommit,
        Self::Latency,
        Self::RequestTimeout,
        Self::RateLimited,
        Self::RateLimitedUnsaid,
        Self::ServerError,
        Self::ErrorPage,
        Self::PageAsSuccess,
        Self::Truncate,
        Self::Hang,
        Self::Stall,
        Self::MailFails,
        Self::NothingCreated,
        Self::FailAfterRows,
        Self::UnknownEnum,
        Self::DropOptional,
        Self::ActLate,
        Self::LimitInOtherWords,
        Self::Refusal,
        Self::RefusalBehindRow,
        Self::StrangeRow,
        Self::OddValue,
        Self::Twin,
        Self::Slide,
        Self::LyingTotal,
        Self::Race,
        Self::Outage,
    ];

    /// Whether it costs real time, so that it is drawn less often.
    fn is_slow(self) -> bool {
        matches!(self, Self::Hang | Self::Stall | Self::ActLate)
    }

    /// Whether the simulator itself plays it, while it creates something.
    fn is_of_creating(self) -> bool {
        matches!(self, Self::MailFails | Self::NothingCreated | Self::FailAfterRows | Self::RefusalBehindRow)
    }

    /// Whether it changes what a list of people shows.
    pub(crate) fn is_of_lists(self) -> bool {
        matches!(self, Self::StrangeRow | Self::OddValue | Self::Twin | Self::Slide | Self::LyingTotal)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Which requests a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Any,
    Reads,
    /// The request that does what the step is about.
    Write,
}

/// A fault with its numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trouble {
    pub(crate) kind: Kind,
    pub(crate) target: Target,
    pub(crate) skip: u32,
    pub(crate) times: u32,
    /// Whether the vendor does its work all the same, where the kind leaves that open.
    pub(crate) commit: bool,
    /// Seconds, bytes, rows or a choice, as the kind has it.
    pub(crate) number: u64,
}

/// What is done. People are known by their place in [`PEOPLE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Invite(usize),
    /// By two providers at one moment.
    InviteAtOnce(usize),
    InviteMany(Vec<usize>),
    Resend,
    Revoke,
    Remove,
    /// The role's place among those that can be given.
    SetRole(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) action: Action,
    pub(crate) troubles: Vec<Trouble>,
    /// Whether what is still going on at the vendor comes to its end before the next step.
    pub(crate) settles: bool,
}

/// The first is invited from the start and the second a member; the others are strangers.
pub(crate) const PEOPLE: [&str; 18] = [
    "waiting@chaos.example",
    "member@chaos.example",
    "p02@chaos.example",
    "p03@chaos.example",
    "p04@chaos.example",
    "p05@chaos.example",
    "p06@chaos.example",
    "p07@chaos.example",
    "p08@chaos.example",
    "p09@chaos.example",
    "p10@chaos.example",
    "p11@chaos.example",
    "p12@chaos.example",
    "p13@chaos.example",
    "p14@chaos.example",
    "p15@chaos.example",
    "p16@chaos.example",
    "P02@Chaos.example",
];
pub(crate) const WAITING: usize = 0;
pub(crate) const MEMBER: usize = 1;

/// The schedule of a seed, of the kinds that apply.
pub(crate) fn schedule(seed: u64, kinds: &[Kind]) -> Vec<Step> {
    let mut rng = Rng::with_seed(seed);
    let count = rng.usize(1..=3);
    (0..count).map(|_| step(&mut rng, kinds)).collect()
}

fn step(rng: &mut Rng, kinds: &[Kind]) -> Step {
    let action = action(rng);
    let creates = matches!(
        action,
        Action::Invite(_) | Action::InviteAtOnce(_) | Action::InviteMany(_) | Action::Resend
    );
    let kinds: Vec<_> = kinds.iter().copied().filter(|kind| creates || !kind.is_of_creating()).collect();
    let troubles = (0..rng.usize(1..=4)).map(|_| trouble(rng, &kinds)).collect();
    Step { action, troubles, settles: rng.u8(0..4) > 0 }
}

fn action(rng: &mut Rng) -> Action {
    match rng.u8(0..13) {
        12 => Action::InviteAtOnce(rng.usize(0..PEOPLE.len())),
        0..4 => Action::Invite(rng.usize(0..PEOPLE.len())),
        4..7 => {
            let people = rng.usize(1..=16);
            Action::InviteMany((0..people).map(|_| rng.usize(0..PEOPLE.len())).collect())
        }
        7..9 => Action::Resend,
        9 => Action::Revoke,
        10 => Action::Remove,
        _ => Action::SetRole(rng.usize(0..8)),
    }
}

pub(crate) fn trouble(rng: &mut Rng, kinds: &[Kind]) -> Trouble {
    let kind = loop {
        let kind = *rng.choice(kinds).expect("something applies");
        if !kind.is_slow() || rng.u8(0..4) == 0 {
            break kind;
        }
    };
    let target = match rng.u8(0..10) {
        _ if kind.is_of_creating() || kind == Kind::Race => Target::Write,
        _ if kind.is_of_lists() => Target::Reads,
        0..2 => Target::Any,
        2..6 => Target::Reads,
        _ => Target::Write,
    };
    let many = if rng.u8(0..8) == 0 { 12 } else { 3 };
    Trouble {
        kind,
        target,
        skip: if target == Target::Write { rng.u32(0..=1) } else { rng.u32(0..=4) },
        times: if kind.is_slow() { 1 } else { rng.u32(1..=many) },
        commit: rng.bool(),
        number: rng.u64(1..=15),
    }
}
