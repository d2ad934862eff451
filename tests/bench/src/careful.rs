//! What a careful person writes by hand for one list: `reqwest` and serde, limits of time, each row's
//! text kept, a row that cannot be read as an error in its place, the start of the body in an error.
//! Dates and addresses stay texts.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// A row and its text.
#[derive(Debug)]
#[non_exhaustive]
pub struct Row<T> {
    /// What is known of it.
    pub value: T,
    /// All that the vendor sent.
    pub native: Box<RawValue>,
}

/// What goes wrong.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A client with limits of time.
///
/// # Errors
///
/// `reqwest`'s.
pub fn client() -> Result<Client, Failure> {
    let client = Client::builder().connect_timeout(Duration::from_secs(10)).timeout(Duration::from_mins(10));
    Ok(client.no_proxy().redirect(reqwest::redirect::Policy::none()).build()?)
}

/// Reads the list of this vendor; says how many rows there were.
///
/// # Errors
///
/// Those of the network, of a status and of a body that is not a list.
pub async fn list(client: &Client, kind: &str, url: &str) -> Result<usize, Failure> {
    let body = fetch(client, url).await?;
    Ok(match kind {
        "nuextract" => rows::<NuExtract>(&array(&body)?).len(),
        "jaqpot" => rows::<Jaqpot>(&array(&body)?).len(),
        "koyeb" => rows::<Koyeb>(&page(&body)?).len(),
        "trieve" => rows::<Trieve>(&array(&body)?).len(),
        _ => rows::<Losant>(&array(&body)?).len(),
    })
}

async fn fetch(client: &Client, url: &str) -> Result<Bytes, Failure> {
    let response = client.get(url).bearer_auth("token-0123456789").send().await?;
    let status = response.status();
    let body = response.bytes().await?;
    if status.is_success() {
        return Ok(body);
    }
    let start: String = String::from_utf8_lossy(&body).chars().take(120).collect();
    Err(format!("the server responds with {status}: {start}").into())
}

fn array(body: &[u8]) -> Result<Vec<&RawValue>, Failure> {
    Ok(serde_json::from_slice(body)?)
}

fn page(body: &[u8]) -> Result<Vec<&RawValue>, Failure> {
    #[derive(Deserialize)]
    struct Page<'a> {
        #[serde(borrow)]
        invitations: Vec<&'a RawValue>,
        #[expect(dead_code, reason = "read to know whether there is more")]
        count: u64,
    }
    Ok(serde_json::from_slice::<Page<'_>>(body)?.invitations)
}

fn rows<T: DeserializeOwned>(rows: &[&RawValue]) -> Vec<Result<Row<T>, serde_json::Error>> {
    let read = |row: &&RawValue| {
        let value = serde_json::from_str(row.get())?;
        Ok(Row { value, native: (*row).to_owned() })
    };
    rows.iter().map(read).collect()
}

/// One vendor's row: what the neutral invitation tells.
macro_rules! row {
    ($name:ident, $case:literal { $($field:ident: $type:ty,)* }) => {
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = $case)]
        #[expect(dead_code, reason = "they are read to be there")]
        struct $name { id: String, $($field: Option<$type>,)* }
    };
}

row!(NuExtract, "camelCase" { email: String, roles: Vec<String>, });
row!(Jaqpot, "camelCase" { user_email: String, status: String, expiration_date: String, });
row!(Koyeb, "snake_case" {
    email: String, role: String, status: String, expires_at: String, organization_id: String,
    organization: Organization, inviter_id: String, inviter: Inviter,
});
row!(Trieve, "snake_case" {
    email: String, organization_id: String, used: bool, created_at: String, role: i64,
    scopes: Vec<String>,
});
row!(Losant, "camelCase" {
    email: String, role: String, invite_date: String, ttl: f64, has_expired: bool,
});

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is read to be there")]
struct Organization {
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "they are read to be there")]
struct Inviter {
    email: Option<String>,
    name: Option<String>,
}
