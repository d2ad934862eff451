//! What runs intended and how it ended, one JSON line each, so that a run that was killed is
//! followed by one that knows of it.

mod read;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use orgport_core::{Clock, Error, ErrorKind, Timestamp};
use serde::{Deserialize, Serialize};

use crate::apply::{Ended, is_already};
use crate::plan::{Action, Carried, Change, Everybody, Plan, Site, by_address};
use crate::roster::{PlaceName, Roster};

/// The journal of a roster, held by one run at a time.
///
/// Beside the roster, or in another folder, stand two files of its name: `.lock`, whose lock of the
/// operating system ends with the process, however it ends, and `.journal.jsonl`, which every run
/// adds to. What was intended is on disk before it is done. Neither file is ever renamed or removed
/// here. The journal holds people's addresses, and no secret: ids of invitations, by which some
/// vendors let people in, are left out.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
    path: PathBuf,
    clock: Arc<dyn Clock>,
    unfinished: Option<Unfinished>,
    next: Mutex<u64>,
    /// Locked as long as the journal lives.
    _lock: File,
}

/// A run that did not come to its end.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Unfinished {
    /// When it began.
    pub began_at: Timestamp,
    /// What it, and unfinished runs before it, had done or may have done.
    pub carried: Carried,
    /// What was begun, and nobody knows whether it was done.
    pub in_doubt: Vec<InDoubt>,
}

/// Something that was begun, and nobody knows whether it was done.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InDoubt {
    /// When it was begun.
    pub at: Timestamp,
    /// The place.
    pub place: PlaceName,
    /// What was to be done.
    pub change: Change,
    /// The person's name in the roster.
    pub person: Option<String>,
}

impl InDoubt {
    /// Whether it is done, as the place looks now; none where that cannot be told.
    pub fn is_done(&self, roster: &Roster, sites: &[Site]) -> Option<bool> {
        let site = sites.iter().find(|site| site.name == self.place)?;
        let access = roster.access_at(&self.place)?;
        let addresses = by_address(roster);
        let everybody = Everybody::of(roster, access, &self.place, &site.snapshot, &addresses);
        let presence = self.person.as_deref().and_then(|person| everybody.known.get(person));
        let is_done = is_already(&self.change, &site.snapshot, presence);
        (is_done || site.snapshot.is_whole()).then_some(is_done)
    }
}

/// `prod: invite bob@acme.example as member`
impl fmt::Display for InDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.change)
    }
}

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event {
    /// A run begins.
    Began {
        at: Timestamp,
        roster: String,
        version: String,
        mails: usize,
        removals: BTreeMap<PlaceName, (usize, usize)>,
    },
    /// The members of a place, before anything was done there.
    Members { at: Timestamp, place: PlaceName, members: usize },
    /// Something is about to be done.
    Intends {
        at: Timestamp,
        number: u64,
        place: PlaceName,
        loss: bool,
        person: Option<String>,
        #[serde(flatten)]
        change: Change,
    },
    /// How that ended: `done`, `already`, `stale`, `blocked`, `failed` or `left`.
    Ended { at: Timestamp, number: u64, outcome: String, why: Option<String> },
    /// A run ends, with everything settled unless it was interrupted.
    Finished { at: Timestamp, interrupted: bool },
}

/// What was written down as intended, to be settled by the same journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "what is never settled stays in doubt"]
pub(crate) struct Intent(u64);

impl Journal {
    /// Takes the roster's lock and reads what runs before this one left. In `folder`, which rosters of
    /// the same file name cannot share, or else beside the roster.
    ///
    /// # Errors
    ///
    /// `Conflict` while another run of the roster goes on; `Config` if the files cannot be made,
    /// locked or read, or a line of the journal is damaged.
    pub fn open(roster: &Roster, folder: Option<&Path>, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        // By whatever link the roster is named, it is one.
        let roster = roster.file().canonicalize().unwrap_or_else(|_| roster.file().to_owned());
        let lock = lock(&sibling(&roster, folder, "lock"))?;
        let path = sibling(&roster, folder, "journal.jsonl");
        let mut file = open(&path)?;
        let unfinished = read::unfinished(&mut file, &path)?;
        Ok(Self { file: Mutex::new(file), path, clock, unfinished, next: Mutex::new(0), _lock: lock })
    }

