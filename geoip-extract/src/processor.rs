//! What the processors do differently: the few functions made of their vectors.
//!
//! A value of a processor's type is made where its features were found at run time, and
//! nowhere else. So whoever has one may call what needs them.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub(crate) use aarch64::Neon;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::{Avx2, Avx512};

use crate::quad::{self, Spelled};
use crate::scan::{self, Candidates};
use crate::token;

/// The functions that are written for each processor.
pub(crate) trait Processor: Copy {
    /// Finds the candidates of the blocks that start at an index.
    fn scan(self, haystack: &[u8], from: usize, candidates: &mut Candidates);

    /// Reads the quad around the last dot of a window; the flag says whether numbers may have
    /// zeros before them. What stands beside the quad is not looked at.
    fn read_quad(self, window: &[u8; quad::WINDOW], leading_zeros: bool) -> Spelled;

    /// Classes the bytes of a block that a token may be in.
    fn classify(self, block: &[u8; token::BLOCK]) -> token::Classes;

    /// Does some work, compiled for this processor as far as it is inlined here.
    fn run<T>(self, work: impl FnOnce() -> T) -> T;
}

/// Any processor: the safe twins of all the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

impl Processor for Portable {
    fn scan(self, haystack: &[u8], from: usize, candidates: &mut Candidates) {
        scan::portable::scan(haystack, from, candidates);
    }

    fn read_quad(self, window: &[u8; quad::WINDOW], leading_zeros: bool) -> Spelled {
        quad::portable::read(window, leading_zeros)
    }

    fn classify(self, block: &[u8; token::BLOCK]) -> token::Classes {
        token::portable::classify(block)
    }

    fn run<T>(self, work: impl FnOnce() -> T) -> T {
        work()
    }
}

/// A processor of those there are functions for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AnyProcessor {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
    Portable(Portable),
}

impl AnyProcessor {
    /// What fits this processor best.
    pub(crate) fn found() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(processor) = Avx512::found() {
            return Self::Avx512(processor);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(processor) = Avx2::found() {
            return Self::Avx2(processor);
        }
        #[cfg(target_arch = "aarch64")]
        if let Some(processor) = Neon::found() {
            return Self::Neon(processor);
        }
        Self::Portable(Portable)
    }

    /// All that this processor can do.
    #[cfg(test)]
    pub(crate) fn all_found() -> Vec<Self> {
        vec![
            #[cfg(target_arch = "x86_64")]
            Avx512::found().map(Self::Avx512),
            #[cfg(target_arch = "x86_64")]
            Avx2::found().map(Self::Avx2),
            #[cfg(target_arch = "aarch64")]
            Neon::found().map(Self::Neon),
            Some(Self::Portable(Portable)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Does something with the processor that there is, whichever type it has.
macro_rules! with_processor {
    ($any:expr, $processor:ident => $work:expr) => {
        match $any {
            #[cfg(target_arch = "x86_64")]
            $crate::processor::AnyProcessor::Avx512($processor) => $work,
            #[cfg(target_arch = "x86_64")]
            $crate::processor::AnyProcessor::Avx2($processor) => $work,
            #[cfg(target_arch = "aarch64")]
            $crate::processor::AnyProcessor::Neon($processor) => $work,
            $crate::processor::AnyProcessor::Portable($processor) => $work,
        }
    };
}
pub(crate) use with_processor;
