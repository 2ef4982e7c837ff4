//! The guide, "Full Example": data is fetched from several URLs, errors are reported, and the rest goes on.
//!
//! The guide draws its errors at random. Here small HTTP servers on loopback answer well, slowly, badly or not at all,
//! and everything that is fetched comes out of a socket.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use coloop::net::{TcpListener, TcpStream};
use coloop::{sleep, spawn, timeout, TimeoutError};
use futures_util::AsyncReadExt;

const PATIENCE: Duration = Duration::from_millis(500);

#[coloop::coroutine]
async fn fetch_from_remote(url: &str) -> Result<String, FetchError> {
    println!("Fetching data from {url}");
    let rest = url.strip_prefix("http://").ok_or(FetchError::Url)?;
    let (host, path) = rest.split_once('/').ok_or(FetchError::Url)?;

    let mut stream = TcpStream::connect(host).await?;
    let request = format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    parse(&answer)
}

#[coloop::coroutine]
async fn fetch_in_time(url: &str) -> Result<String, FetchError> {
    timeout(PATIENCE, fetch_from_remote(url)).await?
}

#[coloop::coroutine]
async fn fetch_data(urls: &[String]) -> Vec<Option<String>> {
    let mut results = Vec::new();
    let mut failed = 0;
    println!("Start fetching");

    for (done, url) in (1..).zip(urls) {
        match fetch_in_time(url).await {
            Ok(data) => results.push(Some(data)),
            Err(error) => {
                println!("Error fetching {url}: {error}");
                results.push(None);
                failed += 1;
            }
        }
        let (total, fetched) = (urls.len(), done - failed);
        println!("[{done}/{total}] {fetched} fetched, {failed} failed");
    }

    println!("Done fetching");
    results
}

#[coloop::main]
async fn main() -> io::Result<()> {
    let mut urls = Vec::new();
    for (server, path) in SERVERS {
        let address = start_server(server).await?;
        urls.push(format!("http://{address}/{path}"));
    }
    let fetched_data = fetch_data(&urls).await;
    println!("Fetched data: {fetched_data:?}");
    Ok(())
}

fn parse(answer: &[u8]) -> Result<String, FetchError> {
    let answer = std::str::from_utf8(answer).map_err(|_| FetchError::NotHttp)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(FetchError::NotHttp)?;
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.0 "))
        .ok_or(FetchError::NotHttp)?;
    if status != "200 OK" {
        return Err(FetchError::Status(status.to_owned()));
    }
    let expected = lines
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .and_then(|length| length.parse().ok())
        .ok_or(FetchError::NotHttp)?;
    let received = body.len();
    if received < expected {
        return Err(FetchError::Truncated { expected, received });
    }
    Ok(body.to_owned())
}

#[derive(Debug)]
enum FetchError {
    Url,
    Io(io::Error),
    Timeout(TimeoutError),
    NotHttp,
    Status(String),
    Truncated { expected: usize, received: usize },
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::Url => f.write_str("the URL is not of the form http://host:port/path"),
            FetchError::Io(error) => error.fmt(f),
            FetchError::Timeout(_) => write!(f, "no answer within {PATIENCE:?}"),
            FetchError::NotHttp => f.write_str("the answer is not HTTP"),
            FetchError::Status(status) => write!(f, "the server answered {status}"),
            FetchError::Truncated { expected, received } => {
                write!(f, "the answer ended after {received} of {expected} bytes")
            }
        }
    }
}

impl std::error::Error for FetchError {}

impl From<io::Error> for FetchError {
    fn from(error: io::Error) -> Self {
        FetchError::Io(error)
    }
}

impl From<TimeoutError> for FetchError {
    fn from(error: TimeoutError) -> Self {
        FetchError::Timeout(error)
    }
}

#[derive(Clone, Copy)]
enum Server {
    Good,
    Slow,
    /// Nobody listens on its port.
    Absent,
    /// Answers with an error status.
    Busy,
    /// Closes the connection without reading the request.
    HangsUp,
    /// Closes the connection before the end of the answer.
    BreaksOff,
    SpeaksOtherwise,
    /// Keeps the connection and never answers.
    Silent,
}

const SERVERS: [(Server, &str); 9] = [
    (Server::Good, "good"),
    (Server::Absent, "absent"),
    (Server::Slow, "slow"),
    (Server::HangsUp, "hangs-up"),
    (Server::BreaksOff, "breaks-off"),
    (Server::SpeaksOtherwise, "not-http"),
    (Server::Busy, "busy"),
    (Server::Silent, "silent"),
    (Server::Good, "good-again"),
];

#[coloop::coroutine]
async fn start_server(server: Server) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    if let Server::Absent = server {
        return Ok(address);
    }
    spawn(serve(listener, server));
    Ok(address)
}

#[coloop::coroutine]
async fn serve(listener: TcpListener, server: Server) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        spawn(answer(stream, server));
    }
}

#[coloop::coroutine]
async fn answer(stream: TcpStream, server: Server) -> io::Result<()> {
    if let Server::HangsUp = server {
        return Ok(());
    }
    let path = read_path(&stream).await?;
    let body = format!("Data from {path}");
    let length = body.len();
    let answer = match server {
        Server::Good | Server::Slow => {
            format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{body}")
        }
        Server::Busy => "HTTP/1.0 503 Service Unavailable\r\n\r\n".to_owned(),
        Server::BreaksOff => format!("HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\n{body}"),
        Server::SpeaksOtherwise => "220 mail.example ESMTP\r\n".to_owned(),
        Server::Absent | Server::HangsUp | Server::Silent => std::future::pending().await,
    };
    if let Server::Slow = server {
        sleep(PATIENCE / 5).await;
    }
    stream.write_all(answer.as_bytes()).await
}

#[coloop::coroutine]
async fn read_path(stream: &TcpStream) -> io::Result<String> {
    let mut request = Vec::new();
    let mut buffer = [0; 512];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => request.extend_from_slice(&buffer[..length]),
        }
    }
    let request = String::from_utf8_lossy(&request);
    let path = request.split(' ').nth(1).unwrap_or_default();
    Ok(path.to_owned())
}
