//! What the neutral calls become, and what they make of the answers.

use futures_util::StreamExt;
use orgport_core::{
    Answer, Cursor, Email, Error, ErrorKind, InvitationFilter, InvitationId, InvitationRef, InvitationStatus,
    Invitations, MemberId, Members, NewInvitation, NewOrganization, OrganizationUpdate, Organizations, Page,
    Role,
};
use orgport_koyeb::KoyebProvider;
use orgport_tests::wire::{Canned, Wire};
use serde::Serialize;

use super::{INVITATION, MEMBERSHIP, ORG, conversation, id, lines, ok, provider, refusal, snapshot, told};

/// What came back, without the vendor's own JSON.
fn neutral<T: Serialize>(value: &T) -> String {
    let mut value = serde_json::to_value(value).expect("JSON");
    drop_native(&mut value);
    format!("{value:#}")
}

fn drop_native(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            if let Some(native) = fields.get_mut("native") {
                *native = serde_json::json!("…");
            }
            fields.values_mut().for_each(drop_native);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(drop_native),
        _ => {}
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it ends a call")]
fn page<T: Serialize>(page: Page<T>) -> String {
    let rows = page.items.iter().map(|item| item.as_ref().map_or_else(told, neutral));
    format!("total: {:?}, next: {:?}\n{}", page.total, page.next, rows.collect::<Vec<_>>().join("\n"))
}

/// Runs a call against these answers, the first of which tells the token's organization.
async fn run(
    name: &str,
    answers: impl IntoIterator<Item = Canned>,
    call: impl AsyncFnOnce(KoyebProvider) -> Result<String, Error>,
) {
    let wire = Wire::answering(answers).await;
    let outcome = call(provider(&wire)).await;
    let outcome = outcome.unwrap_or_else(|error| told(&error));
    snapshot(name, &format!("{}\n{outcome}", conversation(&wire)));
}

fn home() -> Canned {
    ok("account/organization")
}

fn invitation() -> InvitationId {
    InvitationId::new(INVITATION).expect("not empty")
}

fn to_ada() -> NewInvitation {
    NewInvitation::to(Email::parse("Ada@lovelace.example").expect("valid")).with_role(Role::Owner)
}

#[tokio::test]
async fn lists() {
    run("neutral_invitations", [home(), ok("organization_invitations/page")], async |koyeb| {
        koyeb.list_invitations(&id(ORG), &InvitationFilter::all(), None).await.map(page)
    })
    .await;
    run("neutral_invitations_odd", [home(), ok("organization_invitations/odd")], async |koyeb| {
        koyeb.list_invitations(&id(ORG), &InvitationFilter::all(), None).await.map(page)
    })
    .await;
    run("neutral_members", [home(), ok("organization_members/page")], async |koyeb| {
        koyeb.list_members(&id(ORG), None).await.map(page)
    })
    .await;
    run("neutral_members_odd", [home(), ok("organization_members/odd")], async |koyeb| {
        koyeb.list_members(&id(ORG), None).await.map(page)
    })
    .await;
    run("neutral_organizations", [ok("account/organizations")], async |koyeb| {
        koyeb.list_organizations(Some(&Cursor::new("koyeb/list_organizations/#200"))).await.map(page)
    })
    .await;
    run("neutral_my_invitations", [ok("organization_invitations/page")], async |koyeb| {
        koyeb.my_invitations(None).await.map(page)
    })
    .await;
}

#[tokio::test]
async fn filters_are_the_vendors_where_it_has_them() {
    run("filtered_by_status", [home(), ok("organization_invitations/page")], async |koyeb| {
        let filter = InvitationFilter::pending().with_status(InvitationStatus::Declined);
        let cursor = Cursor::new(format!("koyeb/list_invitations/{ORG}#100"));
        koyeb.list_invitations(&id(ORG), &filter, Some(&cursor)).await.map(page)
    })
    .await;
    run("filtered_by_address", [home(), ok("organization_invitations/page")], async |koyeb| {
        let filter = InvitationFilter::all().with_email(Email::verbatim("GRACE@hopper.example"));
        koyeb.list_invitations(&id(ORG), &filter, None).await.map(page)
    })
    .await;
    run("filtered_by_nothing_known", [home()], async |koyeb| {
        let filter = InvitationFilter::all().with_status(InvitationStatus::Unknown("INVALID".into()));
        koyeb.list_invitations(&id(ORG), &filter, None).await.map(page)
    })
    .await;
}

#[tokio::test]
async fn a_page_that_leads_nowhere_is_an_error() {
    let bodies = [
        r#"{"members":[],"limit":100,"offset":0,"count":7}"#,
        r#"{"members":[],"limit":100,"offset":0,"has_next":true}"#,
    ];
    for body in bodies {
        let wire = Wire::answering([home(), Canned::json(200, body)]).await;
        let error = provider(&wire).list_members(&id(ORG), None).await.expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Protocol);
    }
    let wire = Wire::answering([home()]).await;
    let error =
        provider(&wire).list_members(&id(ORG), Some(&Cursor::new("-1"))).await.expect_err("no offset");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(lines(&wire).len(), 0);
}

