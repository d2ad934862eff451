//! Every call, to a success and to a refusal.

use serde_json::{Value, json};

use crate::Failure;
use crate::peer::{Peer, Session};

const ORG: &str = "acme";

const EXCLUDED: &[&str] = &[
    "orgs.list_public_members, check_public_membership, publicize_membership, conceal_membership, list_all_organizations: what is shown in public, which decides nothing",
    "orgs.list_outside_collaborators, convert_member_to_outside_collaborator, remove_outside_collaborator: people of repositories, who are no members",
];

pub(crate) async fn drive(peer: &Peer) -> Result<(), Failure> {
    let owner = peer.session(peer.credential("ada@acme.example", "ghp_"))?;
    let reader = peer.session(peer.credential("ada@acme.example", "github_pat_"))?;
    let stranger = peer.session(peer.credential("grace@elsewhere.example", "ghp_"))?;
    let wrong = peer.session(&json!({ "type": "api_key", "key": "ghp_worn-out" }))?;
    organizations(&owner, &reader, &stranger, &wrong).await?;
    invitations(peer, &owner, &reader).await?;
    invited(peer, &owner, &wrong).await?;
    members(peer, &owner, &reader).await?;
    peer.covers(EXCLUDED, &[("orgs.check_membership refused", "a refusal is false, and no error")]);
    Ok(())
}

fn text(place: &'static str, text: &str) -> (&'static str, Value) {
    (place, json!(text))
}

