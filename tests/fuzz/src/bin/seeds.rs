//! Writes the corpus of every target as files for a fuzzer: `cargo run -p headwater-fuzz-targets
//! --bin seeds -- fuzz/corpus`.

use headwater_fuzz_targets::{TARGETS, corpus};
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(std::env::args().nth(1).unwrap_or("fuzz/corpus".to_owned()));
    for target in TARGETS {
        let folder = root.join(target.name);
        std::fs::create_dir_all(&folder)?;
        for (at, seed) in corpus::seeds(target.name).iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{at:04}")), seed)?;
        }
    }
    Ok(())
}
