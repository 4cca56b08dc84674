//! The same work over all cores, with the feature `parallel`, or on one.
//!
//! Results come in the order of the input either way, so that no answer depends on
//! the number of cores.

/// What `work` makes of each item, in order.
#[cfg(feature = "parallel")]
pub(crate) fn map<I: Send, O: Send>(
    items: Vec<I>,
    work: impl Fn(I) -> O + Sync + Send,
) -> Vec<O> {
    use rayon::prelude::*;
    items.into_par_iter().with_max_len(1).map(work).collect()
}

/// What `work` makes of each item, in order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<I, O>(items: Vec<I>, work: impl Fn(I) -> O) -> Vec<O> {
    items.into_iter().map(work).collect()
}

/// How many parts keep all cores busy to the end, though parts differ in size.
pub(crate) fn parts() -> usize {
    #[cfg(feature = "parallel")]
    return 16 * rayon::current_num_threads();
    #[cfg(not(feature = "parallel"))]
    return 1;
}
