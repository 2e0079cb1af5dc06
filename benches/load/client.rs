//! A small load generator: keep-alive connections that each send the next request when the last
//! one is answered.

use std::{
    cell::{Cell, RefCell},
    io,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What came of a load.
pub struct Load {
    pub requests: usize,
    pub seconds: f64,
    /// Answers that were neither 2xx nor 3xx, and connections that broke.
    pub failures: usize,
    /// Microseconds, sorted.
    latencies: Vec<u32>,
}

impl Load {
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    /// In milliseconds; `share` from 0 to 1.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        self.latencies
            .get(at)
            .map_or(0.0, |us| f64::from(*us) / 1000.0)
    }
}

/// An answer's status, head and body.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    /// What crossed the wire, in bytes.
    pub weight: usize,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(128 * 1024),
        })
    }

    /// Sends a request and keeps the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        let (status, head) = self.exchange(request).await?;
        Ok(Answer {
            status,
            head: String::from_utf8_lossy(&self.buffer[..head]).into_owned(),
            body: self.buffer[head..].to_vec(),
            weight: self.buffer.len(),
        })
    }

    /// Sends a request and reads its answer. Returns the status and the length of the head.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.read().await?;
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status = text
            .get(9..12)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0);
        let length = text
            .split_once("content-length: ")
            .and_then(|(_, rest)| rest.lines().next()?.trim().parse::<usize>().ok());
        match length {
            Some(length) => {
                while self.buffer.len() < head + length {
                    self.read().await?;
                }
            }
            None if text.contains("transfer-encoding: chunked") => {
                while !self.buffer.ends_with(b"0\r\n\r\n") {
                    self.read().await?;
                }
            }
            None => {}
        }
        Ok((status, head))
    }

    async fn read(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

/// Sends the same request for so long.
pub async fn for_a_while(
    address: &str,
    connections: usize,
    request: &[u8],
    time: Duration,
) -> Load {
    let request = Rc::new(request.to_vec());
    let until = Instant::now() + time;
    let next = move || {
        let now = Instant::now();
        (now < until).then(|| (now, request.clone()))
    };
    run(address, connections, next).await
}

/// Sends each request once, as fast as they are answered.
pub async fn each_once(address: &str, connections: usize, requests: Vec<Vec<u8>>) -> Load {
    spread(address, connections, requests, Duration::ZERO).await
}

/// Sends each request once, evenly over `time`. Latencies count from when a request was due, so what
/// waits behind a slow answer counts too.
pub async fn spread(
    address: &str,
    connections: usize,
    requests: Vec<Vec<u8>>,
    time: Duration,
) -> Load {
    let gap = time / u32::try_from(requests.len().max(1)).unwrap_or(u32::MAX);
    let requests: Vec<Rc<Vec<u8>>> = requests.into_iter().map(Rc::new).collect();
    let (at, started) = (Cell::new(0), Instant::now());
    let next = move || {
        let number = at.replace(at.get() + 1);
        let due = match gap.is_zero() {
            true => Instant::now(),
            false => started + gap * u32::try_from(number).unwrap_or(u32::MAX),
        };
        Some((due, requests.get(number)?.clone()))
    };
    run(address, connections, next).await
}

async fn run(
    address: &str,
    connections: usize,
    next: impl Fn() -> Option<(Instant, Rc<Vec<u8>>)> + 'static,
) -> Load {
    let next = Rc::new(next);
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(1 << 20)));
    let failures = Rc::new(Cell::new(0));
    let started = Instant::now();
    let tasks = tokio::task::LocalSet::new();
    for _ in 0..connections {
        let (next, latencies, failures) = (next.clone(), latencies.clone(), failures.clone());
        let address = address.to_owned();
        tasks.spawn_local(async move {
            let Ok(mut connection) = Connection::open(&address).await else {
                failures.set(failures.get() + 1);
                return;
            };
            while let Some((due, request)) = next() {
                tokio::time::sleep_until(due.into()).await;
                match connection.exchange(&request).await {
                    Ok((200..400, _)) => {}
                    Ok(_) => failures.set(failures.get() + 1),
                    Err(_) => {
                        failures.set(failures.get() + 1);
                        return;
                    }
                }
                let micros = u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX);
                latencies.borrow_mut().push(micros);
            }
        });
    }
    tasks.await;
    let seconds = started.elapsed().as_secs_f64();
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    Load {
        requests: latencies.len(),
        seconds,
        failures: failures.get(),
        latencies,
    }
}