#[tokio::test]
async fn organizations() {
    run("neutral_get_organization", [ok("organizations/one")], async |koyeb| {
        koyeb.get_organization(&id(ORG)).await.map(|found| neutral(&found))
    })
    .await;
    run("neutral_organization_without_id", [ok("organizations/without_id")], async |koyeb| {
        koyeb.get_organization(&id(ORG)).await.map(|found| neutral(&found))
    })
    .await;
    run("neutral_create_organization", [ok("organizations/created")], async |koyeb| {
        koyeb.create_organization(NewOrganization::new("difference-engines")).await.map(|made| neutral(&made))
    })
    .await;
    run("neutral_update_organization", [ok("organizations/renamed")], async |koyeb| {
        let update = OrganizationUpdate::new().with_name("engines-two");
        koyeb.update_organization(&id(ORG), update).await.map(|updated| neutral(&updated))
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_anything_is_sent() {
    let wire = Wire::answering([home()]).await;
    let koyeb = provider(&wire);
    let org = id(ORG);
    let kind = |outcome: Result<(), Error>| outcome.expect_err("refused").kind();
    let described = NewOrganization::new("x").with_description("y");
    assert_eq!(kind(koyeb.create_organization(described).await.map(drop)), ErrorKind::Unsupported);
    assert_eq!(
        kind(koyeb.create_organization(NewOrganization::new(" ")).await.map(drop)),
        ErrorKind::InvalidInput
    );
    let update = OrganizationUpdate::new();
    assert_eq!(
        kind(koyeb.update_organization(&org, update.clone()).await.map(drop)),
        ErrorKind::InvalidInput
    );
    let described = update.with_name("x").with_description("y");
    assert_eq!(kind(koyeb.update_organization(&org, described).await.map(drop)), ErrorKind::Unsupported);
    let member = MemberId::new(MEMBERSHIP).expect("not empty");
    assert_eq!(kind(koyeb.set_member_role(&org, &member, &Role::Owner).await), ErrorKind::Unsupported);
    let unnamed = NewInvitation::to(Email::parse("ada@lovelace.example").expect("valid"));
    assert_eq!(kind(koyeb.invite(&org, unnamed.clone()).await.map(drop)), ErrorKind::InvalidInput);
    for role in Role::KNOWN.iter().filter(|role| **role != Role::Owner) {
        let invitation = unnamed.clone().with_role(role.clone());
        assert_eq!(kind(koyeb.invite(&org, invitation).await.map(drop)), ErrorKind::Unsupported, "{role}");
    }
    let token = InvitationRef::by_token(Email::verbatim("a@b.example"), "secret".into());
    let outcome = koyeb.respond_to_invitation(&token, Answer::Accept).await.map(drop);
    assert_eq!(kind(outcome), ErrorKind::Unsupported);
    assert_eq!(lines(&wire), Vec::<String>::new());
}

#[tokio::test]
async fn inviting() {
    let nobody = Canned::json(200, r#"{"members":[],"limit":100,"offset":0,"count":0}"#);
    let look = [home(), ok("organization_invitations/empty"), nobody];
    let answers = look.clone().into_iter().chain([ok("organization_invitations/one")]);
    run("neutral_invite", answers, async |koyeb| {
        let outcome = koyeb.invite(&id(ORG), to_ada()).await?;
        Ok(format!(
            "{} via {:?}\n{}",
            outcome.as_str(),
            outcome.via(),
            neutral(outcome.invitation().expect("made"))
        ))
    })
    .await;
    let wire = Wire::answering([home(), ok("organization_invitations/page")]).await;
    let outcome = provider(&wire).invite(&id(ORG), to_ada()).await.expect("she waits");
    assert_eq!(outcome.as_str(), "already_invited");
    assert!(lines(&wire).iter().all(|line| line.starts_with("GET")));
    let wire = Wire::answering(look.into_iter().chain([refusal("403_denied")])).await;
    let koyeb = provider(&wire);
    let other = NewInvitation::to(Email::parse("g@hopper.example").expect("valid")).with_role(Role::Owner);
    let org = id(ORG);
    let outcomes: Vec<_> = koyeb.invite_many(&org, vec![to_ada(), other]).collect().await;
    let kinds: Vec<_> =
        outcomes.iter().map(|(_, outcome)| outcome.as_ref().expect_err("refused").kind()).collect();
    assert_eq!(kinds, [ErrorKind::PermissionDenied; 2]);
}

#[tokio::test]
async fn one_invitation() {
    run("neutral_get_invitation", [home(), ok("organization_invitations/one")], async |koyeb| {
        koyeb.get_invitation(&id(ORG), &invitation()).await.map(|found| neutral(&found))
    })
    .await;
    run(
        "neutral_get_invitation_elsewhere",
        [home(), ok("organization_invitations/elsewhere")],
        async |koyeb| koyeb.get_invitation(&id(ORG), &invitation()).await.map(|found| neutral(&found)),
    )
    .await;
    run("neutral_get_invitation_none", [home(), refusal("404_resource")], async |koyeb| {
        koyeb.get_invitation(&id(ORG), &invitation()).await.map(|found| neutral(&found))
    })
    .await;
    run("neutral_resend", [home(), ok("organization_invitations/resent")], async |koyeb| {
        koyeb.resend_invitation(&id(ORG), &invitation()).await.map(|resent| neutral(&resent))
    })
    .await;
    for refused in ["400_precondition", "400_bare"] {
        let answers = [home(), refusal(refused), ok("account/accepted")];
        run(&format!("neutral_resend_answered_{refused}"), answers, async |koyeb| {
            koyeb.resend_invitation(&id(ORG), &invitation()).await.map(|resent| neutral(&resent))
        })
        .await;
    }
    run("neutral_resend_lost", [home(), refusal("503_own")], async |koyeb| {
        koyeb.resend_invitation(&id(ORG), &invitation()).await.map(|resent| neutral(&resent))
    })
    .await;
}

#[tokio::test]
async fn an_accepted_invitation_is_not_revoked() {
    let there = ok("organization_invitations/one");
    for (name, answers) in [
        ("neutral_revoke", vec![home(), there.clone(), ok("organizations/confirmed")]),
        ("neutral_revoke_accepted", vec![home(), ok("account/accepted")]),
        ("neutral_revoke_elsewhere", vec![home(), ok("organization_invitations/elsewhere")]),
        ("neutral_revoke_none", vec![home(), refusal("404_resource")]),
        ("neutral_revoke_gone_meanwhile", vec![home(), there, refusal("404_resource")]),
    ] {
        run(name, answers, async |koyeb| {
            koyeb.revoke_invitation(&id(ORG), &invitation()).await.map(|()| "revoked".into())
        })
        .await;
    }
}

#[tokio::test]
async fn answering() {
    let answer = async |koyeb: KoyebProvider, answer| {
        let answered = koyeb.respond_to_invitation(&InvitationRef::new(id(ORG), invitation()), answer).await;
        answered.map(|answered| neutral(&answered))
    };
    let accept = async |koyeb| answer(koyeb, Answer::Accept).await;
    let decline = async |koyeb| answer(koyeb, Answer::Decline).await;
    run("accept", [ok("account/accepted")], accept).await;
    run("decline", [ok("account/declined")], decline).await;
    run("accept_confirmed_otherwise", [ok("account/declined")], accept).await;
    run("accept_not_mine", [refusal("404_resource")], accept).await;
    run("accept_refused", [refusal("403_locked"), ok("organization_invitations/one")], accept).await;
    run("accept_lost_and_found", [Canned::empty(502), ok("account/accepted")], accept).await;
    run("decline_lost_and_found", [Canned::json(200, "{"), ok("account/declined")], decline).await;
    run("accept_lost_and_waiting", [Canned::empty(502), ok("organization_invitations/one")], accept).await;
    run("accept_lost_and_declined", [Canned::empty(502), ok("account/declined")], accept).await;
    run("accept_lost_twice", [Canned::empty(502), Canned::empty(502)], accept).await;
    run("accept_expired", [refusal("400_precondition"), ok("account/expired")], accept).await;
    run("accept_again", [refusal("400_precondition"), ok("account/accepted")], accept).await;
    run("accept_again_in_other_words", [refusal("400_bare"), ok("account/declined")], accept).await;
}

#[tokio::test]
async fn removing_a_member_looks_for_it_in_the_organization_first() {
    let page = || [home(), ok("organization_members/page")];
    let member = || MemberId::new(MEMBERSHIP).expect("not empty");
    let answers = page().into_iter().chain([ok("organization_members/removed")]);
    run("neutral_remove", answers, async |koyeb| {
        koyeb.remove_member(&id(ORG), &member()).await.map(|()| "removed".into())
    })
    .await;
    run("neutral_remove_nobody", page(), async |koyeb| {
        let user = MemberId::new("c2b8e4f1-6d75-4a4f-9e7c-2a3f4e5d6c7b").expect("not empty");
        koyeb.remove_member(&id(ORG), &user).await.map(|()| "removed".into())
    })
    .await;
}

#[tokio::test]
async fn deleting_an_organization() {
    let delete =
        async |koyeb: KoyebProvider| koyeb.delete_organization(&id(ORG)).await.map(|()| "deleted".to_owned());
    let [one, going, gone] =
        ["one", "deactivating", "deactivated"].map(|name| ok(&format!("organizations/{name}")));
    let deleting = ok("organizations/deleting");
    let begun = [one.clone(), going.clone(), going.clone(), gone.clone()];
    let then = |last: Canned| begun.clone().into_iter().chain([last]).collect::<Vec<_>>();
    run("delete", then(deleting.clone()), delete).await;
    run("delete_goes_on", [going.clone(), gone.clone(), deleting.clone()], delete).await;
    run("delete_of_a_deactivated_one", [gone, deleting.clone()], delete).await;
    run("delete_under_way", [deleting], delete).await;
    run("delete_refused", then(refusal("400_precondition")), delete).await;
    run("delete_ends_the_token", then(refusal("401_token")), delete).await;
    run("delete_finds_nothing", then(refusal("404_resource")), delete).await;
    run("delete_of_nothing", [refusal("404_resource")], delete).await;
    run("deactivation_refused", [one.clone(), refusal("403_denied")], delete).await;
    run("deactivation_ends_the_token", [one.clone(), going.clone(), refusal("401_rejected")], delete).await;
    let wire = Wire::answering([one, going]).await;
    let error = provider(&wire).delete_organization(&id(ORG)).await.expect_err("it never ends");
    snapshot("deactivation_never_ends", &told(&error));
    assert_eq!(lines(&wire).len(), 2 + 61, "every two seconds for two minutes");
}

#[tokio::test]
async fn a_read_only_provider_sends_reads_only() {
    let wire = Wire::answering([home(), ok("organization_members/page")]).await;
    let koyeb = provider(&wire).read_only();
    koyeb.list_members(&id(ORG), None).await.expect("a read");
    let error = koyeb.revoke_invitation(&id(ORG), &invitation()).await.expect_err("a write");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert_eq!(
        koyeb.client().create_invitation("a@b.example").await.expect_err("a write").kind(),
        ErrorKind::ReadOnly
    );
    assert_eq!(lines(&wire).len(), 2);
}
