//! People who are invited by their accounts, at vendors that invite addresses too.

use std::time::Duration;

use futures_util::future::join;
use orgport_core::invite::{Plan, check_invite};
use orgport_core::{ErrorKind, InvitationStatus, Invitations, Invitee, Invitees, NewInvitation, Reach};

use crate::vendor::{Reading, SETTLE, Step, Vendor, person, word};

fn vendor(steps: impl IntoIterator<Item = Step>) -> Vendor {
    Vendor::new(1, steps).taking(Invitees::Either)
}

fn mailing(count: usize) -> impl Iterator<Item = Step> {
    (0..count).map(|_| Step::listed())
}

/// The word or kind of what a plan says.
async fn planned(vendor: &Vendor, who: &str) -> String {
    let organization = "acme".parse().expect("an id");
    let plans = vendor.provider().plan_invites(&organization, vec![NewInvitation::to(person(who))]).await;
    match plans.expect("it looks").remove(0) {
        Plan::WouldInvite(_) => "would_invite".to_owned(),
        Plan::AlreadyInvited(..) => "already_invited".to_owned(),
        Plan::AlreadyMember(..) => "already_member".to_owned(),
        Plan::Refused(error) => error.kind().to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_account_and_an_address_are_two_people_and_an_account_is_one_however_written() {
    let vendor = vendor(mailing(4));
    let people = ["octocat@x.io", "@octocat", "@OctoCat", "@octocats", "OCTOCAT@x.io"];
    let outcomes = vendor.outcomes(&people).await;
    assert_eq!(outcomes, ["invited", "invited", "already_invited", "invited", "already_invited"]);
    let mut mails = vendor.mails();
    mails.sort();
    assert_eq!(mails, ["@octocat", "@octocats", "octocat@x.io"]);
}

/// A vendor may show anything as an address.
#[tokio::test]
async fn a_row_whose_address_reads_like_an_account_is_nobodys_account() {
    let vendor = vendor(mailing(1));
    let odd = vendor.with_address("old", "@octocat");
    assert_eq!(word(odd.invite("@octocat").await), "invited");
}

#[tokio::test]
async fn a_plan_and_a_call_say_the_same_of_accounts() {
    let vendor = vendor(mailing(1))
        .with("i1", "@waiting", InvitationStatus::Pending)
        .with("i2", "@gone", InvitationStatus::Expired)
        .with_member("@Inside");
    for (who, plan, call) in [
        ("@Waiting", "already_invited", "already_invited"),
        ("@inside", "already_member", "already_member"),
        ("@gone", "would_invite", "invited"),
    ] {
        assert_eq!(planned(&vendor, who).await, plan, "{who}");
        assert_eq!(word(vendor.invite(who).await), call, "{who}");
    }
    assert_eq!(vendor.mails(), ["@gone"]);
}

#[tokio::test]
async fn whom_a_vendor_does_not_invite_is_refused_before_anything_is_asked() {
    for (takes, who, says) in [
        (Invitees::Addresses, "@octocat", "@octocat cannot be invited: this vendor invites e-mail addresses"),
        (
            Invitees::Accounts,
            "ada@x.io",
            "ada@x.io cannot be invited: this vendor invites accounts, written @name",
        ),
        (
            Invitees::Accounts,
            "octocat",
            "octocat cannot be invited: this vendor invites accounts, written @name",
        ),
    ] {
        let vendor = Vendor::new(1, mailing(1)).taking(takes);
        let error = vendor.invite(who).await.expect_err(who);
        assert_eq!((error.kind(), error.reach()), (ErrorKind::Unsupported, Reach::NotSent), "{error}");
        assert!(error.message().starts_with(says), "{error}");
        assert_eq!(planned(&vendor, who).await, "unsupported");
        let checked = check_invite(vendor.provider(), &NewInvitation::to(person(who)));
        assert_eq!(checked.expect_err(who).kind(), ErrorKind::Unsupported);
        assert!(vendor.log().is_empty(), "{:?}", vendor.log());
        let others = if takes == Invitees::Accounts { "@hubot" } else { "bob@x.io" };
        assert_eq!(vendor.outcomes(&[who, others]).await, ["unsupported", "invited"]);
    }
}

#[tokio::test]
async fn a_bare_word_is_told_how_an_account_is_written_where_accounts_are_invited() {
    let told = async |takes: Invitees| {
        let vendor = Vendor::new(1, []).taking(takes);
        let error = vendor.invite("octocat").await.expect_err("nobody");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        error.message().to_owned()
    };
    let wrong = "\"octocat\" is not an e-mail address: it has no @";
    assert_eq!(told(Invitees::Addresses).await, wrong);
    assert_eq!(told(Invitees::Either).await, format!("{wrong}; an account is written @octocat"));
}

#[tokio::test]
async fn callers_of_one_account_wait_for_each_other_however_they_write_it() {
    let vendor = vendor(mailing(2));
    let other = vendor.again(vendor.coordination(), Duration::from_mins(1));
    let (one, two) = join(vendor.invite("@octocat"), other.invite("@OCTOCAT")).await;
    let mut words = [word(one), word(two)];
    words.sort();
    assert_eq!(words, ["already_invited", "invited"]);
    assert_eq!(vendor.mails().len(), 1);
}

#[tokio::test]
async fn a_lost_reply_is_settled_by_the_account() {
    let vendor = vendor([Step::lost().stored(1), Step::lost(), Step::listed()]);
    assert_eq!(word(vendor.invite("@octocat").await), "invited");
    assert_eq!((vendor.sends().len(), vendor.elapsed()), (1, Duration::ZERO), "presence settles at once");
    assert_eq!(word(vendor.invite("@hubot").await), "invited");
    let sends = vendor.sends();
    assert_eq!(sends.len(), 3);
    assert!(sends[2] >= sends[1] + SETTLE, "absence counts only once the vendor has settled: {sends:?}");
}

/// It may be what was made for the person, shown by the address of the account.
#[tokio::test]
async fn a_new_row_that_does_not_show_the_account_leaves_it_in_doubt() {
    for (who, new, word_of_it) in [
        ("@octocat", "someone@x.io", "ambiguous"),
        ("ada@x.io", "@somebody", "ambiguous"),
        ("ada@x.io", "someone@x.io", "invited"),
        ("@octocat", "@somebody", "invited"),
    ] {
        let vendor = vendor([Step::lost().beside(new), Step::listed()]);
        assert_eq!(word(vendor.invite(who).await), word_of_it, "{who} beside {new}");
        assert_eq!(vendor.sends().len(), if word_of_it == "invited" { 2 } else { 1 });
    }
}

#[tokio::test]
async fn an_unreadable_row_stands_in_the_way_of_the_account_that_it_names() {
    const ROW: &str = r#"{"user": {"url": "https://vendor.example/users/OctoCat"}, "role": []}"#;
    let vendor = vendor(mailing(1)).reading(&[Reading::HasRow(ROW), Reading::HasRow(ROW)]);
    assert_eq!(word(vendor.invite("@octocat").await), "ambiguous");
    assert!(vendor.mails().is_empty());
    assert_eq!(word(vendor.invite("@hubot").await), "invited");
}

#[tokio::test]
async fn an_invitation_of_an_account_is_resent_to_the_account() {
    let vendor = vendor(mailing(1)).with("old", "@octocat", InvitationStatus::Pending);
    let resent = vendor.resend("old").await.expect("resent");
    assert!(resent.is_for(&Invitee::parse("@octocat").expect("an account")), "{resent:?}");
    assert_eq!(vendor.mails(), ["@octocat"]);
}
