//! `cargo xtask dist`: the page in release, in a folder that works under any sub-path of any
//! static server. Trunk does the work, see Trunk.toml and index.html.

use crate::setup::Setup;
use crate::shell;
use std::time::Instant;

/// Builds `dist/`.
pub(crate) fn build(setup: &Setup<'_>) -> anyhow::Result<()> {
    setup.editor()?;
    let mut trunk = setup.wasm_command("trunk")?;
    trunk.args(["build", "--release", "--offline"]);
    // Trunk takes this variable for its own option and refuses the usual value.
    trunk.env_remove("NO_COLOR");
    println!("page: building dist/ in release (about 3 min the first time, else 1 min)");
    let begun = Instant::now();
    shell::quietly(&mut trunk, &setup.project().tools().join("logs/trunk.log"))?;
    println!(
        "page: dist/ is built, in {}",
        shell::seconds(begun.elapsed())
    );
    Ok(())
}
