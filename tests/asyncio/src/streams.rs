//! Streams over the loopback interface: what is read, and how it ends.

use std::net::Shutdown;
use std::rc::Rc;
use std::time::Duration;

use coloop::io::{ReadError, StreamReader};
use coloop::net::{TcpListener, TcpStream};
use coloop::{gather, timeout, Event};

use crate::log::{bytes, log};
use crate::scenario::scenarios;

scenarios! { "streams":
    lines_and_their_echo
    pieces_of_a_known_length
    too_few_bytes
    pieces_up_to_a_separator
    last_line_without_an_end
    nothing_is_sent
    server_speaks_first_and_closes
    reader_that_gives_up_loses_nothing
}

/// What a scenario makes of a connection.
type Ended<E = ReadError> = Result<(), E>;

/// Runs a client against a server with one connection.
async fn with_client(
    handler: impl AsyncFnOnce(TcpStream) -> Ended,
    client: impl AsyncFnOnce(TcpStream) -> Ended,
) {
    let ended = async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serves = async {
            let (stream, _) = listener.accept().await?;
            handler(stream).await
        };
        let connects = async { client(TcpStream::connect(address).await?).await };
        let (served, connected) = gather!(serves, connects).await;
        served.and(connected)
    };
    if let Err(error) = ended.await {
        log!("{error}");
    }
}

async fn writes(stream: &TcpStream, pieces: &[&[u8]]) -> Ended {
    for piece in pieces {
        stream.write_all(piece).await?;
    }
    Ok(stream.shutdown(Shutdown::Write)?)
}

async fn lines_and_their_echo() {
    let echoes = async |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        loop {
            let line = reader.read_line().await?;
            if line.is_empty() {
                break;
            }
            log!("server has {}", bytes(&line));
            stream.write_all(&line).await?;
        }
        log("server is at the end");
        Ok(())
    };
    let client = async |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        for line in ["one\n", "two\n"] {
            stream.write_all(line.as_bytes()).await?;
            log!("client has {}", bytes(&reader.read_line().await?));
        }
        Ok(stream.shutdown(Shutdown::Write)?)
    };
    with_client(echoes, client).await;
}

async fn pieces_of_a_known_length() {
    let handler = async |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        log(bytes(&reader.read_exactly(3).await?));
        log(bytes(&reader.read_exactly(4).await?));
        log(bytes(&reader.read_to_end().await?));
        Ok(())
    };
    with_client(handler, async |stream| {
        writes(&stream, &[b"ab", b"cdefghij"]).await
    })
    .await;
}

async fn too_few_bytes() {
    let handler = async |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        match reader.read_exactly(10).await {
            Err(ReadError::Incomplete { partial, expected }) => {
                log!(
                    "only {} of {}",
                    bytes(&partial),
                    expected.unwrap_or_default()
                );
            }
            read => drop(read?),
        }
        log(if reader.at_eof() {
            "at the end"
        } else {
            "goes on"
        });
        Ok(())
    };
    with_client(handler, async |stream| writes(&stream, &[b"abc"]).await).await;
}

async fn pieces_up_to_a_separator() {
    let handler = async |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        log(bytes(&reader.read_until(b"--").await?));
        log(bytes(&reader.read_until(b"--").await?));
        match reader.read_until(b"--").await {
            Err(ReadError::Incomplete { partial, .. }) => log!("only {}", bytes(&partial)),
            read => drop(read?),
        }
        Ok(())
    };
    with_client(handler, async |stream| {
        writes(&stream, &[b"a-b--c-", b"-d"]).await
    })
    .await;
}

async fn last_line_without_an_end() {
    let handler = async |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        for _ in 0..3 {
            log(bytes(&reader.read_line().await?));
        }
        Ok(())
    };
    with_client(handler, async |stream| {
        writes(&stream, &[b"one\ntwo"]).await
    })
    .await;
}

async fn nothing_is_sent() {
    let handler = async |stream: TcpStream| {
        let read = StreamReader::new(&stream).read_to_end().await?;
        log!("server has {}", bytes(&read));
        Ok(())
    };
    with_client(handler, async |stream| writes(&stream, &[]).await).await;
}

async fn server_speaks_first_and_closes() {
    let handler = async |stream: TcpStream| Ok(stream.write_all(b"hello\n").await?);
    let client = async |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        log!("client has {}", bytes(&reader.read_line().await?));
        log!("client has {}", bytes(&reader.read_to_end().await?));
        Ok(())
    };
    with_client(handler, client).await;
}

async fn reader_that_gives_up_loses_nothing() {
    let go_on = Rc::new(Event::new());
    let waited = Rc::clone(&go_on);
    let handler = async move |stream: TcpStream| {
        let mut reader = StreamReader::new(&stream);
        let read = timeout(Duration::from_millis(20), reader.read_line()).await;
        if read.is_err() {
            log("late");
        }
        go_on.set();
        log(bytes(&reader.read_line().await?));
        Ok(())
    };
    let client = async move |stream: TcpStream| {
        stream.write_all(b"half ").await?;
        waited.wait().await;
        writes(&stream, &[b"line\n"]).await
    };
    with_client(handler, client).await;
}
