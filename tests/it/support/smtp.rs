//! A real SMTP server, in a process of its own: PyPI's aiosmtpd.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::python::python;

/// Stopped when dropped.
pub struct SmtpServer {
    pub port: u16,
    lines: UnboundedReceiver<String>,
    process: Child,
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
        Self::start_with(&[]).await
    }

    /// Starts with arguments of its script.
    pub async fn start_with(arguments: &[&str]) -> Self {
        let mut process = Command::new(python())
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp_server.py"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the SMTP server");
        let output = process.stdout.take().expect("piped");
        let (sender, mut lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let port = lines.recv().await.expect("its port");
        Self {
            port: port.parse().expect("a number"),
            lines,
            process,
        }
    }

    /// The next mail, when it comes.
    pub async fn next(&mut self) -> Taken {
        let line = self.lines.recv().await.expect("a mail");
        serde_json::from_str(&line).expect("JSON")
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}
