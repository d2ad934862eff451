//! What the watching person reads, and what was not as it must be.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use crate::text::clean;

const HEAD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Tells the story on standard output, or keeps silent where only its summary is wanted.
pub(super) struct Teller {
    aloud: bool,
    marks: Marks,
    chapter: String,
    broken: Vec<String>,
}

/// What stands in front of a sentence.
struct Marks {
    good: &'static str,
    bad: &'static str,
}

impl Marks {
    fn fitting() -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let utf8 = locale.is_some_and(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
        if utf8 && io::stdout().is_terminal() {
            Self { good: "✓ ", bad: "✗ " }
        } else {
            Self { good: "", bad: "WRONG: " }
        }
    }
}

impl Teller {
    pub(super) fn new(aloud: bool) -> Self {
        Self { aloud, marks: Marks::fitting(), chapter: String::new(), broken: Vec::new() }
    }

    /// What was not as it must be, so far.
    pub(super) fn broken(&self) -> &[String] {
        &self.broken
    }

    fn print(&self, text: &str) -> io::Result<()> {
        if self.aloud { writeln!(anstream::stdout(), "{text}") } else { Ok(()) }
    }

    /// Says something outside all chapters.
    pub(super) fn say(&self, text: &str) -> io::Result<()> {
        self.print(text)
    }

    /// A vendor's part begins.
    pub(super) fn chapter(&mut self, vendor: &str) -> io::Result<()> {
        vendor.clone_into(&mut self.chapter);
        self.print(&format!("\n{HEAD}{}{HEAD:#}", vendor.to_uppercase()))
    }

    /// A step begins.
    pub(super) fn step(&self, what: &str) -> io::Result<()> {
        self.print(&format!("  {HEAD}{what}{HEAD:#}"))
    }

    /// Something that happened.
    pub(super) fn tell(&self, text: &str) -> io::Result<()> {
        self.print(&format!("    {}", clean(text)))
    }

    /// Something that must be so.
    pub(super) fn check(&mut self, holds: bool, text: &str) -> io::Result<()> {
        let (style, mark) = if holds { (GOOD, self.marks.good) } else { (BAD, self.marks.bad) };
        if !holds {
            self.broken.push(format!("{}: {}", self.chapter, clean(text)));
        }
        self.print(&format!("    {style}{mark}{style:#}{}", clean(text)))
    }
}
