//! Guildhall in process: its halls, people, invites and notices, behind an HTTP service.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use orgport_core::config::AuthConfig;
use orgport_core::http::CannedService;
use orgport_core::{AccountName, Clock, OrganizationId, Timestamp};
use serde_json::{Value, json};

use crate::capability::PAGE_SIZE;

const ORIGIN: &str = "https://api.guildhall.example";
/// How long an invite is open.
const OPEN: Duration = Duration::from_hours(7 * 24);

/// One Guildhall. Clones are the same.
#[derive(Clone)]
pub struct Fake {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct State {
    halls: BTreeMap<String, Hall>,
    /// The accounts' names. Whoever is named has one.
    nicks: Vec<String>,
    /// Whose each token is.
    access: HashMap<String, usize>,
    refresh: HashMap<String, usize>,
    spent: HashSet<String>,
    notices: Vec<String>,
    is_garbled: bool,
    count: u64,
}

struct Hall {
    title: String,
    people: Vec<(usize, String)>,
    invites: Vec<Invite>,
}

struct Invite {
    id: u64,
    to: String,
    role: String,
    lapses: Timestamp,
}

/// A status, a code and words.
type Problem = (u16, &'static str, &'static str);
type Reply = Result<http::Response<Bytes>, Problem>;

/// What is asked, taken apart.
struct Asked<'a> {
    method: &'a Method,
    path: &'a str,
    query: HashMap<&'a str, &'a str>,
    body: Value,
    caller: usize,
    now: Timestamp,
}

const MISSING: Problem = (404, "missing", "there is no such thing, or not for you");

