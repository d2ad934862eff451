//! Values that are hard to send: one segment, one value, one string, or refused.

use std::fmt::Write as _;

use super::{Report, client};
use insta::assert_snapshot;
use orgport_core::Error;
use orgport_jaqpot::JaqpotClient;
use orgport_jaqpot::model::OrganizationInvitationStatus;
use orgport_jaqpot::request::{UpdateApiKey, UpdateInvitation, UsersQuery};
use orgport_tests::wire::{Canned, Wire};

/// The endpoints whose parameters are names, with a value in every one of them.
async fn with_parameter(client: &JaqpotClient, endpoint: &str, value: &str) -> Result<(), Error> {
    let update = UpdateInvitation {
        id: None,
        user_id: None,
        user_email: value.into(),
        status: OrganizationInvitationStatus::Accepted,
        expiration_date: value.into(),
    };
    match endpoint {
        "list_invitations" => client.list_invitations(value).await.map(drop),
        "create_invitations" => client.create_invitations(value, &[value]).await,
        "get_invitation" => client.get_invitation(value, value).await.map(drop),
        "update_invitation" => client.update_invitation(value, value, &update).await.map(drop),
        "get_organization" => client.get_organization(value).await.map(drop),
        "update_api_key" => client.update_api_key(value, &UpdateApiKey::default()).await.map(drop),
        "delete_api_key" => client.delete_api_key(value).await,
        "get_user" => client.get_user(value).await.map(drop),
        "list_users" => client
            .list_users(&UsersQuery { sort: vec![value.into()], ..UsersQuery::default() })
            .await
            .map(drop),
        _ => unreachable!("{endpoint}"),
    }
}

#[tokio::test]
async fn stay_one_segment() {
    let long = "x".repeat(4096);
    let mut report = Report::default();
    for endpoint in [
        "list_invitations",
        "create_invitations",
        "get_invitation",
        "update_invitation",
        "get_organization",
        "update_api_key",
        "delete_api_key",
        "get_user",
        "list_users",
    ] {
        let mut lines = String::new();
        for value in [
            "",
            ".",
            "..",
            "a b",
            "a/b",
            "../admin",
            "a?b#c",
            "%2e%2e",
            "50%",
            "a+b",
            "naïve☃",
            "nul\0",
            "a;b=c,\\\"",
            &long,
        ] {
            let wire = Wire::answering([Canned::empty(403)]).await;
            let refused = with_parameter(&client(&wire), endpoint, value).await.expect_err("all are refused");
            let line = match wire.received().as_slice() {
                [] => format!("not sent: {refused}"),
                [request] => format!("{} {}", request.line, request.body),
                more => panic!("{more:?}"),
            };
            writeln!(lines, "{}", line.replace(&long, "<4096 x>")).expect("a string takes all");
        }
        report.add(endpoint, lines);
    }
    assert_snapshot!(report.0);
}
