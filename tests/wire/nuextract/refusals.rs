//! What refusals and broken responses become.

use std::fmt::Write;

use orgport_core::{Error, ErrorKind, Members, NewOrganization, Organizations, Secret};
use orgport_nuextract::request::TokenRequest;
use orgport_tests::wire::{Canned, Wire, fixture, whole};

use super::{answers, mill, provider, rows, typed};

fn told(error: &Error) -> String {
    format!(
        "{error}\n    {:?}, {}, {:?}, code {:?}",
        error.kind(),
        if error.is_retryable() { "retryable" } else { "final" },
        error.reach(),
        error.vendor_code(),
    )
}

#[tokio::test]
async fn are_told_by_status_in_the_vendors_words() {
    let mut text = String::new();
    for (case, answer) in answers() {
        let wire = Wire::answering([answer]).await;
        let read = provider(&wire).list_members(&mill(), None).await.expect_err(&case);
        let new = NewOrganization::new("Ink");
        let write = provider(&wire).create_organization(new).await.expect_err(&case);
        writeln!(text, "# {case}\n{}\n{}\n", told(&read), told(&write)).expect("text grows");
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn of_a_login_speak_of_the_login() {
    let refused = Canned::json(401, fixture("nuextract/errors/token_401.json"));
    let request = TokenRequest::Refresh { token: Secret::new("refresh-1") };
    insta::assert_snapshot!(typed(refused, async |c| c.token(&request).await).await);
}

#[tokio::test]
async fn to_answer_as_documented_are_protocol_errors() {
    let mut told_all = String::new();
    for body in ["{}", "null", r#"{"organizations":[]}"#, "[[1]]", "[", "", "<html>"] {
        let wire = Wire::answering([Canned::json(200, body)]).await;
        match provider(&wire).list_organizations(None).await {
            Ok(page) => {
                let rows = rows(page, whole);
                writeln!(told_all, "# {body}\n{rows:#}\n").expect("text grows");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Protocol);
                writeln!(told_all, "# {body}\n{}\n", told(&error)).expect("text grows");
            }
        }
    }
    insta::assert_snapshot!(told_all);
}
