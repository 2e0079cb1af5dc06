//! A process under load: the release binary, or a bare server; what it costs in time and memory.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Clock ticks a second in /proc; fixed on Linux.
const TICKS: f64 = 100.0;

/// Ended when dropped.
pub struct Process {
    child: Child,
    /// `127.0.0.1:PORT`, once it has said so.
    pub address: String,
}

impl Process {
    /// Starts a server that prints `listening on http://ADDRESS`.
    pub fn serving(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let address = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("listening on http://")?.1.to_owned()))
            .expect("it listens");
        Self { child, address }
    }

    /// Starts something that only works.
    pub fn working(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::null()).spawn().expect("it starts");
        Self {
            child,
            address: String::new(),
        }
    }

    /// Waits for its end. Returns the most memory it had, in megabytes, and whether it went well.
    pub async fn ended(&mut self) -> (f64, bool) {
        let mut most = 0.0_f64;
        loop {
            if let Some(status) = self.child.try_wait().expect("it ran") {
                return (most, status.success());
            }
            most = most.max(self.memory("VmHWM"));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Seconds of processor time so far.
    pub fn cpu(&self) -> f64 {
        let stat = self.read("stat");
        let (_, fields) = stat.rsplit_once(") ").expect("fields");
        let ticks = fields.split(' ').skip(11).take(2);
        ticks
            .filter_map(|field| field.parse::<f64>().ok())
            .sum::<f64>()
            / TICKS
    }

    /// Resident memory in megabytes: `VmRSS` now, `VmHWM` at its highest.
    pub fn memory(&self, field: &str) -> f64 {
        let status = self.read("status");
        let line = status.lines().find(|line| line.starts_with(field));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
        kilobytes
            .and_then(|number| number.parse::<f64>().ok())
            .unwrap_or(0.0)
            / 1000.0
    }

    fn read(&self, file: &str) -> String {
        let path = format!("/proc/{}/{file}", self.child.id());
        std::fs::read_to_string(path).expect("it runs")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.child.kill().is_ok() && self.child.wait().is_err() {
            self.address.clear();
        }
    }
}

/// How the release binary is set for all measures.
pub struct Settings {
    pub database: String,
    pub stripe: String,
    pub smtp: String,
}

pub const WEBHOOK_SECRET: &str = "whsec_bench";

/// `plaudit ARGUMENTS`, ready to start.
pub fn plaudit(settings: &Settings, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plaudit"));
    command.args(arguments).current_dir(folder);
    for (key, value) in [
        ("SERVER__LISTEN", "127.0.0.1:0"),
        ("SERVER__PUBLIC_URL", "http://localhost"),
        // Each reader comes from a network of her own, as readers do.
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1/32"),
        ("DATABASE__URL", &settings.database),
        ("SECRETS__KEY", &"5e".repeat(32)),
        ("STRIPE__SECRET_KEY", "sk_test_bench"),
        ("STRIPE__WEBHOOK_SECRETS", WEBHOOK_SECRET),
        ("STRIPE__API_BASE", &settings.stripe),
        ("MAIL__SMTP_URL", &settings.smtp),
        ("MAIL__RATE_PER_SECOND", "100000"),
        ("MAIL__DOMAIN_PER_SECOND", "100000"),
        ("MAIL__CONNECTIONS", "16"),
        ("LOG__FILTER", "warn"),
    ] {
        command.env(format!("PLAUDIT__{key}"), value);
    }
    command
}

/// Waits until `is_so`; gives up after two minutes. Returns how long it took, in seconds.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) -> f64 {
    let started = Instant::now();
    while !is_so().await && started.elapsed() < Duration::from_secs(120) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    started.elapsed().as_secs_f64()
}
