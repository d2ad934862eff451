//! Vendors' answers: whatever comes, a decoder answers what it is or that it is nothing.

use std::fmt::Debug;

use orgport_core::http::{CannedService, Doc, HttpClient};
use orgport_core::{Error, ErrorKind};
use orgport_tests::vendors::{Outcome, VENDORS, adapter};
use orgport_tests::wire::{all_fixtures, fixture};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;

use super::strategies::{bytes, json, spoiled};

/// One call in so many meets a spoiled fixture.
const FEW: usize = 4;

const BASE_URL: &str = "https://vendor.example";

/// A client of a vendor that always responds so.
fn saying(status: u16, content_type: &str, body: &[u8]) -> HttpClient {
    HttpClient::new(CannedService::saying(status, content_type, body.to_vec()))
}

/// A vendor that responds whatever it is told to.
struct Babbler {
    runtime: Runtime,
}

impl Babbler {
    fn new() -> Self {
        Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
        }
    }

    /// Lets every call of a vendor meet this answer.
    fn meet(
        &self,
        vendor: &str,
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> (Vec<Outcome>, Vec<Outcome>) {
        let mut adapter = adapter(vendor, BASE_URL, saying(status, content_type, body));
        self.runtime.block_on(async { (adapter.call_all().await, adapter.operate_all().await) })
    }

    /// Lets a few calls of a vendor's client meet it, others each time.
    fn meet_some(&self, vendor: &str, turn: usize, body: &[u8]) -> Vec<Outcome> {
        let mut adapter = adapter(vendor, BASE_URL, saying(200, "application/json", body));
        let calls = std::mem::take(&mut adapter.calls);
        adapter.calls = calls.into_iter().skip(turn % FEW).step_by(FEW).collect();
        self.runtime.block_on(adapter.call_all())
    }
}

/// An error is one line that a person can read, whatever the body was.
fn check_text(name: &str, error: &Error) -> Result<(), TestCaseError> {
    let text = error.to_string();
    prop_assert!(!text.contains('\n') && text.len() < 8 << 10, "{name}: {text}");
    prop_assert!(format!("{error:?}").len() < 64 << 10, "{name}: a long Debug");
    Ok(())
}

/// A success in any form is read, or is a `Protocol` error; of a write it is perhaps not known what
/// it did.
fn check_success((typed, neutral): (Vec<Outcome>, Vec<Outcome>)) -> Result<(), TestCaseError> {
    for (name, outcome) in &typed {
        if let Err(error) = outcome {
            let kind = error.kind();
            prop_assert!(matches!(kind, ErrorKind::Protocol | ErrorKind::Ambiguous), "{name}: {error:?}");
            check_text(name, error)?;
        }
    }
    for (name, outcome) in &neutral {
        if let Err(error) = outcome {
            check_text(name, error)?;
        }
    }
    Ok(())
}

fn run<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: Debug,
{
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    if let Err(error) = TestRunner::new(config).run(strategy, test) {
        panic!("{error}");
    }
}

#[test]
fn any_json_is_an_answer_or_a_protocol_error() {
    let babbler = Babbler::new();
    run(12, &json(), |json| {
        for vendor in VENDORS {
            check_success(babbler.meet(vendor, 200, "application/json", json.to_string().as_bytes()))?;
        }
        Ok(())
    });
}

#[test]
fn any_bytes_are_an_answer_or_a_protocol_error() {
    let babbler = Babbler::new();
    run(12, &bytes(), |bytes| {
        for vendor in VENDORS {
            check_success(babbler.meet(vendor, 200, "application/json", &bytes))?;
        }
        Ok(())
    });
}

#[test]
fn a_documented_answer_with_one_thing_wrong_is_an_answer_or_a_protocol_error() {
    let babbler = Babbler::new();
    for vendor in VENDORS {
        let paths = all_fixtures(vendor).into_iter().filter(|path| path.contains(".json"));
        for (turn, path) in paths.enumerate() {
            run(2, &spoiled(&fixture(&path)), |body| {
                check_success((babbler.meet_some(vendor, turn, &body), Vec::new()))
            });
        }
    }
}

