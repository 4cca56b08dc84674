//! Processors of 64-bit ARM with vectors of 16 bytes.

#![expect(unsafe_code, reason = "functions for a processor found at run time")]

use std::arch::is_aarch64_feature_detected;

use super::{Portable, Processor};
use crate::quad::{self, Spelled};
use crate::scan::{self, Candidates};
use crate::token;

/// NEON, for the scan; the rest is the portable one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neon(());

impl Neon {
    pub(crate) fn found() -> Option<Self> {
        is_aarch64_feature_detected!("neon").then_some(Self(()))
    }
}

impl Processor for Neon {
    fn scan(self, haystack: &[u8], from: usize, candidates: &mut Candidates) {
        // SAFETY: a `Neon` is made only where the processor has NEON.
        unsafe { scan::neon::scan(haystack, from, candidates) }
    }

    fn read_quad(self, window: &[u8; quad::WINDOW], leading_zeros: bool) -> Spelled {
        Portable.read_quad(window, leading_zeros)
    }

    fn classify(self, block: &[u8; token::BLOCK]) -> token::Classes {
        Portable.classify(block)
    }

    fn run<T>(self, work: impl FnOnce() -> T) -> T {
        work()
    }
}
