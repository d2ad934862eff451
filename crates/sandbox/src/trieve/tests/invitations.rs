//! Inviting step by step, listing and revoking.

use super::*;

#[tokio::test]
async fn inviting_a_new_person_stores_a_row_and_mails_the_link() {
    let bench = Bench::new();
    let mut body = invitation("  Ada+1@x.org ", 1);
    body["scopes"] = json!(["GET /api/auth/me"]);
    bench.own("POST", "/api/invitation").json(&body).send().await.is_empty(204);

    let rows = bench.invitations().await;
    let id = text(&rows[0]["id"]);
    let organization = &bench.organization;
    assert_eq!(
        rows,
        [json!({
            "id": id,
            "email": "Ada+1@x.org",
            "organization_id": organization,
            "used": false,
            "created_at": "2025-09-12T09:30:00.104532",
            "updated_at": "2025-09-12T09:30:00.104532",
            "role": 1,
            "scopes": ["GET /api/auth/me"],
        })]
    );
    let mail = &bench.world.mail.all()[0];
    let link = format!(
        "https://api.example/api/auth?inv_code={id}&organization_id={organization}&redirect_uri=https://app.example/?org=1"
    );
    assert_eq!((mail.vendor.as_str(), mail.organization.as_str()), ("trieve", organization.as_str()));
    assert_eq!((mail.email.as_str(), mail.link.as_deref()), ("Ada+1@x.org", Some(link.as_str())));
    assert_eq!(bench.get(&format!("/api/invitation/{organization}")).await, json!(rows));
}

#[tokio::test]
async fn each_step_refuses_in_its_own_words() {
    let bench = Bench::new();
    let as_admin =
        |body: Value| bench.ask("POST", "/api/invitation").key(&bench.admin).here().json(&body).send();
    for email in ["", "ada", "@x.org", "o'hara@x.org", "ada @x.org", "ada@"] {
        as_admin(invitation(email, 0)).await.is(400, "Invalid email");
    }
    as_admin(invitation("admin@acme.example", 2)).await.is(400, "Can not invite yourself");
    as_admin(invitation("owner@acme.example", 2))
        .await
        .is(400, "Can not invite user with higher role than yours");
    let member = "User with email owner@acme.example is already in the organization";
    as_admin(invitation("owner@acme.example", 1)).await.is(400, member);
    let long = format!("{}@x.org", "a".repeat(95));
    as_admin(invitation(&long, 0)).await.is(400, "Error inserting invitation.");
    as_admin(invitation("ada@x.org", 1)).await.is_empty(204);
    as_admin(invitation("ada@x.org", 0)).await.is(400, "User with email ada@x.org has already been invited");
    assert_eq!(bench.invitations().await.len(), 1);
    assert_eq!(bench.mails(), [("ada@x.org".to_owned(), "Invite".to_owned())]);
}

#[tokio::test]
async fn addresses_are_compared_with_their_case() {
    let bench = Bench::new();
    for email in ["ada@x.org", "Ada@x.org", "OWNER@acme.example"] {
        bench.invite(email).await.is_empty(204);
    }
    assert_eq!(bench.invitations().await.len(), 3);
}

#[tokio::test]
async fn an_organizations_key_has_no_address_to_invite_itself_by() {
    let bench = Bench::new();
    bench
        .invite("owner@acme.example")
        .await
        .is(400, "User with email owner@acme.example is already in the organization");
    bench.invite("").await.is(400, "Invalid email");
}

#[tokio::test]
async fn a_role_is_stored_as_it_was_sent() {
    let bench = Bench::new();
    bench.own("POST", "/api/invitation").json(&invitation("ada@x.org", -7)).send().await.is_empty(204);
    assert_eq!(bench.invitations().await[0]["role"], -7);
    bench.trieve.accept("ada@x.org", &bench.organization).expect("an acceptance");
    assert_eq!(bench.member("ada@x.org").await.expect("a member")["user_orgs"][0]["role"], 0);
}

