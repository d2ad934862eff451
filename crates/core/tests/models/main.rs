//! The models as values of a program: written and read by serde, compared, converted.

mod written;

use std::collections::HashMap;
use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use orgport_core::{
    AccountName, Answer, Answered, Cursor, Email, ErrorKind, Invitation, InvitationFilter, InvitationId,
    InvitationStatus, Invitee, LeftBehind, Member, MemberId, NewInvitation, NewOrganization, Organization,
    OrganizationId, OrganizationUpdate, Role, Timestamp, UserId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

fn moment() -> Timestamp {
    Timestamp::parse("2026-05-13T12:00:00.25+02:00").expect("a moment")
}

fn invitation() -> Invitation {
    let mut invitation = Invitation::new(
        InvitationId::new("i1").expect("an id"),
        InvitationStatus::Unknown("SENT".to_owned()),
    );
    invitation.organization_id = Some(OrganizationId::new("o1").expect("an id"));
    invitation.email = Some(Email::verbatim("ada at x.example"));
    invitation.role = Some(Role::Other("boss".to_owned()));
    invitation.native_role = Some("boss".to_owned());
    invitation.expires_at = Some(moment());
    invitation.organization_name = Some("Acme".to_owned());
    invitation.invited_by = Some("bob".to_owned());
    invitation
}

fn member() -> Member {
    let mut member = Member::new(MemberId::new("m1").expect("an id"));
    member.user_id = Some(UserId::new("u1").expect("an id"));
    member.email = Some(email("Ada@x.example"));
    member.account = Some(AccountName::new("Ada_L").expect("a name"));
    member.role = Some(Role::ResourceOnly);
    member.joined_at = Some(moment());
    member.two_factor = Some(true);
    member.sso = Some(false);
    member
}

#[track_caller]
fn reads_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, written: &Value) {
    assert_eq!(serde_json::to_value(value).expect("written"), *written);
    let text = written.to_string();
    assert_eq!(serde_json::from_str::<T>(&text).expect(&text), *value);
    // Some formats and attributes hand a text over only once it is theirs no more.
    assert_eq!(serde_json::from_value::<T>(written.clone()).expect(&text), *value);
}

#[track_caller]
fn refused<T: DeserializeOwned + Debug>(written: &Value, why: &str) {
    let error = serde_json::from_value::<T>(written.clone()).expect_err("refused");
    assert!(error.to_string().contains(why), "{error}");
}

#[test]
fn words_read_back_as_they_are_written() {
    for role in Role::KNOWN {
        reads_back(role, &json!(role.as_str()));
    }
    reads_back(&Role::ResourceOnly, &json!("none"));
    reads_back(&Role::Other("owner".to_owned()), &json!("other:owner"));
    for status in InvitationStatus::KNOWN {
        reads_back(status, &json!(status.as_str()));
    }
    reads_back(&InvitationStatus::Unknown("pending".to_owned()), &json!("unknown:pending"));
    reads_back(&Answer::Decline, &json!("decline"));
    reads_back(&ErrorKind::PermissionDenied, &json!("permission_denied"));
    reads_back(&moment(), &json!("2026-05-13T10:00:00.25Z"));
    reads_back(&Cursor::new("next"), &json!("next"));
    reads_back(&email("Ada@Bücher.example"), &json!("Ada@Bücher.example"));
    reads_back(&MemberId::new(" m/1 ").expect("an id"), &json!(" m/1 "));
}

#[test]
fn what_is_no_word_of_ours_is_refused() {
    refused::<Role>(&json!("superuser"), "is not a role");
    refused::<InvitationStatus>(&json!("waiting"), "is not an invitation status");
    refused::<Email>(&json!("ada at x.example"), "is not an e-mail address");
    refused::<OrganizationId>(&json!(" "), "the organization id is empty");
    refused::<Timestamp>(&json!("2026-05-13T10:00:00"), "is not a date and time");
    refused::<NewInvitation>(&json!({"email": "ada@x.example", "rol": "admin"}), "rol");
    refused::<NewInvitation>(&json!({"email": "ada", "role": "admin"}), "is not an e-mail address");
    refused::<Invitee>(&json!("@ada@x.example"), "is not the name of an account");
    refused::<AccountName>(&json!(" "), "is not the name of an account");
    refused::<InvitationFilter>(&json!({"status": ["pending"]}), "status");
    refused::<NewOrganization>(&json!({"description": "Tools"}), "name");
    refused::<OrganizationUpdate>(&json!({"title": "Acme"}), "title");
}

