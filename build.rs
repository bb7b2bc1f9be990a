//! Builds the staff screens in `web/` and embeds them.
//!
//! Everything happens below `OUT_DIR`: a copy of `web/`, its packages, the built page. `web/`
//! itself is never written to. Packages are installed again only when the lock file changes.
//! With `DRIPWATCH_WEB_DIST=/path` a page that was built before is embedded, and Node is not
//! needed. Either way the result is `OUT_DIR/assets.rs`, a table of path, content type and bytes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

const NODE_MIN: (u32, u32) = (20, 19);

/// In `web/`, but made by people's own runs of npm and Vite: neither watched nor copied.
const NOT_SOURCE: [&str; 2] = ["node_modules", "dist"];

fn main() {
    println!("cargo:rerun-if-env-changed=DRIPWATCH_WEB_DIST");
    println!("cargo:rerun-if-changed=build.rs");
    // Embedded by a macro that does not say so itself.
    for file in files_below(Path::new("migrations")) {
        println!("cargo:rerun-if-changed={}", Path::new("migrations").join(file).display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let dist = match env::var_os("DRIPWATCH_WEB_DIST") {
        Some(path) if !path.is_empty() => prebuilt(Path::new(&path)),
        _ => build(&out),
    };
    let table = asset_table(&dist);
    let file = out.join("assets.rs");
    fs::write(&file, table).unwrap_or_else(|error| stop(&file, &error));
}

fn prebuilt(dist: &Path) -> PathBuf {
    let dist = fs::canonicalize(dist).unwrap_or_else(|error| stop(dist, &error));
    assert!(
        dist.join("index.html").is_file(),
        "DRIPWATCH_WEB_DIST names {}, which has no index.html. Name the folder that `npm run build` in web/ wrote.",
        dist.display()
    );
    for file in files_below(&dist) {
        println!("cargo:rerun-if-changed={}", dist.join(file).display());
    }
    dist
}

fn build(out: &Path) -> PathBuf {
    let manifest_dir = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let source = Path::new(&manifest_dir).join("web");
    let work = out.join("web");
    let files = files_below(&source);
    for file in &files {
        println!("cargo:rerun-if-changed={}", source.join(file).display());
    }
    require_node();
    mirror(&source, &work, &files);
    install(&work);
    let dist = out.join("dist");
    let mut vite = npm(&work);
    vite.args(["run", "build", "--", "--emptyOutDir", "--outDir"]).arg(&dist);
    run(vite, "npm run build");
    dist
}

/// Copies what is new and removes what is gone, so that a deleted file is not built any more.
fn mirror(source: &Path, work: &Path, files: &[PathBuf]) {
    if work.is_dir() {
        for old in files_below(work) {
            if !files.contains(&old) {
                let old = work.join(old);
                fs::remove_file(&old).unwrap_or_else(|error| stop(&old, &error));
            }
        }
    }
    for file in files {
        let (from, to) = (source.join(file), work.join(file));
        let bytes = fs::read(&from).unwrap_or_else(|error| stop(&from, &error));
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        let folder = to.parent().expect("a file below OUT_DIR has a folder");
        fs::create_dir_all(folder).unwrap_or_else(|error| stop(folder, &error));
        fs::write(&to, bytes).unwrap_or_else(|error| stop(&to, &error));
    }
}

/// `npm ci` takes seconds and the network: only when the lock file is not the one installed from.
fn install(work: &Path) {
    let lock = work.join("package-lock.json");
    let wanted = fs::read(&lock).unwrap_or_else(|error| stop(&lock, &error));
    // Inside `node_modules`, so that whoever removes that folder removes the stamp as well.
    let stamp = work.join("node_modules").join(".dripwatch-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return;
    }
    let mut ci = npm(work);
    ci.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(ci, "npm ci --ignore-scripts");
    fs::write(&stamp, wanted).unwrap_or_else(|error| stop(&stamp, &error));
}

fn require_node() {
    let found = Command::new("node").arg("--version").output();
    let version = match &found {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => String::new(),
    };
    if parse_version(&version).is_some_and(|version| version >= NODE_MIN) {
        return;
    }
    let (major, minor) = NODE_MIN;
    let found = if version.is_empty() { "none was found" } else { &version };
    panic!(
        "\n\nThe staff screens are built with Node.js {major}.{minor} or newer, with npm; {found}.\n\
         Install it from https://nodejs.org or your system's packages, or set DRIPWATCH_WEB_DIST \
         to a folder with a built page.\n"
    );
}

/// `v20.19.2` → `(20, 19)`
fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    // With `NODE_ENV=production` npm would leave the build tools out.
    npm.current_dir(folder).env_remove("NODE_ENV");
    npm
}

fn run(mut command: Command, name: &str) {
    let output = command.output().unwrap_or_else(|error| {
        panic!("`{name}` could not be started: {error}. Install npm, which comes with Node.js.")
    });
    assert!(
        output.status.success(),
        "`{name}` failed in {}:\n{}\n{}",
        command.get_current_dir().unwrap_or(Path::new(".")).display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn asset_table(dist: &Path) -> String {
    let mut table = String::from(
        "/// Path below the root, content type, content.\n\
         pub(crate) static ASSETS: &[(&str, &str, &[u8])] = &[\n",
    );
    for file in files_below(dist) {
        let path = file.to_str().expect("Vite writes plain names").replace('\\', "/");
        let kind = content_type(&file);
        let absolute = dist.join(&file);
        writeln!(table, "    ({path:?}, {kind:?}, include_bytes!({absolute:?})),")
            .expect("a String takes everything");
    }
    table.push_str("];\n");
    table
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// Every file below `root`, relative to it, in one order everywhere.
fn files_below(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let here = root.join(&folder);
        let entries = fs::read_dir(&here).unwrap_or_else(|error| stop(&here, &error));
        for entry in entries {
            let entry = entry.unwrap_or_else(|error| stop(&here, &error));
            let name = entry.file_name();
            let path = folder.join(&name);
            if entry.path().is_dir() {
                if !NOT_SOURCE.iter().any(|skipped| name == *skipped) {
                    folders.push(path);
                }
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn stop(path: &Path, error: &io::Error) -> ! {
    panic!("{}: {error}", path.display());
}
