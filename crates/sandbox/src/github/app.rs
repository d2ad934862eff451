//! `/app`: calls of an app, which shows what it has signed with its key instead of a token.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;

use super::auth::{Grant, INSTALLATION_LIFE, Token, bearer};
use super::error::ApiError;
use super::json::date;
use super::{GitHub, Reply, Sim};

/// The app's number.
pub(super) const APP: &str = "424242";
/// The number of its installation in the first organization.
pub(super) const INSTALLATION: u64 = 777;
/// A key that was made for this simulator and opens nothing.
pub(super) const KEY: &str = include_str!("app.pem");

/// How far ahead a proof may end, and how far clocks may differ.
const LONGEST: i64 = 600;
const SKEW: i64 = 60;

static PUBLIC: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let lines: String = KEY.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = BASE64_STANDARD.decode(lines).expect("the file is PEM");
    RsaKeyPair::from_der(&der).expect("the file is a key").public_key().as_ref().to_vec()
});

#[derive(Deserialize)]
struct Claims {
    iat: i64,
    exp: i64,
    iss: String,
}

/// The app, whose proof was found good.
pub(super) struct App;

impl FromRequestParts<Arc<GitHub>> for App {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, github: &Arc<GitHub>) -> Result<Self, ApiError> {
        let proof = bearer(&parts.headers).ok_or_else(ApiError::unauthenticated)?;
        check(proof, github.now().as_second()).map(|()| Self)
    }
}

fn check(proof: &str, now: i64) -> Result<(), ApiError> {
    let refused = |what: &str| ApiError::new(StatusCode::UNAUTHORIZED, what);
    let undecodable = || refused("A JSON web token could not be decoded");
    let (signed, signature) = proof.rsplit_once('.').ok_or_else(undecodable)?;
    let (_, claims) = signed.split_once('.').ok_or_else(undecodable)?;
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| undecodable());
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &*PUBLIC);
    public.verify(signed.as_bytes(), &decode(signature)?).map_err(|_| undecodable())?;
    let Claims { iat, exp, iss } = serde_json::from_slice(&decode(claims)?).map_err(|_| undecodable())?;
    if iss != APP {
        return Err(refused("Integration not found"));
    }
    if exp <= now || exp > now + LONGEST + SKEW || exp - iat > LONGEST + SKEW {
        return Err(refused("'Expiration time' claim ('exp') is too far in the future"));
    }
    if iat > now {
        return Err(refused(
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
        ));
    }
    Ok(())
}

fn must_be_installed(id: &str) -> Result<(), ApiError> {
    if id == INSTALLATION.to_string() { Ok(()) } else { Err(ApiError::not_found()) }
}

pub(super) async fn installation(State(github): Sim, _: App, Path(id): Path<String>) -> Reply {
    must_be_installed(&id)?;
    let data = github.data();
    let organization = data.organizations.first().ok_or_else(ApiError::not_found)?;
    let account = json!({ "login": organization.login, "id": organization.id, "type": "Organization" });
    Ok(Json(json!({ "id": INSTALLATION, "app_id": 424_242, "account": account })).into_response())
}

pub(super) async fn access_token(State(github): Sim, _: App, Path(id): Path<String>) -> Reply {
    must_be_installed(&id)?;
    let mut data = github.data();
    let organization = data.organizations.first().ok_or_else(ApiError::not_found)?.id;
    let bot = data.users.iter().find(|user| user.is_bot).ok_or_else(ApiError::not_found)?.id;
    let ends = github.now().saturating_add(INSTALLATION_LIFE).expect("a duration always adds");
    // The newer form, which is much longer than the older one.
    let text = format!("ghs_{APP}_{}", github.world.ids.alphanumeric(180));
    data.tokens.push(Token { text: text.clone(), grant: Grant::Installation { organization, bot, ends } });
    let body = json!({
        "token": text,
        "expires_at": date(ends),
        "permissions": { "members": "write", "organization_administration": "write" },
        "repository_selection": "all",
    });
    let response: Response = (StatusCode::CREATED, Json(body)).into_response();
    Ok(response)
}
