//! Processors of x86-64 with vectors of 32 or of 64 bytes.

#![expect(unsafe_code, reason = "functions for a processor found at run time")]

use super::Processor;
use crate::quad::{self, Spelled};
use crate::scan::{self, Candidates};
use crate::token;

/// AVX2, and the instructions for bits that came with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

impl Avx2 {
    pub(crate) fn found() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has_all.then_some(Self(()))
    }
}

impl Processor for Avx2 {
    #[inline]
    fn scan(self, haystack: &[u8], from: usize, candidates: &mut Candidates) {
        // SAFETY: an `Avx2` is made only where the processor has its features.
        unsafe { scan::avx2::scan(haystack, from, candidates) }
    }

    #[inline]
    fn read_quad(self, window: &[u8; quad::WINDOW], leading_zeros: bool) -> Spelled {
        // SAFETY: as above.
        unsafe { quad::avx2::read(window, leading_zeros) }
    }

    #[inline]
    fn classify(self, block: &[u8; token::BLOCK]) -> token::Classes {
        // SAFETY: as above.
        unsafe { token::avx2::classify(block) }
    }

    #[inline]
    fn run<T>(self, work: impl FnOnce() -> T) -> T {
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn run<T>(work: impl FnOnce() -> T) -> T {
            work()
        }
        // SAFETY: as above.
        unsafe { run(work) }
    }
}

/// AVX-512 with bytes, besides AVX2, which is wide enough for quads and tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(Avx2);

impl Avx512 {
    pub(crate) fn found() -> Option<Self> {
        let has_all =
            is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        Avx2::found().filter(|_| has_all).map(Self)
    }
}

impl Processor for Avx512 {
    #[inline]
    fn scan(self, haystack: &[u8], from: usize, candidates: &mut Candidates) {
        // SAFETY: an `Avx512` is made only where the processor has its features.
        unsafe { scan::avx512::scan(haystack, from, candidates) }
    }

    #[inline]
    fn read_quad(self, window: &[u8; quad::WINDOW], leading_zeros: bool) -> Spelled {
        self.0.read_quad(window, leading_zeros)
    }

    #[inline]
    fn classify(self, block: &[u8; token::BLOCK]) -> token::Classes {
        self.0.classify(block)
    }

    #[inline]
    fn run<T>(self, work: impl FnOnce() -> T) -> T {
        self.0.run(work)
    }
}
