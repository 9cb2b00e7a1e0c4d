//! Opens a URL with sqlx and says whether the connection has TLS; the URL is the only argument.
//! Without it there is what stands in the environment.
//!
//! All host names are those of this machine's loopback. sqlx looks them up by itself, so it is
//! given a socket that leads there: on one it asks for TLS and verifies the name just as well.
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::Connection;
use tokio::net::{TcpStream, UnixListener};

const QUESTION: &str =
    "SELECT coalesce(version, 'None') FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

type Refusal = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::args().nth(1).unwrap_or_default();
    let answer = tokio::time::timeout(Duration::from_secs(20), open(&url)).await;
    match answer.unwrap_or_else(|late| Err(late.into())) {
        Ok(version) => println!("TLS: {version}"),
        Err(refusal) => {
            println!("{refusal}");
            std::process::exit(3);
        }
    }
}

async fn open(url: &str) -> Result<String, Refusal> {
    let options = match url {
        "" => PgConnectOptions::new(),
        _ => PgConnectOptions::from_str(url)?,
    };
    if options.get_socket().is_some() {
        return ask(&options).await;
    }
    let folder = std::env::temp_dir().join(format!("opens-with-sqlx-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let answer = match lead(&folder, options.get_port()) {
        Ok(()) => ask(&options.socket(&folder)).await,
        Err(refusal) => Err(refusal.into()),
    };
    std::fs::remove_dir_all(&folder)?;
    answer
}

/// One connection, from the socket in that folder to the port.
fn lead(folder: &Path, port: u16) -> std::io::Result<()> {
    let socket = UnixListener::bind(folder.join(format!(".s.PGSQL.{port}")))?;
    tokio::spawn(async move {
        let (mut here, _) = socket.accept().await?;
        let mut there = TcpStream::connect(("127.0.0.1", port)).await?;
        tokio::io::copy_bidirectional(&mut here, &mut there).await
    });
    Ok(())
}

async fn ask(options: &PgConnectOptions) -> Result<String, Refusal> {
    let mut connection = PgConnection::connect_with(options).await?;
    let version = sqlx::query_scalar(QUESTION).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(version)
}
