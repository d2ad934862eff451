//! What refusals and broken responses become.

use std::fmt::Write as _;

use orgport_core::{Answer, Error, InvitationRef, Invitations, NewOrganization, Organizations};
use orgport_tests::wire::{Canned, Wire, fixture};

use super::{answer, invitation_id, json, org, provider, told};

#[tokio::test]
async fn every_refusal_has_its_kind() {
    let mut table = String::new();
    let mut note = |what: &str, error: &Error| {
        let code = error.vendor_code().unwrap_or("-");
        writeln!(table, "{what}: {} [{code}]", told(error)).expect("a string");
    };
    let cases = [
        (400, "validation.json"),
        (400, "version.json"),
        (401, "unauthorized.json"),
        (403, "locked.json"),
        (403, "forbidden.json"),
        (404, "not-found.json"),
        (405, "method-not-allowed.json"),
        (410, "gone.json"),
        (413, "bare-message.json"),
        (429, "too-many.json"),
        (500, "server.json"),
        (502, "gateway.txt"),
        (503, "bare-message.json"),
    ];
    for (status, name) in cases {
        let wire = Wire::answering([answer(status, &format!("errors/{name}"))]).await;
        let provider = provider(&wire);
        note(&format!("GET {status} {name}"), &provider.get_organization(&org()).await.expect_err("refused"));
        let create = provider.create_organization(NewOrganization::new("Looms")).await;
        note(&format!("POST {status} {name}"), &create.expect_err("refused"));
        let mine =
            provider.respond_to_invitation(&InvitationRef::by_id(invitation_id()), Answer::Accept).await;
        note(&format!("answer {status} {name}"), &mine.expect_err("refused"));
    }
    let html = Canned::text(404, fixture("losant/errors/gateway.txt")).header("content-type", "text/html");
    let wire = Wire::answering([html]).await;
    note("GET 404 page", &provider(&wire).get_organization(&org()).await.expect_err("refused"));
    let rows = json("org-pending-invites/all-kinds.json");
    let wire = Wire::answering([rows, Canned::text(400, "no")]).await;
    let revoked = provider(&wire).revoke_invitation(&org(), &invitation_id()).await;
    note("DELETE 400 text", &revoked.expect_err("refused"));
    let wire = Wire::answering([Canned::empty(500)]).await;
    note("GET 500 empty", &provider(&wire).get_organization(&org()).await.expect_err("refused"));
    insta::assert_snapshot!(table);
}