#[tokio::test]
async fn an_existing_account_is_added_at_once() {
    let bench = Bench::new();
    bench.trieve.add_user("bob@x.org");
    bench.own("POST", "/api/invitation").json(&invitation("bob@x.org", 1)).send().await.is_empty(204);
    assert_eq!(bench.invitations().await, Vec::<Value>::new());
    assert_eq!(bench.member("bob@x.org").await.expect("a member")["user_orgs"][0]["role"], 1);
    assert_eq!(bench.mails(), [("bob@x.org".to_owned(), "Added".to_owned())]);
    assert_eq!(bench.world.mail.all()[0].link.as_deref(), Some("https://app.example/org?org=1"));
    bench.invite("bob@x.org").await.is(400, "User with email bob@x.org is already in the organization");
}

#[tokio::test]
async fn an_account_is_added_although_an_invitation_is_open() {
    let bench = Bench::new();
    bench.invite("bob@x.org").await.is_empty(204);
    bench.trieve.add_user("bob@x.org");
    bench.invite("bob@x.org").await.is_empty(204);
    assert_eq!(bench.invitations().await[0]["used"], false);
    assert!(bench.member("bob@x.org").await.is_some());
}

#[tokio::test]
async fn a_used_invitation_blocks_until_it_is_deleted() {
    let bench = Bench::new();
    // Accepted under another case, so that no account has exactly the invited address.
    bench.invite("Ada@x.org").await.is_empty(204);
    bench.trieve.accept("ada@x.org", &bench.organization).expect("an acceptance");
    let row = bench.invitations().await.remove(0);
    assert_eq!(row["used"], true);
    bench.invite("Ada@x.org").await.is(400, "User with email Ada@x.org has already been invited");
    let path = format!("/api/invitation/{}", text(&row["id"]));
    bench.own("DELETE", &path).send().await.is_empty(204);
    assert!(bench.member("ada@x.org").await.is_some(), "the membership stays");
    bench.invite("Ada@x.org").await.is_empty(204);
}

#[tokio::test]
async fn a_lost_mail_leaves_the_row_or_the_membership() {
    let bench = Bench::new();
    bench.trieve.add_user("bob@x.org");
    let sabotage = Sabotage { mail_fails: true, ..Sabotage::default() };
    for email in ["ada@x.org", "bob@x.org"] {
        let ask = bench.own("POST", "/api/invitation").json(&invitation(email, 0)).sabotage(sabotage);
        ask.send().await.is(400, "Error sending email.");
    }
    assert_eq!(bench.mails(), []);
    bench.invite("ada@x.org").await.is(400, "User with email ada@x.org has already been invited");
    bench.invite("bob@x.org").await.is(400, "User with email bob@x.org is already in the organization");
}

#[tokio::test]
async fn nothing_created_says_yes_and_still_refuses_what_is_wrong() {
    let bench = Bench::new();
    bench.trieve.add_user("bob@x.org");
    let sabotage = Sabotage { nothing_created: true, ..Sabotage::default() };
    let ask =
        |email| bench.own("POST", "/api/invitation").json(&invitation(email, 0)).sabotage(sabotage).send();
    ask("ada@x.org").await.is_empty(204);
    ask("bob@x.org").await.is_empty(204);
    ask("nobody").await.is(400, "Invalid email");
    assert_eq!(
        (bench.invitations().await.len(), bench.members().await.len(), bench.mails().len()),
        (0, 2, 0)
    );
}

#[tokio::test]
async fn an_unreadable_address_crashes_the_handler_after_the_row() {
    let bench = Bench::new();
    let addresses = [
        "a@b c",
        "a@-",
        "a@b..c",
        "a..b@x.org",
        ".a@x.org",
        "a@x.org.",
        "a@b@x.org",
        "a@x.org, b@x.org",
        "a@x.org>",
    ];
    for email in addresses {
        assert!(bench.invite(email).await.is_crash, "{email}");
    }
    let rows = bench.invitations().await;
    assert_eq!(rows.iter().map(|row| text(&row["email"])).collect::<Vec<_>>(), addresses);
    bench.invite("a@-").await.is(400, "User with email a@- has already been invited");
    let readable =
        ["a@localhost", "o’hara@x.org", "a@bücher.example", "a@127.0.0.1", "a@x_y.example", "a@x。example"];
    for email in readable {
        bench.invite(email).await.is_empty(204);
    }
    assert_eq!(bench.mails().len(), readable.len());
}

