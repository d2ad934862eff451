//! The authorization server on the second port, in the manner of Keycloak.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac_sha256::Hash as Sha256;
use serde_json::{Map, Value, json};

use crate::requests::{Authority, Target};
use crate::shared::Shared;
use crate::tokens::Code;

/// What the log and the faults call this server.
pub(crate) const NAME: &str = "auth";

/// The redirect URI of a client that asks its user to paste the code.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
/// The claim that holds a user's roles in the realm; it is in tokens only.
pub(crate) const ROLES: &str = "realm_access";
const SCOPE: &str = "openid email profile";
const CODE_LIFE: Duration = Duration::from_mins(1);
/// What is said about refresh tokens; they live until they are used.
const REFRESH_LIFE: Duration = Duration::from_hours(30 * 24);

/// A realm, with its one public client.
#[derive(Debug)]
pub(crate) struct Realm {
    name: &'static str,
    pub(crate) vendor: &'static str,
    client_id: &'static str,
}

pub(crate) const REALMS: &[Realm] = &[
    Realm { name: "extract-platform", vendor: "nuextract", client_id: "user" },
    Realm { name: "jaqpot", vendor: "jaqpot", client_id: "jaqpot-client" },
];

impl Realm {
    fn named(name: &str) -> Result<&'static Self, OAuthError> {
        REALMS.iter().find(|realm| realm.name == name).ok_or(OAuthError::NoRealm)
    }

    fn issuer(&self, origin: &str) -> String {
        format!("{origin}/realms/{}", self.name)
    }

    fn claims(&self, shared: &Shared, user: &str) -> Option<Map<String, Value>> {
        shared.vendor(self.vendor).ok()?.claims(user)
    }

    pub(crate) fn url(&self, origin: &str, endpoint: &str) -> String {
        format!("{}/protocol/openid-connect/{endpoint}", self.issuer(origin))
    }
}

/// The realm that a request to this server asks.
pub(crate) fn realm_of(target: &Target) -> Option<&'static Realm> {
    let path = (target.authority == Authority::Auth).then(|| target.path.strip_prefix("/realms/"))??;
    let name = path.split('/').next()?;
    REALMS.iter().find(|realm| realm.name == name)
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/realms/{realm}/protocol/openid-connect/token", post(token))
        .route("/realms/{realm}/protocol/openid-connect/auth", get(log_in))
        .route("/realms/{realm}/protocol/openid-connect/userinfo", get(user_info).post(user_info))
        .route("/realms/{realm}/.well-known/openid-configuration", get(discover))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(shared)
}

/// The errors of RFC 6749 in Keycloak's words.
#[derive(Debug)]
enum OAuthError {
    NoRealm,
    NotForm,
    InvalidRequest(String),
    InvalidClient,
    InvalidGrant(&'static str),
    UnsupportedGrant,
    InvalidToken,
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::NoRealm => (StatusCode::NOT_FOUND, "Realm does not exist", None),
            Self::NotForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "HTTP 415 Unsupported Media Type", None),
            Self::InvalidRequest(why) => (StatusCode::BAD_REQUEST, "invalid_request", Some(why)),
            Self::InvalidClient => {
                let why = "Invalid client or Invalid client credentials".to_owned();
                (StatusCode::UNAUTHORIZED, "invalid_client", Some(why))
            }
            Self::InvalidGrant(why) => (StatusCode::BAD_REQUEST, "invalid_grant", Some(why.to_owned())),
            Self::InvalidToken => {
                let why = "Token verification failed".to_owned();
                (StatusCode::UNAUTHORIZED, "invalid_token", Some(why))
            }
            Self::UnsupportedGrant => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", Some("Unsupported grant_type".to_owned()))
            }
        };
        let body = match description {
            Some(description) => json!({ "error": error, "error_description": description }),
            None => json!({ "error": error }),
        };
        (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}

/// The fields of a form or a query.
struct Fields(HashMap<String, String>);

impl Fields {
    fn parse(text: &[u8]) -> Result<Self, OAuthError> {
        let mut fields = HashMap::new();
        for (name, value) in form_urlencoded::parse(text).into_owned() {
            if fields.insert(name, value).is_some() {
                return Err(OAuthError::InvalidRequest("duplicated parameter".to_owned()));
            }
        }
        Ok(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::InvalidRequest(format!("Missing form parameter: {name}")))
    }
}

async fn token(
    State(shared): State<Arc<Shared>>,
    Path(realm): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthError> {
    let realm = Realm::named(&realm)?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded")) {
        return Err(OAuthError::NotForm);
    }
    let form = Fields::parse(&body)?;
    let grant_type = form.need("grant_type")?;
    if form.get("client_id") != Some(realm.client_id) {
        return Err(OAuthError::InvalidClient);
    }
    let user = match grant_type {
        "refresh_token" => by_refresh_token(&shared, realm, &form)?,
        "authorization_code" => by_code(&shared, realm, &form)?,
        _ => return Err(OAuthError::UnsupportedGrant),
    };
    Ok(issue(&shared, realm, &user))
}

fn by_refresh_token(shared: &Shared, realm: &Realm, form: &Fields) -> Result<String, OAuthError> {
    let used = shared.world.tokens.use_refresh(form.need("refresh_token")?, realm.vendor);
    used.ok_or(OAuthError::InvalidGrant("Invalid refresh token"))
}