impl Fake {
    /// An empty one on this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { state: Arc::default(), clock }
    }

    /// What responds to its requests.
    pub fn service(&self) -> CannedService {
        let fake = self.clone();
        CannedService::new(move |request| Ok(fake.lock().respond(request, fake.clock.now())))
    }

    /// Makes a hall with its first keeper.
    pub fn add_hall(&self, title: &str, keeper: &AccountName) -> OrganizationId {
        let mut state = self.lock();
        let keeper = state.account(keeper.as_str());
        let id = format!("h-{}", state.number());
        let people = vec![(keeper, "keeper".to_owned())];
        state.halls.insert(id.clone(), Hall { title: title.to_owned(), people, invites: Vec::new() });
        OrganizationId::new(id).expect("not empty")
    }

    /// A credential for this account.
    pub fn log_in(&self, name: &AccountName) -> AuthConfig {
        let mut state = self.lock();
        let account = state.account(name.as_str());
        let mut credential = state.grant(account);
        credential["type"] = "oauth2".into();
        serde_json::from_value(credential).expect("it is a credential")
    }

    /// Refuses every access token that was granted so far.
    pub fn end_tokens(&self) {
        self.lock().access.clear();
    }

    /// Shows a row in each list of invites that nobody can read.
    pub fn garble(&self) {
        self.lock().is_garbled = true;
    }

    /// To whom notices of invites went, the first one first.
    pub fn notices(&self) -> Vec<AccountName> {
        let notices = self.lock().notices.clone().into_iter();
        notices.map(|name| AccountName::new(name).expect("it was one")).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fake").finish_non_exhaustive()
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn account(&mut self, nick: &str) -> usize {
        let nick = nick.to_lowercase();
        self.nicks.iter().position(|known| *known == nick).unwrap_or_else(|| {
            self.nicks.push(nick);
            self.nicks.len() - 1
        })
    }

    fn grant(&mut self, account: usize) -> Value {
        let (access, refresh) = (format!("access-{}", self.number()), format!("refresh-{}", self.number()));
        self.access.insert(access.clone(), account);
        self.refresh.insert(refresh.clone(), account);
        json!({ "access_token": access, "refresh_token": refresh })
    }

    fn respond(&mut self, request: &http::Request<Bytes>, now: Timestamp) -> http::Response<Bytes> {
        let query = request.uri().query().unwrap_or_default();
        if request.uri().path() == "/token" {
            return self.renew(request.body());
        }
        let token = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let Some(&caller) = self.access.get(token) else {
            return refusal((401, "no-such-token", "the token is not good, or no longer"));
        };
        let asked = Asked {
            method: request.method(),
            path: request.uri().path(),
            query: query.split('&').filter_map(|part| part.split_once('=')).collect(),
            body: serde_json::from_slice(request.body()).unwrap_or_default(),
            caller,
            now,
        };
        let parts: Vec<_> = asked.path.trim_start_matches('/').split('/').collect();
        let done = match (asked.method, &parts[..]) {
            (&Method::GET, ["me"]) => Ok(found(&self.person(caller))),
            (&Method::GET, ["halls"]) => Ok(page(&asked, &self.halls_of(caller))),
            (&Method::GET, ["my", "invites"]) => Ok(page(&asked, &self.invites_to(caller, now))),
            (&Method::POST, ["my", "invites", id, "enter"]) => self.enter(&asked, id),
            (_, ["halls", hall, rest @ ..]) => self.in_hall(&asked, hall, rest),
            _ => Err(MISSING),
        };
        done.unwrap_or_else(refusal)
    }

    /// A refresh token is good once; who spends one again is refused.
    fn renew(&mut self, form: &[u8]) -> http::Response<Bytes> {
        let form = String::from_utf8_lossy(form);
        let token =
            form.split('&').find_map(|field| field.strip_prefix("refresh_token=")).unwrap_or_default();
        let account = self.refresh.get(token).copied();
        match account.filter(|_| self.spent.insert(token.to_owned())) {
            Some(account) => found(&self.grant(account)),
            None => json_of(400, &json!({ "error": "invalid_grant" })),
        }
    }

    fn person(&self, account: usize) -> Value {
        json!({ "account": format!("a-{account}"), "nick": self.nicks[account] })
    }

    fn halls_of(&self, caller: usize) -> Vec<Value> {
        let own = self.halls.iter().filter(|(_, hall)| hall.people.iter().any(|(who, _)| *who == caller));
        own.map(|(id, hall)| json!({ "id": id, "title": hall.title })).collect()
    }

    fn invites_to(&self, caller: usize, now: Timestamp) -> Vec<Value> {
        let all = self.halls.iter().flat_map(|(id, hall)| hall.invites.iter().map(move |row| (id, row)));
        let own = all.filter(|(_, row)| row.to.to_lowercase() == self.nicks[caller] && row.lapses > now);
        own.map(|(hall, row)| row.shown(hall, now)).collect()
    }

    fn enter(&mut self, asked: &Asked<'_>, id: &str) -> Reply {
        let nick = &self.nicks[asked.caller];
        for (name, hall) in &mut self.halls {
            let is_it = |row: &Invite| row.id.to_string() == id && row.to.to_lowercase() == *nick;
            let Some(place) = hall.invites.iter().position(is_it) else { continue };
            if hall.invites[place].lapses <= asked.now {
                return Err((410, "lapsed", "the invite is open no longer"));
            }
            let invite = hall.invites.remove(place);
            hall.people.push((asked.caller, invite.role));
            return Ok(found(&json!({ "hall": name })));
        }
        Err(MISSING)
    }

    fn in_hall(&mut self, asked: &Asked<'_>, id: &str, rest: &[&str]) -> Reply {
        let hall = self.halls.get(id).ok_or(MISSING)?;
        let own = hall.people.iter().find(|(who, _)| *who == asked.caller).ok_or(MISSING)?;
        if asked.method != Method::GET && own.1 != "keeper" {
            return Err((403, "keepers-only", "only a keeper changes a hall"));
        }
        match (asked.method, rest) {
            (&Method::GET, []) => Ok(found(&json!({ "id": id, "title": hall.title }))),
            (&Method::GET, ["people"]) => {
                let role = asked.query.get("role").copied().unwrap_or("guest");
                let people = hall.people.iter().filter(|(_, word)| word == role);
                Ok(page(asked, &people.map(|(who, _)| self.person(*who)).collect::<Vec<_>>()))
            }
            (&Method::GET, ["invites"]) => {
                let role = asked.query.get("role");
                let rows = hall.invites.iter().filter(|row| role.is_none_or(|role| row.role == *role));
                let garbled = self.is_garbled.then(|| json!({ "to": "strange" }));
                let rows = rows.map(|row| row.shown(id, asked.now)).chain(garbled);
                Ok(page(asked, &rows.collect::<Vec<_>>()))
            }
            (&Method::POST, ["invites"]) => self.invite(asked, id),
            (_, rest) => self.halls.get_mut(id).ok_or(MISSING)?.change(asked, id, rest),
        }
    }

    fn invite(&mut self, asked: &Asked<'_>, id: &str) -> Reply {
        let to = asked.body["to"].as_str().unwrap_or_default().to_owned();
        let role = asked.body["role"].as_str().unwrap_or("guest").to_owned();
        let account = self.account(&to);
        let number = self.number();
        let hall = self.halls.get_mut(id).ok_or(MISSING)?;
        if hall.people.iter().any(|(who, _)| *who == account) {
            return Err((409, "already-inside", "that person is in the hall"));
        }
        self.notices.push(to.clone());
        let invite = Invite { id: number, to, role, lapses: asked.now.saturating_add(OPEN) };
        let shown = invite.shown(id, asked.now);
        hall.invites.push(invite);
        Ok(json_of(201, &shown))
    }
}

