//! Filings, queries and clocks as every peer program has them; ../../peer.h says what they mean.

use std::path::Path;
use std::time::Instant;

/// The filings: a size (u32, little end first) and that many bytes each.
pub struct Docs(memmap2::Mmap);

impl Docs {
    pub fn open(path: &Path) -> std::io::Result<Docs> {
        Ok(Docs(unsafe { memmap2::Mmap::map(&std::fs::File::open(path)?)? }))
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut rest: &[u8] = &self.0;
        std::iter::from_fn(move || {
            let (size, tail) = rest.split_first_chunk::<4>()?;
            let (content, tail) = tail.split_at(u32::from_le_bytes(*size) as usize);
            rest = tail;
            Some(std::str::from_utf8(content).expect("filings are UTF-8"))
        })
    }
}

#[derive(PartialEq)]
pub enum Op {
    Phrase,
    All,
    Or, // any too: a bag of bigrams is an OR of phrases of one term
    Prefix,
}

pub struct Query {
    pub class: String,
    pub op: Op,
    pub parts: Vec<String>,
}

impl Query {
    pub fn is_one_han(&self) -> bool {
        let mut chars = self.parts[0].chars();
        chars.next().is_some_and(|c| c as u32 >= 0x3400) && chars.next().is_none()
    }
}

pub fn read_queries(path: &Path) -> std::io::Result<Vec<Query>> {
    let text = std::fs::read_to_string(path)?;
    let line = |line: &str| {
        let mut fields = line.split('\t').map(str::to_string);
        let class = fields.next().expect("a class");
        let op = match fields.next().as_deref() {
            Some("phrase") => Op::Phrase,
            Some("all") => Op::All,
            Some("or" | "any") => Op::Or,
            Some("prefix") => Op::Prefix,
            _ => panic!("an operator is needed"),
        };
        Query { class, op, parts: fields.collect() }
    };
    Ok(text.lines().map(line).collect())
}

pub struct Timed {
    pub ns: u128,
    pub hits: usize,
}

const PASSES: usize = 3;

/// One class: a pass to warm up, which ends when the box (seconds) is used up, and up to three
/// measured passes over the queries that it got to.
pub fn time_class(queries: &[Query], seconds: f64, mut run: impl FnMut(&Query) -> usize) -> Vec<Option<Timed>> {
    let start = Instant::now();
    let over = |start: &Instant| start.elapsed().as_secs_f64() > seconds;
    let done = queries.iter().take_while(|q| !over(&start) && run(q) < usize::MAX).count();
    let mut times: Vec<Option<Timed>> = queries.iter().map(|_| None).collect();
    let start = Instant::now();
    for pass in 0..PASSES {
        if pass > 0 && over(&start) {
            break;
        }
        for (query, time) in queries[..done].iter().zip(times.iter_mut()) {
            let begin = Instant::now();
            let hits = run(query);
            let ns = begin.elapsed().as_nanos();
            if time.as_ref().is_none_or(|t| ns < t.ns) {
                *time = Some(Timed { ns, hits });
            }
        }
    }
    times
}

pub fn cpu_seconds() -> f64 {
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    let seconds = |t: libc::timeval| t.tv_sec as f64 + 1e-6 * t.tv_usec as f64;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
