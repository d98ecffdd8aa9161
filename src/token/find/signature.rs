//! Finds where a signature in a text ends. It may be broken over lines, in the standard alphabet,
//! or followed by something that looks like more of it.

use crate::token::find::reader::{Break, End, Reader};
use crate::token::swar;

/// What may be a signature: all that was read after the last dot.
struct Candidate<'r> {
    /// The token up to there.
    before: &'r [u8],
    chars: &'r [u8],
    /// How many of them are digits, before any padding.
    digits: usize,
    /// The line breaks within the token.
    breaks: &'r [Break],
    /// The lengths that it may have, where its algorithm says so.
    lengths: &'r [usize],
    /// Whether more may follow, directly or after a line break.
    is_open: bool,
    is_open_behind_break: bool,
}

/// Whether a signature goes on after a place.
enum Longer {
    /// It does, to this place, and then is as long as its algorithm makes it.
    To(usize),
    No,
    /// That depends on what follows.
    Unknown,
}

/// How many characters belong to the signature that begins at a place, its padding among them;
/// `None` where more of the text has to be known.
pub(super) fn len(reader: &Reader<'_>, start: usize, lengths: &[usize], end: End) -> Option<usize> {
    let (before, chars) = reader.bytes().split_at_checked(start)?;
    let candidate = Candidate {
        before,
        chars,
        digits: chars.iter().take_while(|byte| **byte != b'=').count(),
        breaks: reader.breaks(),
        lengths,
        is_open: end == End::Open && !reader.is_at_break(),
        is_open_behind_break: end == End::Open && reader.is_at_break(),
    };
    candidate.len()
}

impl Candidate<'_> {
    fn len(&self) -> Option<usize> {
        let digits = self.chars.get(..self.digits).unwrap_or_default();
        let is_standard = |word| swar::marks(word, *b"+/", 0);
        if self.breaks.is_empty() && swar::find(digits, is_standard) == digits.len() {
            return self.padded();
        }
        let start = self.before.len();
        let mut breaks = self.breaks.iter().enumerate();
        let mut next = breaks.find(|(_, found)| found.at >= start);
        // The other segments may be in another alphabet.
        let mut is_url = false;
        // Up to here it goes on in any case.
        let mut sure = 0;
        for (at, byte) in self.chars.iter().enumerate().take(self.digits) {
            let mut may_end = matches!(byte, b'+' | b'/');
            let mut goes_on = may_end && !is_url;
            while let Some((nth, found)) =
                next.filter(|(_, found)| found.at == start.saturating_add(at))
            {
                may_end |= !found.soft || self.fits(at);
                goes_on = found.soft || self.is_full_line(nth);
                next = breaks.next();
            }
            is_url |= matches!(byte, b'-' | b'_');
            if !may_end || at < sure {
                continue;
            }
            match self.longer(at) {
                Longer::To(len) => sure = len,
                Longer::Unknown => return None,
                Longer::No if goes_on && !self.fits(at) => {}
                Longer::No => return Some(at),
            }
        }
        self.padded()
    }

    fn fits(&self, len: usize) -> bool {
        self.lengths.contains(&len)
    }

    fn is_break(&self, len: usize) -> bool {
        let place = self.before.len().saturating_add(len);
        self.breaks.iter().any(|found| found.at == place)
    }

    /// Whether it would have the right length if it went on after a place, to a line break or to
    /// its end.
    fn longer(&self, at: usize) -> Longer {
        let is_all = self.digits == self.chars.len();
        for len in self.lengths.iter().copied().filter(|len| *len > at) {
            let is_last = len == self.digits && !(is_all && self.is_open);
            if is_last || len < self.digits && self.is_break(len) {
                return Longer::To(len);
            }
            if len >= self.digits && is_all && (self.is_open || self.is_open_behind_break) {
                return Longer::Unknown;
            }
        }
        Longer::No
    }

    /// Whether a line of what was read is as long as the one before, as in text that was broken to
    /// one width.
    fn is_full_line(&self, nth: usize) -> bool {
        let line = |nth: usize| self.breaks.get(nth).and_then(|found| found.line);
        match (line(nth), nth.checked_sub(1).and_then(line)) {
            (Some(this), Some(before)) => this == before,
            _ => false,
        }
    }

    /// All of its digits, and the padding after them if the segments before have padding too.
    fn padded(&self) -> Option<usize> {
        let there = self.chars.len().saturating_sub(self.digits);
        let wanted = match self.digits % 4 {
            0 => 0,
            rest => 4_usize.saturating_sub(rest),
        };
        if self.is_open && there < wanted {
            return None;
        }
        if self.is_open && there == 0
            || self.is_open_behind_break && there == 0 && !self.fits(self.digits)
        {
            return None;
        }
        let is_padded = || {
            let segments = self.before.strip_suffix(b".").unwrap_or_default();
            let mut segments = segments.split(|byte| *byte == b'.');
            segments.all(|segment| segment.len() % 4 == 0)
        };
        // A signature of the right length does not go on after a line break.
        let is_whole = || self.fits(self.digits) && self.is_break(self.digits);
        let is_there = matches!(wanted, 1 | 2) && there >= wanted;
        let padding = match is_there && is_padded() && !is_whole() {
            true => wanted,
            false => 0,
        };
        Some(self.digits.saturating_add(padding))
    }
}
