//! What was sent and is not settled: one file of an account to which lines are added.
//!
//! A line is added and flushed before what it tells of is sent, for all who wait at that moment
//! together; another one, not flushed, when it is settled. What is settled is swept out by writing the
//! file anew. Everything happens under a lock beside it, so that a line that is not whole can only be
//! the last one, of a process that was killed before it sent anything.

mod line;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use tokio::runtime::Handle;
use tokio::sync::{Mutex as AsyncMutex, oneshot};
use tokio::task::JoinHandle;

use self::line::{Line, Noted};
use super::Time;
use super::fault::{damaged, fault, stopped};
use super::files::{PATIENCE, lock_within, open_lock, plain, replace, try_lock};
use super::stripes::Stripe;
use crate::coordination::key::Key;
use crate::coordination::store::{Intent, Note};
use crate::error::Error;

/// A file's first line begins so, and ends with what tells the file from the one before it.
const HEADER: &str = "orgport intents ";
const HEADER_LENGTH: usize = HEADER.len() + 16 + 1;

/// How many settled lines are kept before they are swept out while something is sent.
const SWEEP_SENDING: usize = 4_096;
/// And before anything is sent.
const SWEEP: usize = 64;

pub(super) struct Journal {
    root: PathBuf,
    path: PathBuf,
    clock: Time,
    index: Mutex<Index>,
    queue: Mutex<Vec<Queued>>,
    /// Held by the one that writes what all have queued.
    turn: Arc<AsyncMutex<()>>,
}

/// Lines to be added, and who waits for them.
struct Queued {
    lines: Vec<(Key, Noted)>,
    done: oneshot::Sender<Result<(), Error>>,
}

/// What of the file is known.
#[derive(Default)]
struct Index {
    header: Vec<u8>,
    /// Up to where it was read.
    length: u64,
    lines: usize,
    noted: HashMap<Key, Noted>,
}

impl Index {
    fn apply(&mut self, line: Line) {
        self.lines += 1;
        match line {
            Line::Noted(person, mut noted) => {
                let earlier = self.noted.remove(&person);
                noted.memo = noted.memo.or_else(|| earlier.and_then(|earlier| earlier.memo));
                self.noted.insert(person, noted);
            }
            Line::Settled(person, nonce) => {
                if self.noted.get(&person).is_some_and(|noted| noted.nonce == nonce) {
                    self.noted.remove(&person);
                }
            }
        }
    }
}

impl Journal {
    pub(super) fn new(root: PathBuf, path: PathBuf, clock: Time) -> Self {
        let (index, queue, turn) = (Mutex::default(), Mutex::default(), Arc::default());
        Self { root, path, clock, index, queue, turn }
    }

    /// What is noted of these people, each with what names the note.
    pub(super) fn intents(&self, people: &[Key]) -> Result<Vec<(Key, u64, Intent)>, Error> {
        let lock = self.lock()?;
        let (mut index, file) = self.catch_up()?;
        self.sweep(&mut index, SWEEP)?;
        drop((file, lock));
        let now = self.now();
        let intent = |person: &Key| {
            let noted = index.noted.get(person)?;
            Some((*person, noted.nonce, Intent { left: noted.left(now), memo: noted.memo.clone() }))
        };
        Ok(people.iter().filter_map(intent).collect())
    }

    /// Notes that these people are about to be sent to, together with whatever others note meanwhile.
    pub(super) async fn note(self: &Arc<Self>, people: &[Key], nonce: u64, note: &Note) -> Result<(), Error> {
        let noted = Noted { nonce, at: self.now(), lasts: note.lasts, memo: note.memo.clone() };
        let lines = people.iter().map(|person| (*person, noted.clone())).collect();
        let (done, outcome) = oneshot::channel();
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push(Queued { lines, done });
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let batch = std::mem::take(&mut *self.queue.lock().unwrap_or_else(PoisonError::into_inner));
        // Nothing to write where the one before has done so already.
        if !batch.is_empty() {
            let journal = Arc::clone(self);
            // It is finished, whatever becomes of this call: others wait for it, too.
            let write = move || {
                let _turn = turn;
                let outcome = journal.add(batch.iter().flat_map(|queued| &queued.lines));
                for queued in batch {
                    // Whoever waits no longer does not send.
                    let _ = queued.done.send(outcome.clone());
                }
            };
            match Handle::try_current() {
                Ok(runtime) => runtime.spawn_blocking(write).await.map_err(stopped)?,
                Err(_) => write(),
            }
        }
        outcome.await.map_err(stopped)?
    }

