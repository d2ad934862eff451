//! What becomes of results, errors and native JSON when they are written.

use orgport_core::invite::Plan;
use orgport_core::{
    Cursor, Error, ErrorKind, Invitation, InviteOutcome, InviteRecord, Invitee, LeftBehind, Native,
    NewInvitation, Operation, Page, Reach, Via, WithNative,
};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{email, invitation, member};

#[test]
fn a_page_is_walked_by_value_and_by_reference() {
    let strange = Error::new(ErrorKind::Protocol, "strange");
    let page = Page::whole(vec![Ok(1), Err(strange.clone()), Ok(3)]);
    let good = (&page).into_iter().flatten().sum::<i32>();
    assert_eq!(good, 4);
    assert_eq!(page.clone(), page);
    assert_eq!(page.into_iter().collect::<Vec<_>>(), [Ok(1), Err(strange), Ok(3)]);
}

#[test]
fn errors_are_equal_when_they_say_the_same() {
    let error = |cause: &str| {
        Error::new(ErrorKind::Connection, "no way there")
            .with_reach(Reach::NotSent)
            .with_source(cause.to_owned())
            .during("prod", Operation::ListMembers)
    };
    assert_eq!(error("DNS"), error("DNS"));
    assert_eq!(error("DNS"), error("DNS").clone());
    assert_ne!(error("DNS"), error("TLS"), "their causes differ");
    assert_ne!(error("DNS"), error("DNS").with_status(500));
}

#[test]
fn an_errors_text_is_one_bounded_line_and_its_cause_is_kept() {
    let cause = std::io::Error::new(std::io::ErrorKind::BrokenPipe, "gone");
    let name = "name\n\u{202e}".repeat(10_000);
    let error = Error::new(ErrorKind::Conflict, format!("{name} is not unique; rename it"))
        .with_vendor(None, Some(name))
        .with_source(cause);
    let text = error.to_string();
    assert!(text.starts_with("conflict: ") && text.ends_with("rename it"), "{text}");
    assert!(text.chars().count() <= 2_000 && !text.contains(['\n', '\u{202e}']), "{text}");
    let source = std::error::Error::source(&error).expect("kept");
    assert_eq!(
        source.downcast_ref::<std::io::Error>().expect("as it was").kind(),
        std::io::ErrorKind::BrokenPipe
    );
}

fn failure() -> Error {
    Error::new(ErrorKind::Incomplete, "resend it")
        .with_status(500)
        .with_vendor(Some("E1".to_owned()), Some("no mail".to_owned()))
        .with_left_behind(LeftBehind::new("an invitation").with_native(Some(native())))
        .during("prod", Operation::Invite)
}

fn native() -> Native {
    Native::from_text(r#"{"z":1.0,"join_code":"s3cret","a":2}"#.into()).expect("JSON")
}

#[test]
fn an_error_is_the_object_of_the_contract() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&failure()).expect("written"));
}

#[test]
fn outcomes_plans_and_failures_are_objects_of_one_form() {
    let mut there = member();
    there.email = None;
    let outcomes = [
        InviteOutcome::Invited(invitation(), Via::Reply),
        InviteOutcome::AlreadyMember(Some(there.clone()), Via::Look, Some(orgport_core::Role::Admin)),
    ];
    let plans = [
        Plan::WouldInvite(NewInvitation::to(email("Ada@x.example"))),
        Plan::Repeated(email("ADA@x.example").into()),
        Plan::AlreadyInvited(invitation(), None),
        Plan::AlreadyMember(there, None),
        Plan::Refused(failure()),
    ];
    let failed = Err(failure());
    let ada = Invitee::from(email("ada@x.example"));
    let records = [InviteRecord::from(&failed).with_invitee(&ada), (&outcomes[0]).into()];
    let all = (outcomes.clone(), plans, records);
    insta::assert_snapshot!(serde_json::to_string_pretty(&all).expect("written"));
}

#[test]
fn a_page_shows_what_could_not_be_decoded_in_its_place() {
    let page = Page::new(vec![Ok(member()), Err(failure())], Some(Cursor::new("2"))).with_total(7);
    insta::assert_snapshot!(serde_json::to_string_pretty(&page).expect("written"));
}

#[test]
fn native_json_is_read_as_any_type() {
    let native: Native = serde_json::from_str(r#"{"id": 7}"#).expect("JSON");
    assert_eq!(native.read::<Value>().expect("JSON"), json!({"id": 7}));
}

#[test]
fn native_json_is_written_only_where_it_is_asked_for_and_then_at_any_depth() {
    let mut model = invitation();
    model.native = Some(native());
    let outcome = InviteOutcome::Invited(model.clone(), Via::Reply);
    let page = Page::whole(vec![Ok(outcome), Err(failure())]);
    let times = |text: &str| text.matches(native().text()).count();
    let plain = || serde_json::to_string(&page).expect("written");
    assert!(!plain().contains("s3cret"));
    let whole = serde_json::to_string(&WithNative(&page)).expect("written");
    assert_eq!(times(&whole), 2, "as it came: {whole}");
    let mixed = serde_json::to_string(&(&model, WithNative(&model), &model)).expect("written");
    assert_eq!(times(&mixed), 1, "{mixed}");
    let read: Invitation =
        serde_json::from_str(&serde_json::to_string(&WithNative(&model)).expect("written")).expect("read");
    let values = |model: Invitation| model.native.expect("kept").read::<Value>().expect("JSON");
    assert_eq!(values(read), values(model));
}

/// What cannot be written, and says so in two ways.
struct Unwritable(bool);

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        assert!(!self.0, "a defect of the program");
        Err(serde::ser::Error::custom("not writable"))
    }
}

#[test]
fn what_could_not_be_written_with_native_json_shows_none_afterwards() {
    for panics in [false, true] {
        let written = std::panic::catch_unwind(|| serde_json::to_string(&WithNative(&Unwritable(panics))));
        assert_eq!(written.is_err(), panics);
        assert_eq!(serde_json::to_string(&native()).expect("written"), "null");
    }
}
