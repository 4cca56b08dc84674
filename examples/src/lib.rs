//! One task a file, in `examples/`.
