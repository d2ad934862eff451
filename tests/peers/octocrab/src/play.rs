//! One verb of the cross play per line of standard input.

use octocrab::Octocrab;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

use crate::Failure;
use crate::calls::call;
use crate::peer::{Peer, write};

pub(crate) async fn play(peer: &Peer) -> Result<(), Failure> {
    let verbs = ["invite", "pending", "revoke", "respond", "members", "set_role", "remove"];
    write(&json!({ "verbs": verbs }));
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let asked: Value = serde_json::from_str(&line)?;
        let crab = peer.client(&asked["credential"])?;
        let verb = asked["verb"].as_str().unwrap_or_default();
        match act(&crab, verb, &asked["arguments"]).await {
            Ok(answer) => write(&json!({ "answer": answer })),
            Err(error) => write(&json!({ "error": error.to_string() })),
        }
    }
    Ok(())
}

async fn act(crab: &Octocrab, verb: &str, it: &Value) -> Result<Value, Failure> {
    let (org, email) = (&it["organization"], &it["email"]);
    let rows = async |name: &str| -> Result<Vec<Value>, Failure> {
        let found = call(crab, name, &json!({ "org": org })).await?;
        Ok(found["items"].as_array().cloned().unwrap_or_default())
    };
    // The client cannot ask for an account by its number.
    let login = async |number: &Value| -> Result<Value, Failure> {
        let members = rows("orgs.list_members").await?;
        let is_it = |member: &&Value| Some(member["id"].to_string().as_str()) == number.as_str();
        Ok(members.iter().find(is_it).ok_or("no such member")?["login"].clone())
    };
    Ok(match verb {
        "invite" => call(crab, "orgs.invitations.create", &json!({ "org": org, "email": email })).await?,
        "pending" => rows("orgs.invitations.list").await?.iter().map(|row| row["email"].clone()).collect(),
        "revoke" => {
            let waiting = rows("orgs.invitations.list").await?;
            let row = waiting.iter().find(|row| row["email"] == *email).ok_or("no such invitation")?;
            call(crab, "orgs.invitations.cancel", &json!({ "org": org, "invitation_id": row["id"] })).await?
        }
        "respond" => call(crab, "current.update_org_membership", &json!({ "org": org })).await?,
        "members" => {
            rows("orgs.list_members").await?.iter().map(|row| json!(row["id"].to_string())).collect()
        }
        "set_role" => {
            let member = json!({ "org": org, "username": login(&it["user"]).await?, "role": it["role"] });
            call(crab, "orgs.add_or_update_membership", &member).await?
        }
        "remove" => {
            call(crab, "orgs.remove_member", &json!({ "org": org, "username": login(email).await? })).await?
        }
        other => return Err(format!("no verb {other}").into()),
    })
}