fn by_code(shared: &Shared, realm: &Realm, form: &Fields) -> Result<String, OAuthError> {
    let invalid = OAuthError::InvalidGrant;
    let code = shared.world.tokens.use_code(form.need("code")?);
    let code = code
        .filter(|code| code.vendor == realm.vendor && code.expires_at > shared.world.clock.now())
        .ok_or(invalid("Code not valid"))?;
    if form.get("redirect_uri") != Some(&code.redirect_uri) {
        return Err(invalid("Incorrect redirect_uri"));
    }
    match (&code.challenge, form.get("code_verifier")) {
        (None, _) => {}
        (Some(_), None) => return Err(invalid("PKCE code verifier not specified")),
        (Some(challenge), Some(verifier)) => {
            if BASE64_URL_SAFE_NO_PAD.encode(Sha256::hash(verifier.as_bytes())) != *challenge {
                return Err(invalid("PKCE verification failed: Code mismatch"));
            }
        }
    }
    Ok(code.user_id)
}

fn issue(shared: &Shared, realm: &Realm, user: &str) -> Response {
    let world = &shared.world;
    let (now, lives) = (world.clock.now(), world.options.access_token_life);
    let own = [
        ("iss", json!(realm.issuer(&shared.auth_url()))),
        ("azp", json!(realm.client_id)),
        ("typ", json!("Bearer")),
        ("iat", json!(now.as_second())),
        ("exp", json!(now.as_second().saturating_add_unsigned(lives.as_secs()))),
        ("jti", json!(world.tokens.unique("jti"))),
        ("scope", json!(SCOPE)),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    let claims = realm.claims(shared, user).unwrap_or_default();
    let access_token = world.tokens.jwt(&own.chain(claims).collect());
    world.tokens.grant(&access_token, realm.vendor, user, now, lives);
    let body = json!({
        "access_token": access_token,
        "expires_in": lives.as_secs(),
        "refresh_expires_in": REFRESH_LIFE.as_secs(),
        "refresh_token": world.tokens.refreshable(realm.vendor, user),
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": SCOPE,
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Whom an access token stands for.
async fn user_info(
    State(shared): State<Arc<Shared>>,
    Path(realm): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, OAuthError> {
    let realm = Realm::named(&realm)?;
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(OAuthError::InvalidToken)?;
    let user = shared.world.tokens.user(token, realm.vendor, shared.world.clock.now());
    let claims = user.ok().and_then(|user| realm.claims(&shared, &user));
    let mut claims = claims.ok_or(OAuthError::InvalidToken)?;
    claims.remove(ROLES);
    Ok(Json(claims.into()))
}

/// Where the login page would be: `login_hint` logs in at once, as nobody is there to type.
async fn log_in(
    State(shared): State<Arc<Shared>>,
    Path(realm): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, OAuthError> {
    let realm = Realm::named(&realm)?;
    let query = Fields::parse(query.unwrap_or_default().as_bytes())?;
    if query.get("client_id") != Some(realm.client_id) {
        return Err(OAuthError::InvalidRequest("Client not found.".to_owned()));
    }
    if query.get("response_type") != Some("code") {
        return Err(OAuthError::InvalidRequest("Missing or unknown parameter: response_type".to_owned()));
    }
    let redirect_uri = query.need("redirect_uri")?.to_owned();
    let challenge = challenge(&query)?;
    let user_id = query.get("login_hint").and_then(|email| user(&shared, realm, email)).ok_or_else(|| {
        OAuthError::InvalidRequest("login_hint is not the address of an account here".to_owned())
    })?;
    let expires_at = shared.world.clock.now().saturating_add(CODE_LIFE).expect("a duration always adds");
    let code =
        Code { vendor: realm.vendor, user_id, redirect_uri: redirect_uri.clone(), challenge, expires_at };
    let code = shared.world.tokens.code(code);
    if redirect_uri == OUT_OF_BAND {
        return Ok(code.into_response());
    }
    let location = with_code(&redirect_uri, &code, query.get("state"));
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

fn challenge(query: &Fields) -> Result<Option<String>, OAuthError> {
    match (query.get("code_challenge"), query.get("code_challenge_method")) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) => Ok(Some(challenge.to_owned())),
        _ => {
            Err(OAuthError::InvalidRequest("Invalid parameter: code challenge method is not S256".to_owned()))
        }
    }
}

/// The id of the account with this address: the owner of any token in its credentials.
fn user(shared: &Shared, realm: &Realm, email: &str) -> Option<String> {
    let mut identities = shared.vendor(realm.vendor).ok()?.identities().into_iter();
    identities.find_map(|identity| {
        let secrets =
            identity.credential.as_object().filter(|_| identity.email.eq_ignore_ascii_case(email))?;
        secrets.values().find_map(|secret| shared.world.tokens.owner(secret.as_str()?, realm.vendor))
    })
}

fn with_code(redirect_uri: &str, code: &str, state: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{separator}{}", query.append_pair("code", code).finish())
}

async fn discover(
    State(shared): State<Arc<Shared>>,
    Path(realm): Path<String>,
) -> Result<Json<Value>, OAuthError> {
    let realm = Realm::named(&realm)?;
    let origin = shared.auth_url();
    Ok(Json(json!({
        "issuer": realm.issuer(&origin),
        "authorization_endpoint": realm.url(&origin, "auth"),
        "token_endpoint": realm.url(&origin, "token"),
        "userinfo_endpoint": realm.url(&origin, "userinfo"),
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    })))
}
