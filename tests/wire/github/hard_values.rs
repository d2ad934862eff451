//! Values that are hard to send: one segment, one value, one string, or refused.

use orgport_github::GitHubClient;
use orgport_github::model::{MembershipRole, MembershipState};
use orgport_github::request::{
    InvitationQuery, Invitee, MemberQuery, MembershipQuery, NewInvitation, OrganizationFields, Part,
};
use orgport_tests::segment_calls;
use orgport_tests::segments::{self, Call};
use orgport_tests::wire::Wire;

use super::{client, lines, refusal, snapshot};

fn calls() -> [(&'static str, Call<GitHubClient>); 20] {
    segment_calls! { GitHubClient:
        "GET /orgs/{}" => |github, id| github.get_organization(id),
        "PATCH /orgs/{}" => |github, id| github.update_organization(id, &OrganizationFields::default()),
        "DELETE /orgs/{}" => |github, id| github.delete_organization(id),
        "GET /orgs/{}/members" => |github, id| github.list_members(id, &MemberQuery::default()),
        "DELETE /orgs/{}/members/ada" => |github, id| github.remove_member(id, "ada"),
        "DELETE /orgs/acme/members/{}" => |github, id| github.remove_member("acme", id),
        "GET /orgs/{}/memberships/ada" => |github, id| github.get_membership(id, "ada"),
        "GET /orgs/acme/memberships/{}" => |github, id| github.get_membership("acme", id),
        "PUT /orgs/{}/memberships/ada" => |github, id| github.set_membership(id, "ada", &MembershipRole::Member),
        "PUT /orgs/acme/memberships/{}" => |github, id| github.set_membership("acme", id, &MembershipRole::Member),
        "DELETE /orgs/{}/memberships/ada" => |github, id| github.remove_membership(id, "ada"),
        "DELETE /orgs/acme/memberships/{}" => |github, id| github.remove_membership("acme", id),
        "GET /orgs/{}/invitations" => |github, id| github.list_invitations(id, &InvitationQuery::default()),
        "GET /orgs/{}/failed_invitations" => |github, id| github.list_failed_invitations(id, Part::default()),
        "POST /orgs/{}/invitations" => |github, id| github.create_invitation(id, &super::to_grace()),
        "DELETE /orgs/{}/invitations/7" => |github, id| github.delete_invitation(id, 7),
        "GET /orgs/{}/invitations/7/teams" => |github, id| github.list_invitation_teams(id, 7, Part::default()),
        "GET /users/{}" => |github, id| github.get_user_by_login(id),
        "GET /user/memberships/orgs/{}" => |github, id| github.get_my_membership(id),
        "PATCH /user/memberships/orgs/{}" => |github, id| github.accept_invitation(id),
    }
}

#[tokio::test]
async fn every_name_stays_one_segment() {
    let wire = Wire::answering([refusal("404_not_found")]).await;
    segments::stay_whole(&wire, &client(&wire), &calls()).await;
}

#[tokio::test]
async fn names_that_no_path_can_carry_are_not_sent() {
    let wire = Wire::answering([refusal("404_not_found")]).await;
    segments::are_not_sent(&wire, &client(&wire), &calls()).await;
}

#[tokio::test]
async fn every_query_value_stays_one_value() {
    let hard = "a b/?#&=+%25..é☃\r\n";
    let wire = Wire::answering([refusal("404_not_found")]).await;
    let github = client(&wire);
    let members = MemberQuery {
        role: Some(MembershipRole::Other(hard.into())),
        filter: Some(hard.into()),
        ..MemberQuery::default()
    };
    github.list_members("acme", &members).await.expect_err("the answer is 404");
    let memberships =
        MembershipQuery { state: Some(MembershipState::Other(hard.into())), ..MembershipQuery::default() };
    github.list_my_memberships(&memberships).await.expect_err("the answer is 404");
    let invitations =
        InvitationQuery { role: Some(hard.into()), source: Some(hard.into()), ..InvitationQuery::default() };
    github.list_invitations("acme", &invitations).await.expect_err("the answer is 404");
    snapshot("hard_queries", &lines(&wire).join("\n"));
}

#[tokio::test]
async fn every_text_stays_one_json_string() {
    let hard = "\"},{\\ é☃\u{0}\r\n' \u{202e}";
    let wire = Wire::answering([refusal("400_json")]).await;
    let github = client(&wire);
    let new = NewInvitation::of(Invitee::Email(hard.to_owned()));
    github.create_invitation("acme", &new).await.expect_err("the answer is 400");
    let fields = OrganizationFields { name: Some(hard.to_owned()), ..OrganizationFields::default() };
    github.update_organization("acme", &fields).await.expect_err("the answer is 400");
    for (request, key) in wire.received().iter().zip(["email", "name"]) {
        let body: serde_json::Value = serde_json::from_str(&request.body).expect("JSON");
        assert_eq!(body, serde_json::json!({ key: hard }));
    }
}
