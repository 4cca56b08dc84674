//! Benches against peers and naive twins; the files beside this one.
