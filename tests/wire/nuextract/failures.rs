//! What goes wrong, and how it is told.

use super::*;

/// Statuses with their bodies; fixtures name theirs.
fn answers() -> Vec<(String, Canned)> {
    let cases = [
        "api_key_403.json",
        "no_right_403.json",
        "missing_404.json",
        "undecoded_400.txt",
        "undecoded_detail_400.txt",
        "undecoded_query_400.txt",
        "token_401.json",
        "taken_409.json",
        "slow_down_429.json",
        "broken_500.json",
        "other_shape_500.json",
        "page_502.html",
        "page_403.html",
        "plain_503.txt",
    ];
    let files = cases.into_iter().map(|case| {
        let body = fixture(&format!("nuextract/errors/{case}"));
        let (stem, kind) = case.rsplit_once('.').expect("an extension");
        let status = stem.rsplit_once('_').expect("a status").1.parse().expect("a number");
        let answer = match kind {
            "json" => Canned::json(status, body),
            "txt" => Canned::text(status, body),
            _ => Canned::html(status, body),
        };
        (case.to_owned(), answer)
    });
    let bare = [400, 401, 403, 404, 405, 409, 422, 500, 502, 503, 504];
    files.chain(bare.map(|status| (format!("nothing at {status}"), Canned::empty(status)))).collect()
}

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
