//! A server that sends lines back, and a client of it.

use std::io;

use coloop::io::StreamReader;
use coloop::net::{start_server, TcpStream};

#[coloop::coroutine]
async fn echo(stream: TcpStream) -> io::Result<()> {
    let mut reader = StreamReader::new(&stream);
    loop {
        let line = reader.read_line().await?;
        if line.is_empty() {
            return Ok(());
        }
        stream.write_all(&line).await?;
    }
}

#[coloop::main]
async fn main() -> io::Result<()> {
    let server = start_server("127.0.0.1:0", |stream, peer| async move {
        if let Err(error) = echo(stream).await {
            eprintln!("{peer}: {error}");
        }
    })
    .await?;

    let stream = TcpStream::connect(server.local_addrs()[0]).await?;
    let mut reader = StreamReader::new(&stream);
    for line in ["Hello\n", "World\n"] {
        stream.write_all(line.as_bytes()).await?;
        let answer = reader.read_line().await?;
        print!("{}", String::from_utf8_lossy(&answer));
    }

    drop(stream);
    server.close();
    server.wait_closed().await;
    Ok(())
}
