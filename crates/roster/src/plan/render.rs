//! A plan as people read it: as text, and as Markdown for a pull request.

use std::fmt::{self, Write};

use orgport_core::{Timestamp, printable};

use super::{Action, Blocked, Finding, PlacePlan, Plan};

impl Plan {
    /// The plan in Markdown, for a pull request: names and addresses stand in code spans, so that they
    /// neither format nor mention anything.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for place in &self.places {
            place.markdown(&mut text);
        }
        let _ = writeln!(text, "**{}**", self.footer());
        text
    }

    /// What the run costs, and when it can be done.
    pub fn footer(&self) -> String {
        let not_done = self.not_done();
        let changes = match self.actions().count() {
            0 if not_done.is_empty() => return "Nothing to do.".to_owned(),
            0 => return format!("No changes. Not done: {not_done}."),
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        };
        let finish = if self.cost.wait.is_zero() {
            String::new()
        } else {
            format!("; done at {} at the earliest", to_second(self.earliest_finish))
        };
        let not_done = if not_done.is_empty() { not_done } else { format!(" Not done: {not_done}.") };
        format!("{changes}: at least {}{finish}.{not_done}", self.cost)
    }

    /// How much of each kind is told and not done: `2 blocked, 1 cannot`.
    fn not_done(&self) -> String {
        let places = || self.places.iter();
        let counts = [
            (places().map(|place| place.blocked.len()).sum::<usize>(), "blocked"),
            (places().map(|place| place.cannot.len()).sum(), "cannot"),
            (places().map(|place| place.unmanaged.len()).sum(), "unmanaged"),
            (places().map(|place| place.unknown.len()).sum(), "unknown"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        counts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}

/// The plan in text: every place with its changes, their reasons, and what is not done; then the price.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in &self.places {
            writeln!(f, "{place}")?;
        }
        f.write_str(&self.footer())
    }
}

impl PlacePlan {
    /// `prod (koyeb, acme, 12 members)`
    fn title(&self) -> String {
        let Self { name, place, organization, members, .. } = self;
        format!(
            "{name} ({}, {organization}, {members} member{})",
            place.kind,
            if *members == 1 { "" } else { "s" }
        )
    }

    fn is_quiet(&self) -> bool {
        self.actions.is_empty() && self.blocked.is_empty() && self.findings().all(|(_, list)| list.is_empty())
    }

    /// What is told and not done, by its word.
    fn findings(&self) -> impl Iterator<Item = (&'static str, &[Finding])> {
        let lists = [("cannot", &self.cannot), ("unmanaged", &self.unmanaged), ("unknown", &self.unknown)];
        lists.into_iter().map(|(word, list)| (word, list.as_slice()))
    }

    fn markdown(&self, text: &mut String) {
        let _ = writeln!(text, "### {}\n", code(&self.title()));
        if self.is_quiet() {
            let _ = writeln!(text, "Nothing to do.\n");
            return;
        }
        if !self.actions.is_empty() {
            let _ = writeln!(text, "| change | who | why | cost |\n|---|---|---|---|");
            for Action { change, person, reason, cost } in &self.actions {
                let who = person.clone().unwrap_or_else(|| change.subject());
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {cost} |",
                    code(&change.to_string()),
                    code(&who),
                    code(reason)
                );
            }
            text.push('\n');
        }
        let blocked = self.blocked.iter().map(|Blocked { action, refusal }| {
            format!("- **blocked** {}: {}", code(&action.change.to_string()), code(&refusal.why))
        });
        let findings = self.findings().flat_map(|(word, list)| {
            list.iter().map(move |Finding { who, what, by_hand }| {
                let hand = by_hand.as_ref().map(|hand| format!(" – by hand: {}", code(hand)));
                format!("- **{word}** {}: {}{}", code(who), code(what), hand.unwrap_or_default())
            })
        });
        let lines: Vec<_> = blocked.chain(findings).collect();
        if !lines.is_empty() {
            let _ = writeln!(text, "{}\n", lines.join("\n"));
        }
    }
}

impl fmt::Display for PlacePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", printable(&self.title()))?;
        if self.is_quiet() {
            return writeln!(f, "  nothing to do");
        }
        let shown: Vec<_> = self.actions.iter().map(|action| printable(&action.change.to_string())).collect();
        let width = shown.iter().map(|text| text.chars().count()).max().unwrap_or_default();
        for (action, change) in self.actions.iter().zip(shown) {
            writeln!(f, "  {change:width$}  {}", printable(&action.reason))?;
        }
        for Blocked { action, refusal } in &self.blocked {
            writeln!(f, "  blocked: {}: {}", printable(&action.change.to_string()), printable(&refusal.why))?;
        }
        for (word, list) in self.findings() {
            for Finding { who, what, by_hand } in list {
                writeln!(f, "  {word}: {}", printable(&format!("{who} {what}")))?;
                if let Some(hand) = by_hand {
                    writeln!(f, "    by hand: {}", printable(hand))?;
                }
            }
        }
        Ok(())
    }
}

/// A time without fractions of a second.
pub(super) fn to_second(time: Timestamp) -> String {
    let text = time.to_string();
    let end = text.find(['.', 'Z']).unwrap_or(text.len());
    format!("{}Z", &text[..end])
}

/// A code span in a table's cell, whatever the text holds.
fn code(text: &str) -> String {
    let text = printable(text).replace('`', "'").replace('|', "\\|");
    format!("`{text}`")
}
