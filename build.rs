//! Makes the lists of data files: each folder under `assets/` becomes `$OUT_DIR/<folder>_files.rs`.
//!
//! The file is one expression, `&[("stem", include_str!("/…/stem.toml")), …]`, sorted by name, to be
//! taken in with `include!(concat!(env!("OUT_DIR"), "/clients_files.rs"))`. Adding a data file needs no Rust.
//! The clients are in `clients.rs`, as code. The tables `assets/{intents,issuers,fixes}.toml` become `$OUT_DIR/tables.rs`. And says what is linked in.

#[path = "build/clients.rs"]
mod clients;
#[path = "build/tables.rs"]
mod tables;
#[path = "build/typed.rs"]
mod typed;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let assets = root.join("assets");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=assets");
    for folder in sorted(&assets)?.into_iter().filter(|path| path.is_dir()) {
        let name = stem(&folder)?;
        fs::write(out.join(format!("{name}_files.rs")), list(&folder)?)?;
    }
    fs::write(out.join("clients.rs"), made(&assets.join("clients"))?)?;
    let names = ["intents", "issuers", "fixes"];
    let texts = names.map(|name| fs::read_to_string(assets.join(name).with_extension("toml")));
    let [intents, issuers, fixes] = texts;
    let (intents, issuers, fixes) = (intents?, issuers?, fixes?);
    fs::write(out.join("tables.rs"), typed::items(&intents, &issuers, &fixes))?;
    for (name, text) in names.iter().zip([intents, issuers, fixes]) {
        fs::write(out.join(format!("{name}_table.rs")), tables::expression(&text))?;
    }
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|own| own == value);
    let glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if glibc && env::var("HOST").ok() == env::var("TARGET").ok() {
        link_unwinder();
        link_at_fixed_address();
        link_in_order(&root, &out)?;
    }
    Ok(())
}

/// Takes the unwinder into the program where that is known to work: finding it in a library of its own, libgcc_s, costs a tenth
/// of a millisecond at each start, a tenth of a short trace.
fn link_unwinder() {
    let archive = || Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    // a compiler that does not have it answers with the bare name
    if archive().is_ok_and(|answer| answer.stdout.contains(&b'/')) {
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Links the released program at a fixed address: 22,000 pointers in constant data, half of them places of panics, are then right in
/// the file. A position-independent program has them written, and a hundred pages copied for that, at each start: a seventh of a
/// short trace. The price is that the addresses of the program's own code aren't random; heap, stack and libraries still are.
/// `HOPSTEP_PIE=1` when building makes it position-independent, for distributions that ask for it.
fn link_at_fixed_address() {
    println!("cargo::rerun-if-env-changed=HOPSTEP_PIE");
    let released = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let asked = env::var_os("HOPSTEP_PIE").is_some();
    let fixed = env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|own| own.contains("crt-static"));
    let linker = || Command::new("cc").args(["-no-pie", "-print-file-name=crt1.o"]).output();
    if released && !asked && !fixed && linker().is_ok_and(|answer| answer.status.success()) {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// Puts what a trace runs side by side in the released program: a seventh fewer pages are brought in at each start, a fourteenth
/// of a short trace. Only where the linker takes the script that says so, which is tried with an empty program.
fn link_in_order(root: &Path, out: &Path) -> io::Result<()> {
    if env::var("PROFILE").is_ok_and(|profile| profile != "release") {
        return Ok(());
    }
    let order = format!("-Wl,-T,{}", root.join("build/trace.ld").display());
    let (source, program) = (out.join("empty.rs"), out.join("empty"));
    fs::write(&source, "fn main() {}")?;
    let mut compiler = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    compiler.arg("-C").arg(format!("link-arg={order}")).arg("-o").arg(&program).arg(&source);
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        compiler.arg("-C").arg(format!("linker={linker}"));
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    compiler.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    let works = |mut command: Command| command.output().is_ok_and(|ended| ended.status.success());
    if works(compiler) && works(Command::new(&program)) {
        println!("cargo::rustc-link-arg-bins={order}");
    }
    Ok(())
}

/// The expression that holds every TOML file of a folder.
fn list(folder: &Path) -> io::Result<String> {
    let mut code = String::from("&[\n");
    for file in sorted(folder)?.into_iter().filter(|path| path.extension() == Some("toml".as_ref()))
    {
        let name = stem(&file)?;
        let path = file.to_str().ok_or_else(|| io::Error::other("a path that is not UTF-8"))?;
        let _ = writeln!(code, "    ({name:?}, include_str!({path:?})),");
    }
    code.push(']');
    Ok(code)
}

/// A function for each client, and their list.
fn made(folder: &Path) -> io::Result<String> {
    let (mut functions, mut list) = (String::new(), String::new());
    let is_toml = |path: &PathBuf| path.extension() == Some("toml".as_ref());
    for (at, file) in sorted(folder)?.into_iter().filter(is_toml).enumerate() {
        let statements = clients::statements(&fs::read_to_string(&file)?);
        let _ = writeln!(functions, "fn client_{at}(client: &mut Client) -> Result<(), Error> {{");
        let _ = writeln!(functions, "{statements}    Ok(())\n}}");
        let _ = writeln!(list, "    ({:?}, client_{at}),", stem(&file)?);
    }
    Ok(format!("const CLIENTS: &[(&str, Made)] = &[\n{list}];\n{functions}"))
}

fn stem(path: &Path) -> io::Result<&str> {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .ok_or_else(|| io::Error::other("a file name that is not UTF-8"))
}

/// The entries of a folder by name; none when there is no such folder.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
