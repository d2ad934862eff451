//! All operations of every credential under every fault, with everything logged.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use orgport::OrganizationId;
use orgport_sandbox::{Authority, Fault, FaultKind, Identity, Received};
use orgport_tests::stage::Stage;
use orgport_tests::taint::{Taint, secrets_of};
use orgport_tests::vendors::{Outcome, operate_all};
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

/// Each fault is met once; nothing waits for long.
const SETTINGS: &str = "attempt_timeout = '150ms'\nread_attempts = 1\nwrite_attempts = 1";

/// What was logged, at any level, by anybody.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().expect("no holder panics"));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no holder panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    log
});

/// What goes to an authorization server or a login only, where no error repeats any words.
const FOR_LOGINS: [&str; 3] = ["refresh_token", "client_secret", "password"];

/// Everything that a vendor could say about the credential that it got, in the body of any status.
fn told(identity: &Identity) -> Vec<Value> {
    secrets_of(identity)
        .filter(|(key, _)| !FOR_LOGINS.contains(key))
        .map(|(_, secret)| secret)
        .flat_map(|secret| {
            let words = format!("the credential Bearer {secret} is not good");
            [
                json!({ "message": words, "error": { "type": "Oops", "message": words }, "code": words, "errors": [words] }),
                json!([{ "id": [words], "email": { "a": secret }, "role": [secret] }]),
                json!({ "items": secret, "invitations": secret, "organizations": secret, "id": { "a": secret } }),
                json!(words),
            ]
        })
        .collect()
}

fn faults(identity: &Identity, elsewhere: &str) -> Vec<Option<FaultKind>> {
    let mut faults = vec![
        None,
        Some(FaultKind::ResetBefore),
        Some(FaultKind::ResetAfter),
        Some(FaultKind::Html { status: 200, commit: false }),
        Some(FaultKind::Html { status: 502, commit: false }),
        Some(FaultKind::Truncate { bytes: 40 }),
        Some(FaultKind::Redirect { to: elsewhere.to_owned() }),
        Some(FaultKind::Hang { commit: false }),
        Some(FaultKind::UnknownEnum),
    ];
    for body in told(identity) {
        for status in [200, 401, 403, 500] {
            faults.push(Some(FaultKind::Status {
                status,
                headers: BTreeMap::from([("x-request-id".to_owned(), "r-1".to_owned())]),
                body: Some(body.clone()),
                commit: false,
            }));
        }
    }
    faults
}

/// Every error in every way in which one is shown.
fn shown(outcomes: &[Outcome]) -> String {
    let errors = outcomes.iter().filter_map(|(name, outcome)| Some((name, outcome.as_ref().err()?)));
    let texts = errors.map(|(name, error)| {
        let causes = std::iter::successors(error.source(), |cause| (*cause).source());
        let causes: Vec<_> = causes.map(|cause| format!("{cause} {cause:?}")).collect();
        format!(
            "{name}: {error}
{error:?}
{error:#?}
{}",
            causes.join(
                "
"
            )
        )
    });
    texts.collect::<Vec<_>>().join(
        "
",
    )
}

/// Nothing of a credential goes where it does not belong.
fn assert_apart(stage: &Stage, identity: &Identity, taint_of_others: &Taint) {
    let renewal = &FOR_LOGINS[..2];
    let refresh = secrets_of(identity).filter(|(key, _)| renewal.contains(key));
    let access = secrets_of(identity).filter(|(key, _)| !renewal.contains(key));
    let refresh = Taint::new(refresh.map(|(key, secret)| (key.to_owned(), secret))).whole();
    let access = Taint::new(access.map(|(key, secret)| (key.to_owned(), secret))).whole();
    for request in stage.sandbox.requests() {
        let text = whole(&request);
        if request.authority == Authority::Auth {
            access.assert_clean("a request to the authorization server", &text);
        } else {
            assert_eq!(request.vendor, identity.vendor, "another vendor was asked");
            refresh.assert_clean("a request to the vendor", &text);
        }
        taint_of_others.assert_clean("a request", &text);
    }
}

/// What opens an invitation to whoever has read the mail.
fn mailed(stage: &Stage) -> Taint {
    let mails = stage.sandbox.mail();
    let codes = mails.iter().flat_map(|mail| {
        let words = mail.link.as_deref().unwrap_or_default().split(['/', '?', '&', '=']);
        let codes = words.filter(|word| word.len() >= 20 && word.contains(|c: char| c.is_ascii_digit()));
        // The organization's id stands in many links and is no secret.
        codes
            .filter(|code| *code != mail.organization)
            .map(|code| (format!("{}'s mailed code", mail.vendor), code))
    });
    Taint::new(codes).whole()
}

fn whole(request: &Received) -> String {
    let Received { method, path, query, headers, body, .. } = request;
    format!("{method} {path}?{query:?}\n{headers:?}\n{body}")
}

#[tokio::test]
async fn nothing_shows_a_credential_whatever_goes_wrong() {
    let log = LOG.clone();
    let accounts = Stage::new().await.sandbox.identities().len();
    let (mut logged, mut fired, mut codes) = (0, 0, 0);
    for account in 0..accounts {
        for number in 0.. {
            let stage = Stage::new().await;
            let identities = stage.sandbox.identities();
            let identity = &identities[account];
            let mut faults = faults(identity, &stage.sandbox.auth_url());
            if number == faults.len() {
                break;
            }
            let fault = faults.swap_remove(number);
            let taint = Taint::of([identity]);
            let others = identities.iter().filter(|other| other.credential != identity.credential);
            let others = Taint::of(others).whole();
            // The fault's own body holds the secret, which the place must not.
            let name = format!("{fault:?}");
            let name = name.split("body").next().unwrap_or_default();
            let place = format!("{} by {} under {name}", identity.vendor, identity.credential["type"]);

            let config = stage.config(identity, SETTINGS);
            taint.assert_clean("Debug of a configuration", &format!("{config:?} {config:#?}"));
            let provider = config.provider(None).expect("good settings");
            taint.assert_clean("Debug of a provider", &format!("{provider:?} {provider:#?}"));
            let fault = fault.map(|fault| {
                // A hang takes real time, and behind two refusals the token in the words is no
                // longer what is sent.
                let few = matches!(fault, FaultKind::Hang { .. } | FaultKind::Status { status: 401, .. });
                let fault = Fault::new(identity.vendor.as_str(), fault);
                let fault = if few { fault.times(2) } else { fault.always() };
                stage.sandbox.fault(fault).expect("set")
            });
            let organization = identity.organization.as_deref().unwrap_or("acme");
            let organization = OrganizationId::new(organization).expect("not empty");
            let outcomes = operate_all(&provider, &organization).await;

            let (errors, text) = (shown(&outcomes), log.take());
            logged += text.len();
            let mailed = mailed(&stage);
            codes += u32::from(!mailed.is_empty());
            for taint in [taint, mailed] {
                taint.assert_clean(&format!("an error of {place}"), &errors);
                taint.assert_clean(&format!("the log of {place}"), &text);
            }
            assert_apart(&stage, identity, &others);
            fired += fault.map_or(0, |fault| stage.sandbox.fired(fault));
        }
    }
    println!("{fired} faults fired, {logged} bytes logged, codes mailed in {codes} runs");
    assert!(logged > 1_000_000 && fired > 1_000 && codes > 0, "{codes} runs mailed codes");
}
