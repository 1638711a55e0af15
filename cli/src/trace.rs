//! The trace as a file: an event a line, as a JSON object.

use headwater_base::{TraceEvent, TraceSink};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A file that takes the trace, or nothing.
#[derive(Debug, Default)]
pub(crate) struct TraceFile {
    out: Option<BufWriter<File>>,
    /// The first error of writing; nothing is written after it.
    error: Option<io::Error>,
}

impl TraceFile {
    /// Makes the file, if one is wanted.
    pub(crate) fn create(path: Option<&Path>) -> io::Result<TraceFile> {
        let out = path.map(File::create).transpose()?.map(BufWriter::new);
        Ok(TraceFile { out, error: None })
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        self.out.map_or(Ok(()), |mut out| out.flush())
    }
}

impl TraceSink for TraceFile {
    fn take(&mut self, event: &TraceEvent) {
        let (Some(out), None) = (&mut self.out, &self.error) else {
            return;
        };
        let written = serde_json::to_writer(&mut *out, event)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"));
        self.error = written.err();
    }
}
