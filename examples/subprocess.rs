//! A child process that is written to and read from, and one that takes too long.

use std::io;
use std::time::Duration;

use coloop::process::{Command, Stdio};
use coloop::timeout;

#[coloop::main]
async fn main() -> io::Result<()> {
    let mut sort = Command::new("sort")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let sorted = sort.communicate(b"pear\napple\n").await?;
    print!("{}", String::from_utf8_lossy(&sorted.stdout));

    let mut slow = Command::new("sleep").arg("60").spawn()?;
    if timeout(Duration::from_millis(10), slow.wait())
        .await
        .is_err()
    {
        slow.terminate()?;
        slow.wait().await?;
    }
    println!("returncode: {:?}", slow.returncode());
    Ok(())
}
