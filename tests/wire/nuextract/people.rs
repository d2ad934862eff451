//! Members and invitations in neutral words.

use super::*;

#[tokio::test]
async fn are_members_with_the_vendors_own_roles() {
    let list = async |p: &NuExtractProvider| Ok(rows(p.list_members(&mill(), None).await?, whole));
    insta::assert_snapshot!(neutral([ok("list_members", "three.json")], list).await);
    insta::assert_snapshot!(neutral([ok("list_members", "odd_rows.json")], list).await);
}

#[tokio::test]
async fn cannot_be_given_a_role() {
    let member = MemberId::new("user-1").expect("not empty");
    let set = async |p: &NuExtractProvider| {
        p.set_member_role(&mill(), &member, &Role::Admin).await?;
        Ok(Value::Null)
    };
    insta::assert_snapshot!(neutral([Canned::empty(200)], set).await);
}

#[tokio::test]
async fn are_invited_as_pending() {
    let list = async |p: &NuExtractProvider| {
        let page = p.list_invitations(&mill(), &InvitationFilter::all(), None).await?;
        Ok(rows(page, whole))
    };
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], list).await);
    insta::assert_snapshot!(neutral([ok("list_invitations", "odd_rows.json")], list).await);
}

#[tokio::test]
async fn are_found_among_the_invited_by_address_in_any_case() {
    let list = async |p: &NuExtractProvider| {
        let filter = InvitationFilter::pending().with_email(email("yuki@ink.EXAMPLE"));
        Ok(rows(p.list_invitations(&mill(), &filter, None).await?, |row| json!(row.id)))
    };
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], list).await);
}

#[tokio::test]
async fn who_accepted_are_not_shown_and_cannot_be_asked_for() {
    let list = async |p: &NuExtractProvider| {
        let filter = InvitationFilter::all().with_status(InvitationStatus::Accepted);
        Ok(rows(p.list_invitations(&mill(), &filter, None).await?, whole))
    };
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], list).await);
}

#[tokio::test]
async fn whose_invitation_is_gone_are_not_told_apart() {
    let gone = InvitationId::new("gone").expect("not empty");
    let get = async |p: &NuExtractProvider| Ok(whole(p.get_invitation(&mill(), &gone).await?));
    insta::assert_snapshot!(neutral([ok("list_invitations", "two.json")], get).await);
    let revoke = async |p: &NuExtractProvider| {
        p.revoke_invitation(&mill(), &gone).await?;
        Ok(Value::Null)
    };
    let missing = Canned::json(404, fixture("nuextract/errors/missing_404.json"));
    insta::assert_snapshot!(neutral([missing], revoke).await);
}
