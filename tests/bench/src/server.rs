//! A server on loopback whose responses are ready: nothing of its work is the client's.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// Responds to each path (without its query) with one of these bodies, as JSON.
///
/// # Panics
///
/// If loopback has no free port.
pub fn serve(bodies: impl IntoIterator<Item = (String, String)>) -> String {
    let bodies: Arc<Vec<(String, String)>> = Arc::new(bodies.into_iter().collect());
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let bodies = Arc::clone(&bodies);
            // A client that hangs up is done.
            thread::spawn(move || drop(talk(&stream, &bodies)));
        }
    });
    url
}

fn talk(stream: &TcpStream, bodies: &[(String, String)]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut requests = BufReader::new(stream);
    loop {
        let (mut line, mut header, mut length) = (String::new(), String::new(), 0);
        if requests.read_line(&mut line)? == 0 {
            return Ok(());
        }
        while requests.read_line(&mut header)? > 2 {
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
            header.clear();
        }
        requests.by_ref().take(length).read_to_end(&mut Vec::new())?;
        let target = line.split(' ').nth(1).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        let found = bodies.iter().find(|(at, _)| at == path);
        let (status, body) = found.map_or(("404 Not Found", "{}"), |(_, body)| ("200 OK", body));
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ndate: Wed, 13 May 2026 12:00:00 GMT\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        let mut whole = head.into_bytes();
        whole.extend_from_slice(body.as_bytes());
        (&*stream).write_all(&whole)?;
    }
}
