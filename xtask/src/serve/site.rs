//! A static server for one folder, below a path of one's choice, with the strict content
//! security policy that the page has to live with. Only this machine can reach it.

use anyhow::{Context, anyhow};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The policy under which the page runs everywhere.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/// A running server. It ends when this is dropped.
pub(crate) struct Site {
    address: SocketAddr,
    prefix: String,
    end: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// Serves `folder` below the path `prefix`, which begins and ends with a slash. Port 0 takes
    /// any free one.
    pub(crate) fn open(folder: &Path, prefix: &str, port: u16) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .context("cannot begin to serve")?;
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))
            .map_err(|error| {
                anyhow!("cannot serve on port {port} ({error}): is another program using it?")
            })?;
        let address = listener.local_addr().context("the server has no address")?;
        let end = Arc::new(Notify::new());
        let files = Arc::new(Files {
            folder: folder.to_owned(),
            prefix: prefix.to_owned(),
        });
        let ended = Arc::clone(&end);
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, files) => {}
                    () = ended.notified() => {}
                }
            });
        });
        Ok(Self {
            address,
            prefix: prefix.to_owned(),
            end,
            thread: Some(thread),
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
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already.
            let _ended = thread.join();
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.end.notify_one();
    }
}

/// What is served.
struct Files {
    folder: PathBuf,
    prefix: String,
}

/// Takes connections as they come; each has a task of its own, so that none waits for another.
async fn accept(listener: TcpListener, files: Arc<Files>) {
    loop {
        // A visitor who left before the greeting, or too many at once: the next one may do.
        let Ok((stream, _from)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        tokio::spawn(converse(stream, Arc::clone(&files)));
    }
}

/// Answers the requests of one connection, in their order.
async fn converse(stream: TcpStream, files: Arc<Files>) {
    let service = service_fn(|request: Request<Incoming>| {
        let response = answer(&request, &files);
        async { Ok::<_, Infallible>(response) }
    });
    // A visitor who left before the answer is no error.
    let _ended = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Answers one request.
fn answer(request: &Request<Incoming>, files: &Files) -> Response<Full<Bytes>> {
    let path = locate(&files.folder, &files.prefix, request.uri().path());
    let read = path.and_then(|path| Some((fs::read(&path).ok()?, kind(&path))));
    let (status, bytes, kind) = match (request.method(), read) {
        (&Method::GET | &Method::HEAD, Some((bytes, kind))) => (StatusCode::OK, bytes, kind),
        (&Method::GET | &Method::HEAD, None) => plain(StatusCode::NOT_FOUND, "not found"),
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD"),
    };
    let mut response = Response::new(Full::new(Bytes::from(bytes)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A short answer in plain text.
fn plain(status: StatusCode, text: &str) -> (StatusCode, Vec<u8>, &'static str) {
    (status, text.into(), "text/plain; charset=utf-8")
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

    /// A browser opens several connections at once and keeps them: none may wait for another.
    #[test]
    fn connections_that_come_together_are_all_answered() {
        use std::io::{Read, Write};
        use std::time::Duration;
        let site = Site::open(Path::new(env!("CARGO_MANIFEST_DIR")), "/", 0).unwrap();
        for round in 0..100 {
            let mut streams = Vec::new();
            for _ in 0..8 {
                let stream = std::net::TcpStream::connect(site.address).unwrap();
                stream
                    .set_read_timeout(Some(Duration::from_secs(20)))
                    .unwrap();
                streams.push(stream);
            }
            for stream in &mut streams {
                stream
                    .write_all(b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n")
                    .unwrap();
            }
            for (number, stream) in streams.iter_mut().enumerate() {
                let mut first = [0; 12];
                let read = stream.read_exact(&mut first);
                assert!(read.is_ok(), "round {round}, connection {number}: {read:?}");
                assert_eq!(&first, b"HTTP/1.1 404");
            }
        }
    }
}
