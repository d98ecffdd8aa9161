//! Links what the program needs beside Rust: a little C, an unwinder, and options that make it smaller.

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    // Users of the library choose how they link.
    #[cfg(feature = "cli")]
    program::link();
}

#[cfg(feature = "cli")]
mod program {
    use std::path::Path;
    use std::process::Command;
    use std::{env, fs};

    pub(super) fn link() {
        let target = |what: &str| variable(&format!("CARGO_CFG_TARGET_{what}"));
        if target("FAMILY") == "unix" {
            c("src/closed_output.c");
        }
        if target("OS") == "linux" {
            c("src/stack_bounds.c");
        }
        if (target("OS").as_str(), target("ENV").as_str()) == ("linux", "gnu") {
            unwinder();
            if variable("PROFILE") == "release" && variable("DEBUG") == "false" {
                smaller();
            }
        }
    }

    fn variable(name: &str) -> String {
        env::var(name).unwrap_or_default()
    }

    /// Links what comes before `main`, and so before Rust: each file says what for.
    fn c(file: &str) {
        println!("cargo:rerun-if-changed={file}");
        for object in cc::Build::new().file(file).compile_intermediates() {
            println!("cargo:rustc-link-arg-bins={}", object.display());
        }
    }

    /// Links GCC's unwinder into the program: as a shared library, which the loader has to find, map and
    /// relocate, it costs a tenth of jott's start-up time.
    ///
    /// The standard library asks the linker for `gcc_s`; a linker script of that name, found first,
    /// answers with the static library. Without that library the program is linked as every other is.
    fn unwinder() {
        let Ok(folder) = env::var("OUT_DIR") else {
            return;
        };
        let script = Path::new(&folder).join("libgcc_s.so");
        if fs::write(script, "GROUP ( -lgcc_eh -lgcc )\n").is_ok() {
            println!("cargo:rustc-link-search=native={folder}");
        }
    }

    /// Leaves parts out of a release that take a tenth of its size and a sixth of its start-up time. Each
    /// option is used only if a small program can be linked with it and run: not every linker and C library
    /// can do it.
    fn smaller() {
        let out = variable("OUT_DIR");
        let folder = Path::new(&out);
        let script = folder.join("no-unwinding.ld");
        let first = Path::new(&variable("CARGO_MANIFEST_DIR")).join("src/first.ld");
        println!("cargo:rerun-if-changed=src/first.ld");
        if variable("HOST") != variable("TARGET") || fs::write(&script, NO_UNWINDING).is_err() {
            return;
        }
        for flag in [
            // 12,000 places hold an address; this lists them in 3 KB instead of 300.
            "-Wl,-z,pack-relative-relocs",
            &format!("-Wl,-T,{}", script.display()),
            // Puts the code that a short command runs side by side.
            &format!("-Wl,-T,{}", first.display()),
        ] {
            if works(folder, flag) {
                println!("cargo:rustc-link-arg-bins={flag}");
            }
        }
    }

    /// A panic ends jott and nothing is ever unwound, so the unwind tables, 0.6 MB, are left out.
    const NO_UNWINDING: &str = "SECTIONS { /DISCARD/ : \
        { *(.eh_frame) *(.gcc_except_table .gcc_except_table.*) } } INSERT AFTER .comment;";

    fn works(folder: &Path, flag: &str) -> bool {
        let (source, program) = (folder.join("linked.rs"), folder.join("linked"));
        let mut rustc = Command::new(variable("RUSTC"));
        rustc.args([source.as_os_str(), "-o".as_ref(), program.as_os_str()]);
        rustc.args(["-Cpanic=abort", &format!("-Clink-arg={flag}")]);
        if let Ok(linker) = env::var("RUSTC_LINKER") {
            rustc.arg(format!("-Clinker={linker}"));
        }
        let flags = variable("CARGO_ENCODED_RUSTFLAGS");
        rustc.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
        let succeeds = |command: &mut Command| command.output().is_ok_and(|o| o.status.success());
        fs::write(source, "fn main() {}").is_ok()
            && succeeds(&mut rustc)
            && succeeds(&mut Command::new(program))
    }
}
