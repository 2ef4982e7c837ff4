//! A WebSocket, by async-tungstenite: a server that counts, and a client of it. The streams of `coloop::net` are what the library asks
//! for, so no adapter is needed.

use async_tungstenite::tungstenite::{Error, Message};
use async_tungstenite::{accept_async, client_async};
use coloop::net::{start_server, TcpStream};
use futures_util::StreamExt;

#[coloop::coroutine]
async fn count(stream: TcpStream) -> Result<(), Error> {
    let mut socket = accept_async(stream).await?;
    let mut letters = 0;
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message? {
            letters += text.len();
            let answer = format!("{letters} letters until {text}");
            socket.send(Message::text(answer)).await?;
        }
    }
    Ok(())
}

#[coloop::main]
async fn main() -> Result<(), Error> {
    let server = start_server("127.0.0.1:0", |stream, peer| async move {
        if let Err(error) = count(stream).await {
            eprintln!("{peer}: {error}");
        }
    })
    .await?;

    let address = server.local_addrs()[0];
    let stream = TcpStream::connect(address).await?;
    let (mut socket, _response) = client_async(format!("ws://{address}/"), stream).await?;
    for word in ["Hello", "World"] {
        socket.send(Message::text(word)).await?;
        let answer = socket.next().await.ok_or(Error::ConnectionClosed)??;
        println!("{answer}");
    }
    socket.close(None).await?;
    while socket.next().await.is_some() {}

    server.close();
    server.wait_closed().await;
    Ok(())
}
