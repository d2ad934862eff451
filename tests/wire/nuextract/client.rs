//! The typed client: each endpoint's request, and its answer in the vendor's types.

use super::*;

#[tokio::test]
async fn list_organizations() {
    let text = typed(ok("list_organizations", "two.json"), async |c| c.list_organizations().await).await;
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn create_organization() {
    let answer = ok("create_organization", "created.json");
    insta::assert_snapshot!(typed(answer, async |c| c.create_organization("Ink & Quill").await).await);
}

#[tokio::test]
async fn update_organization() {
    let answer = ok("update_organization", "renamed.json");
    insta::assert_snapshot!(typed(answer, async |c| c.update_organization(MILL, "Rag Mill").await).await);
}

#[tokio::test]
async fn update_organization_answered_with_nothing() {
    let answer = Canned::empty(200);
    insta::assert_snapshot!(typed(answer, async |c| c.update_organization(MILL, "Rag Mill").await).await);
}

#[tokio::test]
async fn delete_organization() {
    insta::assert_snapshot!(typed(Canned::empty(200), async |c| c.delete_organization(MILL).await).await);
}

#[tokio::test]
async fn list_members() {
    let answer = ok("list_members", "three.json");
    insta::assert_snapshot!(typed(answer, async |c| c.list_members(MILL).await).await);
}

#[tokio::test]
async fn invite_member() {
    let call = async |c: &NuExtractClient| c.invite_member(MILL, "Yuki+1@Ink.example").await;
    insta::assert_snapshot!(typed(Canned::empty(200), call).await);
}

#[tokio::test]
async fn delete_member() {
    let call = async |c: &NuExtractClient| c.delete_member(MILL, "user-1").await;
    insta::assert_snapshot!(typed(Canned::empty(200), call).await);
}

#[tokio::test]
async fn list_invitations() {
    let answer = ok("list_invitations", "two.json");
    insta::assert_snapshot!(typed(answer, async |c| c.list_invitations(MILL).await).await);
}

#[tokio::test]
async fn delete_invitation() {
    let call = async |c: &NuExtractClient| c.delete_invitation(MILL, "invitation-1").await;
    insta::assert_snapshot!(typed(Canned::empty(200), call).await);
}

#[tokio::test]
async fn auth_url() {
    let call = async |c: &NuExtractClient| c.auth_url("http://localhost:5173/a?b=c").await;
    insta::assert_snapshot!(typed(ok("auth_url", "url.txt"), call).await);
}

#[tokio::test]
async fn token_for_a_code() {
    let request =
        TokenRequest::Code { code: Secret::new("code-1"), redirect_uri: "http://localhost:5173".to_owned() };
    insta::assert_snapshot!(typed(ok("token", "full.json"), async |c| c.token(&request).await).await);
}

#[tokio::test]
async fn token_for_a_refresh_token() {
    let request = TokenRequest::Refresh { token: Secret::new("refresh-1") };
    insta::assert_snapshot!(typed(ok("token", "bare.json"), async |c| c.token(&request).await).await);
}

#[tokio::test]
async fn logout() {
    let token = Secret::new("refresh-1");
    insta::assert_snapshot!(typed(ok("logout", "done.json"), async |c| c.logout(&token).await).await);
}

#[tokio::test]
async fn me() {
    insta::assert_snapshot!(typed(ok("me", "with_organizations.json"), async |c| c.me().await).await);
}

#[tokio::test]
async fn me_as_the_first_release_answered() {
    insta::assert_snapshot!(typed(ok("me", "without_organizations.json"), async |c| c.me().await).await);
}

#[tokio::test]
async fn list_api_keys() {
    insta::assert_snapshot!(typed(ok("api_keys", "list.json"), async |c| c.list_api_keys().await).await);
}

#[tokio::test]
async fn create_api_key() {
    let bound = CreateApiKeyRequest { name: "mill".to_owned(), maybe_orga: Some(MILL.to_owned()) };
    let call = async |c: &NuExtractClient| c.create_api_key(&bound).await;
    insta::assert_snapshot!(typed(ok("api_keys", "one.json"), call).await);
}

#[tokio::test]
async fn create_api_key_of_no_organization() {
    let free = CreateApiKeyRequest { name: "nightly".to_owned(), ..CreateApiKeyRequest::default() };
    let call = async |c: &NuExtractClient| c.create_api_key(&free).await;
    insta::assert_snapshot!(typed(ok("api_keys", "one.json"), call).await);
}

#[tokio::test]
async fn update_api_key() {
    let call = async |c: &NuExtractClient| c.update_api_key("key-1", "mill").await;
    insta::assert_snapshot!(typed(ok("api_keys", "one.json"), call).await);
}

#[tokio::test]
async fn delete_api_key() {
    insta::assert_snapshot!(typed(Canned::empty(200), async |c| c.delete_api_key("key-1").await).await);
}

#[tokio::test]
async fn ping() {
    insta::assert_snapshot!(typed(ok("ping", "pong.txt"), async |c| c.ping().await).await);
}

#[tokio::test]
async fn version() {
    insta::assert_snapshot!(typed(ok("version", "version.json"), async |c| c.version().await).await);
}

#[tokio::test]
async fn health() {
    insta::assert_snapshot!(typed(ok("health", "health.json"), async |c| c.health().await).await);
}
