//! `orgport login`

use std::io::{self, IsTerminal};

use orgport::auth::{self, BrowserLogin, Login, PasswordLogin, Proof};
use orgport::http::Transport;
use orgport::{AnyProvider, Error, ErrorKind, Kind, Provider, Secret};

use crate::confirm::line;
use crate::console::Console;
use crate::context::Context;
use crate::failure::Failure;
use crate::loopback::Loopback;
use crate::state::token_place;
use crate::text::clean;

pub(crate) async fn run(context: &Context) -> Result<(), Failure> {
    let config = context.config()?;
    let provider = config.provider(context.options.provider.as_deref())?;
    let kind = config.kinds().iter().find(|kind| kind.name() == provider.kind());
    let (transport, login) = login(&provider, kind.map_or(&[], Kind::auth_types))?;
    let Some(place) = token_place(&config)? else {
        let message = "there is no place for the token: let ORGPORT_STATE name a directory";
        return Err(Error::new(ErrorKind::Config, message).into());
    };
    let proof = match login {
        Login::Browser(login) => browser(&login, context.console).await?,
        Login::Password(login) => password(login).await?,
        _ => return Err(Failure::Other("this build does not know the vendor's way to log in".to_owned())),
    };
    auth::log_in(transport, &proof).await?;
    let name = provider.name();
    context.printer().done(&format!("Logged in; the token of {name} is kept in {place}."))
}

/// What sends the login, and what it takes.
fn login<'a>(provider: &'a AnyProvider, types: &[&str]) -> Result<(&'a Transport, Login), Error> {
    let Some(transport) = provider.transport() else {
        let message = format!("{} needs no login", provider.kind());
        return Err(Error::new(ErrorKind::Unsupported, message).from_provider(provider.name()));
    };
    match auth::login(transport) {
        Ok(login) => Ok((transport, login)),
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            let name = provider.name();
            let instead = match types.iter().find(|name| matches!(**name, "oauth2" | "login")) {
                Some(other) => format!("to log in, set type = {other:?} in [providers.{name}.auth]"),
                None => format!(
                    "this vendor gives out credentials on its own pages: configure one in [providers.{name}.auth] \
                     as {}",
                    types.join(" or ")
                ),
            };
            Err(error.with_message(format!("this type of credential is not got by a login; {instead}")))
        }
        Err(error) => Err(error),
    }
}

/// Sends the person to the login page, and takes what comes back.
async fn browser(login: &BrowserLogin, console: Console) -> Result<Proof, Failure> {
    // Before the address is shown: the browser may be back at once.
    let loopback = Loopback::bind(login.redirect_uri()).await?;
    console.say(&format!("Open this address in a browser and log in:\n\n{}\n", login.url()));
    let Some(loopback) = loopback else {
        let answer = line(console, "Paste the code, or the whole address that you ended at: ").await?;
        return Ok(login.proof(&answer)?);
    };
    console.note("Waiting for the browser to come back here.");
    loopback.wait(|query| login.proof(query)).await
}

/// Asks for what is not configured, unseen.
async fn password(login: PasswordLogin) -> Result<Proof, Failure> {
    let someone = io::stdin().is_terminal();
    if !someone && !login.has_password {
        return Err(Failure::usage(
            "nobody is here to type the password: set password = \"env:NAME\" or \"file:PATH\" in the auth table",
        ));
    }
    let (mut password, mut second_factor) = (None, None);
    if !login.has_password {
        password = Some(hidden(format!("Password of {}: ", login.account)).await?);
    }
    if someone && !login.has_second_factor {
        let code = hidden("Code of the second factor (empty if there is none): ".to_owned()).await?;
        second_factor = Some(code).filter(|code| !code.is_empty());
    }
    Ok(Proof::Password { password, second_factor })
}

/// Reads a line that the terminal does not show.
async fn hidden(prompt: String) -> Result<Secret, Failure> {
    let typed = tokio::task::spawn_blocking(move || rpassword::prompt_password(clean(&prompt))).await;
    match typed {
        Ok(Ok(text)) => Ok(Secret::from(text)),
        Ok(Err(error)) => Err(Failure::Other(format!("the terminal cannot be read: {error}"))),
        Err(_) => Err(Failure::Other("the terminal cannot be read".to_owned())),
    }
}
