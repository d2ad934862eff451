//! Secrets by taint: whatever is done and whatever goes wrong, no credential shows.
//!
//! The canaries are the sandbox's own credentials, the only ones that open its doors.

mod secrets {
    mod committed;
    mod everything;
    mod replies;
    mod types;
}