#[test]
fn any_failure_is_an_error_of_one_line() {
    let babbler = Babbler::new();
    let media = prop::sample::select(&["application/json", "text/html", "text/plain", "\u{ff}", ""][..]);
    let body = prop_oneof![bytes(), json().prop_map(|json| json.to_string().into_bytes())];
    run(12, &(300..600_u16, media, body), |(status, content_type, body)| {
        for vendor in VENDORS {
            let (typed, neutral) = babbler.meet(vendor, status, content_type, &body);
            for (name, outcome) in typed {
                prop_assert!(outcome.is_err(), "{name} takes {status} for a success");
                check_text(name, &outcome.expect_err("checked above"))?;
            }
            for (name, outcome) in &neutral {
                if let Err(error) = outcome {
                    check_text(name, error)?;
                }
            }
        }
        Ok(())
    });
}

#[test]
fn depth_and_size_have_an_end() {
    let babbler = Babbler::new();
    let deep = |open: &str, close: &str| open.repeat(20_000) + "1" + &close.repeat(20_000);
    let bombs = [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        "[".repeat(20_000),
        format!("{{\"message\":{}}}", deep("[", "]")),
        format!("[{}]", vec!["{}"; 2_000].join(",")),
        format!("{{\"count\":1{}}}", "0".repeat(100_000)),
    ];
    for bomb in &bombs {
        for vendor in VENDORS {
            check_success(babbler.meet(vendor, 200, "application/json", bomb.as_bytes())).expect("it ends");
            let (typed, _) = babbler.meet(vendor, 400, "application/json", bomb.as_bytes());
            assert!(typed.iter().all(|(_, outcome)| outcome.is_err()));
        }
    }
}

fn decodes<T: DeserializeOwned + Debug>(text: &str) -> Result<(), TestCaseError> {
    match Doc::<T>::from_text(text) {
        Ok(doc) => drop(format!("{doc:?}")),
        Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Protocol),
    }
    Ok(())
}

macro_rules! decodes {
    ($text:expr; $($model:ty),* $(,)?) => { $(decodes::<$model>($text)?;)* };
}

#[test]
fn every_model_reads_any_json_or_says_that_it_cannot() {
    use orgport_jaqpot::model as jaqpot;
    use orgport_koyeb::model as koyeb;
    use orgport_losant as losant;
    use orgport_nuextract::model as nuextract;
    use orgport_trieve::model as trieve;

    run(2_000, &json(), |json| {
        let text = json.to_string();
        decodes!(&text;
            nuextract::OrganizationResponse, nuextract::MemberResponse, nuextract::InvitationResponse,
            nuextract::ErrorBody, nuextract::User, nuextract::TokenResponse, nuextract::ApiKeyResponse,
            nuextract::VersionResponse, nuextract::HealthResponse,
            jaqpot::Organization, jaqpot::OrganizationUser, jaqpot::User, jaqpot::OrganizationInvitation,
            jaqpot::ApiKey, jaqpot::UpdatedApiKey,
            koyeb::OrganizationInvitation, koyeb::OrganizationMember, koyeb::Organization, koyeb::User,
            koyeb::Token, koyeb::Credential, koyeb::Quotas, koyeb::OrganizationSummary,
            trieve::Invitation, trieve::Organization, trieve::Plan, trieve::Subscription, trieve::User,
            trieve::UserOrganization, trieve::ApiKey, trieve::OrganizationUsage,
            losant::Org, losant::OrgMember, losant::OrgInvite, losant::OrgInviteUser,
            losant::OrgInviteInfo, losant::Me, losant::UserToken, losant::Success,
        );
        Ok(())
    });
}
