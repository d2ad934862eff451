//! An organization that was made, perhaps.

use orgport_core::http::{CannedService, HttpClient};
use orgport_core::{ErrorKind, NewOrganization, Reach};
use orgport_tests::vendors::adapter;

/// Jaqpot's success has no body that counts: the organization is read back by its name.
const TOLD_BY_THE_BODY: [&str; 4] = ["nuextract", "koyeb", "trieve", "losant"];

const UNREADABLE: [&str; 8] =
    ["null", "[]", "{}", "7", r#"{"error":"no"}"#, r#"{"message":"no","code":7}"#, "", "<html>"];

const WITHOUT_ID: [&str; 4] = [
    r#"{"id":"","name":"acme"}"#,
    r#"{"id":null,"name":"acme"}"#,
    r#"{"organization":{"id":"","name":"acme"}}"#,
    r#"{"organization":{"name":"acme"}}"#,
];

#[tokio::test]
async fn a_success_that_cannot_be_read_is_looked_up_before_it_is_done_again() {
    for vendor in TOLD_BY_THE_BODY {
        // Trieve's typed client hands an empty id on as it is; the adapter does not.
        let without_id = if vendor == "trieve" { &[][..] } else { &WITHOUT_ID };
        for body in UNREADABLE.iter().chain(without_id) {
            let service = CannedService::saying(200, "application/json", *body);
            let mut adapter = adapter(vendor, "https://vendor.example", HttpClient::new(service.clone()));
            // Trieve's neutral operation is for users' keys, which this one is not.
            adapter.calls.retain(|(name, _)| vendor == "trieve" && *name == "create_organization");
            let error = match adapter.calls.pop() {
                Some((_, call)) => call.await.err(),
                None => adapter.provider.create_organization(NewOrganization::new("acme")).await.err(),
            };
            let error = error.expect(body);
            let told = (error.kind(), error.reach(), error.is_retryable());
            assert_eq!(told, (ErrorKind::Ambiguous, Reach::Unanswered, false), "{vendor} {body}: {error}");
            assert_eq!(service.requests().len(), 1, "{vendor} {body}");
        }
    }
}
