# nix run 'github:OWNER/jott?dir=packaging/nix' -- decode TOKEN
{
  description = "Issue, decode and verify JSON Web Tokens";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      each = of: nixpkgs.lib.genAttrs systems (system: of nixpkgs.legacyPackages.${system});
    in
    {
      packages = each (pkgs: rec {
        jott = pkgs.callPackage ./package.nix { };
        default = jott;
      });
    };
}
