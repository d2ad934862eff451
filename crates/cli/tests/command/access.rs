//! Who can get in where, over many vendors at once.

use orgport_sandbox::{Fault, FaultKind, Identity};

use crate::everywhere::{ADDRESSED, Everywhere, GRACE, rows};
use crate::support::{Desk, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn one_command_shows_everybody_everywhere_with_the_fewest_requests() {
    let world = Everywhere::new().await;
    let table = world.desk.json(&["access", "--all-orgs"]).await;
    for (vendor, organization) in &world.organizations {
        let here: Vec<_> = rows(&table, "provider", vendor)
            .into_iter()
            .filter(|row| row["organization"] == organization.as_str() && row["address"] == GRACE)
            .collect();
        let is_second = organization.as_str() != default_of(&world, vendor);
        assert_eq!(here.len(), 1, "one row per person and place: {here:?}");
        assert_eq!(here[0]["state"], if is_second { "member" } else { "pending" }, "{here:?}");
        assert_eq!(here[0]["kind"], *vendor);
        let place = if is_second { format!("{vendor}/{organization}") } else { (*vendor).to_owned() };
        assert_eq!(here[0]["place"], place);
    }
    let addresses: Vec<_> =
        table.as_array().expect("rows").iter().filter_map(|row| row["address"].as_str()).collect();
    let mut sorted = addresses.clone();
    sorted.sort_by_key(|address| address.to_lowercase());
    assert_eq!(addresses, sorted, "people stand together");

    assert_eq!(world.changes(), [""; 0]);
    for vendor in ADDRESSED {
        // The list of organizations, and two lists of each. Koyeb's token says once which organization it
        // is of, and another organization takes a token of its own.
        let expected = if vendor == "koyeb" { 1 + 1 + 2 * 2 } else { 1 + 2 * 2 };
        assert_eq!(world.sent(vendor, "GET"), expected, "{vendor}: {:?}", paths(&world, vendor));
    }
    let others = world.sandbox.requests().iter().filter(|one| one.method != "GET").count();
    assert_eq!(others, 1, "the token of Koyeb's other organization");
}

fn default_of(world: &Everywhere, vendor: &str) -> String {
    let (_, first) = world.organizations.iter().find(|(name, _)| *name == vendor).expect("there");
    first.to_string()
}

fn paths(world: &Everywhere, vendor: &str) -> Vec<String> {
    let requests = world.sandbox.requests();
    requests
        .iter()
        .filter(|one| one.vendor == vendor)
        .map(|one| format!("{} {}", one.method, one.path))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_named_by_provider_and_by_organization() {
    let world = Everywhere::new().await;
    let table =
        world.desk.json(&["access", GRACE, "--place", "koyeb", "--place", "losant/second-losant"]).await;
    let places: Vec<_> =
        table.as_array().expect("rows").iter().map(|row| row["organization_name"].clone()).collect();
    assert_eq!(places.len(), 2, "{table}");
    assert_eq!(places[1], "second-losant");
    let one = world.desk.json(&["access", GRACE, "--provider", "jaqpot"]).await;
    assert_eq!(rows(&one, "provider", "jaqpot").len(), 1);
    assert_eq!(one.as_array().map(Vec::len), Some(1));
    let other = world.desk.json(&["access", GRACE, "--provider", "jaqpot", "--org", "second-jaqpot"]).await;
    assert_eq!(other[0]["state"], "member");
    for wrong in [
        &["access", "--place", "nowhere"][..],
        &["access", "--place", "koyeb", "--provider", "koyeb"],
        &["access", "--provider", "koyeb", "--org", "acme", "--all-orgs"],
        &["access", "not an@address"],
    ] {
        assert_eq!(world.desk.run(wrong).await.code, Some(2), "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_down_is_a_row_and_no_empty_place() {
    let world = Everywhere::new().await;
    let desk = world.desk.set("ORGPORT__PROVIDERS__LOSANT__HTTP__READ_ATTEMPTS", "1");
    let down = FaultKind::Html { status: 503, commit: false };
    world.sandbox.fault(Fault::new("losant", down).always()).expect("set");
    let run = desk.run(&["--format", "json", "access"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let losant = run.json();
    let losant = rows(&losant, "provider", "losant");
    assert_eq!(losant.len(), 1);
    assert_eq!(
        (&losant[0]["state"], &losant[0]["error"]["kind"]),
        (&"unreachable".into(), &"unavailable".into())
    );
    assert_eq!(run.error()["kind"], "unavailable", "it is told beside the table too");
    assert!(!rows(&run.json(), "provider", "koyeb").is_empty(), "the others are there");
    for (arguments, code) in [
        // Whoever is asked for could be where nothing was read.
        (&["access", "nobody@x.example"][..], 10),
        (&["access", "nobody@x.example", "--place", "koyeb"], 3),
        (&["access", "nobody@x.example", GRACE, "--place", "koyeb"], 10),
        (&["access", "--place", "losant/nowhere"], 10),
    ] {
        let run = desk.run(arguments).await;
        assert_eq!(run.code, Some(code), "{arguments:?}: {run:?}");
        assert!(run.stderr.matches("nobody@x.example").count() <= 1, "said once: {run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_cannot_be_used_is_told_beside_the_others() {
    let sandbox = sandbox().await;
    let toml = sandbox.configuration_toml();
    let broken = "\n[providers.broken]\nkind = \"losant\"\n[providers.broken.auth]\ntype = \"bearer\"\ntoken = \"env:NONE\"\n";
    let run = Desk::with_config(&(toml + broken)).run(&["--format", "json", "access"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let table = run.json();
    let broken = rows(&table, "provider", "broken");
    assert_eq!(broken[0]["state"], "unreachable");
    assert!(broken[0]["error"]["message"].as_str().is_some_and(|text| text.contains("NONE")), "{broken:?}");
    assert!(!rows(&table, "provider", "losant").is_empty());
    assert_eq!(Desk::empty().run(&["access"]).await.code, Some(2), "nothing is configured");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_may_not_read_a_list_shows_what_it_can() {
    let sandbox = sandbox().await;
    let is_member = |one: &Identity| one.vendor == "jaqpot" && one.email.starts_with("nikos");
    let member = sandbox.identities().into_iter().find(is_member).expect("a member");
    let fields = member.settings.iter().map(|(key, value)| format!("{key} = {value}\n"));
    let auth = member.credential.as_object().expect("a table");
    let auth = auth.iter().map(|(key, value)| format!("{key} = {value}\n"));
    let desk = Desk::with_config(&format!(
        "[providers.jaqpot]\nkind = \"jaqpot\"\norganization = \"tox-lab\"\n{}[providers.jaqpot.auth]\n{}",
        fields.collect::<String>(),
        auth.collect::<String>(),
    ));
    let run = desk.run(&["--format", "json", "access", "--place", "jaqpot"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let table = run.json();
    assert_eq!(rows(&table, "state", "member").len(), 2, "{table}");
    assert_eq!(rows(&table, "state", "unreachable")[0]["error"]["kind"], "permission_denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_have_stable_words_and_a_page_stands_alone() {
    let world = Everywhere::new().await;
    let findings = world.desk.json(&["access", "--findings", "--all-orgs"]).await;
    let owner = rows(&findings, "finding", "sole_owner");
    assert!(
        owner.iter().any(|finding| finding["place"] == "jaqpot" && finding["sentence"].is_string()),
        "{findings}"
    );
    let csv = world.desk.run(&["--format", "csv", "access", "--all-orgs"]).await;
    assert_eq!(
        csv.stdout.lines().next(),
        Some(
            "person,address,account,place,provider,kind,organization,organization_name,state,role,native_role,since,expires,\
             member_id,user_id,findings,error"
        )
    );
    let table = world.desk.run(&["access"]).await;
    assert!(table.stdout.contains("\nFINDING"), "people see them below the table: {table:?}");

    let page = world.desk.run(&["--format", "html", "access", "--all-orgs"]).await;
    assert_eq!(page.code, Some(0), "{page:?}");
    assert!(page.stdout.starts_with("<!doctype html>") && page.stdout.contains(GRACE), "{page:?}");
    let shown = page.stdout + &csv.stdout + &world.desk.json(&["access", "--all-orgs"]).await.to_string();
    let invitations = world.desk.json(&["invitation", "list", "--provider", "trieve"]).await;
    let id = invitations[0]["id"].as_str().expect("Grace's invitation");
    assert!(!shown.contains(id), "an invitation's id opens the door");
    assert_eq!(world.desk.run(&["--format", "html", "org", "list"]).await.code, Some(2), "only here");
    assert_eq!(world.desk.run(&["--format", "html", "access", "--findings"]).await.code, Some(2));
}
