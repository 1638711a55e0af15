//! `cargo xtask size`: what a visitor downloads, raw and compressed, against the budget.
//! Reads `dist/`, which has to be built already.
//!
//! A share that is over its budget has the size recorded that it had when that was seen. Until it
//! fits, that size is its limit, and it may only shrink.

use crate::project::Project;
use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;

/// A share of the page with its budget in bytes, compressed.
#[derive(Debug)]
struct Share {
    name: &'static str,
    budget_bytes: u64,
    /// The size of a share that is known to be over its budget; 0 for one that has to fit.
    recorded_bytes: u64,
    holds: fn(&str) -> bool,
}

impl Share {
    /// What is said of a share of this size, and whether it may be so large.
    fn verdict(&self, gzip_bytes: u64) -> (&'static str, bool) {
        if gzip_bytes <= self.budget_bytes {
            return match self.recorded_bytes {
                0 => ("", true),
                _ => ("  fits: take its record out of xtask/src/size.rs", false),
            };
        }
        match gzip_bytes <= self.recorded_bytes {
            true => ("  OVER BUDGET, as recorded; it may only shrink", true),
            false => ("  OVER BUDGET, and larger than recorded", false),
        }
    }
}

const SHARES: &[Share] = &[
    Share {
        name: "JavaScript",
        budget_bytes: 160_000,
        recorded_bytes: 0,
        holds: |name| name.ends_with(".js"),
    },
    Share {
        name: "page's wasm",
        budget_bytes: 350_000,
        recorded_bytes: 373_000,
        holds: is_page_wasm,
    },
    Share {
        name: "worker's wasm",
        budget_bytes: 700_000,
        recorded_bytes: 1_064_000,
        holds: is_worker_wasm,
    },
];

/// The sizes of one file.
#[derive(Debug)]
struct Size {
    name: String,
    raw_bytes: u64,
    gzip_bytes: u64,
}

/// Prints the sizes; false where a share is over its budget.
pub(crate) fn run(project: &Project) -> anyhow::Result<bool> {
    let mut sizes = Vec::new();
    measure(&project.dist(), "", &mut sizes)?;
    sizes.sort_by(|left, right| left.name.cmp(&right.name));
    println!("{:<44} {:>9} {:>9}  kB", "file in dist/", "raw", "gzip");
    for size in &sizes {
        println!(
            "{:<44} {:>9} {:>9}",
            size.name,
            kb(size.raw_bytes),
            kb(size.gzip_bytes)
        );
    }
    println!("{:<44} {:>9} {:>9}", "share", "gzip", "budget");
    let mut within = true;
    for share in SHARES {
        let held: Vec<&Size> = sizes
            .iter()
            .filter(|size| (share.holds)(&size.name))
            .collect();
        if held.is_empty() {
            bail!(
                "dist/ holds no {}: build it with `cargo xtask dist`",
                share.name
            );
        }
        let gzip_bytes: u64 = held.iter().map(|size| size.gzip_bytes).sum();
        let (verdict, is_allowed) = share.verdict(gzip_bytes);
        let budget = kb(share.budget_bytes);
        println!(
            "{:<44} {:>9} {:>9}{verdict}",
            share.name,
            kb(gzip_bytes),
            budget
        );
        within &= is_allowed;
    }
    Ok(within)
}

/// Measures the files of `folder` and below; `prefix` is its path inside `dist/`.
fn measure(folder: &Path, prefix: &str, sizes: &mut Vec<Size>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}: build it first", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let own = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let name = format!("{prefix}{own}");
        if path.is_dir() {
            measure(&path, &format!("{name}/"), sizes)?;
            continue;
        }
        let bytes = fs::read(&path)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes)?;
        let gzip_bytes = gzip.finish()?.len() as u64;
        sizes.push(Size {
            name,
            raw_bytes: bytes.len() as u64,
            gzip_bytes,
        });
    }
    Ok(())
}

/// Trunk hashes the names of the page's files.
fn is_page_wasm(name: &str) -> bool {
    name.starts_with("app") && name.ends_with(".wasm")
}

/// Trunk leaves the names of the worker's files as they are.
fn is_worker_wasm(name: &str) -> bool {
    name.starts_with("worker") && name.ends_with(".wasm")
}

/// Bytes in thousands, with one decimal.
fn kb(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_programs_are_told_apart() {
        assert!(is_page_wasm("app-5b698657a5a29e92_bg.wasm"));
        assert!(!is_page_wasm("app-5b698657a5a29e92.js"));
        assert!(is_worker_wasm("worker_bg.wasm"));
    }

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(kb(160_000), "160.0");
        assert_eq!(kb(160_001), "160.1");
    }

    #[test]
    fn a_record_is_a_limit_until_the_share_fits() {
        let share = |recorded_bytes| Share {
            name: "share",
            budget_bytes: 100,
            recorded_bytes,
            holds: |_| true,
        };
        assert!(share(0).verdict(100).1);
        assert!(!share(0).verdict(101).1);
        assert!(share(150).verdict(150).1);
        assert!(!share(150).verdict(151).1);
        assert!(
            !share(150).verdict(100).1,
            "a record that is not needed has to go"
        );
    }
}
