use orgport_core::{InvitationStatus, Invitees, Role, Support, UnnamedRole, UserId};

use super::examples::{name, now, person, site};
use super::*;

const PEOPLE: &str = r#"
[people]
ada.email = "ada@acme.example"
bob = { email = "bob@acme.example", also = ["bob@old.example"] }
cem.email = "cem@acme.example"
dua.email = "dua@acme.example"
eve = { email = "eve@acme.example", id.prod = "u-eve" }
robot.id.prod = "u-robot"
"#;

fn roster(access: &str) -> Roster {
    Roster::parse(&format!("{PEOPLE}{access}")).expect("it is right")
}

fn planned(access: &str, site: Site) -> Plan {
    plan(&roster(access), &[site], &Carried::default())
}

fn pending() -> InvitationStatus {
    InvitationStatus::Pending
}

const OWNER: Option<Role> = Some(Role::Owner);
const ADMIN: Option<Role> = Some(Role::Admin);
const MEMBER: Option<Role> = Some(Role::Member);
const VIEWER: Option<Role> = Some(Role::Viewer);

#[test]
fn people_are_invited_raised_replaced_lowered_revoked_and_removed_in_this_order() {
    let site = site("prod")
        .member("bob@OLD.example", OWNER)
        .member("cem@acme.example", VIEWER)
        .member("ghost@acme.example", VIEWER)
        .invited("dua@acme.example", VIEWER, pending())
        .invited("eve@acme.example", MEMBER, InvitationStatus::Expired)
        .invited("other@acme.example", MEMBER, pending())
        .invited("gone@acme.example", MEMBER, InvitationStatus::Declined);
    let access = r#"
[[access]]
place = "prod"
owner = ["ada", "cem"]
admin = ["dua", "eve"]
member = ["bob"]
unmanaged = "remove"
"#;
    let plan = planned(access, site);
    insta::assert_snapshot!("everything", plan);
    insta::assert_snapshot!("everything_in_markdown", plan.markdown());
    insta::assert_json_snapshot!("everything_in_json", plan);
    let read: Plan = serde_json::from_value(serde_json::json!(plan)).expect("it can be read");
    assert_eq!(read, plan);
}

#[test]
fn who_is_where_the_roster_says_is_left_alone() {
    let site = site("prod")
        .member("ada@acme.example", OWNER)
        .member("Bob@old.example", MEMBER)
        .member("u-robot", None)
        .member("service@acme.example", ADMIN)
        .member("nobody", VIEWER)
        .invited("cem@acme.example", VIEWER, pending())
        .invited("dua@acme.example", MEMBER, pending())
        .invited("gone@acme.example", MEMBER, InvitationStatus::Expired);
    let mut site = site;
    site.snapshot.members.rows[2].user_id = Some(UserId::new("u-robot").expect("not empty"));
    let access = r#"
[[access]]
place = "prod"
owner = ["ada"]
viewer = ["cem"]
any_role = ["bob", "dua", "robot"]
unmanaged = "remove"
exempt = ["service@acme.example"]
"#;
    let plan = planned(access, site);
    assert!(plan.is_empty() && !plan.is_blocked() && !plan.is_unsure(), "{plan}");
    assert_eq!(plan.cost, Cost::default());
    assert_eq!(
        plan.markdown(),
        "### `prod (memory, Acme, 5 members)`\n\nNothing to do.\n\n**Nothing to do.**\n"
    );
}

#[test]
fn what_the_vendor_has_no_call_for_is_told_with_the_way_by_hand() {
    let mut site = site("prod")
        .member("ada@acme.example", OWNER)
        .member("bob@acme.example", MEMBER)
        .member("ghost@acme.example", MEMBER)
        .invited("cem@acme.example", MEMBER, pending())
        .invited("other@acme.example", MEMBER, pending());
    site.snapshot.invitations.rows[1].expires_at = Some(now());
    let no = |because| Support::unsupported(because);
    site.capability.operations.set_member_role = no("every member has the same rights");
    site.capability.operations.remove_member = no("there is no call that removes a member");
    site.capability.operations.revoke_invitation = no("an invitation only expires");
    site.capability.roles_at_invite = vec![Role::Member];
    site.capability.unnamed_role = UnnamedRole::Required;
    let access = r#"
[[access]]
place = "prod"
owner = ["ada"]
admin = ["bob", "dua"]
viewer = ["cem"]
any_role = ["eve", "robot"]
unmanaged = "remove"
"#;
    let plan = planned(access, site);
    assert!(plan.is_empty(), "{plan}");
    insta::assert_snapshot!(plan);
}

#[test]
fn people_who_are_not_in_the_roster_are_removed_reported_or_kept() {
    let there =
        || site("prod").member("ada@acme.example", OWNER).invited("bob@acme.example", MEMBER, pending());
    let with = |unmanaged: &str| {
        let access =
            format!("[[access]]\nplace = \"prod\"\nunmanaged = \"{unmanaged}\"\n[rails]\nmin_owners = 0\n");
        planned(&access, there().member("x@y.example", VIEWER))
    };
    assert!(with("keep").places[0].unmanaged.is_empty() && with("keep").is_empty());
    insta::assert_snapshot!("reported", with("report"));
    insta::assert_snapshot!("all_removed", with("remove"));
}

