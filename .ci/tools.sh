# Sourced by the other scripts: tools of CI, each of one version, installed below target/ci.

tools="$PWD/target/ci"
export PATH="$tools/bin:$PATH"

CARGO_DENY=0.20.2
CARGO_FUZZ=0.13.1
CARGO_SEMVER_CHECKS=0.51.0

# The crates that are published, a line each: name and folder.
published() {
    cargo metadata --no-deps --format-version 1 | python3 -c '
import json, os, sys
for package in json.load(sys.stdin)["packages"]:
    if package["publish"] is None:
        print(package["name"], os.path.relpath(os.path.dirname(package["manifest_path"])))'
}

installed() { # crate, version
    "$tools/bin/$1" --version 2>/dev/null | grep -q " $2" ||
        cargo install --quiet --locked --root "$tools" --version "$2" "$1"
}
