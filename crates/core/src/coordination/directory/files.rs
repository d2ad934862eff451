//! Files for their owner alone, their locks, and their replacement as a whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::fault::stopped;
use crate::coordination::patience::pause;
use crate::error::Error;

/// How long somebody may take to change a small file before this is an error.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Does file work where it holds up nobody.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.unwrap_or_else(|error| Err(stopped(error))),
        Err(_) => work(),
    }
}

#[cfg(unix)]
pub(super) fn create_private_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
pub(super) fn create_private_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// What a file is opened with that is made if it is not there.
pub(super) fn private() -> OpenOptions {
    let mut options = File::options();
    options.read(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a file that is never renamed or removed, to be locked.
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    plain(private().write(true).truncate(false).open(path)?, path)
}

/// Reads a file as a whole.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a pipe would wait for whoever writes to it.
    if fs::metadata(path)?.is_file() { fs::read(path) } else { Err(no_file(path)) }
}

/// Refuses what would be read for ever, or forgets what is written to it.
pub(super) fn plain(file: File, path: &Path) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(no_file(path)) }
}

fn no_file(path: &Path) -> io::Error {
    let name = path.file_name().unwrap_or_default().display();
    io::Error::new(io::ErrorKind::IsADirectory, format!("{name} is not a file"))
}

/// Locks a file until it is closed, unless somebody else has it locked.
pub(super) fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The same, waiting without holding up anybody, with pauses that grow up to `longest`.
pub(super) async fn lock_in_turn(file: &File, longest: Duration) -> io::Result<()> {
    let mut next = Duration::from_millis(1);
    // It returns at once, whoever has the lock.
    while !try_lock(file)? {
        pause(next.mul_f64(0.5 + fastrand::f64())).await;
        next = (2 * next).min(longest);
    }
    Ok(())
}

/// Waits until a file can be locked that others lock for moments only.
pub(super) fn lock_within(file: &File, limit: Duration) -> io::Result<()> {
    let begun = Instant::now();
    while !try_lock(file)? {
        if begun.elapsed() > limit {
            return Err(io::ErrorKind::TimedOut.into());
        }
        sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Puts a file in place as a whole, so that nobody ever sees half of it, whatever happens. The caller
/// sees to it that nobody else does so at the same time.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.to_owned().into_os_string();
    name.push(".new");
    replace_by(Path::new(&name), path, content)
}

/// The same by a file of this name, whose room on the disk is used if it is there already.
pub(super) fn replace_by(name: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = private().write(true).truncate(false).open(name)?;
    file.write_all(content)?;
    file.set_len(content.len() as u64)?;
    file.sync_all()?;
    fs::rename(name, path)?;
    sync_directory(path)
}

/// Flushes that a file is there.
#[cfg(unix)]
pub(super) fn sync_directory(of: &Path) -> io::Result<()> {
    of.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of unix")]
pub(super) fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