    /// Forgets a note. The stripe stays locked until that is written, by the task that is returned where
    /// it cannot be at once.
    pub(super) fn settle(
        self: &Arc<Self>,
        person: Key,
        nonce: u64,
        stripe: Option<Arc<Stripe>>,
    ) -> Option<JoinHandle<()>> {
        let line = Line::Settled(person, nonce);
        let lock = open_lock(&self.lock_path()).ok().filter(|lock| try_lock(lock).unwrap_or(false));
        if lock.is_some() {
            // Not settling costs the next one a wait and nothing else.
            let _ = self.append(&[line], SWEEP_SENDING);
            return None;
        }
        // Somebody is at it, if only for a moment.
        let journal = Arc::clone(self);
        let settle = move || {
            let _stripe = stripe;
            if let Ok(_lock) = journal.lock() {
                let _ = journal.append(&[line], SWEEP_SENDING);
            }
        };
        if let Ok(runtime) = Handle::try_current() {
            return Some(runtime.spawn_blocking(settle));
        }
        settle();
        None
    }

    fn add<'a>(&self, lines: impl Iterator<Item = &'a (Key, Noted)>) -> Result<(), Error> {
        let lines: Vec<_> = lines.map(|(person, noted)| Line::Noted(*person, noted.clone())).collect();
        let lock = self.lock()?;
        let file = self.append(&lines, SWEEP_SENDING)?;
        // Others may add theirs meanwhile; if the file is written anew, these lines are in it.
        drop(lock);
        file.sync_data().map_err(|error| self.fault(error))
    }

    /// Adds lines, under the lock.
    fn append(&self, lines: &[Line], sweep_at: usize) -> Result<File, Error> {
        let (mut index, mut file) = self.catch_up()?;
        if self.sweep(&mut index, sweep_at)? {
            file = self.open().map_err(|error| self.fault(error))?;
        }
        let text: String = lines.iter().map(Line::to_string).collect();
        if let Err(error) = file.write_all(text.as_bytes()) {
            // Half of it must not stand before whatever is added next.
            let _ = file.set_len(index.length);
            return Err(self.fault(error));
        }
        index.length += text.len() as u64;
        for line in lines {
            index.apply(line.clone());
        }
        Ok(file)
    }

    /// Reads what others have added, under the lock.
    fn catch_up(&self) -> Result<(MutexGuard<'_, Index>, File), Error> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let file = self.read_on(&mut index).map_err(|error| self.fault(error))?;
        if let Some(file) = file {
            return Ok((index, file));
        }
        *index = Index::default();
        let file = self.path.strip_prefix(&self.root).unwrap_or(&self.path);
        Err(damaged(&self.root, &file.to_string_lossy()))
    }

    /// `None` for a file that is damaged.
    fn read_on(&self, index: &mut Index) -> io::Result<Option<File>> {
        let mut file = self.open()?;
        let mut header = vec![0; HEADER_LENGTH];
        match file.read_exact(&mut header) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        if !header.starts_with(HEADER.as_bytes()) || header.last() != Some(&b'\n') {
            return Ok(None);
        }
        if index.header != header {
            *index = Index { header, length: HEADER_LENGTH as u64, ..Index::default() };
        }
        file.seek(SeekFrom::Start(index.length))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        for line in text[..whole].split_inclusive(|byte| *byte == b'\n') {
            match Line::parse(line) {
                Some(line) => index.apply(line),
                None => return Ok(None),
            }
        }
        index.length += whole as u64;
        if whole < text.len() {
            file.set_len(index.length)?;
        }
        Ok(Some(file))
    }

    /// Writes the file anew, under the lock, if more than `at` of its lines have nothing to say.
    fn sweep(&self, index: &mut Index, at: usize) -> Result<bool, Error> {
        if index.lines - index.noted.len() <= at {
            return Ok(false);
        }
        let now = self.now();
        index.noted.retain(|_, noted| noted.memo.is_some() || !noted.left(now).is_zero());
        let header = new_header();
        let mut content = header.clone();
        for (person, noted) in &index.noted {
            content.extend_from_slice(Line::Noted(*person, noted.clone()).to_string().as_bytes());
        }
        replace(&self.path, &content).map_err(|error| self.fault(error))?;
        (index.header, index.length, index.lines) = (header, content.len() as u64, index.noted.len());
        Ok(true)
    }

    /// The file, under the lock. It is made as a whole, so that one that is cut short is damaged.
    fn open(&self) -> io::Result<File> {
        let open = || plain(File::options().read(true).append(true).open(&self.path)?, &self.path);
        match open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                replace(&self.path, &new_header())?;
                open()
            }
            opened => opened,
        }
    }

    fn lock_path(&self) -> PathBuf {
        self.path.with_extension("lock")
    }

    fn lock(&self) -> Result<File, Error> {
        let lock = open_lock(&self.lock_path()).and_then(|lock| lock_within(&lock, PATIENCE).map(|()| lock));
        lock.map_err(|error| self.fault(error))
    }

    fn now(&self) -> Duration {
        (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    fn fault(&self, error: io::Error) -> Error {
        fault(&self.root, "cannot be written", error)
    }
}

fn new_header() -> Vec<u8> {
    format!("{HEADER}{:016x}\n", fastrand::u64(..)).into_bytes()
}