impl Hall {
    fn change(&mut self, asked: &Asked<'_>, id: &str, rest: &[&str]) -> Reply {
        let place = |people: &[(usize, String)], account: &str| {
            people.iter().position(|(who, _)| format!("a-{who}") == account).ok_or(MISSING)
        };
        match (asked.method, rest) {
            (&Method::PATCH, []) => {
                asked.body["title"].as_str().unwrap_or_default().clone_into(&mut self.title);
                return Ok(found(&json!({ "id": id, "title": self.title })));
            }
            (&Method::PUT, ["people", account]) => {
                let place = place(&self.people, account)?;
                asked.body["role"].as_str().unwrap_or("guest").clone_into(&mut self.people[place].1);
            }
            (&Method::DELETE, ["people", account]) => {
                let place = place(&self.people, account)?;
                let keepers = self.people.iter().filter(|(_, role)| role == "keeper").count();
                if keepers == 1 && self.people[place].1 == "keeper" {
                    return Err((409, "last-keeper", "a hall has a keeper"));
                }
                self.people.remove(place);
            }
            (&Method::DELETE, ["invites", invite]) => {
                let is_it = |row: &Invite| row.id.to_string() == *invite;
                let place = self.invites.iter().position(is_it).ok_or(MISSING)?;
                self.invites.remove(place);
            }
            _ => return Err(MISSING),
        }
        Ok(response(204, Bytes::new()))
    }
}

impl Invite {
    fn shown(&self, hall: &str, now: Timestamp) -> Value {
        let state = if self.lapses > now { "open" } else { "lapsed" };
        json!({ "id": self.id, "hall": hall, "to": self.to, "role": self.role, "state": state })
    }
}

/// One page, with the link to the next.
fn page(asked: &Asked<'_>, rows: &[Value]) -> http::Response<Bytes> {
    let number: usize = asked.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let begin = (number.saturating_sub(1) * PAGE_SIZE).min(rows.len());
    let end = (begin + PAGE_SIZE).min(rows.len());
    let mut response = found(&Value::from(&rows[begin..end]));
    if end < rows.len() {
        let role = asked.query.get("role").map_or_else(String::new, |role| format!("role={role}&"));
        let link = format!("<{ORIGIN}{}?{role}page={}>; rel=\"next\"", asked.path, number + 1);
        response.headers_mut().insert(http::header::LINK, link.parse().expect("it is a header"));
    }
    response
}

/// A refusal in the vendor's own form.
fn refusal((status, problem, text): Problem) -> http::Response<Bytes> {
    json_of(status, &json!({ "problem": problem, "text": text }))
}

fn found(value: &Value) -> http::Response<Bytes> {
    json_of(200, value)
}

fn json_of(status: u16, value: &Value) -> http::Response<Bytes> {
    let mut response = response(status, Bytes::from(value.to_string()));
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}

fn response(status: u16, body: Bytes) -> http::Response<Bytes> {
    let mut response = http::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    response
}

/// Guildhall's refusal by a limit: a 403 with the moment from which on it is over.
pub fn limit(wait: Duration, now: Timestamp) -> http::Response<Bytes> {
    let mut response = refusal((403, "slow-down", "too many requests"));
    let until = now.saturating_add(wait).unix_seconds();
    response.headers_mut().insert("x-limit-reset", until.into());
    response
}

/// What Guildhall says where an invite was made and its notice did not leave.
pub fn not_mailed() -> http::Response<Bytes> {
    refusal((500, "not-mailed", "the invite is there, and its notice may not be"))
}
