//! libFuzzer's `scripts`; what it tries is in `tests/fuzz`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| headwater_fuzz_targets::run("scripts", data));