#[test]
fn at_a_place_that_was_not_read_whole_roles_are_raised_and_nothing_else_is_done() {
    let site = site("prod")
        .member("ada@acme.example", MEMBER)
        .member("bob@acme.example", OWNER)
        .member("x@y.example", VIEWER)
        .invited("cem@acme.example", VIEWER, pending())
        .invited("z@y.example", VIEWER, pending())
        .unread();
    let access = r#"
[[access]]
place = "prod"
owner = ["ada"]
member = ["bob", "cem", "dua"]
unmanaged = "remove"
"#;
    insta::assert_snapshot!(planned(access, site));
}

#[test]
fn what_cannot_be_told_is_left_alone() {
    let site = site("prod")
        .member("ada@acme.example", MEMBER)
        .member("ada@acme.example", OWNER)
        .member("who", MEMBER)
        .invited("bob@acme.example", MEMBER, InvitationStatus::Unknown("odd".to_owned()))
        .invited("cem@acme.example", None, pending());
    let access = r#"
[[access]]
place = "prod"
owner = ["ada"]
member = ["bob", "cem", "dua", "eve"]
unmanaged = "remove"
"#;
    let plan = planned(access, site);
    assert!(plan.is_unsure());
    insta::assert_snapshot!(plan);
}

#[test]
fn a_member_keeps_no_invitation_that_gives_another_role() {
    let site = site("prod")
        .member("ada@acme.example", VIEWER)
        .invited("ada@acme.example", OWNER, pending())
        .member("bob@acme.example", VIEWER)
        .invited("bob@acme.example", VIEWER, pending())
        .invited("cem@acme.example", VIEWER, pending())
        .invited("cem@acme.example", ADMIN, pending());
    let access = "[[access]]\nplace = \"prod\"\nviewer = [\"ada\", \"bob\", \"cem\"]\n";
    let plan = planned(access, site);
    let shown: Vec<_> = plan.actions().map(|(_, action)| action.change.to_string()).collect();
    assert_eq!(shown, ["revoke ada@acme.example (pending owner)", "revoke cem@acme.example (pending admin)"]);
}

/// What the rails refuse of a plan, without the reasons.
fn rails(plan: &Plan) -> Vec<(crate::Rail, String)> {
    let blocked = plan.places.iter().flat_map(|place| &place.blocked);
    blocked.map(|one| (one.refusal.rail, one.action.change.to_string())).collect()
}

#[test]
fn the_last_owners_the_caller_and_the_protected_stay() {
    let mut site = site("prod")
        .member("ada@acme.example", OWNER)
        .member("bob@acme.example", OWNER)
        .member("cem@acme.example", ADMIN)
        .member("dua@acme.example", ADMIN)
        .member("eve@acme.example", ADMIN);
    site.caller = Some(person("CEM@acme.example"));
    let access = r#"
[[access]]
place = "prod"
viewer = ["ada", "cem"]
unmanaged = "remove"
[rails]
protect = ["dua"]
"#;
    let plan = planned(access, site.clone());
    insta::assert_snapshot!(plan);

    // One who comes up makes room for one who goes down.
    let enough = plan_with(access, "viewer = [\"ada\", \"cem\"]\nowner = [\"bob\", \"eve\"]", site);
    assert_eq!(
        enough.actions().map(|(_, action)| action.change.as_str()).collect::<Vec<_>>(),
        ["raise", "lower"]
    );
}

fn plan_with(access: &str, lists: &str, site: Site) -> Plan {
    planned(&access.replace("viewer = [\"ada\", \"cem\"]", lists), site)
}

#[test]
fn more_removals_than_may_be_are_all_refused_with_the_numbers() {
    let crowd = |count: usize| {
        let site = site("prod").member("ada@acme.example", OWNER);
        (0..count).fold(site, |site, number| site.member(&format!("p{number}@x.example"), VIEWER))
    };
    let removing = |rails: &str, count: usize| {
        let access = format!(
            "[[access]]\nplace = \"prod\"\nowner = [\"ada\"]\nunmanaged = \"remove\"\n[rails]\n{rails}\n"
        );
        planned(&access, crowd(count))
    };
    assert_eq!(removing("", 5).actions().count(), 5);
    let refused = removing("", 6);
    assert!(refused.is_empty());
    insta::assert_snapshot!(refused.places[0].blocked[0].refusal.why, @"6 of 7 members would be removed, lowered or no longer asked to be owners, and at most 5 may (max_removals = 5)");
    assert_eq!(removing("max_removals = \"50%\"", 1).actions().count(), 1);
    assert!(removing("max_removals = \"50%\"", 2).is_blocked(), "two of three");
    assert!(removing("max_removals = 0", 1).is_blocked());
}

