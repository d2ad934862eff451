//! Where the configuration comes from, and what is said of a wrong one.

use crate::support::{Desk, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn without_any_provider_the_next_step_is_told() {
    let run = Desk::empty().run(&["org", "list"]).await;
    insta::assert_snapshot!(run.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelled_setting_is_named_with_file_and_line() {
    let desk = Desk::with_config("[providers.prod]\nkind = \"memory\"\n\norganisation = \"home\"\n");
    let run = desk.run(&["org", "list"]).await;
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("orgport.toml, line 4: providers.prod.organisation"), "{run:?}");
    assert!(run.stderr.contains("did you mean \"organization\"?"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_secret_is_named() {
    let toml =
        "[providers.prod]\nkind = \"koyeb\"\nauth = { type = \"api_key\", key = \"env:KOYEB_API_KEY\" }\n";
    let desk = Desk::with_config(toml);
    for arguments in [&["org", "list"][..], &["config", "check"]] {
        let run = desk.run(arguments).await;
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("KOYEB_API_KEY"), "{run:?}");
    }
    let providers = desk.run(&["providers", "--format", "json"]).await;
    assert_eq!(providers.code, Some(0), "a list of what is configured is not a check");
    assert!(providers.json()[0]["error"].as_str().is_some_and(|text| text.contains("KOYEB_API_KEY")));
    let set = desk.set("KOYEB_API_KEY", "k").run(&["config", "check"]).await;
    assert_eq!(set.code, Some(0), "{set:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_found_where_it_is_looked_for() {
    let config = |name: &str| format!("[providers.{name}]\nkind = \"memory\"\n");
    let desk = Desk::empty();
    std::fs::create_dir_all(desk.path().join(".config/orgport")).expect("made");
    let name = async |desk: &Desk, arguments: &[&str]| {
        desk.json(&[&["providers"], arguments].concat()).await[0]["name"].as_str().map(str::to_owned)
    };
    desk.write(".config/orgport/config.toml", config("home"));
    assert_eq!(name(&desk, &[]).await.as_deref(), Some("home"));
    desk.write("orgport.toml", config("here"));
    assert_eq!(name(&desk, &[]).await.as_deref(), Some("here"));
    desk.write("named.toml", config("variable"));
    desk.write("option.toml", config("option"));
    let desk = desk.set("ORGPORT_CONFIG", "named.toml");
    assert_eq!(name(&desk, &[]).await.as_deref(), Some("variable"));
    assert_eq!(name(&desk, &["--config", "option.toml"]).await.as_deref(), Some("option"));
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_override_the_file() {
    let desk = Desk::with_config("[providers.prod-eu]\nkind = \"memory\"\norganization = \"old\"\n")
        .set("ORGPORT__PROVIDERS__PROD_EU__ORGANIZATION", "new");
    assert_eq!(desk.json(&["org", "get"]).await["id"], "new");
    let wrong = desk.set("ORGPORT__PROVIDERS__PROD_EU__ORGANISATION", "x").run(&["org", "get"]).await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("the variable ORGPORT__PROVIDERS__PROD_EU__ORGANISATION"), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_vendor_is_another_configuration_and_nothing_else() {
    let sandbox = sandbox().await;
    let configuration = sandbox.configuration_toml();
    for (vendor, role) in [("losant", "admin"), ("trieve", "admin"), ("koyeb", "owner"), ("jaqpot", "member")]
    {
        let start = configuration.find(&format!("[providers.{vendor}]")).expect("there");
        let table = &configuration[start..];
        let end = table.match_indices("\n[providers.").map(|(at, _)| at + 1);
        let end = end.into_iter().find(|at| !table[*at..].starts_with(&format!("[providers.{vendor}.")));
        let table =
            table[..end.unwrap_or(table.len())].replace(&format!("providers.{vendor}"), "providers.prod");
        let desk = Desk::with_config(&table);
        let rows = desk.json(&["invitation", "create", "bea@example.com", "--role", role]).await;
        assert_eq!(rows[0]["outcome"], "invited", "{vendor}: {rows}");
        let pending = desk.json(&["invitation", "list", "--status", "pending"]).await;
        assert_eq!(pending[0]["email"], "bea@example.com", "{vendor}: {pending}");
        assert_eq!(sandbox.mail().last().map(|mail| mail.vendor.clone()).as_deref(), Some(vendor));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_is_found_by_its_name() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let made = desk.json(&["org", "create", "Acme Tools"]).await;
    let found = desk.json(&["org", "get", "Acme Tools"]).await;
    assert_eq!(found["id"], made["id"]);
    let members = desk.json(&["member", "list", "--org", "Acme Tools"]).await;
    assert_eq!(members.as_array().map(Vec::len), Some(1));
    desk.json(&["org", "create", "Acme Tools"]).await;
    let two = desk.run(&["--format", "json", "member", "list", "--org", "Acme Tools"]).await;
    assert_eq!(two.code, Some(5), "{two:?}");
    assert!(two.error()["message"].as_str().is_some_and(|text| text.contains("2 match organization")));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn renewed_tokens_are_kept_for_the_next_run_in_a_private_file() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "nuextract")
        .set("ORGPORT__PROVIDERS__NUEXTRACT__AUTH__ACCESS_TOKEN", "stale")
        .set("ORGPORT_STATE", "state");
    let renewals = || {
        let all = sandbox.requests();
        all.iter().filter(|request| request.path.ends_with("/token")).count()
    };
    // The refresh token rotates: the second run works only if the first one's was kept.
    for _ in 0..2 {
        desk.json(&["org", "list"]).await;
        assert_eq!(renewals(), 1);
    }
    let file = desk.path().join("state/tokens.json");
    assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("changed");
    let refused = desk.run(&["org", "list"]).await;
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("chmod 600"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_to_begin_with_is_written_for_every_vendor_and_overwrites_nothing() {
    let desk = Desk::empty();
    for vendor in ["nuextract", "jaqpot", "koyeb", "trieve", "losant", "memory"] {
        let file = format!("{vendor}.toml");
        let init = ["--config", &file, "--provider", "prod-eu", "config", "init", "--kind", vendor];
        let run = desk.run(&init).await;
        assert_eq!(run.code, Some(0), "{run:?}");
        let written = std::fs::read_to_string(desk.path().join(&file)).expect("it is there");
        desk.write(&file, written.replace("env:", "text:"));
        let check = desk.run(&["--config", &file, "config", "check"]).await;
        assert!(check.code == Some(0) && check.stdout.contains("prod-eu"), "{vendor}: {check:?}");
        let again = desk.run(&init).await;
        assert_eq!(again.code, Some(2), "{again:?}");
        let kept = std::fs::read_to_string(desk.path().join(&file)).expect("it is there");
        assert_eq!(kept, written.replace("env:", "text:"));
    }
    assert_eq!(desk.run(&["config", "init", "--kind", "memory"]).await.code, Some(0));
    assert_eq!(desk.json(&["providers"]).await[0]["name"], "memory", "it stands where it is looked for");
    let nowhere = desk.run(&["--config", "no/such/place.toml", "config", "init", "--kind", "koyeb"]).await;
    assert!(nowhere.code == Some(2) && nowhere.stderr.contains("no/such/place.toml"), "{nowhere:?}");
    let named = ["--config", "x.toml", "--provider", "Prod EU", "config", "init", "--kind", "koyeb"];
    assert_eq!(desk.run(&named).await.code, Some(2), "no provider can be called so");
    assert!(!desk.path().join("x.toml").exists());
}
