//! A store that speaks S3, in a process of its own: PyPI's moto.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde::Deserialize;

use super::python::python;

/// Stopped when dropped.
pub struct S3Server {
    pub port: u16,
    pub key: String,
    pub secret: String,
    process: Child,
}

#[derive(Deserialize)]
struct Begun {
    port: u16,
    key: String,
    secret: String,
}

impl S3Server {
    pub async fn start() -> Self {
        tokio::task::spawn_blocking(Self::begin)
            .await
            .expect("a store")
    }

    fn begin() -> Self {
        let mut process = Command::new(python())
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/s3_server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the S3 server");
        let output = process.stdout.take().expect("piped");
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .expect("what it says");
        let Begun { port, key, secret } = serde_json::from_str(&line).expect("JSON");
        Self {
            port,
            key,
            secret,
            process,
        }
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}
