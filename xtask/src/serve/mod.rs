//! `cargo xtask serve`: builds the page, serves it on this machine and opens it.
//! The server itself is in `site`.

mod site;

pub(crate) use site::Site;

use crate::dist;
use crate::setup::Setup;
use crate::shell::{command, find_program};
use clap::Args;
use std::process::Stdio;

/// What can be said to `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The port to serve on; without it 8080 or the next free one.
    #[arg(long)]
    port: Option<u16>,
    /// Leave opening the page to the visitor.
    #[arg(long)]
    no_open: bool,
}

/// Where the search for a free port begins.
const FIRST_PORT: u16 = 8080;
/// How many ports are tried.
const PORTS_TRIED: u16 = 50;

/// Builds, serves and opens the page; ends only with the program.
pub(crate) fn run(setup: &Setup<'_>, arguments: &ServeArguments) -> anyhow::Result<()> {
    dist::build(setup)?;
    let folder = setup.project().dist();
    let site = match arguments.port {
        Some(port) => Site::open(&folder, "/", port)?,
        None => Site::open_on_free_port(&folder, "/", FIRST_PORT..FIRST_PORT + PORTS_TRIED)?,
    };
    if !arguments.no_open {
        open_in_browser(&site.address());
    }
    println!("Headwater runs at {} (Ctrl+C ends it)", site.address());
    site.wait();
    Ok(())
}

/// Asks the desktop to open `address`. Where there is none, the printed address has to do.
fn open_in_browser(address: &str) {
    let opener: &[&str] = if cfg!(windows) {
        &["explorer"]
    } else {
        &["xdg-open", "open"]
    };
    let Some(program) = find_program(opener) else {
        return;
    };
    let mut open = command(program);
    open.arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Err(error) = open.spawn() {
        println!("cannot open a browser ({error})");
    }
}
