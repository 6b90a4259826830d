//! What is measured of Tantivy: one text field with positions, BM25, top ten.

use crate::cjk::CjkBigrams;
use crate::protocol::{Op, Query};
use std::path::Path;
use tantivy::collector::{DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query as TantivyQuery, RegexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{TextAnalyzer, TokenStream, Tokenizer};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

const TOKENIZER: &str = "cjk";
const MEMORY: usize = 512 << 20; // bytes of all writing threads together: one flush for each
const SNIPPET_CHARS: usize = 100;

fn schema(stored: bool) -> Schema {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let mut text = TextOptions::default().set_indexing_options(indexing);
    if stored {
        text = text.set_stored();
    }
    let mut builder = Schema::builder();
    builder.add_text_field("text", text);
    builder.add_u64_field("number", NumericOptions::default().set_fast());
    builder.build()
}

fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, TextAnalyzer::from(CjkBigrams::default()));
}

pub fn build<'a>(docs: impl Iterator<Item = &'a str>, folder: &Path, stored: bool, threads: usize) -> tantivy::Result<()> {
    let schema = schema(stored);
    let (text, number) = (schema.get_field("text")?, schema.get_field("number")?);
    let index = Index::create_in_dir(folder, schema)?;
    register(&index);
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, MEMORY)?;
    for (i, content) in docs.enumerate() {
        let mut doc = TantivyDocument::default();
        doc.add_text(text, content);
        doc.add_u64(number, i as u64);
        writer.add_document(doc)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()
}

/// Tokens of all filings; the analysis and nothing else.
pub fn tokenise<'a>(docs: impl Iterator<Item = &'a str>) -> u64 {
    let mut analysis = CjkBigrams::default();
    let mut tokens = 0;
    for content in docs {
        let mut stream = analysis.token_stream(content);
        while stream.advance() {
            tokens += 1;
        }
    }
    tokens
}

pub struct Engine {
    searcher: Searcher,
    text: Field,
}

impl Engine {
    pub fn open(folder: &Path) -> tantivy::Result<Engine> {
        let index = Index::open_in_dir(folder)?;
        register(&index);
        let text = index.schema().get_field("text")?;
        let reader = index.reader_builder().doc_store_cache_num_blocks(1).try_into()?;
        Ok(Engine { searcher: reader.searcher(), text })
    }

    fn phrase(&self, part: &str) -> Box<dyn TantivyQuery> {
        let mut analysis = CjkBigrams::default();
        let mut stream = analysis.token_stream(part);
        let mut terms = Vec::new();
        while stream.advance() {
            terms.push((stream.token().position, Term::from_field_text(self.text, &stream.token().text)));
        }
        match terms.len() {
            1 => Box::new(TermQuery::new(terms[0].1.clone(), IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new_with_offset(terms)),
        }
    }

    /// Terms that begin with it; a single Han character too, since there are no unigrams within runs.
    fn prefix(&self, part: &str) -> tantivy::Result<Box<dyn TantivyQuery>> {
        Ok(Box::new(RegexQuery::from_pattern(&format!("{}.*", part.to_lowercase()), self.text)?))
    }

    fn query(&self, query: &Query) -> tantivy::Result<Box<dyn TantivyQuery>> {
        let occur = if query.op == Op::All { Occur::Must } else { Occur::Should };
        let part = &query.parts[0];
        match query.op {
            Op::Prefix => self.prefix(part),
            Op::Phrase if query.is_one_han() => self.prefix(part),
            Op::Phrase => Ok(self.phrase(part)),
            _ => Ok(Box::new(BooleanQuery::new(query.parts.iter().map(|p| (occur, self.phrase(p))).collect()))),
        }
    }

    pub fn search(&self, query: &Query, snippets: bool) -> tantivy::Result<usize> {
        let query = self.query(query)?;
        let hits = self.searcher.search(&*query, &TopDocs::with_limit(10).order_by_score())?;
        if snippets && !hits.is_empty() {
            let mut generator = SnippetGenerator::create(&self.searcher, &*query, self.text)?;
            generator.set_max_num_chars(SNIPPET_CHARS);
            for (_, address) in &hits {
                let doc: TantivyDocument = self.searcher.doc(*address)?;
                std::hint::black_box(generator.snippet_from_doc(&doc).to_html());
            }
        }
        Ok(hits.len())
    }

    pub fn matches(&self, query: &Query) -> tantivy::Result<Vec<u64>> {
        let mut found = Vec::new();
        for address in self.searcher.search(&*self.query(query)?, &DocSetCollector)? {
            let reader = self.searcher.segment_reader(address.segment_ord);
            found.extend(reader.fast_fields().u64("number")?.first(address.doc_id));
        }
        found.sort_unstable();
        Ok(found)
    }
}
