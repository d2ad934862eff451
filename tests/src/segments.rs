//! What a client makes of values that are hard to put in a path.

use futures_util::future::BoxFuture;
use orgport::{Error, ErrorKind};

use crate::wire::Wire;

/// A call of a client, with a place for a value.
pub type Call<C> = for<'a> fn(&'a C, &'a str) -> Outcome<'a>;
/// What becomes of it.
pub type Outcome<'a> = BoxFuture<'a, Result<(), Error>>;

/// The calls of a client that take a value in their path, each with its request line, where `{}` stands for
/// the value.
#[macro_export]
macro_rules! segment_calls {
    ($client:ty: $($line:literal => |$subject:ident, $value:ident| $call:expr,)*) => {
        [$((
            $line,
            {
                fn call<'a>(
                    $subject: &'a $client,
                    $value: &'a str,
                ) -> $crate::segments::Outcome<'a> {
                    Box::pin(async move { $call.await.map(drop) })
                }
                call as $crate::segments::Call<$client>
            },
        ),)*]
    };
}

/// Values, and how a path holds each as one segment.
const SEGMENTS: [(&str, &str); 9] = [
    ("a b", "a%20b"),
    ("../admin", "..%2Fadmin"),
    ("a/b\\c", "a%2Fb%5Cc"),
    ("a?b#c&d=e", "a%3Fb%23c%26d%3De"),
    ("%2e%2e", "%252e%252e"),
    ("100%", "100%25"),
    ("ada+lab", "ada%2Blab"),
    ("naïve ☃", "na%C3%AFve%20%E2%98%83"),
    ("nul\0\r\n", "nul%00%0D%0A"),
];

/// Makes each call with values that would be several segments, which must arrive as one.
///
/// # Panics
///
/// If one does not, or if the vendor's answer is not a refusal.
pub async fn stay_whole<C>(wire: &Wire, client: &C, calls: &[(&str, Call<C>)]) {
    let long = "é/".repeat(2000);
    let long = (long.as_str(), "%C3%A9%2F".repeat(2000));
    let segments = SEGMENTS.map(|(value, encoded)| (value, encoded.to_owned()));
    for (value, encoded) in segments.into_iter().chain([long]) {
        for (template, call) in calls {
            let before = wire.received().len();
            call(client, value).await.expect_err("a refusal");
            let received = wire.received();
            assert_eq!(received.len(), before + 1, "{template} with {value:?}");
            assert_eq!(received[before].line, template.replace("{}", &encoded), "{value:?}");
        }
    }
}

/// Makes each call with values that no path can carry, which must be refused before they are sent.
///
/// # Panics
///
/// If one is sent, or refused as something else.
pub async fn are_not_sent<C>(wire: &Wire, client: &C, calls: &[(&str, Call<C>)]) {
    for value in ["", ".", ".."] {
        for (template, call) in calls {
            let error = call(client, value).await.expect_err(template);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{template} with {value:?}");
        }
    }
    assert_eq!(wire.received().len(), 0);
}