#[tokio::test]
async fn a_member_link_keeps_two_parts_of_the_redirect() {
    let bench = Bench::new();
    let uris = [
        ("https://app.example/", "https://app.example/org?"),
        ("https://app.example/?a=1", "https://app.example/org?a=1"),
        ("https://app.example?a=1?b=2", "https://app.exampleorg?a=1"),
    ];
    for (index, (redirect_uri, _)) in uris.iter().enumerate() {
        let email = format!("user{index}@x.org");
        bench.trieve.add_user(&email);
        let mut body = invitation(&email, 0);
        body["redirect_uri"] = json!(redirect_uri);
        bench.own("POST", "/api/invitation").json(&body).send().await.is_empty(204);
    }
    let links: Vec<_> = bench.world.mail.all().into_iter().filter_map(|mail| mail.link).collect();
    assert_eq!(links, uris.map(|(_, link)| link));
}

#[tokio::test]
async fn path_and_header_are_not_compared() {
    let bench = Bench::new();
    let elsewhere = bench.other_organization().await;
    let ask = bench.ask("POST", "/api/invitation").key(&bench.owner).header("tr-organization", &elsewhere);
    ask.json(&invitation("ada@x.org", 0)).send().await.is_empty(204);
    assert_eq!(bench.invitations().await.len(), 0);

    // The key of the first organization reads and deletes the second one's rows.
    let rows = bench.get(&format!("/api/invitations/{elsewhere}")).await;
    assert_eq!(rows[0]["organization_id"], elsewhere.as_str());
    let path = format!("/api/invitation/{}", text(&rows[0]["id"]));
    bench.own("DELETE", &path).send().await.is_empty(204);
    bench.own("DELETE", &path).send().await.is(400, "Error getting invitation.");
    assert_eq!(bench.get("/api/invitations/00000000-0000-4000-8000-000000000000").await, json!([]));
}

#[tokio::test]
async fn accepting_signs_up_joins_and_uses_the_invitation() {
    let bench = Bench::new();
    let mut body = invitation("Ada@x.org", 1);
    body["scopes"] = json!(["GET /api/auth/me"]);
    bench.own("POST", "/api/invitation").json(&body).send().await.is_empty(204);
    bench.trieve.accept("ada@X.org", &bench.organization).expect("an acceptance");

    let membership = bench.member("ada@X.org").await.expect("a member")["user_orgs"][0].clone();
    assert_eq!((&membership["role"], &membership["scopes"]), (&json!(1), &json!(["GET /api/auth/me"])));
    let row = bench.invitations().await.remove(0);
    assert_eq!((&row["used"], &row["updated_at"]), (&json!(true), &row["created_at"]));

    // A member's second visit changes nothing.
    bench.trieve.accept("ada@X.org", &bench.organization).expect("a member");
    let id = bench.user_id("ada@X.org").await;
    let path = format!("/api/organization/x/user/{id}");
    bench.own("DELETE", &path).send().await.is_empty(204);
    let again = bench.trieve.accept("ada@X.org", &bench.organization);
    assert_eq!(again, Err("Invitation has already been used".to_owned()));
}

#[tokio::test]
async fn accepting_is_refused_without_an_invitation_and_when_the_plan_is_full() {
    let bench = Bench::new();
    let accept = |email: &str| bench.trieve.accept(email, &bench.organization);
    assert_eq!(accept("ada@x.org"), Err("Could not find invitation for user".to_owned()));
    assert!(bench.trieve.accept("ada@x.org", "acme").is_err());

    for index in 0..4 {
        bench.invite(&format!("user{index}@x.org")).await.is_empty(204);
    }
    bench.invite("bob@x.org").await.is_empty(204);
    for index in 0..3 {
        accept(&format!("user{index}@x.org")).expect("a place");
    }
    let full = "User limit reached for organization, must upgrade plan to add more users";
    assert_eq!(accept("user3@x.org"), Err(full.to_owned()));
    let emails: Vec<_> = bench.invitations().await.iter().map(|row| text(&row["email"])).collect();
    assert_eq!(emails[..2], ["user3@x.org", "bob@x.org"], "the used rows were written again");
    assert_eq!(bench.invitations().await[0]["used"], false);
    bench.trieve.add_user("bob@x.org");
    accept("bob@x.org").expect("the limit counts for new accounts only");
}