#[test]
fn what_is_asked_for_reads_back() {
    let invitation = NewInvitation::to(email("ada@x.example"));
    reads_back(
        &invitation.clone().with_role(Role::Admin),
        &json!({"invitee": "ada@x.example", "role": "admin"}),
    );
    let octocat = Invitee::from(AccountName::new("Octocat").expect("a name"));
    reads_back(&NewInvitation::to(octocat), &json!({"invitee": "@Octocat", "role": null}));
    assert_eq!(
        serde_json::from_str::<NewInvitation>(r#"{"email":"ada@x.example"}"#).expect("read"),
        invitation
    );
    let filter = InvitationFilter::pending().with_email(email("ada@x.example"));
    reads_back(&filter, &json!({"statuses": ["pending"], "email": "ada@x.example"}));
    assert_eq!(serde_json::from_str::<InvitationFilter>("{}").expect("read"), InvitationFilter::all());
    let organization = NewOrganization::new("Acme");
    reads_back(&organization, &json!({"name": "Acme", "description": null}));
    reads_back(&OrganizationUpdate::new().with_name("Acme"), &json!({"name": "Acme", "description": null}));
}

#[test]
fn what_there_is_reads_back_however_strange_a_vendors_row_was() {
    let written = json!({
        "id": "i1", "organization_id": "o1", "organization_name": "Acme", "email": "ada at x.example",
        "account": null, "role": "other:boss", "native_role": "boss", "status": "unknown:SENT", "created_at": null,
        "expires_at": "2026-05-13T10:00:00.25Z", "invited_by": "bob", "native": null,
    });
    reads_back(&invitation(), &written);
    let member_written = json!({
        "id": "m1", "user_id": "u1", "email": "Ada@x.example", "account": "Ada_L", "name": null, "role": "none",
        "native_role": null, "joined_at": "2026-05-13T10:00:00.25Z", "two_factor": true, "sso": false, "native": null,
    });
    reads_back(&member(), &member_written);
    assert_eq!(
        serde_json::from_str::<Member>(r#"{"id":"m2","later":"added"}"#).expect("read"),
        Member::new(MemberId::new("m2").expect("an id"))
    );
    let mut organization = Organization::new(OrganizationId::new("o1").expect("an id"), "Acme");
    organization.created_at = Some(moment());
    let organization_written = json!({
        "id": "o1", "name": "Acme", "description": null, "created_at": "2026-05-13T10:00:00.25Z",
        "updated_at": null, "native": null,
    });
    reads_back(&organization, &organization_written);
    let mut answered = Answered::checked(Answer::Accept, InvitationStatus::Accepted).expect("the same");
    answered.invitation = Some(invitation());
    reads_back(&answered, &json!({"status": "accepted", "organization_id": null, "invitation": written}));
    let left = LeftBehind::new("gone").with_person(invitation().invitee(), Some(Role::Admin));
    reads_back(
        &left,
        &json!({"description": "gone", "email": "ada at x.example", "account": null, "role": "admin", "native": null}),
    );
}

#[test]
fn texts_convert_as_std_has_it() {
    assert_eq!(Role::try_from("admin").expect("known"), Role::Admin);
    assert_eq!(Email::try_from("ada@x.example".to_owned()).expect("good"), email("ADA@x.example"));
    assert_eq!(Email::try_from("ada").expect_err("malformed").kind(), ErrorKind::InvalidInput);
    assert_eq!(MemberId::try_from("").expect_err("empty").kind(), ErrorKind::InvalidInput);
    assert_eq!(String::from(MemberId::try_from("m1").expect("an id")), "m1");
    assert_eq!(String::from(Role::Other("boss".to_owned())), "other:boss");
    assert_eq!(String::from(email("Ada@x.example")), "Ada@x.example");
    let names = HashMap::from([(MemberId::new("m1").expect("an id"), "Ada")]);
    assert_eq!(names.get("m1"), Some(&"Ada"), "an id hashes as its text");
}

#[test]
fn moments_convert_both_ways() {
    let epoch = SystemTime::UNIX_EPOCH;
    for (seconds, nanoseconds) in [(0, 0), (1_778_666_400, 250_000_001)] {
        let time = epoch + Duration::new(seconds, nanoseconds);
        assert_eq!(SystemTime::from(Timestamp::from(time)), time);
    }
    assert_eq!((moment().unix_seconds(), moment().unix_millis()), (1_778_666_400, 1_778_666_400_250));
    let before = epoch - Duration::from_millis(1_500);
    assert_eq!(SystemTime::from(Timestamp::from(before)), before);
    assert_eq!(Timestamp::from(before).unix_millis(), -1_500);
    let far = epoch.checked_sub(Duration::from_secs(1 << 50)).expect("a time");
    assert!(Timestamp::from(far) < Timestamp::from(before), "what is too early is not late");
}

#[test]
fn date_times_without_an_offset_are_utc_only_where_asked() {
    let utc = |text| Timestamp::parse_as_utc(text).map(|moment| moment.to_string());
    for text in [
        "2026-05-13T10:00:00.5",
        "2026-05-13 10:00:00.5",
        "2026-05-13T12:00:00.5+02:00",
        "2026-05-13T10:00:00.5Z",
    ] {
        assert_eq!(utc(text).expect(text), "2026-05-13T10:00:00.5Z");
    }
    assert_eq!(utc("2026-05-13").expect("a day"), "2026-05-13T00:00:00Z");
    for text in ["", "soon", "2026-02-31T10:00:00", "2026-05-13T10:00:00+2", "2026-05-13T10:00:00 Zulu"] {
        assert_eq!(Timestamp::parse_as_utc(text).expect_err(text).kind(), ErrorKind::InvalidInput);
    }
    assert!(Timestamp::parse("2026-05-13T10:00:00").is_err());
}