#[test]
fn a_run_that_goes_on_counts_what_the_one_before_it_did() {
    let site = site("prod").member("ada@acme.example", OWNER).member("x@y.example", VIEWER);
    let roster = roster(
        "[[access]]\nplace = \"prod\"\nowner = [\"ada\"]\nmember = [\"bob\"]\nunmanaged = \"remove\"\n[rails]\nmax_mails = 3\n",
    );
    let carried = |mails, removals| Carried { mails, removals: [(name("prod"), removals)].into() };
    let plan = |carried| plan(&roster, std::slice::from_ref(&site), &carried);
    assert_eq!(plan(carried(2, (4, 6))).actions().count(), 2);
    assert_eq!(
        rails(&plan(carried(2, (5, 7)))),
        [(crate::Rail::MaxRemovals, "remove x@y.example (viewer)".to_owned())]
    );
    assert_eq!(
        rails(&plan(carried(3, (0, 2)))),
        [(crate::Rail::MaxMails, "invite bob@acme.example as member".to_owned())]
    );
}

#[test]
fn nobody_stays_is_refused_whatever_the_rails_allow() {
    let site = site("prod").member("x@y.example", VIEWER).member("z@y.example", VIEWER);
    let access = "[[access]]\nplace = \"prod\"\nunmanaged = \"remove\"\n[rails]\nmin_owners = 0\nmax_removals = \"100%\"\n";
    let plan = planned(access, site);
    assert_eq!(rails(&plan).iter().map(|(rail, _)| *rail).collect::<Vec<_>>(), [crate::Rail::Everyone; 2]);
}

#[test]
fn an_owner_who_was_only_asked_counts_as_one_who_goes() {
    let site = site("prod").member("ada@acme.example", OWNER).invited("bob@acme.example", OWNER, pending());
    let access =
        "[[access]]\nplace = \"prod\"\nowner = [\"ada\"]\nviewer = [\"bob\"]\n[rails]\nmax_removals = 0\n";
    assert_eq!(
        rails(&planned(access, site)),
        [(
            crate::Rail::MaxRemovals,
            "replace bob@acme.example as viewer instead of pending owner".to_owned()
        )]
    );
}

const ACCOUNTS: &str = r#"
[people]
ada = { email = "ada@acme.example", account.prod = "@Ada" }
bob.account.prod = "bob"
cem = { email = "cem@acme.example", account.prod = "cem" }
dua.email = "dua@acme.example"

[[access]]
place = "prod"
owner = ["ada"]
member = ["bob", "cem", "dua"]
unmanaged = "report"
"#;

fn planned_by_account(invitees: Invitees, site: Site) -> Plan {
    let mut site = site;
    site.capability.invitees = invitees;
    plan(&Roster::parse(ACCOUNTS).expect("it is right"), &[site], &Carried::default())
}

fn changes(plan: &Plan) -> Vec<String> {
    plan.actions().map(|(_, action)| action.change.to_string()).collect()
}

fn findings(plan: &Plan) -> Vec<String> {
    let places = plan.places.iter();
    let all = places.flat_map(|place| place.cannot.iter().chain(&place.unknown));
    all.map(|finding| format!("{} {}", finding.who, finding.what)).collect()
}

#[test]
fn people_are_known_and_invited_by_account_where_the_vendor_invites_accounts() {
    let inhabited = || site("prod").member("@ADA", OWNER).invited("@Cem", VIEWER, pending());
    let plan = planned_by_account(Invitees::Either, inhabited());
    let expected = [
        "invite @bob as member",
        "invite dua@acme.example as member",
        "replace @cem as member instead of pending viewer",
    ];
    assert_eq!(changes(&plan), expected);
    assert_eq!(findings(&plan), Vec::<String>::new());
    let read: Plan = serde_json::from_value(serde_json::json!(plan)).expect("it can be read");
    assert_eq!(read, plan);

    let plan = planned_by_account(Invitees::Accounts, inhabited());
    assert_eq!(changes(&plan), ["invite @bob as member", "replace @cem as member instead of pending viewer"]);
    assert_eq!(findings(&plan), ["dua is not in: this vendor invites accounts, and the roster names none"]);

    let plan = planned_by_account(Invitees::Addresses, inhabited());
    let expected =
        ["invite dua@acme.example as member", "replace cem@acme.example as member instead of pending viewer"];
    assert_eq!(changes(&plan), expected);
    assert_eq!(findings(&plan), ["bob is not in, and has no address to invite"]);
}

#[test]
fn an_account_that_nobody_in_the_roster_has_may_be_anybody_without_one() {
    let site = site("prod").member("@ada", OWNER).member("@somebody", MEMBER);
    let plan = planned_by_account(Invitees::Either, site);
    assert_eq!(changes(&plan), ["invite @bob as member", "invite @cem as member"]);
    assert_eq!(findings(&plan), ["dua was not found, and may be one of 1 who show no address"]);
}
