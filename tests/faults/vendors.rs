//! What only some vendors do.

use futures_util::StreamExt;
use orgport_core::{ErrorKind, InvitationFilter, InviteOutcome, stream};
use orgport_sandbox::FaultKind;
use orgport_tests::world::Account;
use serde_json::json;

use crate::support::{ADA, Doing, email, word, world};

fn crowd(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("p{index}@x.example")).collect()
}

#[tokio::test]
async fn a_jaqpot_batch_that_is_cut_gives_each_person_an_outcome() {
    for account in [Account::Jaqpot, Account::JaqpotOlder] {
        for rows in [0, 3, 9, 10] {
            let world = world(account).await;
            world.fault(world.on_create(FaultKind::FailAfterRows { rows }));
            let people = crowd(14);
            let people: Vec<_> = people.iter().map(String::as_str).collect();
            let outcomes = world.invite_many(&people).await;
            let words: Vec<_> = outcomes.iter().map(word).collect();
            let incomplete = words.iter().filter(|word| **word == "incomplete").count();
            assert_eq!(incomplete, rows, "rows without mail: {words:?}");
            let failed = words.iter().filter(|word| !matches!(**word, "invited" | "incomplete")).count();
            assert_eq!(failed, usize::from(rows < 10), "the one that stopped it: {words:?}");
            for (person, word) in people.iter().zip(&words) {
                let mails = usize::from(*word == "invited");
                assert_eq!(world.mails_to(&email(person)), mails, "{person} is {word}: {words:?}");
            }
            let there = world.invitations().await.len();
            assert_eq!(there, people.len() - failed, "none twice: {words:?}");
        }
    }
}

#[tokio::test]
async fn trieve_adds_an_existing_account_at_once() {
    for account in [Account::Trieve, Account::TrieveUser] {
        for fault in [None, Some(FaultKind::ResetAfter), Some(FaultKind::Html { status: 502, commit: true })]
        {
            let world = world(account).await;
            world.sandbox.add_user("trieve", ADA).expect("a vendor");
            if let Some(fault) = fault {
                world.fault(world.on_create(fault));
            }
            let outcome = world.invite(ADA).await;
            assert!(matches!(outcome, Ok(InviteOutcome::Joined(..))), "{outcome:?}");
            assert!(world.mails_to(&email(ADA)) <= 1);
            assert_eq!(word(&world.invite(ADA).await), "already_member");
            assert!(world.invitations().await.is_empty(), "nobody waits");
        }
    }
}

#[tokio::test]
async fn koyebs_pages_that_repeat_come_to_an_end() {
    let row = |id: usize| {
        json!({
            "id": format!("00000000-0000-4000-8000-{id:012}"), "email": format!("p{id}@y.example"),
            "role": "OWNER", "status": "PENDING",
        })
    };
    let world = world(Account::Koyeb).await;
    let rows: Vec<_> = (0..100).map(row).collect();
    let body =
        json!({ "invitations": rows, "count": 1_000_000, "limit": 100, "offset": 0, "has_next": true });
    let fault = FaultKind::Status { status: 200, headers: [].into(), body: Some(body), commit: false };
    world.provider.list_members(&world.organization, None).await.expect("the organization is known");
    world.sandbox.clear_requests();
    world.fault(world.on_read(fault).route("/v1/organization_invitations").always());

    let (provider, filter) = (&*world.provider, InvitationFilter::all());
    let rows: Vec<_> = stream::invitations(provider, &world.organization, &filter).collect().await;
    let error = rows.iter().find_map(|row| row.as_ref().err()).expect("a list without end is no list");
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert!(world.count("GET") < 10, "{} requests", world.count("GET"));
    assert!(world.invite(ADA).await.is_err());
    assert_eq!((world.count("POST"), world.mails_to(&email(ADA))), (0, 0));
}
