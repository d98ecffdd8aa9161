{ lib, rustPlatform, installShellFiles }:

let
  manifest = builtins.fromTOML (builtins.readFile ../../Cargo.toml);
in
rustPlatform.buildRustPackage {
  pname = manifest.package.name;
  version = manifest.package.version;

  src = ../..;
  cargoLock.lockFile = ../../Cargo.lock;

  nativeBuildInputs = [ installShellFiles ];
  # As .cargo/config.toml has it, and says why.
  env.AWS_LC_SYS_NO_JITTER_ENTROPY = "1";
  # The other tests want a keyring, a browser and libraries.
  cargoTestFlags = [ "--lib" ];

  postInstall = ''
    installManPage man/*.1 man/*.7
    installShellCompletion --bash completions/jott.bash --fish completions/jott.fish --zsh completions/_jott
  '';

  meta = {
    description = manifest.package.description;
    license = with lib.licenses; [ mit asl20 ];
    mainProgram = "jott";
  };
}
