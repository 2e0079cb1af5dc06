//! An SMTP server that takes everything and counts.

use std::{cell::Cell, rc::Rc};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// Counts the mails it has taken. Runs on the current `LocalSet`.
pub struct Sink {
    pub port: u16,
    taken: Rc<Cell<usize>>,
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let taken = Rc::new(Cell::new(0));
        let count = taken.clone();
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::task::spawn_local(converse(stream, count.clone()));
            }
        });
        Self { port, taken }
    }

    pub fn taken(&self) -> usize {
        self.taken.get()
    }
}

async fn converse(mut stream: TcpStream, taken: Rc<Cell<usize>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.split();
    let mut lines = BufReader::with_capacity(64 * 1024, read);
    write.write_all(b"220 sink\r\n").await?;
    let mut line = Vec::new();
    let mut is_data = false;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match word.as_slice() {
            _ if is_data && line != b".\r\n" => continue,
            _ if is_data => {
                is_data = false;
                taken.set(taken.get() + 1);
                b"250 taken\r\n"
            }
            b"EHLO" => b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            b"DATA" => {
                is_data = true;
                b"354 go on\r\n"
            }
            b"QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await?;
    }
}
