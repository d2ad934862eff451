//! Refusals, and what stands behind them.

use orgport_core::{Error, ErrorKind};
use orgport_sandbox::FaultKind;
use orgport_tests::world::{Account, World};
use serde_json::{Value, json};

use crate::support::{ADA, Doing, email, invitation, status, word, world};

const MADE_ALL_THE_SAME: [u16; 6] = [400, 402, 403, 413, 422, 451];

fn refusal(status: u16, body: Value) -> FaultKind {
    FaultKind::Status { status, headers: [].into(), body: Some(body), commit: true }
}

/// How many requests a look takes when the vendor is known.
async fn requests_of_a_look(world: &World) -> u32 {
    let mut before = 0;
    for _ in 0..2 {
        before = world.count("GET");
        let wanted = vec![invitation(&*world.provider, ADA)];
        world.provider.plan_invites(&world.organization, wanted).await.expect("nothing is wrong yet");
    }
    u32::try_from(world.count("GET") - before).expect("few")
}

fn told(result: Result<orgport_core::InviteOutcome, Error>, context: &str) -> Error {
    result.expect_err(context)
}

pub(crate) async fn that_nobody_can_look_behind(account: Account) {
    for code in MADE_ALL_THE_SAME {
        let world = world(account).await;
        let skip = requests_of_a_look(&world).await;
        world.fault(world.on_create(refusal(code, json!("no seats"))));
        world.fault(world.on_read(status(404, &[])).skip(skip).always());
        let error = told(world.invite(ADA).await, "refused");
        assert_eq!(error.status(), Some(code), "{account:?}: {error}");
        assert!(error.may_be_done() && error.kind() != ErrorKind::Incomplete, "{account:?} {code}: {error}");
        assert!(error.to_string().contains("no seats"), "{account:?} {code}: {error}");
        assert!(!error.is_retryable() && world.mails_to(&email(ADA)) == 1, "{account:?} {code}: {error}");
    }
}

pub(crate) async fn that_says_exists(account: Account) {
    for body in [json!({ "detail": "such a person exists already" }), json!("duplicate address")] {
        let world = world(account).await;
        world.fault(world.on_create(refusal(422, body.clone())));
        assert_eq!(word(&world.invite(ADA).await), "already_invited", "{account:?} {body}");
        assert_eq!(world.mails_to(&email(ADA)), 1, "{account:?} {body}");
    }
}
