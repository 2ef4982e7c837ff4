//! Libraries that need tokio, on coloop's loop: tokio's runtime runs beside it and gives them its timers, sockets and tasks. Futures
//! of both kinds are awaited in the same coroutine.

use std::error::Error;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// A server of tokio's, in a task of tokio's. It needs nothing of the loop.
async fn echo(listener: TcpListener) -> std::io::Result<()> {
    let (mut stream, _) = listener.accept().await?;
    let (mut read, mut write) = stream.split();
    tokio::io::copy(&mut read, &mut write).await?;
    Ok(())
}

#[coloop::coroutine]
async fn talk() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(echo(listener));

    let (sender, mut received) = mpsc::channel(1);
    let reader = coloop::spawn(async move {
        let mut stream = TcpStream::connect(address).await?;
        for word in ["Hello", "World"] {
            coloop::sleep(Duration::from_millis(1)).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            stream.write_all(word.as_bytes()).await?;
            let mut answer = [0; 5];
            stream.read_exact(&mut answer).await?;
            let _ = sender.send(answer).await;
        }
        Ok::<_, std::io::Error>(())
    });

    while let Some(answer) = received.recv().await {
        println!("{}", String::from_utf8_lossy(&answer));
    }
    reader.await??;
    server.await??;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let _entered = tokio.enter();
    coloop::run(talk())
}
