//! Invitations: create, list, get, answer, resend, their mails and their failures.

use super::*;
use crate::mail::MailKind;

fn statuses(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["status"].as_str().expect("a status")).collect()
}

fn resend_path(id: &str) -> String {
    format!("/v1/organizations/41/invitations/{id}/resend")
}

#[tokio::test]
async fn inviting_stores_each_address_as_sent_and_mails_a_link() {
    let bench = Bench::new();
    let answer = bench.invite(ADMINISTRATOR, json!(["Ada@example.org ", "not an address"])).await;
    assert_eq!(answer.assert_ok().json(), json!({}));
    let rows = bench.invitations().await;
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0],
        json!({
            "id": rows[0]["id"], "userId": null, "userEmail": "Ada@example.org ", "status": "PENDING",
            "expirationDate": "2026-05-20T09:30:00Z",
        }),
    );
    let mails = bench.mails();
    assert_eq!(mails.len(), 2);
    let id = rows[0]["id"].as_str().expect("an id");
    let link = format!("https://app.jaqpot.org/dashboard/organizations/tox-lab/invitations/{id}");
    assert_eq!(mails[0].link.as_deref(), Some(link.as_str()));
    assert_eq!((mails[0].email.as_str(), mails[0].kind), ("Ada@example.org ", MailKind::Invite));
    assert_eq!((mails[0].vendor.as_str(), mails[0].organization.as_str()), ("jaqpot", "tox-lab"));
}

