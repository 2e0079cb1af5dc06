//! Programs in Python: independent witnesses in the environment that tests/run makes.

use std::{
    ffi::OsString,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

/// The interpreter with the packages of tests/requirements.txt.
pub fn python() -> OsString {
    std::env::var_os("PLAUDIT_TEST_PYTHON").unwrap_or_else(|| {
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-python/bin/python");
        assert!(made.exists(), "tests/run makes {}", made.display());
        made.into()
    })
}

/// Runs a script of tests/ with `input`. Returns what it prints; fails, showing why, if it does.
pub async fn script(name: &str, args: &[&str], input: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    let mut command = Command::new(python());
    command.arg(script).args(args);
    let input = input.to_owned();
    let output = tokio::task::spawn_blocking(move || run(command, &input));
    let output = output.await.expect("an end");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {args:?}: {complaint}");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    said.trim().to_owned()
}

fn run(mut command: Command, input: &str) -> Output {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python");
    let mut stdin = process.stdin.take().expect("its input");
    stdin.write_all(input.as_bytes()).expect("written");
    drop(stdin);
    process.wait_with_output().expect("an end")
}