    /// The run before this one, if it did not come to its end.
    pub fn unfinished(&self) -> Option<&Unfinished> {
        self.unfinished.as_ref()
    }

    /// What counts for this run as if it had done it.
    pub fn carried(&self) -> Carried {
        self.unfinished.as_ref().map(|run| run.carried.clone()).unwrap_or_default()
    }

    pub(crate) fn begin(&self, plan: &Plan) -> Result<(), Error> {
        let Carried { mails, removals } = self.carried();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        self.write([Event::Began {
            at: self.clock.now(),
            roster: plan.roster.clone(),
            version,
            mails,
            removals,
        }])
    }

    pub(crate) fn members(&self, place: &PlaceName, members: usize) -> Result<(), Error> {
        self.write([Event::Members { at: self.clock.now(), place: place.clone(), members }])
    }

    /// Notes what is about to be done, on disk.
    pub(crate) fn intend(
        &self,
        place: &PlaceName,
        actions: &[(&Action, bool)],
    ) -> Result<Vec<Intent>, Error> {
        let at = self.clock.now();
        let first = {
            let mut next = self.next.lock().expect("no holder panics");
            *next += actions.len() as u64;
            *next - actions.len() as u64
        };
        let numbered = (first..).zip(actions);
        let intends = |(number, (action, loss)): (u64, &(&Action, bool))| Event::Intends {
            at,
            number,
            place: place.clone(),
            loss: *loss,
            person: action.person.clone(),
            change: action.change.clone(),
        };
        self.write(numbered.clone().map(intends))?;
        Ok(numbered.map(|(number, _)| Intent(number)).collect())
    }

    /// Notes how it ended.
    pub(crate) fn settle(&self, intent: Intent, ended: &Ended) -> Result<(), Error> {
        let (outcome, why) = (ended.as_str().to_owned(), ended.why());
        self.write([Event::Ended { at: self.clock.now(), number: intent.0, outcome, why }])
    }

    pub(crate) fn finish(&self, interrupted: bool) -> Result<(), Error> {
        self.write([Event::Finished { at: self.clock.now(), interrupted }])
    }

    fn write(&self, events: impl IntoIterator<Item = Event>) -> Result<(), Error> {
        let mut text = String::new();
        for event in events {
            text += &serde_json::to_string(&event).map_err(|source| self.failed("written", source))?;
            text.push('\n');
        }
        let mut file = self.file.lock().expect("no holder panics");
        // In one piece, so that what a kill leaves is whole lines and at most one torn one.
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_data())
            .map_err(|source| self.failed("written", source))
    }

    fn failed(&self, what: &str, source: impl std::error::Error + Send + Sync + 'static) -> Error {
        failed(&self.path, what, source)
    }
}

fn failed(path: &Path, what: &str, source: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message =
        format!("{} cannot be {what}, and without a journal nothing is done: {source}", path.display());
    Error::new(ErrorKind::Config, message).with_source(source)
}

/// `team.toml` → `team.toml.lock`, in the folder or beside it.
fn sibling(roster: &Path, folder: Option<&Path>, suffix: &str) -> PathBuf {
    let mut name = roster.file_name().unwrap_or(roster.as_os_str()).to_owned();
    name.push(format!(".{suffix}"));
    folder.or(roster.parent()).unwrap_or(Path::new("")).join(name)
}

fn lock(path: &Path) -> Result<File, Error> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let message = format!("another run of this roster is going on: it holds {}", path.display());
            Err(Error::new(ErrorKind::Conflict, message))
        }
        Err(TryLockError::Error(source)) => Err(failed(path, "locked", source)),
    }
}

/// Opens a file to read and to add to, made for its owner alone if it is not there.
fn open(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|source| failed(folder, "made", source))?;
    }
    options.open(path).map_err(|source| failed(path, "opened", source))
}

/// Reads the whole file, cuts off a line that was torn by a kill, and stands at its end.
fn whole_lines(file: &mut File, path: &Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = file.read_to_end(&mut bytes).and_then(|_| {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < bytes.len() {
            bytes.truncate(whole);
            file.set_len(whole as u64)?;
        }
        file.seek(SeekFrom::End(0))
    });
    read.map_err(|source| failed(path, "read", source))?;
    String::from_utf8(bytes).map_err(|source| failed(path, "read", source))
}
