//! The program, run as the operator runs it.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::spawn_blocking,
};

use super::TestApp;

/// How a command ended.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    /// What it printed, having done what it was asked.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self.out
    }

    /// Its one line of complaint, having refused.
    #[track_caller]
    pub fn refused(self) -> String {
        assert_eq!(self.code, Some(1), "{}\n{}", self.out, self.err);
        self.err
    }
}

impl TestApp {
    /// Runs the program with this service's configuration.
    pub async fn plaudit(&self, arguments: &[&str]) -> Said {
        self.plaudit_with(arguments, &[], "").await
    }

    /// The same, with more settings and something on stdin.
    pub async fn plaudit_with(
        &self,
        arguments: &[&str],
        settings: &[(&str, &str)],
        input: &str,
    ) -> Said {
        let mut command = self.command(arguments);
        command
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let input = input.to_owned();
        let run = move || {
            let mut child = command.spawn()?;
            let mut stdin = child.stdin.take().expect("piped");
            stdin.write_all(input.as_bytes()).ok();
            drop(stdin);
            child.wait_with_output()
        };
        let run = tokio::task::spawn_blocking(run).await;
        let output = run.expect("finished").expect("ran");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        Said {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// The program with this service's configuration, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let config = &self.app.config;
        let mut command = Command::new(env!("CARGO_BIN_EXE_plaudit"));
        command
            .args(arguments)
            .env("PLAUDIT__DATABASE__URL", &config.database.url)
            .env("PLAUDIT__SERVER__PUBLIC_URL", &self.url)
            .env("PLAUDIT__MEDIA__FOLDER", &config.media.folder)
            .env("PLAUDIT__SECRETS__KEY", &config.secrets.key)
            .env("PLAUDIT__STRIPE__API_BASE", &config.stripe.api_base)
            .env("PLAUDIT__STRIPE__SECRET_KEY", &config.stripe.secret_key);
        command
    }
}

/// The program as a service that goes on until it is told to stop, ended with the test.
pub struct Running {
    child: Child,
    lines: UnboundedReceiver<String>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("started");
        let output = child.stdout.take().expect("piped");
        let (sender, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    /// What follows `beginning` on the first line of its output that begins so.
    pub async fn says(&mut self, beginning: &str) -> String {
        loop {
            let line = self.lines.recv().await.expect("the line before the end");
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// As Ctrl-C or a service manager would.
    pub async fn stop(mut self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").arg(id).status().expect("told");
        assert!(told.success());
        let ended = spawn_blocking(move || self.child.wait()).await;
        assert!(ended.expect("waited").expect("stopped").success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill() {
            tracing::debug!(%error, "it had ended");
        }
    }
}
