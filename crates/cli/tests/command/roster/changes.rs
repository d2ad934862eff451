//! From what is there to what should be.

use crate::roster::{Team, actions, outcomes};
use crate::support::VENDORS;

/// Nikos and Ada come to three vendors by a line each.
const THREE_LINES: &[(&str, &str)] = &[
    ("member = [\"nikos\"]", "member = [\"nikos\", \"ada-2\"]"),
    ("viewer = [\"viewer\"]", "viewer = [\"viewer\", \"nikos\"]"),
    ("admin = [\"admin-2\"]", "admin = [\"admin-2\", \"nikos\"]"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_plans_to_nothing_at_every_vendor() {
    let team = Team::new().await;
    let run = team.desk.run(&["roster", "plan", "team.toml", "--exit-code"]).await;
    insta::assert_snapshot!(run.shown());
    let plan = team.plan().await;
    let places = plan["places"].as_array().expect("places");
    assert_eq!(
        places.iter().map(|place| place["name"].as_str().expect("a name")).collect::<Vec<_>>(),
        VENDORS
    );
    let is_quiet = |list: &str| places.iter().all(|place| place[list].as_array().is_some_and(Vec::is_empty));
    assert!(["actions", "cannot", "blocked", "unmanaged", "unknown"].into_iter().all(is_quiet), "{plan}");
    let run = team.apply().await;
    assert_eq!((run.code, outcomes(&run).len(), team.changes()), (Some(0), 0, 0), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_lines_change_three_vendors_by_one_command() {
    let team = Team::new().await;
    team.edit(THREE_LINES);
    let run = team.desk.run(&["roster", "plan", "team.toml", "--exit-code", "--out", "plan.json"]).await;
    assert_eq!(run.code, Some(11), "{run:?}");
    insta::assert_snapshot!("three_lines_text", run.shown());
    let markdown = team.desk.run(&["roster", "plan", "team.toml", "--format", "markdown"]).await;
    insta::assert_snapshot!("three_lines_markdown", markdown.shown());

    let plan = team.plan().await;
    assert_eq!(actions(&plan), ["jaqpot invite", "losant invite", "trieve invite"]);
    assert_eq!(plan["cost"]["mails"], 3);
    team.sandbox.clear_requests();
    let run = team.desk.run(&["--format", "json", "roster", "apply", "plan.json", "--yes"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(outcomes(&run), ["jaqpot invite done", "losant invite done", "trieve invite done"]);
    assert_eq!(team.sandbox.mail().len(), 3);
    // Beside the price, each of the six is asked once whom the credential stands for.
    let (sent, priced) = (team.sandbox.requests().len(), plan["cost"]["requests"].as_u64().expect("a price"));
    assert!((priced..=priced + 6).contains(&(sent as u64)), "{sent} were sent, and {priced} priced");

    assert_eq!(actions(&team.plan().await), [""; 0], "whoever is invited is waited for");
    let again = team.apply().await;
    assert_eq!((again.code, team.sandbox.mail().len()), (Some(0), 3), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_a_plan_can_do_is_done_where_the_vendor_can() {
    let team = Team::new().await;
    team.edit(&[
        ("[people.eleni]", "[people.bea]\nemail = \"bea@example.org\"\n\n[people.eleni]"),
        ("editor = [\"editor\"]", "editor = [\"viewer\"]"),
        ("viewer = [\"viewer\"]", "viewer = [\"bea\"]"),
        ("any_role = [\"ada-3\", \"bob\"]", "any_role = [\"ada-3\", \"bea\"]"),
        ("admin = [\"admin-2\"]", "admin = [\"bea\"]\nmember = [\"admin-2\"]"),
        ("member = [\"nikos\"]", "owner = [\"nikos\"]"),
        ("owner = [\"eleni\"]\n", ""),
    ]);
    team.edit_all("unmanaged = \"report\"", "unmanaged = \"remove\"");
    let run = team.desk.run(&["roster", "plan", "team.toml"]).await;
    insta::assert_snapshot!(run.shown());
    let run = team.apply().await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(
        outcomes(&run),
        [
            "losant invite done",
            "losant raise done",
            "losant remove done",
            "nuextract invite done",
            "nuextract remove done",
            "trieve invite done",
            "trieve lower done",
        ]
    );
    assert_eq!(actions(&team.plan().await), [""; 0]);
    // Bea stays asked in as something else at one place, and nowhere else.
    team.edit(&[("admin = [\"bea\"]", "viewer = [\"bea\"]"), ("viewer = [\"bea\"]", "editor_ = [\"bea\"]")]);
    team.edit(&[("editor = [\"viewer\"]\neditor_ = [\"bea\"]", "editor = [\"viewer\", \"bea\"]")]);
    let plan = team.desk.run(&["--format", "json", "roster", "plan", "team.toml"]).await;
    assert_eq!(actions(&plan.json()), ["losant replace"]);
    let run = team.apply().await;
    assert_eq!(outcomes(&run), ["losant replace done"], "{run:?}");
    assert_eq!([team.mails("losant", "bea@example.org"), team.mails("trieve", "bea@example.org")], [2, 1]);
}
