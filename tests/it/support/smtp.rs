//! A real SMTP server, in a process of its own: PyPI's aiosmtpd under the interpreter that
//! PLAUDIT_TEST_PYTHON names.

use std::process::Stdio;

use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// Stopped when dropped.
pub struct SmtpServer {
    pub port: u16,
    mails: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

/// A mail as the server took it.
#[derive(Debug, Deserialize)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub raw: String,
}

impl SmtpServer {
    pub async fn start() -> Self {
        let python = std::env::var("PLAUDIT_TEST_PYTHON")
            .expect("PLAUDIT_TEST_PYTHON names a Python with aiosmtpd; tests/run makes one");
        let mut process = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp_server.py"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the SMTP server");
        let output = process.stdout.take().expect("piped");
        let mut mails = BufReader::new(output).lines();
        let port = mails.next_line().await.expect("a line").expect("its port");
        Self {
            port: port.parse().expect("a number"),
            mails,
            _process: process,
        }
    }

    /// The next mail, when it comes.
    pub async fn next(&mut self) -> Taken {
        let line = self.mails.next_line().await.expect("a line");
        serde_json::from_str(&line.expect("a mail")).expect("JSON")
    }
}