fn not_found() -> [(&'static str, Value); 1] {
    [text("/message", "Not Found")]
}

fn wrong_token() -> [(&'static str, Value); 1] {
    [text("/message", "Bad credentials")]
}

async fn organizations(
    owner: &Session<'_>,
    reader: &Session<'_>,
    stranger: &Session<'_>,
    wrong: &Session<'_>,
) -> Result<(), Failure> {
    let both = [text("/items/0/login", "acme"), text("/items/1/login", "acme-labs"), ("/next", Value::Null)];
    owner.ok("current.list_orgs", json!({}), &both).await?;
    reader.ok("current.list_orgs", json!({}), &[("/items", json!([]))]).await?;
    wrong.refused(401, "current.list_orgs", json!({}), &wrong_token()).await?;
    owner.ok("current.user", json!({}), &[text("/login", "ada"), text("/type", "User")]).await?;
    wrong.refused(401, "current.user", json!({}), &wrong_token()).await?;
    let grace = [text("/login", "grace"), ("/email", Value::Null)];
    owner.ok("users.profile", json!({ "username": "grace" }), &grace).await?;
    owner.refused(404, "users.profile", json!({ "username": "nobody" }), &not_found()).await?;

    let seen = [text("/login", ORG), text("/name", "Acme"), text("/plan/name", "team")];
    owner.ok("orgs.get", json!({ "org": "ACME" }), &seen).await?;
    stranger.ok("orgs.get", json!({ "org": ORG }), &[("/plan", Value::Null)]).await?;
    owner.refused(404, "orgs.get", json!({ "org": "nowhere" }), &not_found()).await?;
    let name = "Röntgen & Söhne / +1 100% 日本";
    let update = json!({ "org": ORG, "name": name, "description": "Zeile 1\nZeile \"2\"" });
    owner.ok("orgs.update", update, &[text("/name", name)]).await?;
    let long = json!({ "org": ORG, "description": "ü".repeat(161) });
    owner.refused(422, "orgs.update", long, &[text("/errors/0/field", "description")]).await?;
    let refusal = [text("/message", "Resource not accessible by personal access token")];
    reader.refused(403, "orgs.update", json!({ "org": ORG, "name": "Drei" }), &refusal).await?;
    stranger.refused(404, "orgs.delete", json!({ "org": "acme-labs" }), &not_found()).await?;
    owner.ok("orgs.delete", json!({ "org": "acme-labs" }), &[]).await?;
    Ok(())
}

async fn invitations(peer: &Peer, owner: &Session<'_>, reader: &Session<'_>) -> Result<(), Failure> {
    let (create, list) = ("orgs.invitations.create", "orgs.invitations.list");
    let email = "Ada.Lovelace+lab@Example.org";
    let seen = [
        text("/email", email),
        text("/role", "admin"),
        ("/team_count", json!(2)),
        text("/inviter/login", "ada"),
    ];
    let new = json!({ "org": ORG, "email": email, "role": "admin", "team_ids": [12, 26] });
    let id = owner.ok(create, new, &seen).await?["id"].clone();
    let again = json!({ "org": ORG, "email": email });
    owner.ok(create, again, &[("/id", id.clone()), text("/role", "admin")]).await?;
    let member = json!({ "org": ORG, "email": "ada@acme.example" });
    owner.refused(422, create, member, &[text("/errors/0/resource", "OrganizationInvitation")]).await?;
    reader.refused(403, create, json!({ "org": ORG, "email": "x@x.io" }), &[]).await?;
    let grace = owner.ok("users.profile", json!({ "username": "grace" }), &[]).await?["id"].clone();
    let by_account = json!({ "org": ORG, "invitee_id": grace, "role": "direct_member" });
    owner.ok(create, by_account, &[text("/login", "grace"), ("/email", Value::Null)]).await?;

    let both = [text("/items/0/email", email), text("/items/1/login", "grace")];
    owner.ok(list, json!({ "org": ORG }), &both).await?;
    let admins = json!({ "org": ORG, "per_page": 10, "role": "admin" });
    owner.ok(list, admins, &[("/items/1", Value::Null), ("/items/0/id", id.clone())]).await?;
    owner.refused(404, list, json!({ "org": "nowhere" }), &not_found()).await?;
    let teams = [text("/items/0/slug", "platform"), text("/items/1/slug", "on-call")];
    let mine = json!({ "org": ORG, "invitation_id": id });
    owner.ok("orgs.invitations.list_teams", mine.clone(), &teams).await?;
    let none = json!({ "org": ORG, "invitation_id": 1 });
    owner.refused(404, "orgs.invitations.list_teams", none, &not_found()).await?;
    owner.ok("orgs.invitations.cancel", mine.clone(), &[]).await?;
    assert_eq!(peer.last_mail(email).await?, "notice");
    owner.refused(404, "orgs.invitations.cancel", mine, &not_found()).await?;
    owner.ok("orgs.invitations.list_failed", json!({ "org": ORG }), &[("/items", json!([]))]).await?;
    owner.refused(404, "orgs.invitations.list_failed", json!({ "org": "nowhere" }), &not_found()).await?;
    Ok(())
}

async fn invited(peer: &Peer, owner: &Session<'_>, wrong: &Session<'_>) -> Result<(), Failure> {
    let email = "new+1@example.org";
    owner.ok("orgs.invitations.create", json!({ "org": ORG, "email": email }), &[]).await?;
    let person = peer.session(&peer.user(email).await?)?;
    let list = "current.list_org_memberships_for_authenticated_user";
    let waits = [text("/items/0/state", "pending"), text("/items/0/organization/login", ORG)];
    person.ok(list, json!({}), &waits).await?;
    wrong.refused(401, list, json!({}), &wrong_token()).await?;
    let (here, nowhere) = (json!({ "org": ORG }), json!({ "org": "nowhere" }));
    person.ok("current.get_org_membership", here.clone(), &[text("/state", "pending")]).await?;
    person.refused(404, "current.get_org_membership", nowhere.clone(), &not_found()).await?;
    person
        .ok("current.update_org_membership", here, &[text("/state", "active"), text("/role", "member")])
        .await?;
    person.refused(404, "current.update_org_membership", nowhere, &not_found()).await?;
    Ok(())
}

async fn members(peer: &Peer, owner: &Session<'_>, reader: &Session<'_>) -> Result<(), Failure> {
    let set = "orgs.add_or_update_membership";
    let of = |username: &str| json!({ "org": ORG, "username": username });
    let role = |username: &str, role: &str| json!({ "org": ORG, "username": username, "role": role });
    let both =
        [text("/items/0/login", "ada"), text("/items/1/login", "new-1"), ("/items/0/email", Value::Null)];
    owner.ok("orgs.list_members", json!({ "org": ORG }), &both).await?;
    owner.refused(404, "orgs.list_members", json!({ "org": "nowhere" }), &not_found()).await?;
    owner.ok("orgs.check_membership", of("new-1"), &[("", json!(true))]).await?;
    owner.ok("orgs.check_membership", of("grace"), &[("", json!(false))]).await?;
    let active = [text("/state", "active"), text("/role", "member"), text("/user/login", "new-1")];
    owner.ok("orgs.get_membership", of("NEW-1"), &active).await?;
    owner.ok("orgs.get_membership", of("grace"), &[text("/state", "pending")]).await?;
    owner.refused(404, "orgs.get_membership", of("nobody"), &not_found()).await?;
    owner.ok(set, role("new-1", "admin"), &[text("/role", "admin")]).await?;
    owner.ok(set, role("new-1", "member"), &[text("/role", "member")]).await?;
    reader.refused(403, set, role("new-1", "admin"), &[]).await?;
    owner.ok("orgs.remove_member", of("new-1"), &[]).await?;
    owner.refused(404, "orgs.remove_member", of("new-1"), &not_found()).await?;
    owner.ok(set, role("new-1", "member"), &[text("/state", "pending")]).await?;
    assert_eq!(peer.last_mail("new+1@example.org").await?, "invite", "whoever is gone is invited");
    owner.ok("orgs.remove_membership", of("new-1"), &[]).await?;
    owner.refused(404, "orgs.remove_membership", of("new-1"), &not_found()).await?;
    Ok(())
}
