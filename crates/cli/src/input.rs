//! Files and standard input, up to a length that makes sense.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;

/// Nothing that is read whole is longer: a list of people, or the body of a request.
const LONGEST: u64 = 32 << 20;

/// How messages name a file; `-` is standard input.
pub(crate) fn name(from: &Path) -> String {
    if from.as_os_str() == "-" { "standard input".to_owned() } else { from.display().to_string() }
}

/// Reads a file or (`-`) standard input.
///
/// # Errors
///
/// `InvalidInput` if it cannot be read, or does not end within 32 MiB.
pub(crate) fn read(from: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if from.as_os_str() == "-" {
        io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        File::open(from).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    match read {
        Ok(_) if bytes.len() as u64 <= LONGEST => Ok(bytes),
        Ok(_) => Err(Failure::usage(format!("{} does not end within 32 MiB; it is not read", name(from)))),
        Err(error) => Err(Failure::usage(format!("{} cannot be read: {error}", name(from)))),
    }
}
