//! A static server for one folder, below a path of one's choice, with the strict content
//! security policy that the page has to live with. Only this machine can reach it.

use anyhow::{Context, anyhow};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tiny_http::{Header, Method, Request, Response, Server};

/// The policy under which the page runs everywhere.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
/// Requests that are answered at the same time.
const THREADS: usize = 4;

/// A running server.
pub(crate) struct Site {
    server: Arc<Server>,
    address: SocketAddr,
    prefix: String,
    threads: Vec<JoinHandle<()>>,
}

impl Site {
    /// Serves `folder` below the path `prefix`, which begins and ends with a slash. Port 0 takes
    /// any free one.
    pub(crate) fn open(folder: &Path, prefix: &str, port: u16) -> anyhow::Result<Self> {
        let server = Server::http((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
            anyhow!("cannot serve on port {port} ({error}): is another program using it?")
        })?;
        let address = server
            .server_addr()
            .to_ip()
            .context("the server has no address")?;
        let server = Arc::new(server);
        let threads = (0..THREADS)
            .map(|_| {
                let server = Arc::clone(&server);
                let (folder, prefix) = (folder.to_owned(), prefix.to_owned());
                thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        answer(request, &folder, &prefix);
                    }
                })
            })
            .collect();
        Ok(Self {
            server,
            address,
            prefix: prefix.to_owned(),
            threads,
        })
    }

    /// Serves on the first free port of `ports`.
    pub(crate) fn open_on_free_port(
        folder: &Path,
        prefix: &str,
        ports: Range<u16>,
    ) -> anyhow::Result<Self> {
        let mut outcome = Err(anyhow!("no port to try"));
        for port in ports {
            outcome = Self::open(folder, prefix, port);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        format!("http://localhost:{}{}", self.address.port(), self.prefix)
    }

    /// Serves until the program ends.
    pub(crate) fn wait(mut self) {
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so already.
            let _ended = thread.join();
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for _ in 0..self.threads.len() {
            self.server.unblock();
        }
    }
}

/// Answers one request.
fn answer(request: Request, folder: &Path, prefix: &str) {
    let response = match (request.method(), locate(folder, prefix, request.url())) {
        (Method::Get | Method::Head, Some(path)) => match fs::read(&path) {
            Ok(bytes) => {
                Response::from_data(bytes).with_header(header("Content-Type", kind(&path)))
            }
            Err(_) => plain(404, "not found"),
        },
        (Method::Get | Method::Head, None) => plain(404, "not found"),
        _ => plain(405, "only GET and HEAD"),
    };
    let response = response
        .with_header(header("Content-Security-Policy", POLICY))
        .with_header(header("X-Content-Type-Options", "nosniff"))
        .with_header(header("Cache-Control", "no-cache"));
    // A visitor who left before the answer is no error.
    let _sent = request.respond(response);
}

/// A short answer in plain text.
fn plain(status: u16, text: &str) -> Response<std::io::Cursor<Vec<u8>>> {
    Response::from_string(text).with_status_code(status)
}

/// A header of fixed, valid text.
fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names and values of headers are fixed ASCII text")
}

/// The file that `url` asks for; nothing outside `folder` can be asked for.
fn locate(folder: &Path, prefix: &str, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(prefix)?;
    let mut file = folder.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == ".." || part.contains(['\\', '%', ':']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    Some(file)
}

/// The media type of a file, by the end of its name.
fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("md" | "txt" | "sql") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_its_index() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(
            locate(here, "/a/", "/a/?x=1"),
            Some(here.join("index.html"))
        );
        assert_eq!(locate(here, "/a/", "/a/x.js#top"), Some(here.join("x.js")));
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(locate(here, "/", "/../Cargo.toml"), None);
        assert_eq!(locate(here, "/", "/%2e%2e/Cargo.toml"), None);
        assert_eq!(locate(here, "/a/", "/b/x.js"), None);
    }

    #[test]
    fn wasm_has_the_type_that_streaming_needs() {
        assert_eq!(kind(Path::new("app_bg.wasm")), "application/wasm");
    }

    #[test]
    fn every_answer_carries_the_policy() {
        use std::io::{Read, Write};
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let site = Site::open(folder, "/deep/sub/", 0).unwrap();
        let mut stream = std::net::TcpStream::connect(site.address).unwrap();
        stream
            .write_all(b"GET /deep/sub/Cargo.toml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(POLICY), "{answer}");
        assert!(answer.contains("name = \"xtask\""), "{answer}");
    }
}
