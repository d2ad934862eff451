//! The neighbours of the organization calls: a probe for credentials, and users.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Jaqpot;
use super::auth::{Caller, Visitor};
use super::body::WantsJson;
use super::error::Refusal;
use super::json;
use super::limits::Limited;
use super::state::User;

/// 200 without a body for every caller who got this far.
pub(super) async fn validate(_: Caller) -> StatusCode {
    StatusCode::OK
}

/// Open to anonymous callers; by user name, although the vendor's text says id.
pub(super) async fn by_username(
    State(jaqpot): State<Arc<Jaqpot>>,
    Visitor(visitor): Visitor,
    _: WantsJson,
    Path(username): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let data = jaqpot.data();
    let user = data.users.iter().find(|user| user.username == username).ok_or(Refusal::Nothing)?;
    let can_edit = visitor.is_some_and(|caller| caller.id == user.id);
    Ok(Json(json::user(user, Some(can_edit))))
}

/// All users, newest first unless `sort` says otherwise (`username|asc`).
pub(super) async fn list_all(
    State(jaqpot): State<Arc<Jaqpot>>,
    caller: Caller,
    _: WantsJson,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Refusal> {
    if !caller.is_realm_admin() && !caller.has_role("upci") {
        return Err(Refusal::Forbidden);
    }
    let mut data = jaqpot.data();
    let usage = data.limits.take(&caller, Limited::ListUsers, jaqpot.world.clock.now())?;
    // Values that are no numbers count as absent.
    let number = |name| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let (page, size) = (number("page").unwrap_or(0), number("size").unwrap_or(10).max(1));
    let sort = query.get("sort");
    let users = sorted(&data.users, sort.map(String::as_str));
    let content: Vec<Value> =
        users.iter().skip(page.saturating_mul(size)).take(size).map(|user| json::user(user, None)).collect();
    let total_pages = users.len().div_ceil(size);
    let sorting = json!({"empty": sort.is_none(), "sorted": sort.is_some(), "unsorted": sort.is_none()});
    let answer = json!({
        "pageable": {
            "sort": sorting, "offset": page.saturating_mul(size), "pageSize": size, "pageNumber": page,
            "unpaged": false, "paged": true,
        },
        "last": page + 1 >= total_pages,
        "totalPages": total_pages,
        "totalElements": users.len(),
        "size": size,
        "number": page,
        "sort": sorting,
        "first": page == 0,
        "numberOfElements": content.len(),
        "empty": content.is_empty(),
        "content": content,
    });
    Ok((usage, Json(answer)).into_response())
}

fn sorted<'a>(users: &'a [User], sort: Option<&str>) -> Vec<&'a User> {
    let (property, direction) =
        sort.map_or(("createdTimestamp", "desc"), |sort| sort.split_once('|').unwrap_or((sort, "asc")));
    let mut users: Vec<&User> = users.iter().collect();
    match property {
        "username" => users.sort_by(|a, b| a.username.cmp(&b.username)),
        "email" => users.sort_by(|a, b| a.email.cmp(&b.email)),
        "firstName" => users.sort_by(|a, b| a.first_name.cmp(&b.first_name)),
        "lastName" => users.sort_by(|a, b| a.last_name.cmp(&b.last_name)),
        _ => {}
    }
    if direction.eq_ignore_ascii_case("desc") {
        users.reverse();
    }
    users
}
