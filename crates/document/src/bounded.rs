//! Files that may be anything.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Reads a file of text that is at most `longest` bytes long; of a longer one, such as a device that
/// never ends, no more than that is read.
///
/// # Errors
///
/// The system's, and for a file that is longer or not UTF-8.
pub fn read_bounded(file: &Path, longest: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(file)?.take(longest as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > longest {
        return Err(io::Error::other(format!("it is longer than {} KiB", longest / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not a text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_is_not_read() {
        let file = std::env::temp_dir().join(format!("orgport-bounded-{}", std::process::id()));
        std::fs::write(&file, [b'a'; 1025]).expect("written");
        let error = read_bounded(&file, 1024).expect_err("a byte too long");
        assert_eq!(error.to_string(), "it is longer than 1 KiB");
        assert_eq!(read_bounded(&file, 1025).expect("short enough").len(), 1025);
        std::fs::write(&file, b"caf\xe9").expect("written");
        assert_eq!(read_bounded(&file, 1024).expect_err("Latin 1").to_string(), "it is not a text in UTF-8");
        std::fs::remove_file(&file).expect("removed");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_end_ends() {
        assert!(read_bounded(Path::new("/dev/zero"), 1024).is_err());
    }
}
