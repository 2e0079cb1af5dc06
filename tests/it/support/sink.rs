//! An SMTP server that takes everything at once and remembers whom it was for.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Recipient and Message-ID of a mail.
type Taken = (String, String);

pub struct Sink {
    pub port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    count: watch::Receiver<usize>,
    connections: Arc<AtomicUsize>,
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (counter, count) = watch::channel(0);
        let (all, counter) = (taken.clone(), Arc::new(counter));
        let connections = Arc::new(AtomicUsize::new(0));
        let opened = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                opened.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(converse(stream, all.clone(), counter.clone()));
            }
        });
        Self {
            port,
            taken,
            count,
            connections,
        }
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("the list").clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn count(&self) -> usize {
        *self.count.borrow()
    }

    /// Waits until it has taken so many.
    pub async fn until(&self, count: usize) {
        let mut counted = self.count.clone();
        let enough = counted.wait_for(|taken| *taken >= count).await;
        enough.expect("it goes on");
    }
}

async fn converse(
    mut stream: TcpStream,
    taken: Arc<Mutex<Vec<Taken>>>,
    counter: Arc<watch::Sender<usize>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink\r\n").await?;
    let (mut to, mut id, mut is_text) = (String::new(), String::new(), false);
    while let Some(line) = lines.next_line().await? {
        if is_text {
            if let Some(said) = line.strip_prefix("Message-ID: ") {
                said.clone_into(&mut id);
            }
            if line != "." {
                continue;
            }
            let mut all = taken.lock().expect("the list");
            all.push((std::mem::take(&mut to), std::mem::take(&mut id)));
            counter.send_replace(all.len());
        }
        if let Some(said) = line.strip_prefix("RCPT TO:") {
            said.clone_into(&mut to);
        }
        is_text = line == "DATA";
        let answer = if is_text {
            "354 go on\r\n"
        } else {
            "250 ok\r\n"
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
