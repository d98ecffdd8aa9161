//! Puts together what the program is linked with beside Rust, and its unwinder.

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    // Whoever uses the library links as they like.
    #[cfg(feature = "cli")]
    program::link();
}

#[cfg(feature = "cli")]
mod program {
    use std::path::Path;
    use std::{env, fs};

    pub(super) fn link() {
        let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
        if target("FAMILY") == "unix" {
            closed_output();
        }
        if (target("OS").as_str(), target("ENV").as_str()) == ("linux", "gnu") {
            unwinder();
        }
    }

    /// Standard output that is closed stays closed, which takes some lines of C.
    fn closed_output() {
        println!("cargo:rerun-if-changed=src/closed_output.c");
        let objects = cc::Build::new()
            .file("src/closed_output.c")
            .compile_intermediates();
        for object in objects {
            println!("cargo:rustc-link-arg-bins={}", object.display());
        }
    }

    /// Links GCC's unwinder into the program: as a library of its own, which the loader has to find,
    /// map and relocate, it costs a tenth of the time in which jott starts.
    ///
    /// The standard library asks the linker for `gcc_s`; a linker script of that name, found first,
    /// answers with the static library beside it. Without it the program is linked as every other is.
    fn unwinder() {
        let Ok(folder) = env::var("OUT_DIR") else {
            return;
        };
        let script = Path::new(&folder).join("libgcc_s.so");
        if fs::write(script, "GROUP ( -lgcc_eh -lgcc )\n").is_ok() {
            println!("cargo:rustc-link-search=native={folder}");
        }
    }
}
