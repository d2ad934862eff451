//! What is not done, and the exit code that says so.

use orgport_sandbox::{Fault, FaultKind};

use crate::roster::{Team, actions};
use crate::support::{Desk, Run, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_roster_is_told_line_by_line_and_nothing_is_read() {
    let team = Team::new().await;
    for (from, to, told) in [
        (
            "member = [\"nikos\"]",
            "member = [\"nicos\"]",
            "line 42: access.member names \"nicos\", who is not among the people; did you mean \"nikos\"?",
        ),
        ("member = [\"nikos\"]", "member = [\"@nikos\"]", "line 42: access.member"),
        (
            "member = [\"nikos\"]",
            "members = [\"nikos\"]",
            "line 42: access.members is not a setting; did you mean \"member\"?",
        ),
        (
            "member = [\"nikos\"]",
            "member = [\"nikos\", \"eleni\"]",
            "line 42: access.member names eleni, who has another role",
        ),
        (
            "email = \"nikos@",
            "emial = \"nikos@",
            "line 8: people.nikos.emial is not a setting; did you mean \"email\"?",
        ),
        ("nikos@jaqpot.example", "nikos at jaqpot.example", "line 8: people.nikos.email"),
        (
            "nikos@jaqpot.example",
            "Eleni@Jaqpot.example",
            "line 7: people.nikos has Eleni@Jaqpot.example, which is eleni's already",
        ),
        (
            "place = \"jaqpot\"",
            "place = \"jaqpto\"",
            "line 39: access.place names jaqpto, whose provider is not configured; did you mean \"jaqpot\"?",
        ),
        ("unmanaged = \"report\"", "unmanaged = \"reprot\"", "line 37: access.unmanaged"),
        ("[people.ada]", "include = [\"nobody.toml\"]\n[people.ada]", "nobody.toml"),
        (
            "[[access]]",
            "[rails]\nmax_mail = 3\n[[access]]",
            "line 35: rails.max_mail is not a setting; did you mean \"max_mails\"?",
        ),
        ("[[access]]", "[[access]", "line 34"),
    ] {
        let text = team.read("team.toml");
        assert!(text.contains(from), "{from}");
        team.desk.write("wrong.toml", text.replacen(from, to, 1));
        for command in
            [&["check", "wrong.toml"][..], &["plan", "wrong.toml"], &["apply", "wrong.toml", "--yes"]]
        {
            let run = team.desk.run(&[&["roster"], command].concat()).await;
            assert_eq!(run.code, Some(2), "{to}: {run:?}");
            assert!(run.stderr.contains(told), "{to}: {run:?}");
        }
    }
    assert!(team.sandbox.requests().is_empty(), "{:?}", team.sandbox.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_plan_of_another_roster_another_version_or_edited_by_hand_is_refused() {
    let team = Team::new().await;
    team.edit(&[("viewer = [\"viewer\"]", "viewer = [\"viewer\", \"nikos\"]")]);
    let run = team.desk.run(&["roster", "plan", "team.toml", "--out", "plan.json"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let plan = team.read("plan.json");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let changed = |from: &str, to: &str| {
        assert!(plan.contains(from), "{from}");
        plan.replacen(from, to, 1)
    };
    for (text, told) in [
        (changed(&version, "\"version\": \"0.0.1\""), "was made by version 0.0.1"),
        (changed("nikos@jaqpot.example", "eve@example.org"), "was edited by hand"),
        (changed("\"role\": \"viewer\"", "\"role\": \"admin\""), "was edited by hand"),
        (plan[..plan.len() / 2].to_owned(), "is not a saved plan"),
        ("{}".to_owned(), "is not a saved plan"),
    ] {
        team.desk.write("other.json", text);
        let run = team.desk.run(&["roster", "apply", "other.json", "--yes"]).await;
        assert!(run.code == Some(2) && run.stderr.contains(told), "{told}: {run:?}");
    }
    let text = team.read("team.toml");
    team.desk.write("other.toml", format!("# another\n{text}"));
    let run = team.desk.run(&["roster", "apply", "plan.json", "--roster", "other.toml", "--yes"]).await;
    assert!(run.code == Some(5) && run.stderr.contains("has changed since this was planned"), "{run:?}");
    assert_eq!((team.changes(), team.sandbox.mail().len()), (0, 0));
    let run = team.desk.run(&["roster", "apply", "plan.json", "--yes"]).await;
    assert_eq!(
        (run.code, team.sandbox.mail().len()),
        (Some(0), 1),
        "as it was saved, it is carried out: {run:?}"
    );
}

/// The roster is planned and applied; both end with 12, and nothing is changed.
async fn blocked(team: &Team) -> (Run, String) {
    let plan = team.desk.run(&["--format", "json", "roster", "plan", "team.toml", "--exit-code"]).await;
    assert_eq!(plan.code, Some(12), "{plan:?}");
    let run = team.desk.run(&["roster", "apply", "team.toml", "--yes"]).await;
    assert_eq!(run.code, Some(12), "{run:?}");
    let told: Vec<_> = run.stderr.lines().filter_map(|line| line.trim().strip_prefix("blocked: ")).collect();
    let told = told.join("\n");
    (plan, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_left_out_by_an_empty_list() {
    let team = Team::new().await;
    team.edit_all("unmanaged = \"report\"", "unmanaged = \"remove\"");
    let text = team.read("team.toml");
    let lists = ["owner =", "admin =", "member =", "editor =", "viewer =", "any_role ="];
    let emptied = text.lines().filter(|line| !lists.iter().any(|list| line.starts_with(list)));
    let rails = "[rails]\nmax_removals = 0\n";
    team.desk.write("team.toml", emptied.collect::<Vec<_>>().join("\n") + "\n" + rails);
    let (plan, told) = blocked(&team).await;
    assert_eq!((actions(&plan.json()), team.changes()), (vec![], 0));
    insta::assert_snapshot!(told);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_caller_the_last_owner_and_everyone_are_refused_with_the_numbers() {
    let team = Team::new().await;
    team.edit(&[
        ("admin = [\"admin\"]\neditor = [\"editor\"]", "editor = [\"editor\", \"admin\"]"),
        ("owner = [\"owner\"]\nadmin = [\"admin-2\"]", "admin = [\"owner\", \"admin-2\"]"),
    ]);
    team.edit(&[(
        "place = \"koyeb\"\nowner = [\"ada-2\"]\nunmanaged = \"report\"",
        "place = \"koyeb\"\nunmanaged = \"remove\"",
    )]);
    let (plan, told) = blocked(&team).await;
    assert_eq!((actions(&plan.json()), team.changes()), (vec![], 0));
    insta::assert_snapshot!("caller_and_last_owner", told);

    let text = team.read("team.toml");
    let (people, _) = text.split_once("[[access]]").expect("a place");
    team.desk.write(
        "team.toml",
        people.to_owned()
            + "[[access]]\nplace = \"trieve\"\nunmanaged = \"remove\"\n[rails]\nmin_owners = 0\n",
    );
    let (_, told) = blocked(&team).await;
    insta::assert_snapshot!("everyone", told);
    assert_eq!(team.changes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rails_of_mails_removals_and_people_hold() {
    let team = Team::new().await;
    team.edit(&[
        ("[people.eleni]", "[people.bea]\nemail = \"bea@example.org\"\n\n[people.eleni]"),
        ("editor = [\"editor\"]\nviewer = [\"viewer\"]", "viewer = [\"bea\"]"),
        ("admin = [\"admin-2\"]", "admin = [\"bea\"]"),
    ]);
    team.edit_all("unmanaged = \"report\"", "unmanaged = \"remove\"");
    let text = team.read("team.toml");
    for (rails, left) in [
        ("max_mails = 1", vec!["losant remove", "losant remove", "trieve remove"]),
        ("max_removals = 1", vec!["losant invite", "trieve invite", "trieve remove"]),
        ("max_removals = \"34%\"", vec!["losant invite", "trieve invite", "trieve remove"]),
        ("max_removals = 0", vec!["losant invite", "trieve invite"]),
        ("protect = [\"editor\"]", vec!["losant invite", "losant remove", "trieve invite", "trieve remove"]),
    ] {
        team.desk.write("team.toml", format!("{text}\n[rails]\n{rails}\n"));
        let plan = team.desk.run(&["--format", "json", "roster", "plan", "team.toml"]).await;
        assert_eq!(plan.code, Some(12), "{rails}: {plan:?}");
        assert_eq!(actions(&plan.json()), left, "{rails}: {plan:?}");
    }
    assert_eq!(team.changes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_down_is_unknown_and_loses_nobody() {
    let team = Team::new().await;
    team.edit(&[("editor = [\"editor\"]\nviewer = [\"viewer\"]\n", ""), ("admin = [\"admin-2\"]", "")]);
    team.edit_all("unmanaged = \"report\"", "unmanaged = \"remove\"");
    let down = FaultKind::Html { status: 503, commit: false };
    team.sandbox.fault(Fault::new("losant", down).always()).expect("set");
    let Team { sandbox, desk } = team;
    let team = Team { sandbox, desk: desk.set("ORGPORT__PROVIDERS__LOSANT__HTTP__READ_ATTEMPTS", "1") };
    let plan = team.desk.run(&["--format", "json", "roster", "plan", "team.toml", "--exit-code"]).await;
    assert_eq!((plan.code, actions(&plan.json())), (Some(10), vec!["trieve remove".to_owned()]), "{plan:?}");
    let run = team.apply().await;
    assert_eq!(run.code, Some(10), "{run:?}");
    team.sandbox.clear_faults();
    assert_eq!(actions(&team.plan().await), ["losant remove", "losant remove"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_without_leave_a_journal_or_a_file() {
    let team = Team::new().await;
    team.edit(&[("viewer = [\"viewer\"]", "viewer = [\"viewer\", \"nikos\"]")]);
    team.desk.write("file", "");
    for (arguments, code) in [
        (&["apply", "team.toml"][..], 2),
        (&["apply", "nobody.toml", "--yes"], 2),
        (&["apply", "team.toml", "--yes", "--state", "file"], 2),
        (&["plan", "team.toml", "--out", "nowhere/plan.json"], 2),
        (&["explain", "team.toml", "nicos"], 3),
    ] {
        let run = team.desk.run(&[&["roster"], arguments].concat()).await;
        assert_eq!(run.code, Some(code), "{arguments:?}: {run:?}");
    }
    assert_eq!(team.changes(), 0);
    let alone = Desk::at(&sandbox().await, "losant");
    let run = alone.run(&["roster", "import", "--merge", "nobody.toml"]).await;
    assert_eq!(run.code, Some(2), "{run:?}");
}
