//! Tantivy as a peer; ../peer.h has the commands.

mod cjk;
mod engine;
mod protocol;

use std::path::Path;
use std::time::Instant;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn build(args: &[String]) -> Outcome {
    let docs = protocol::Docs::open(Path::new(&args[0]))?;
    std::fs::create_dir_all(&args[1])?;
    let (start, cpu) = (Instant::now(), protocol::cpu_seconds());
    engine::build(docs.iter(), Path::new(&args[1]), args[2] == "1", args[3].parse()?)?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{{\"seconds\":{seconds:.4},\"cpu_seconds\":{:.4}}}", protocol::cpu_seconds() - cpu);
    Ok(())
}

fn tokenise(args: &[String]) -> Outcome {
    let docs = protocol::Docs::open(Path::new(&args[0]))?;
    let (mut best, mut tokens) = (f64::MAX, 0);
    for _ in 0..3 {
        let start = Instant::now();
        tokens = engine::tokenise(docs.iter());
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{{\"seconds\":{best:.4},\"tokens\":{tokens}}}");
    Ok(())
}

fn query(args: &[String]) -> Outcome {
    let engine = engine::Engine::open(Path::new(&args[0]))?;
    let queries = protocol::read_queries(Path::new(&args[1]))?;
    let (snippets, seconds) = (args[2] == "1", args[3].parse()?);
    for class in queries.chunk_by(|a, b| a.class == b.class) {
        let run = |q: &protocol::Query| engine.search(q, snippets).expect("a search");
        for time in protocol::time_class(class, seconds, run) {
            match time {
                Some(t) => println!("{}\t{}", t.ns, t.hits),
                None => println!("-"),
            }
        }
    }
    Ok(())
}

fn check(args: &[String]) -> Outcome {
    let engine = engine::Engine::open(Path::new(&args[0]))?;
    for query in protocol::read_queries(Path::new(&args[1]))? {
        let numbers: Vec<String> = engine.matches(&query)?.iter().map(u64::to_string).collect();
        println!("{}", numbers.join(" "));
    }
    Ok(())
}

fn main() -> Outcome {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first().map(|(command, rest)| (command.as_str(), rest)) {
        Some(("build", rest)) if rest.len() == 4 => build(rest),
        Some(("tokenise", rest)) if rest.len() == 1 => tokenise(rest),
        Some(("query", rest)) if rest.len() == 4 => query(rest),
        Some(("check", rest)) if rest.len() == 2 => check(rest),
        _ => Err("usage: build DOCS INDEX TEXT THREADS | tokenise DOCS | query INDEX QUERIES SNIPPETS SECONDS | check INDEX QUERIES".into()),
    }
}
