//! A server on this machine that behaves, and misbehaves, like those on the network.

#[cfg(feature = "tls")]
mod tls;

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

#[cfg(feature = "tls")]
pub use self::tls::certificate;

/// A server that answers each request by a function; it ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    ends: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
    encrypted: bool,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET` or another.
    pub method: String,
    /// The path with its query, as it was sent.
    pub target: String,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, named in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The value of a part of the query, as it was sent.
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        let parts = query.split('&').filter_map(|part| part.split_once('='));
        parts.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// What is answered, and how badly.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// How long nothing comes at first.
    delay: Duration,
    /// Close the connection after this many bytes of the body.
    cut_after: Option<usize>,
    /// Say nothing more after this many bytes of the body, for this long.
    stall: Option<(usize, Duration)>,
    /// Send the body again and again, and no length.
    endless: bool,
}

impl Reply {
    /// This status and no body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
            cut_after: None,
            stall: None,
            endless: false,
        }
    }

    /// Status 200 and this body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).body(body)
    }

    /// Another place to ask at.
    pub fn redirect(to: &str) -> Self {
        Self::status(302).header("Location", to)
    }

    /// A file as a good server gives it: with its tag, nothing if it is known already, and
    /// only a part if that is asked for.
    pub fn file(request: &Request, bytes: &[u8], tag: &str) -> Self {
        let tag = format!("\"{tag}\"");
        let of_file = |status| Self::status(status).header("ETag", &tag);
        if request.header("if-none-match") == Some(&tag) {
            return of_file(304);
        }
        let same = request.header("if-range").is_none_or(|known| known == tag);
        let start = request
            .header("range")
            .filter(|_| same)
            .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'))
            .and_then(|start| start.parse::<usize>().ok());
        match start {
            None => of_file(200).body(bytes),
            Some(start) if start < bytes.len() => {
                let (last, length) = (bytes.len() - 1, bytes.len());
                of_file(206)
                    .header("Content-Range", &format!("bytes {start}-{last}/{length}"))
                    .body(&bytes[start..])
            }
            Some(_) => of_file(416),
        }
    }

    /// The same with this body.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// The same with this header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same after a while.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The same, but the connection ends after this many bytes of the body.
    #[must_use]
    pub fn cut_after(self, bytes: usize) -> Self {
        Self { cut_after: Some(bytes), ..self }
    }

    /// The same, but nothing more comes after this many bytes of the body for this long.
    #[must_use]
    pub fn stalled_after(self, bytes: usize, pause: Duration) -> Self {
        Self { stall: Some((bytes, pause)), ..self }
    }

    /// The same with a body that has no end.
    #[must_use]
    pub fn endless(self) -> Self {
        Self { endless: true, ..self }
    }

    fn send(&self, stream: &mut Stream) -> io::Result<()> {
        thread::sleep(self.delay);
        write!(stream, "HTTP/1.1 {} Any\r\nConnection: close\r\n", self.status)?;
        let has_length = self.headers.iter().any(|(name, _)| name == "Content-Length");
        if !self.endless && !has_length && self.status != 304 {
            write!(stream, "Content-Length: {}\r\n", self.body.len())?;
        }
        for (name, value) in &self.headers {
            write!(stream, "{name}: {value}\r\n")?;
        }
        stream.write_all(b"\r\n")?;
        if let Some(end) = self.cut_after {
            return stream.write_all(&self.body[..end.min(self.body.len())]);
        }
        if let Some((end, pause)) = self.stall {
            let (first, rest) = self.body.split_at(end.min(self.body.len()));
            stream.write_all(first)?;
            stream.flush()?;
            thread::sleep(pause);
            return stream.write_all(rest);
        }
        stream.write_all(&self.body)?;
        if !self.endless {
            return Ok(());
        }
        // Until the client has had enough.
        loop {
            stream.write_all(&self.body)?;
        }
    }
}

impl Server {
    /// Serve on a free port of the loopback interface.
    ///
    /// # Panics
    /// If there is no such port.
    pub fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(answer, Stream::Plain)
    }

    /// As [`start`](Self::start), but encrypted, as `https://localhost:PORT`, with the
    /// certificate in [`certificate`].
    ///
    /// # Panics
    /// If there is no free port.
    #[cfg(feature = "tls")]
    pub fn start_encrypted(
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let config = Arc::new(tls::config());
        let mut server = Self::start_with(answer, move |stream| {
            Stream::Encrypted(Box::new(tls::accept(config.clone(), stream)))
        });
        server.encrypted = true;
        server
    }

    fn start_with(
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> Stream + Send + Sync + 'static,
    ) -> Self {
        let wrap = Arc::new(wrap);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let ends = Arc::new(AtomicBool::new(false));
        let (noted, ended, answer) = (requests.clone(), ends.clone(), Arc::new(answer));
        let accepting = thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if ended.load(SeqCst) {
                    return;
                }
                let (noted, answer) = (noted.clone(), answer.clone());
                let wrap = wrap.clone();
                thread::spawn(move || {
                    // A client that goes away is its own business.
                    let _ = patient(&stream)
                        .and_then(|()| serve(&mut wrap(stream), &noted, &*answer));
                });
            }
        });
        Self { address, requests, ends, accepting: Some(accepting), encrypted: false }
    }

    /// What stands before the path of each address here: `http://127.0.0.1:PORT`, or
    /// `https://localhost:PORT`.
    pub fn url(&self) -> String {
        if self.encrypted {
            format!("https://localhost:{}", self.address.port())
        } else {
            format!("http://{}", self.address)
        }
    }

    /// What was asked so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The paths that were asked for so far, in the order of arrival.
    pub fn paths(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.path().to_owned()).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, SeqCst);
        // Wakes the thread that waits for connections.
        if TcpStream::connect(self.address).is_ok()
            && let Some(accepting) = self.accepting.take()
        {
            let _ = accepting.join();
        }
    }
}

/// Give a connection some seconds for each step.
fn patient(stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))
}

/// A connection, encrypted or not.
enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Encrypted(Box<tls::Encrypted>),
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            #[cfg(feature = "tls")]
            Self::Encrypted(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            #[cfg(feature = "tls")]
            Self::Encrypted(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            #[cfg(feature = "tls")]
            Self::Encrypted(stream) => stream.flush(),
        }
    }
}

fn serve(
    stream: &mut Stream,
    noted: &Mutex<Vec<Request>>,
    answer: &dyn Fn(&Request) -> Reply,
) -> io::Result<()> {
    loop {
        let request = read_request(&mut BufReader::new(&mut *stream))?;
        noted.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        if request.method != "CONNECT" {
            answer(&request).send(stream)?;
            return stream.flush();
        }
        // As a proxy that is asked for a way to somewhere: this is it.
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    }
}

fn read_request(reader: &mut impl BufRead) -> io::Result<Request> {
    let mut line = || {
        let mut line = String::new();
        reader.by_ref().take(64 << 10).read_line(&mut line)?;
        Ok::<_, io::Error>(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (method, target) = (word(), word());
    let mut headers = Vec::new();
    loop {
        let header = line()?;
        let Some((name, value)) = header.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(Request { method, target, headers })
}
