//! The analysis that CJKAnalyzer does, for Tantivy: bigrams of neighbouring Han characters, single
//! characters where one stands alone, lower-case words of letters and digits. Runs are one position
//! apart, so that no phrase crosses punctuation.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

#[derive(Clone, Default)]
pub struct CjkBigrams {
    token: Token,
}

pub struct CjkStream<'a> {
    text: &'a str,
    at: usize,
    /// The first half of the next bigram: where it starts, and whether a bigram ended in it.
    pending: Option<(usize, bool)>,
    token: &'a mut Token,
}

impl Tokenizer for CjkBigrams {
    type TokenStream<'a> = CjkStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CjkStream<'a> {
        self.token.reset();
        self.token.position = 0;
        CjkStream { text, at: 0, pending: None, token: &mut self.token }
    }
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

impl CjkStream<'_> {
    fn give(&mut self, from: usize, to: usize) -> bool {
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = from;
        self.token.offset_to = to;
        self.token.text.clear();
        let text = &self.text[from..to];
        if text.is_ascii() {
            self.token.text.push_str(text);
            self.token.text.make_ascii_lowercase();
        } else {
            self.token.text.extend(text.chars().flat_map(char::to_lowercase));
        }
        true
    }

    /// The single character of a run of one, if that is what has just ended.
    fn end_run(&mut self) -> bool {
        match self.pending.take() {
            Some((from, false)) => self.give(from, self.at),
            Some((_, true)) => {
                self.token.position = self.token.position.wrapping_add(1);
                false
            }
            None => false,
        }
    }

    fn word(&mut self) -> bool {
        let from = self.at;
        let rest = &self.text[from..];
        let length = rest.find(|c: char| !c.is_alphanumeric() || is_han(c)).unwrap_or(rest.len());
        self.at += length;
        self.give(from, from + length)
    }
}

impl TokenStream for CjkStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(c) = self.text[self.at..].chars().next() {
            let from = self.at;
            if is_han(c) {
                let before = self.pending.replace((from, true));
                self.at += c.len_utf8();
                if let Some((start, _)) = before {
                    return self.give(start, self.at);
                }
                self.pending = Some((from, false));
                continue;
            }
            if self.end_run() {
                return true;
            }
            if c.is_alphanumeric() {
                return self.word();
            }
            self.at += c.len_utf8();
        }
        self.end_run()
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
