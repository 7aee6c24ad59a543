//! Makes `assets/screen.svg` and the README's table of keys: `cargo run --example picture`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "shares the support code of the tests"
)]

#[path = "../tests/support/picture.rs"]
mod picture;
#[path = "../tests/support/player.rs"]
mod player;
#[path = "../tests/support/world.rs"]
mod world;
#[path = "../tests/screens/worlds.rs"]
mod worlds;

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::write(root.join("assets/screen.svg"), picture::svg())?;
    let readme = fs::read_to_string(root.join("README.md"))?;
    fs::write(root.join("README.md"), picture::with_keys(&readme))
}
