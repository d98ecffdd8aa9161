//! The `jott` command.

fn main() -> std::process::ExitCode {
    jott::cli::main(std::env::args_os())
}
