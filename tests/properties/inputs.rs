//! What callers and configurations pass in: dates, addresses, ids, roles.

use std::time::Duration;

use bytes::Bytes;
use orgport_core::auth::Auth;
use orgport_core::http::{
    BaseUrl, CannedService, ClientOptions, Failure, HttpClient, HttpSettings, Refusal, Request, Transport,
    Vendor,
};
use orgport_core::{Email, ErrorKind, InvitationStatus, NewInvitation, OrganizationId, Role, Timestamp};
use orgport_tests::vendors::{VENDORS, adapter, id_of};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;

/// Texts with what parsers trip over.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9T:.+Z -]{0,40}",
        "[a-z@.+ \\r\\n\\x00\"<>(),;:\\[\\]\\\\/%?#&=é\u{202e}\u{3002}]{0,40}",
        prop::sample::select(&["", ".", "..", "../admin", "%2e%2e", "a/b", "a?b#c", "\0", "\u{2028}"][..])
            .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn a_date_that_is_read_is_written_as_the_same(text in hostile()) {
        for read in [Timestamp::parse, Timestamp::parse_as_utc] {
            match read(&text) {
                Ok(moment) => prop_assert_eq!(Timestamp::parse(&moment.to_string()).expect("ours"), moment),
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidInput),
            }
        }
    }

    #[test]
    fn every_moment_of_a_vendor_reads_back(milliseconds in any::<i64>(), later in any::<u64>()) {
        if let Some(moment) = Timestamp::from_unix_millis(milliseconds) {
            prop_assert_eq!(Timestamp::parse(&moment.to_string()).expect("ours"), moment);
            let sum = moment.saturating_add(Duration::from_secs(later));
            prop_assert!(sum >= moment && moment.saturating_since(sum) == Duration::ZERO);
        }
    }

    #[test]
    fn an_address_is_the_same_person_after_a_round_trip(text in hostile()) {
        let email = Email::verbatim(&text);
        let written = email.to_string();
        prop_assert_eq!(&Email::verbatim(&written), &email);
        if let Ok(parsed) = Email::parse(&text) {
            let written = parsed.to_string();
            prop_assert_eq!(&Email::parse(&written).expect("taken before"), &parsed);
            prop_assert_eq!(&Email::parse(parsed.key()).expect("a key is an address"), &parsed);
            let wire = parsed.as_str();
            prop_assert!(!wire.chars().any(|c| c.is_control() || c.is_whitespace()), "{:?}", wire);
            prop_assert_eq!(wire.matches('@').count(), 1);
        }
    }

    #[test]
    fn an_id_is_one_segment_of_the_path_or_refused(id in hostile()) {
        let request = Request::delete("/orgs/{orgId}/members/{id}").segment(&id).segment("end");
        let dropped = matches!(id.as_str(), "" | "." | "..");
        match request.path_and_query() {
            Err(error) => prop_assert!(dropped && error.kind() == ErrorKind::InvalidInput, "{}", error),
            Ok(path) => {
                prop_assert!(!dropped);
                let base = BaseUrl::parse("https://api.example.com/v1", false).expect("a URL");
                let url = url::Url::parse(&format!("{base}{path}")).expect("a path stands in a URL");
                let segments: Vec<_> = url.path_segments().expect("https has them").collect();
                prop_assert_eq!(segments.len(), 5, "{}", url);
                let decoded = percent_decode_str(segments[2]).decode_utf8().expect("it was text");
                prop_assert_eq!(decoded, id);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }
    }

    #[test]
    fn a_word_of_the_vendors_is_never_a_role_or_status_of_ours(word in hostile()) {
        let other = Role::Other(word.clone());
        prop_assert!(Role::KNOWN.iter().all(|known| *known != other && known.to_string() != other.to_string()));
        prop_assert!(other.to_string().parse::<Role>().is_err());
        let other = InvitationStatus::Unknown(word);
        prop_assert!(InvitationStatus::KNOWN.iter().all(|known| known.to_string() != other.to_string()));
    }

    #[test]
    fn a_base_url_is_safe_or_refused_without_its_secrets(host in hostile(), path in hostile()) {
        for text in [host.clone(), format!("https://{host}{path}"), format!("http://u:hidden-canary@{host}/")] {
            match BaseUrl::parse(&text, false) {
                Ok(base) => {
                    let url = url::Url::parse(base.as_str()).expect("it was read");
                    prop_assert!(url.username().is_empty() && url.password().is_none() && url.query().is_none());
                    prop_assert!(url.scheme() == "https" || url.host_str().is_some_and(is_here), "{}", base);
                }
                Err(error) => {
                    prop_assert_eq!(error.kind(), ErrorKind::Config);
                    prop_assert!(!format!("{error:?}").contains("hidden-canary"), "{:?}", error);
                }
            }
        }
    }
}

fn is_here(host: &str) -> bool {
    host.trim_end_matches('.') == "localhost" || host.starts_with("127.") || host == "[::1]"
}

#[test]
fn roles_read_back() {
    for role in Role::KNOWN {
        assert_eq!(role.to_string().parse::<Role>().expect("known"), *role);
    }
}

#[tokio::test]
async fn malformed_addresses_are_never_sent() {
    let service = CannedService::saying(200, "application/json", "{}");
    for vendor in VENDORS {
        let organization = OrganizationId::new(id_of(vendor)).expect("not empty");
        let adapter = adapter(vendor, "https://vendor.example", HttpClient::new(service.clone()));
        for address in [
            "",
            "ada",
            "@x.example",
            "ada@",
            "a b@x.example",
            "a@x.example\r\nBcc: b@x.example",
            "a@x.example\0",
            "\"a\"@x.example",
            "a@b@x.example",
            "<a@x.example>",
            "a,b@x.example",
            "a@-x.example",
        ] {
            let invitation = NewInvitation::to(Email::verbatim(address));
            let error = adapter.provider.invite(&organization, invitation).await.expect_err(address);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{vendor} {address:?}: {error}");
        }
    }
    assert!(service.requests().is_empty(), "{:?}", service.requests());
}

/// What the wait of a 429 with this header is read as, by the way of a whole call.
async fn retry_after(value: &'static str) -> Option<Duration> {
    let service = CannedService::new(move |_| {
        let response = http::Response::builder().status(429).header("retry-after", value);
        Ok(response.body(Bytes::new()).expect("a header can hold it"))
    });
    let base = BaseUrl::parse("https://vendor.example", false).expect("a URL");
    let mut settings = HttpSettings::default();
    settings.read_attempts = 1;
    let vendor = Vendor::new("test", |failure: &Failure<'_>| Refusal::from_status(failure.status));
    let options = ClientOptions::new(base, Auth::anonymous()).settings(settings);
    let transport = Transport::new(vendor, options.client(HttpClient::new(service))).expect("good settings");
    transport.send(Request::get("/health")).await.expect_err("429").retry_after()
}

#[tokio::test]
async fn no_retry_after_breaks_the_clock() {
    let year = Duration::from_hours(24 * 366);
    for value in [
        "-1",
        "1e308",
        "1e-308",
        "NaN",
        "inf",
        "-inf",
        "184467440737095516150",
        "0x10",
        "",
        " 7 ",
        "7 ",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Feb 2026 10:00:00 GMT",
        "soon",
        "7, 8",
    ] {
        let wait = retry_after(value).await;
        let far = value.contains("9999");
        assert!(wait.is_none_or(|wait| wait <= year || far), "{value}: {wait:?}");
    }
    assert_eq!(retry_after("7").await, Some(Duration::from_secs(7)));
}