#[tokio::test]
async fn duplicates_and_members_are_invited_again() {
    let bench = Bench::new();
    let twice = json!(["nikos@jaqpot.example", "nikos@jaqpot.example"]);
    bench.invite(ADMINISTRATOR, twice.clone()).await.assert_ok();
    bench.invite(REALM_ADMIN, twice).await.assert_ok();
    assert_eq!(bench.invitations().await.len(), 4);

    let nikos = bench.identity(MEMBER);
    for row in bench.invitations().await.iter().take(2) {
        bench.answer(&nikos, row["id"].as_str().expect("an id"), "ACCEPTED").await.assert_ok();
    }
    assert_eq!(bench.organization().await["organizationMembers"].as_array().map(Vec::len), Some(3));
    let own = bench.get(MEMBER, "/v1/user/organizations").await.json();
    assert_eq!(own.as_array().map(Vec::len), Some(3), "one row per member row");
    let all = bench.get(MEMBER, "/v1/organizations").await.json();
    assert_eq!(all.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn creating_is_refused_in_the_vendors_order() {
    let bench = Bench::new();
    let size = "Field emails validation error: size must be between 1 and 10";
    let eleven: Vec<String> = (0..11).map(|n| format!("p{n}@example.org")).collect();
    bench.invite(OUTSIDER, json!([])).await.assert_application(400, size);
    bench.invite(OUTSIDER, json!(eleven)).await.assert_application(400, size);
    bench.invite(OUTSIDER, json!("a@b")).await.assert_framework(400, "Bad Request", INVITATIONS);
    bench.invite(OUTSIDER, json!(["a@b"])).await.assert_empty(403);
    bench.invite(MEMBER, json!(["a@b"])).await.assert_empty(403);
    let missing = "/v1/organizations/missing/invitations";
    let emails = json!({"emails": ["a@b"]});
    bench.send(OUTSIDER, "POST", missing, Some(emails)).await.assert_framework(404, "Not Found", missing);
    bench.get(OUTSIDER, missing).await.assert_status(404);
    bench.get(OUTSIDER, INVITATIONS).await.assert_empty(403);
    // No list of addresses is a success that does nothing.
    for body in [json!({}), json!({"emails": null, "other": 1})] {
        let answer = bench.send(ADMINISTRATOR, "POST", INVITATIONS, Some(body)).await;
        assert_eq!(answer.assert_ok().json(), json!({}));
    }
    assert_eq!((bench.invitations().await.len(), bench.mails().len()), (0, 0));
}

#[tokio::test]
async fn line_a_tells_realm_admins_another_text() {
    let bench = Bench::on(Line::A);
    let missing = "/v1/organizations/missing/invitations";
    let text = async |who| bench.get(who, missing).await.assert_status(404).json()["message"].clone();
    assert_eq!(text(ADMINISTRATOR).await, "Organization with name missing not found");
    assert_eq!(text(REALM_ADMIN).await, "Organization missing not found");
    let malformed = bench.get(ADMINISTRATOR, &format!("{INVITATIONS}/nope")).await.json();
    assert!(malformed["message"].as_str().expect("a text").ends_with("Invalid UUID string: nope"));
}

#[tokio::test]
async fn an_address_too_long_ends_the_batch_where_it_stands() {
    let bench = Bench::new();
    let long = format!("{}@example.org", "x".repeat(250));
    let answer = bench.invite(ADMINISTRATOR, json!(["a@b", "b@b", long, "c@b"])).await;
    answer.assert_framework(500, "Internal Server Error", INVITATIONS);
    assert_eq!(answer.header("x-rate-limit-limit"), None);
    let rows = bench.invitations().await;
    let stored: Vec<_> = rows.iter().map(|row| &row["userEmail"]).collect();
    assert_eq!(stored, ["a@b", "b@b"]);
    assert_eq!(bench.mails().len(), 0);
}

#[tokio::test]
async fn sabotaged_creates_lose_mails_rows_or_the_rest_of_a_batch() {
    let batch = json!(["a@b", "b@b", "c@b"]);
    let outcome = async |sabotage: Sabotage| {
        let bench = Bench { sabotage: Some(sabotage), ..Bench::new() };
        let status = bench.invite(ADMINISTRATOR, batch.clone()).await.status.as_u16();
        (status, bench.invitations().await.len(), bench.mails().len())
    };
    let after = |rows| Sabotage { fail_after_rows: Some(rows), ..Sabotage::default() };
    assert_eq!(outcome(Sabotage::default()).await, (200, 3, 3));
    assert_eq!(outcome(Sabotage { mail_fails: true, ..Sabotage::default() }).await, (200, 3, 0));
    assert_eq!(outcome(Sabotage { nothing_created: true, ..Sabotage::default() }).await, (200, 0, 0));
    assert_eq!(outcome(after(0)).await, (500, 0, 0));
    assert_eq!(outcome(after(2)).await, (500, 2, 0));
    assert_eq!(outcome(after(3)).await, (500, 3, 0));
    assert_eq!(outcome(after(4)).await, (200, 3, 3));
}

#[tokio::test]
async fn anyone_logged_in_can_read_an_invitation_of_its_organization() {
    let bench = Bench::new();
    let id = bench.invited("ada@example.org").await;
    let path = format!("{INVITATIONS}/{}", id.to_uppercase());
    assert_eq!(bench.get(OUTSIDER, &path).await.assert_ok().json()["userEmail"], "ada@example.org");
    for path in [
        format!("{INVITATIONS}/{A_UUID}"),
        format!("/v1/organizations/open-data/invitations/{id}"),
        format!("/v1/organizations/missing/invitations/{id}"),
    ] {
        bench.get(OUTSIDER, &path).await.assert_framework(404, "Not Found", &path);
    }
    let malformed = format!("{INVITATIONS}/not-a-uuid");
    bench.get(OUTSIDER, &malformed).await.assert_framework(400, "Bad Request", &malformed);
    bench.raw("GET", &path, &[], "").await.assert_empty(401);
}

#[tokio::test]
async fn the_invited_person_alone_can_answer_and_once() {
    let bench = Bench::new();
    let id = bench.invited("Olga@Jaqpot.example").await;
    let olga = bench.identity(OUTSIDER);
    let wrong = "It appears that you are currently logged in with an email address that does not match the one \
                 associated with this invitation. Please log in or sign up with the email address that received \
                 the invitation to proceed.";
    for who in [ADMINISTRATOR, REALM_ADMIN, MEMBER] {
        bench.answer(&bench.identity(who), &id, "REJECTED").await.assert_application(400, wrong);
    }
    assert_eq!(bench.answer(&olga, &id, "PENDING").await.assert_ok().json()["status"], "PENDING");
    let accepted = bench.answer(&olga, &id, "ACCEPTED").await;
    let body = accepted.assert_ok().json();
    assert_eq!((&body["status"], &body["userId"]), (&json!("ACCEPTED"), &Value::Null));
    assert_eq!(body["userEmail"], "Olga@Jaqpot.example", "what was sent in the body is thrown away");
    assert_eq!(accepted.header("x-rate-limit-limit"), None);
    let again = "This invitation has already status ACCEPTED";
    bench.answer(&olga, &id, "REJECTED").await.assert_application(400, again);
    let members = bench.organization().await["organizationMembers"].clone();
    assert_eq!(members[1]["username"], "olga");
    bench.get(OUTSIDER, "/v1/organizations/tox-lab").await.assert_ok();

    let id = bench.invited("olga@jaqpot.example").await;
    bench.answer(&olga, &id, "REJECTED").await.assert_ok();
    let again = "This invitation has already status REJECTED";
    bench.answer(&olga, &id, "ACCEPTED").await.assert_application(400, again);
    assert_eq!(statuses(&bench.invitations().await), ["ACCEPTED", "REJECTED"]);
}

#[tokio::test]
async fn answers_are_refused_in_the_vendors_order() {
    let bench = Bench::new();
    let id = bench.invited("stranger@example.org").await;
    let path = format!("{INVITATIONS}/{id}");
    let put = async |path: &str, body| bench.send(OUTSIDER, "PUT", path, Some(body)).await;
    let without = |field: &str| {
        let mut body = answer_body("ACCEPTED");
        body.as_object_mut().expect("an object").remove(field);
        body
    };
    for field in ["userEmail", "status", "expirationDate"] {
        put(&path, without(field)).await.assert_framework(400, "Bad Request", &path);
    }
    put(&path, answer_body("EXPIRED")).await.assert_framework(400, "Bad Request", &path);
    let mut bad_id = answer_body("ACCEPTED");
    bad_id["id"] = json!("nope");
    put(&path, bad_id).await.assert_framework(400, "Bad Request", &path);
    let malformed = format!("{INVITATIONS}/nope");
    put(&malformed, json!({})).await.assert_framework(400, "Bad Request", &malformed);

    let mut bad_mail = answer_body("ACCEPTED");
    bad_mail["userEmail"] = json!("nobody");
    let missing = format!("{INVITATIONS}/{A_UUID}");
    let message = "Field userEmail validation error: must be a well-formed email address";
    put(&missing, bad_mail).await.assert_application(400, message);
    put(&missing, answer_body("ACCEPTED")).await.assert_framework(404, "Not Found", &missing);
    let elsewhere = format!("/v1/organizations/missing/invitations/{id}");
    put(&elsewhere, answer_body("ACCEPTED")).await.assert_framework(404, "Not Found", &elsewhere);

    // Nobody has this address; an expired invitation says so first.
    let answer = put(&path, answer_body("ACCEPTED")).await;
    assert!(answer.assert_status(400).text.contains("It appears that you are currently logged in"));
    bench.advance(7 * 24 * 3600 + 1);
    let expired =
        "This invitation has expired. Please ask the organization admin to generate a new invitation";
    put(&path, answer_body("ACCEPTED")).await.assert_application(400, expired);
    assert_eq!(statuses(&bench.invitations().await), ["PENDING"], "there is no expired status");
}

#[tokio::test]
async fn an_unverified_person_cannot_answer() {
    let bench = Bench::new();
    let id = bench.invited("uma@jaqpot.example").await;
    let message = "Your email needs to be verified before you can respond to the invitation and potentially be \
                   added as a member of the organization.";
    bench.answer(&bench.identity(UNVERIFIED), &id, "ACCEPTED").await.assert_application(400, message);
    assert_eq!(bench.jaqpot.accept("uma@jaqpot.example", ORGANIZATION), Err(message.to_owned()));
}

#[tokio::test]
async fn resending_renews_for_a_week_also_what_had_expired() {
    let bench = Bench::new();
    let id = bench.invited("ada@example.org").await;
    bench.advance(8 * 24 * 3600);
    let answer = bench.send(ADMINISTRATOR, "POST", &resend_path(&id), None).await;
    assert_eq!(answer.assert_ok().json(), json!({}));
    let rows = bench.invitations().await;
    assert_eq!((&rows[0]["id"], &rows[0]["expirationDate"]), (&json!(id), &json!("2026-05-28T09:30:00Z")));
    let mails = bench.mails();
    assert_eq!((mails.len(), mails[1].kind), (2, MailKind::Resend));
    assert_eq!(mails[1].link, mails[0].link);
    assert_eq!(bench.jaqpot.accept("ada@example.org", ORGANIZATION), Ok(()));
}

#[tokio::test]
async fn resending_is_refused_in_the_vendors_order() {
    let bench = Bench::new();
    let id = bench.invited("olga@jaqpot.example").await;
    let resend = async |who, path: String| bench.send(who, "POST", &path, None).await;
    let named = format!("/v1/organizations/tox-lab/invitations/{id}/resend");
    resend(OUTSIDER, named.clone()).await.assert_framework(400, "Bad Request", &named);
    let missing = format!("/v1/organizations/7/invitations/{id}/resend");
    resend(OUTSIDER, missing.clone()).await.assert_framework(404, "Not Found", &missing);
    resend(OUTSIDER, resend_path("nope")).await.assert_empty(403);
    let malformed = resend_path("nope");
    resend(ADMINISTRATOR, malformed.clone()).await.assert_framework(500, "Internal Server Error", &malformed);
    let unknown = resend_path(A_UUID);
    resend(ADMINISTRATOR, unknown.clone()).await.assert_framework(404, "Not Found", &unknown);
    bench.answer(&bench.identity(OUTSIDER), &id, "REJECTED").await.assert_ok();
    let answered = "This invitation has already status REJECTED";
    resend(ADMINISTRATOR, resend_path(&id)).await.assert_application(400, answered);
    // Three calls got past the limiter, refused or not.
    let id = bench.invited("ada@example.org").await;
    let answer = resend(ADMINISTRATOR, resend_path(&id)).await;
    assert_eq!(answer.assert_ok().header("x-rate-limit-remaining"), Some("6"));
}

#[tokio::test]
async fn sabotaged_resends_lose_the_mail_or_do_nothing() {
    for (sabotage, expiry) in [
        (Sabotage { mail_fails: true, ..Sabotage::default() }, "2026-05-21T09:30:00Z"),
        (Sabotage { nothing_created: true, ..Sabotage::default() }, "2026-05-20T09:30:00Z"),
    ] {
        let mut bench = Bench::new();
        let id = bench.invited("ada@example.org").await;
        bench.advance(24 * 3600);
        bench.sabotage = Some(sabotage);
        bench.send(ADMINISTRATOR, "POST", &resend_path(&id), None).await.assert_ok();
        assert_eq!(bench.invitations().await[0]["expirationDate"], expiry);
        assert_eq!(bench.mails().len(), 1);
    }
}

#[tokio::test]
async fn accepting_signs_up_and_takes_the_newest_pending_invitation() {
    let bench = Bench::new();
    assert!(bench.jaqpot.accept("ada@example.org", ORGANIZATION).is_err());
    bench.invite(ADMINISTRATOR, json!(["Ada@Example.org"])).await.assert_ok();
    bench.advance(60);
    bench.invite(ADMINISTRATOR, json!(["ada@example.org"])).await.assert_ok();
    assert_eq!(bench.jaqpot.accept("ADA@example.org", ORGANIZATION), Ok(()));
    assert_eq!(statuses(&bench.invitations().await), ["PENDING", "ACCEPTED"]);
    assert!(bench.jaqpot.accept("ada@example.org", "missing").is_err());

    let ada = bench.jaqpot.add_user("ada@example.org");
    assert_eq!(ada, bench.jaqpot.add_user("Ada@example.org"), "one account per address");
    assert_eq!(bench.jaqpot.identities().last(), Some(&ada), "what can log in is listed");
    bench.by(&ada, "GET", "/v1/organizations/tox-lab", None).await.assert_ok();
    let other = bench.jaqpot.add_user("ada@elsewhere.example");
    bench.by(&other, "GET", "/v1/organizations/tox-lab", None).await.assert_empty(403);

    bench.reset();
    assert_eq!(bench.invitations().await.len(), 0);
    assert_eq!(bench.organization().await["organizationMembers"].as_array().map(Vec::len), Some(1));
    bench.by(&ada, "GET", "/v1/auth/validate", None).await.assert_status(401);
}
