//! Links GCC's unwinder into the program on Linux: as a library of its own, which the loader has to
//! find, map and relocate, it costs a tenth of the time in which jott starts.
//!
//! The standard library asks the linker for `gcc_s`; a linker script of that name, found first,
//! answers with the static library beside it.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    // Whoever uses the library links as they like.
    if env::var_os("CARGO_FEATURE_CLI").is_none() {
        return;
    }
    let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if (target("OS").as_str(), target("ENV").as_str()) != ("linux", "gnu") {
        return;
    }
    let Ok(folder) = env::var("OUT_DIR") else {
        return;
    };
    // Without the script the program is linked as every other is.
    if fs::write(
        Path::new(&folder).join("libgcc_s.so"),
        "GROUP ( -lgcc_eh -lgcc )\n",
    )
    .is_ok()
    {
        println!("cargo:rustc-link-search=native={folder}");
    }
}
